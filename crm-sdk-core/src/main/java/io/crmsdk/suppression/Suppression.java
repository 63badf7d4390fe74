package io.crmsdk.suppression;

import io.crmsdk.consent.ContactKey;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An address that gets no mail. Immutable.
 *
 * @param key the address
 * @param reason why
 * @param source who said so
 * @param evidence the words behind it, for people
 * @param since when it was put on the list, by the database's clock, UTC
 * @param expires when it is taken off by itself; null if never
 */
public record Suppression(
        ContactKey key,
        SuppressionReason reason,
        String source,
        String evidence,
        Instant since,
        @Nullable Instant expires) {
    /** Returns when it is taken off by itself, if ever. */
    public Optional<Instant> end() {
        return Optional.ofNullable(expires);
    }

    /** Returns one line for a history, without the address. */
    public String explain() {
        return "suppressed since " + since + ": " + reason + " by " + source;
    }

    /** Without the evidence, which may quote an address. */
    @Override
    public String toString() {
        return "Suppression[" + key + ", " + explain() + "]";
    }
}
