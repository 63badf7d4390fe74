package io.crmsdk.sync;

import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * How the values of a pair's source are said in the words of its target, and back. Must be a pure function: the same fields give
 * the same fields. Thread-safe.
 */
public interface Translation {
    /** The source's values in the target's words. What it leaves out is not compared and not written. */
    Fields toTarget(Fields source);

    /** Changed values of the target in the source's words, for pairs that go both ways. */
    Fields toSource(Fields target);

    /** Changes whenever the translation does; a plan made under another version is not applied. At most 200 characters. */
    String version();

    /** Both sides use the same words. */
    static Translation none() {
        return of("none", UnaryOperator.identity(), UnaryOperator.identity());
    }

    /** Made of two functions. */
    static Translation of(String version, UnaryOperator<Fields> toTarget, UnaryOperator<Fields> toSource) {
        Objects.requireNonNull(version, "version");
        return new Translation() {
            @Override
            public Fields toTarget(Fields source) {
                return toTarget.apply(source);
            }

            @Override
            public Fields toSource(Fields target) {
                return toSource.apply(target);
            }

            @Override
            public String version() {
                return version;
            }
        };
    }
}
