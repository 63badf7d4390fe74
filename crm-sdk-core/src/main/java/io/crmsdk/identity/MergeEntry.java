package io.crmsdk.identity;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One change of who is whose customer. Entries are never changed, but for the mark that a later one undid them. Immutable;
 * equality by value.
 *
 * @param id of this entry; what {@link MergeLog#unmerge} is given
 * @param kind what made the change
 * @param at when, by the database's clock
 * @param author who decided; null if evidence did
 * @param reason why, in the author's words; null if none was given
 * @param undoes the entry that this one takes back; null if none
 * @param undoneBy the entry that took this one back; null if none did
 * @param moves every record of the customers concerned, with its customer before and after
 */
public record MergeEntry(
        String id,
        Kind kind,
        Instant at,
        @Nullable String author,
        @Nullable String reason,
        @Nullable String undoes,
        @Nullable String undoneBy,
        List<Move> moves) {
    /** Copies the list. */
    public MergeEntry {
        moves = List.copyOf(moves);
    }

    MergeEntry with(List<Move> members) {
        return new MergeEntry(id, kind, at, author, reason, undoes, undoneBy, members);
    }

    /** What made a change. */
    public enum Kind {
        /** Evidence: a record came or changed. */
        AUTOMATIC,
        /** A person joined two customers. */
        MERGE,
        /** A person took an earlier change back. */
        UNMERGE,
        /** A person said that two records are two customers. */
        SEPARATE,
        /** Other rules were switched on. */
        RULES
    }

    /**
     * One record in a change.
     *
     * @param recordId our id of the record
     * @param before the customer it belonged to
     * @param after the customer it belongs to since
     */
    public record Move(String recordId, String before, String after) {}
}
