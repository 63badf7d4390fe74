package io.crmsdk.delivery;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a delivery stands, read from both of its rows.
 *
 * @param queued whether it is in the queue table, that is not finished
 * @param owner who holds or last held the claim without giving it back, or null
 * @param begunUs when the window of the present claim began, or null if none has
 */
record Standing(
        String deliveryId,
        DeliveryState state,
        boolean queued,
        long fence,
        int attempts,
        int doubts,
        int repeats,
        @Nullable String owner,
        @Nullable Long begunUs) {
    private static final String SELECT = "SELECT d.state, d.fence, d.attempts, d.doubts, d.repeats,"
            + " q.state, q.fence, q.attempts, q.doubts, q.repeats, q.owner, q.begun_us"
            + " FROM crm_delivery d LEFT JOIN crm_delivery_queue q ON q.delivery_id = d.id WHERE d.id = ?";

    /** Null if there is no such delivery. */
    static @Nullable Standing read(Connection connection, String deliveryId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SELECT)) {
            statement.setString(1, deliveryId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? of(deliveryId, row) : null;
            }
        }
    }

    static DeliveryException without(String deliveryId) {
        return new DeliveryException(
                "DELIVERY_WITHOUT_STATE",
                "delivery " + deliveryId
                        + " is neither finished nor queued; the store is damaged or was changed by other" + " means",
                null);
    }

    private static Standing of(String deliveryId, ResultSet row) throws SQLException {
        boolean queued = row.getString(6) != null;
        int from = queued ? 6 : 1;
        String state = row.getString(from);
        if (state == null) {
            throw without(deliveryId);
        }
        long begunUs = row.getLong(12);
        Long begun = row.wasNull() ? null : Long.valueOf(begunUs);
        return new Standing(
                deliveryId,
                DeliveryState.valueOf(state),
                queued,
                row.getLong(from + 1),
                row.getInt(from + 2),
                row.getInt(from + 3),
                row.getInt(from + 4),
                row.getString(11),
                begun);
    }

    /** The line that the queue row stands for, for whoever takes that row away from the one who is in the window. */
    Optional<Journal.Entry> windowBegun() {
        return begunUs == null || owner == null
                ? Optional.empty()
                : Optional.of(Journal.Entry.windowBegun(deliveryId, fence, attempts, owner, begunUs));
    }

    /**
     * How much a state proves about the far end. A stronger one is never replaced by a weaker one, so confirmations lead
     * to the same state in any order: complaint over bounce over delivered over accepted over everything else.
     */
    static int rank(DeliveryState state) {
        return switch (state) {
            case ACCEPTED -> 1;
            case DELIVERED -> 2;
            case BOUNCED -> 3;
            case COMPLAINED -> 4;
            default -> 0;
        };
    }
}
