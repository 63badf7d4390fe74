package io.crmsdk.quality;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the findings of one judgment. */
final class Draft {
    private final String field;
    private final String raw;
    private final List<Finding> findings = new ArrayList<>(2);

    Draft(String field, Cell cell) {
        this.field = field;
        this.raw = cell.text();
    }

    String raw() {
        return raw;
    }

    void note(String code, Certainty certainty, Action action, @Nullable String value, String message) {
        for (Finding earlier : findings) {
            if (earlier.code().equals(code) && earlier.action() == action) {
                return;
            }
        }
        findings.add(new Finding(null, field, code, certainty, action, raw, value, message));
    }

    /** Another writing of the same value; there is only one reading. */
    void repaired(String code, String message) {
        note(code, Certainty.CERTAIN, Action.REPAIR, null, message);
    }

    <T> Judged<T> take(T value) {
        return new Judged<>(value, List.of(), findings);
    }

    <T> Judged<T> take(T value, List<T> others) {
        return new Judged<>(value, others, findings);
    }

    /** The likeliest reading, marked as a guess. */
    <T> Judged<T> guess(T value, String code, String text, String message) {
        note(code, Certainty.SUSPECT, Action.REPAIR_FLAGGED, text, message);
        return take(value);
    }

    /** Taken as it is, to be looked at. */
    <T> Judged<T> suspect(T value, String code, String message) {
        note(code, Certainty.SUSPECT, Action.FLAG_KEEP, null, message);
        return take(value);
    }

    <T> Judged<T> reject(String code, String message) {
        return reject(code, Certainty.CERTAIN, null, message);
    }

    /** Refused, with a candidate that a person may confirm. */
    <T> Judged<T> reject(String code, Certainty certainty, @Nullable String candidate, String message) {
        note(code, certainty, Action.REJECT, candidate, message);
        return new Judged<>(null, List.of(), findings);
    }

    /** A placeholder or a blank that is not quite empty. */
    <T> Judged<T> empty() {
        note(FindingCode.PLACEHOLDER, Certainty.SUSPECT, Action.EMPTY, null, "stands for no value");
        return new Judged<>(null, List.of(), findings);
    }

    <T> Judged<T> move(String value, String message) {
        note(FindingCode.WRONG_FIELD, Certainty.CERTAIN, Action.MOVE, value, message);
        return new Judged<>(null, List.of(), findings);
    }
}
