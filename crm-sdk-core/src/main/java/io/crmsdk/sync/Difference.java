package io.crmsdk.sync;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a comparison of both sides found. It names records and fields, never values.
 *
 * @param kind what it is
 * @param sourceId the source's record; null if there is none
 * @param targetId the target's record; null if there is none
 * @param fields the paths it is about, in the target's words, sorted; empty if it is about the record as a whole
 * @param optedOut with {@link Kind#CONSENT} the side that holds the "no"; null with every other kind
 */
public record Difference(
        Kind kind,
        @Nullable String sourceId,
        @Nullable String targetId,
        List<String> fields,
        @Nullable Side optedOut) {
    /** What was found, the most pressing first. */
    public enum Kind {
        /** One side says that the person opted out, the other holds a value of {@link SyncPair.Builder#neverGrant}. */
        CONSENT,
        /** Linked, and one of the two is gone, or both, or the link was ended although a record is there. */
        BROKEN_LINK,
        /** The target's record carries the key of a source's record, and the link between them is not known. */
        LOST_LINK,
        /** A further record of the target with the key of a source's record that is linked to another. */
        DUPLICATE,
        /** Nothing at the target is this record. */
        ONLY_SOURCE,
        /** Nothing at the source is this record. In pairs that go one way it may be the target's own. */
        ONLY_TARGET,
        /** Linked, and fields say different things. */
        FIELDS,
        /** The source's record cannot be said in the target's words and so was not compared. */
        UNREADABLE
    }

    /**
     * Copies the fields.
     *
     * @throws IllegalArgumentException if it names no record
     */
    public Difference {
        if (sourceId == null && targetId == null) {
            throw new IllegalArgumentException("expected the id of at least one record");
        }
        fields = List.copyOf(fields);
    }

    static Difference of(Kind kind, @Nullable String sourceId, @Nullable String targetId) {
        return new Difference(kind, sourceId, targetId, List.of(), null);
    }

    /** Unique among those of one place: what is only about the target's record goes by that. */
    String item() {
        return sourceId == null || kind == Kind.DUPLICATE
                ? Change.toSource(Objects.requireNonNull(targetId))
                : Change.toTarget(sourceId);
    }

    /** Where it stands in the report. */
    int place() {
        return 2 * kind.ordinal() + (optedOut == Side.TARGET ? 1 : 0);
    }

    String canonical() {
        return kind + " " + quoted(sourceId) + " " + quoted(targetId) + " " + optedOut + " " + fields;
    }

    private static String quoted(@Nullable String text) {
        return text == null ? "null" : Fields.quoted(text);
    }
}
