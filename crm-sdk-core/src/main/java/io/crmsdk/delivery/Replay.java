package io.crmsdk.delivery;

import io.crmsdk.internal.Micros;
import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Sends a delivery again because a person says so, and only if that can be done without lying to anybody: never what a server
 * took, never what is leaving at this moment, and what is in doubt only if a copy was accepted.
 */
final class Replay {
    private Replay() {}

    /** Queues it again, and gives its state then, or null if somebody was faster; refuses with the reason. */
    static @Nullable DeliveryState again(
            Connection connection, Standing standing, CopyRisk risk, Turns turns, long nowUs) throws SQLException {
        refuseTaken(standing, risk);
        if (standing.state() == DeliveryState.QUEUED || standing.state() == DeliveryState.SCHEDULED) {
            throw refused(
                    standing, "REPLAY_NOT_NEEDED", "it has not been sent yet and goes out by itself when it is due");
        }
        if (standing.state() == DeliveryState.WAITING) {
            throw refused(
                    standing,
                    "REPLAY_NOT_NEEDED",
                    "it goes out by itself when those before it in its ordering key have ended");
        }
        String replacement = Audit.replacement(connection, standing.deliveryId());
        if (replacement != null) {
            throw refused(standing, "REPLAY_REPLACED", "message " + replacement + " took its place: look at that one");
        }
        refuseExpired(connection, standing, nowUs);
        boolean moved =
                standing.queued() ? dueNow(connection, standing, nowUs) : Settler.reopen(connection, standing, nowUs);
        if (!moved) {
            return null;
        }
        Sql.update(
                connection,
                "UPDATE crm_delivery SET renewed_us = ?, renewed_attempts = ? WHERE id = ?",
                nowUs,
                standing.attempts(),
                standing.deliveryId());
        return standing.queued() ? standing.state() : turns.comeBack(connection, standing.deliveryId(), nowUs);
    }

    /** What a server took is never sent again, and what may have been taken only if that was accepted. */
    static void refuseTaken(Standing standing, CopyRisk risk) {
        switch (standing.state()) {
            case ACCEPTED, DELIVERED, BOUNCED, COMPLAINED ->
                throw refused(
                        standing,
                        "REPLAY_ALREADY_TAKEN",
                        "a server took it. If something else is to be said, enqueue it under a new key");
            case SENDING ->
                throw refused(
                        standing, "REPLAY_IN_WINDOW", "it is leaving at this moment; wait until its outcome is known");
            case UNCONFIRMED -> {
                if (risk != CopyRisk.ACCEPTED) {
                    throw refused(
                            standing,
                            "REPLAY_COPY_POSSIBLE",
                            "it may have been taken, so the recipient might get it twice. Look it up at the other side"
                                    + " and settle it, or accept a copy");
                }
            }
            default -> {
                // Surely not taken.
            }
        }
    }

    static DeliveryException refused(Standing standing, String code, String why) {
        return new DeliveryException(
                code,
                "delivery " + standing.deliveryId() + " is " + standing.state() + "; nothing was changed: " + why,
                null);
    }

    private static void refuseExpired(Connection connection, Standing standing, long nowUs) throws SQLException {
        String select =
                "SELECT m.expires_us FROM crm_delivery d JOIN crm_message m ON m.id = d.message_id WHERE d.id = ?";
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setString(1, standing.deliveryId());
            try (ResultSet row = statement.executeQuery()) {
                if (row.next() && row.getLong(1) <= nowUs && !row.wasNull()) {
                    throw refused(
                            standing,
                            "REPLAY_EXPIRED",
                            "its message expired at " + Micros.instant(row.getLong(1))
                                    + ". Replace it by one that expires later");
                }
            }
        }
    }

    /** The fence rises, so that whoever holds it now sends nothing. Doubts stay: the next window is a repeat and counted as one. */
    private static boolean dueNow(Connection connection, Standing standing, long nowUs) throws SQLException {
        return Sql.update(
                        connection,
                        "UPDATE crm_delivery_queue SET due_us = ?, lease_us = 0, owner = NULL, fence = fence + 1,"
                                + " stumbles = 0, crashes = 0 WHERE delivery_id = ? AND fence = ? AND state = ?",
                        nowUs,
                        standing.deliveryId(),
                        standing.fence(),
                        standing.state().name())
                == 1;
    }
}
