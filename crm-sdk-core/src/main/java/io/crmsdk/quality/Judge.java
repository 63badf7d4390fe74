package io.crmsdk.quality;

import java.util.function.Function;

/**
 * Decides what one cell means, how sure that is, and what is damaged. Implementations are immutable and thread-safe, never
 * throw for any content of a cell, and never make a value from damage without saying so.
 *
 * @param <T> type of the value
 */
public interface Judge<T> {
    /** Short stable name, used as the field of its findings, for example {@code mobile}. */
    String name();

    /** What the cell means in its context. */
    Judged<T> judge(Cell cell, JudgeContext context);

    /** The same judge with converted values. */
    default <R> Judge<R> map(Function<? super T, ? extends R> conversion) {
        Judge<T> origin = this;
        return new Judge<>() {
            @Override
            public String name() {
                return origin.name();
            }

            @Override
            public Judged<R> judge(Cell cell, JudgeContext context) {
                return origin.judge(cell, context).map(conversion);
            }
        };
    }
}
