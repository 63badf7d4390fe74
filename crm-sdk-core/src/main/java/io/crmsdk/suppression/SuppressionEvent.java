package io.crmsdk.suppression;

import io.crmsdk.consent.ContactKey;
import java.time.Instant;
import java.util.Objects;

/**
 * Something that was learned about an address.
 *
 * @param source who says so: {@code "dsn"}, a provider's name, a file
 * @param id the source's id of the event; the same event again changes nothing
 * @param key the address
 * @param kind what was learned
 * @param at when it happened, UTC
 * @param evidence the words behind it, for people; cut after 500 characters
 */
public record SuppressionEvent(String source, String id, ContactKey key, Kind kind, Instant at, String evidence) {
    private static final int LONGEST_SOURCE = 80;
    private static final int LONGEST_EVIDENCE = 500;

    /** What can be learned. */
    public enum Kind {
        /** A server said that the address does not exist. */
        HARD_BOUNCE,
        /** A mail failed for a reason that passes. */
        SOFT_BOUNCE,
        /** The owner reported a mail as unwanted. */
        COMPLAINT,
        /** A mail arrived: earlier soft bounces count no more. */
        DELIVERED
    }

    /** Cuts the evidence. */
    public SuppressionEvent {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(at, "at");
        if (source.isBlank() || source.length() > LONGEST_SOURCE || id.isBlank()) {
            throw new IllegalArgumentException(
                    "suppression event: expected a source of 1 to " + LONGEST_SOURCE + " characters and an id");
        }
        evidence = evidence.strip();
        evidence = evidence.length() > LONGEST_EVIDENCE ? evidence.substring(0, LONGEST_EVIDENCE) : evidence;
    }

    /** Without the evidence, which may quote an address. */
    @Override
    public String toString() {
        return "SuppressionEvent[" + source + ", " + kind + ", " + key + ", " + at + "]";
    }
}
