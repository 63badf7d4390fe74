package io.crmsdk.delivery;

import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A queue row that is still under the fence of its claim.
 *
 * @param begunUs when the window of this claim began, or null if none has
 */
record Holding(long fence, @Nullable Long begunUs) {
    private static final String SELECT =
            "SELECT delivery_id, fence, begun_us FROM crm_delivery_queue WHERE delivery_id IN";

    /**
     * Which of the rows are still under their fence; these stay locked until the transaction ends. Everybody locks in the
     * order of ids, so that nobody waits in a circle.
     */
    static Map<Row, Holding> of(Connection connection, Dialect dialect, List<Row> rows) throws SQLException {
        Map<String, Holding> found = new HashMap<>();
        List<String> ids = rows.stream().map(row -> row.deliveryId).sorted().toList();
        Sql.inChunks(connection, SELECT, dialect.forUpdate(), List.of(), ids, statement -> {
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String id = row.getString(1);
                    long fence = row.getLong(2);
                    long begunUs = row.getLong(3);
                    found.put(id, new Holding(fence, row.wasNull() ? null : Long.valueOf(begunUs)));
                }
            }
        });
        Map<Row, Holding> held = new HashMap<>();
        for (Row row : rows) {
            Holding holding = found.get(row.deliveryId);
            if (holding != null && holding.fence() == row.fence) {
                held.put(row, holding);
            }
        }
        return held;
    }
}
