package io.crmsdk.delivery;

import java.time.Instant;

/**
 * The outbox is stopped by hand: messages are stored, nothing is claimed.
 *
 * @param since when it was stopped, by the database's clock
 * @param by who stopped it
 * @param why one line
 */
public record OutboxPause(Instant since, String by, String why) {
    /** Without the reason, which may quote an address. */
    @Override
    public String toString() {
        return "OutboxPause[since=" + since + ", by=" + by + "]";
    }
}
