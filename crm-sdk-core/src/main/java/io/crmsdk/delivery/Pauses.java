package io.crmsdk.delivery;

import io.crmsdk.internal.Micros;
import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the outbox is stopped by hand; one row of the store that all pools look at. */
final class Pauses {
    /** The name of the one pause there is: of everything. */
    private static final String ALL = "all";

    private Pauses() {}

    static @Nullable OutboxPause read(Connection connection) throws SQLException {
        String select = "SELECT since_us, by_whom, why FROM crm_delivery_pause WHERE name = '" + ALL + "'";
        try (PreparedStatement statement = connection.prepareStatement(select);
                ResultSet row = statement.executeQuery()) {
            return row.next()
                    ? new OutboxPause(Micros.instant(row.getLong(1)), row.getString(2), row.getString(3))
                    : null;
        }
    }

    /** False if it was stopped already; then the first word stays. */
    static boolean pause(Connection connection, Dialect dialect, OutboxPause pause) throws SQLException {
        if (read(connection) != null) {
            return false;
        }
        Sql.insertNew(
                dialect,
                connection,
                "crm_delivery_pause (name, since_us, by_whom, why) VALUES ('" + ALL + "', ?, ?, ?)",
                List.of(pause),
                (statement, each) -> {
                    statement.setLong(1, Micros.of(each.since()));
                    statement.setString(2, each.by());
                    statement.setString(3, each.why());
                });
        return pause.equals(read(connection));
    }

    /** False if it was not stopped. */
    static boolean resume(Connection connection) throws SQLException {
        return Sql.update(connection, "DELETE FROM crm_delivery_pause WHERE name = ?", ALL) == 1;
    }
}
