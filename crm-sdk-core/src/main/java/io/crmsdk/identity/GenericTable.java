package io.crmsdk.identity;

import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** When values became generic and when they ceased to be; appended only. */
final class GenericTable {
    void add(Connection connection, String id, long key, boolean generic, int records, String recordId, long nowUs)
            throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO crm_generic_value (id, key_hash, kind, generic, records, record_id, at_us)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                id,
                key,
                Evidence.Key.of(key).words(),
                generic ? 1 : 0,
                records,
                recordId,
                nowUs);
    }

    /** After an id, in order. */
    List<GenericValue> after(Connection connection, String id, int limit) throws SQLException {
        List<GenericValue> found = new ArrayList<>();
        String sql = "SELECT id, kind, generic, records, record_id, at_us FROM crm_generic_value WHERE id > ?"
                + " ORDER BY id LIMIT ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, id);
            statement.setInt(2, limit);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(new GenericValue(
                            rows.getString(1),
                            rows.getString(2),
                            rows.getInt(3) == 1,
                            rows.getInt(4),
                            rows.getString(5),
                            Instant.EPOCH.plus(rows.getLong(6), ChronoUnit.MICROS)));
                }
            }
        }
        return found;
    }
}
