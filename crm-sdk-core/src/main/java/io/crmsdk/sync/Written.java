package io.crmsdk.sync;

import java.util.Optional;

/** What became of one {@link Write}; a write without an answer counts as {@link Unknown}. */
public sealed interface Written {
    /** Which write this is about. */
    String ref();

    /**
     * Done, and this is what the system now holds, which may differ from what it was given.
     *
     * @param record as read back; for an archive its id and version
     */
    record Stored(String ref, RemoteRecord record) implements Written {}

    /**
     * Done, but the system did not say what it holds: the engine reads it back.
     *
     * @param id the record's id
     */
    record Accepted(String ref, String id) implements Written {}

    /**
     * Not done, since the record has another version than expected.
     *
     * @param current what it is now, if the answer said so
     */
    record Changed(String ref, Optional<RemoteRecord> current) implements Written {}

    /**
     * Not done, and the same would not be done next time.
     *
     * @param cause {@link Cause#DATA}, {@link Cause#PERMISSION} or {@link Cause#BUG}
     * @param code the system's own code
     * @param reason for people, free of personal values
     */
    record Refused(String ref, Cause cause, String code, String reason) implements Written {}

    /**
     * Surely not done, and worth another try later.
     *
     * @param cause {@link Cause#LIMIT} or {@link Cause#DOWN}
     */
    record NotTaken(String ref, Cause cause, String code) implements Written {}

    /** It is not known whether it was done. */
    record Unknown(String ref, String code) implements Written {}
}
