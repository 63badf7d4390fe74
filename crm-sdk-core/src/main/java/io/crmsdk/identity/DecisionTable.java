package io.crmsdk.identity;

import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What people decided about pairs of records and have not withdrawn. */
final class DecisionTable {
    private final Dialect dialect;

    DecisionTable(Dialect dialect) {
        this.dialect = dialect;
    }

    /** A pair of records, the lesser id first. */
    record Decided(String a, String b, boolean same) {
        static Decided of(String x, String y, boolean same) {
            return x.compareTo(y) < 0 ? new Decided(x, y, same) : new Decided(y, x, same);
        }
    }

    Set<Decided> about(Connection connection, Collection<String> records) throws SQLException {
        Set<Decided> found = new HashSet<>();
        for (String column : List.of("record_a", "record_b")) {
            Sql.inChunks(
                    connection,
                    "SELECT record_a, record_b, same FROM crm_match_decision WHERE withdrawn_us IS NULL AND " + column
                            + " IN",
                    dialect.currentRead(),
                    List.of(),
                    List.copyOf(records),
                    statement -> collect(statement, found));
        }
        return found;
    }

    private static void collect(PreparedStatement statement, Set<Decided> into) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                into.add(new Decided(rows.getString(1), rows.getString(2), rows.getInt(3) == 1));
            }
        }
    }

    void add(Connection connection, Decided decided, String id, String logId) throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO crm_match_decision (id, record_a, record_b, same, log_id) VALUES (?, ?, ?, ?, ?)",
                id,
                decided.a(),
                decided.b(),
                decided.same() ? 1 : 0,
                logId);
    }

    /** How many decisions of a log entry were withdrawn now. */
    int withdraw(Connection connection, String logId, long nowUs) throws SQLException {
        return Sql.update(
                connection,
                "UPDATE crm_match_decision SET withdrawn_us = ? WHERE log_id = ? AND withdrawn_us IS NULL",
                nowUs,
                logId);
    }

    /** What a log entry decided and somebody withdrew. */
    Set<Decided> withdrawnBy(Connection connection, String logId) throws SQLException {
        Set<Decided> found = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT record_a, record_b, same FROM crm_match_decision WHERE log_id = ? AND withdrawn_us IS NOT NULL")) {
            statement.setString(1, logId);
            collect(statement, found);
        }
        return found;
    }

    /** The records that a log entry decided about. */
    Set<String> recordsOf(Connection connection, String logId) throws SQLException {
        Set<String> found = new HashSet<>();
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT record_a, record_b FROM crm_match_decision WHERE log_id = ?")) {
            statement.setString(1, logId);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                    found.add(rows.getString(2));
                }
            }
        }
        return found;
    }
}
