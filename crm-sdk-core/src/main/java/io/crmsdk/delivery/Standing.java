package io.crmsdk.delivery;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Where a delivery stands, read from both of its rows.
 *
 * @param queued whether it is in the queue table, that is not finished
 * @param owner who holds or last held the claim without giving it back, or null
 */
record Standing(
        String deliveryId,
        DeliveryState state,
        boolean queued,
        long fence,
        int attempts,
        int doubts,
        int repeats,
        @Nullable String owner) {
    private static final String SELECT = "SELECT d.state, d.fence, d.attempts, d.doubts, d.repeats,"
            + " q.state, q.fence, q.attempts, q.doubts, q.repeats, q.owner"
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
        return new Standing(
                deliveryId,
                DeliveryState.valueOf(state),
                queued,
                row.getLong(from + 1),
                row.getInt(from + 2),
                row.getInt(from + 3),
                row.getInt(from + 4),
                row.getString(11));
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
