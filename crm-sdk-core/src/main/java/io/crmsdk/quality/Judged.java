package io.crmsdk.quality;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a judge made of one cell: a value or none, and every finding. Immutable.
 *
 * <p>No value and no finding means that nothing was there. A value without a flagging finding is certain.
 *
 * @param value the value to use; null if there is none or it was refused
 * @param others further values that stood in the same cell, such as a second phone number; in order
 * @param findings everything noticed, in the order in which it was noticed
 * @param <T> type of the value
 */
public record Judged<T>(@Nullable T value, List<T> others, List<Finding> findings) {
    /** Copies the lists. */
    public Judged {
        others = List.copyOf(others);
        findings = List.copyOf(findings);
    }

    /** A value with nothing to remark. */
    public static <T> Judged<T> clean(T value) {
        return new Judged<>(value, List.of(), List.of());
    }

    /** No value and nothing to remark. */
    public static <T> Judged<T> nothing() {
        return new Judged<>(null, List.of(), List.of());
    }

    /** The most severe action of all findings; {@link Action#KEEP} if there are none. */
    public Action outcome() {
        Action worst = Action.KEEP;
        for (Finding finding : findings) {
            if (finding.action().compareTo(worst) > 0) {
                worst = finding.action();
            }
        }
        return worst;
    }

    /** Whether the value was refused or belongs elsewhere. */
    public boolean rejected() {
        return value == null && outcome().compareTo(Action.MOVE) >= 0;
    }

    /** Whether somebody should look at it: a guess, a suspicion, a refusal. */
    public boolean flagged() {
        return outcome().compareTo(Action.FLAG_KEEP) >= 0;
    }

    /** Whether a finding has this code. */
    public boolean has(String code) {
        return findings.stream().anyMatch(finding -> finding.code().equals(code));
    }

    /** The same judgment with converted values. */
    public <R> Judged<R> map(Function<? super T, ? extends R> conversion) {
        List<R> converted = new ArrayList<>(others.size());
        for (T other : others) {
            converted.add(conversion.apply(other));
        }
        return new Judged<>(value == null ? null : conversion.apply(value), converted, findings);
    }

    /** Whether there is a value, and the findings; never the value itself. */
    @Override
    public String toString() {
        return "Judged[" + (value == null ? "no value" : "value") + ", " + outcome() + ", " + findings + "]";
    }

    /** The same judgment with its findings placed in a named column, about a named field. */
    public Judged<T> at(@Nullable String column, String field) {
        return new Judged<>(
                value,
                others,
                findings.stream().map(finding -> finding.at(column, field)).toList());
    }
}
