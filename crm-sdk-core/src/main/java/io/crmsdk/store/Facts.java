package io.crmsdk.store;

import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The table {@code crm_store}: facts about the store as a whole. */
final class Facts {
    static final String INCARNATION = "incarnation";
    static final String BACKUP_TAKEN_US = "backup_taken_us";
    static final String RESTORED_US = "restored_us";

    private Facts() {}

    static @Nullable String read(Connection connection, String name) throws SQLException {
        String select = "SELECT content FROM crm_store WHERE name = ?";
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    static @Nullable Long number(Connection connection, String name) throws SQLException {
        String content = read(connection, name);
        return content == null ? null : Long.valueOf(content);
    }

    static void write(Connection connection, Dialect dialect, String name, long number) throws SQLException {
        Sql.update(connection, "DELETE FROM crm_store WHERE name = ?", name);
        String insert = "INSERT INTO crm_store (name, content, changed_us) VALUES (?, ?, " + dialect.nowMicros() + ")";
        Sql.update(connection, insert, name, Long.toString(number));
    }

    static void delete(Connection connection, String name) throws SQLException {
        Sql.update(connection, "DELETE FROM crm_store WHERE name = ?", name);
    }
}
