package io.crmsdk.store;

import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes instants and reads them back before anything depends on it: one in the hour that New York has twice, one in China's
 * last summer time but three, and the present; each also asked of the database as a text, which no driver converts.
 */
final class InstantProbe {
    private static final List<Instant> FIXED =
            List.of(Instant.parse("2024-11-03T06:30:00.000001Z"), Instant.parse("1988-07-01T03:00:00.999999Z"));

    private InstantProbe() {}

    /** Leaves nothing behind. Says what differs; empty if nothing does. */
    static List<String> differences(Connection connection, long nowUs) throws SQLException {
        Map<String, Long> written = new TreeMap<>();
        FIXED.forEach(
                instant -> written.put("probe." + written.size(), ChronoUnit.MICROS.between(Instant.EPOCH, instant)));
        written.put("probe." + written.size(), nowUs);
        for (Map.Entry<String, Long> probe : written.entrySet()) {
            Sql.update(
                    connection,
                    "INSERT INTO crm_store (name, content, changed_us) VALUES (?, 'probe', ?)",
                    probe.getKey(),
                    probe.getValue());
        }
        List<String> differences = compare(connection, written);
        Sql.update(connection, "DELETE FROM crm_store WHERE content = 'probe'");
        return differences;
    }

    private static List<String> compare(Connection connection, Map<String, Long> written) throws SQLException {
        List<String> differences = new ArrayList<>();
        String select = "SELECT changed_us, CAST(changed_us AS CHAR(20)) FROM crm_store WHERE name = ?";
        for (Map.Entry<String, Long> probe : written.entrySet()) {
            try (PreparedStatement statement = connection.prepareStatement(select)) {
                statement.setString(1, probe.getKey());
                try (ResultSet row = statement.executeQuery()) {
                    String expected = probe.getValue().toString();
                    String got = row.next()
                            ? row.getLong(1) + " and " + row.getString(2).strip()
                            : "nothing";
                    if (!got.equals(expected + " and " + expected)) {
                        differences.add("wrote " + expected + " µs, read " + got);
                    }
                }
            }
        }
        return differences;
    }

    /** How far the database's present moves when its session is told another zone, in microseconds; it must not. */
    static long movedByZone(Connection connection, Dialect dialect) throws SQLException {
        String previous = zone(connection, dialect);
        if (previous.isEmpty()) {
            return 0;
        }
        long before = now(connection, dialect);
        try {
            set(connection, dialect, "+08:00");
            return now(connection, dialect) - before;
        } finally {
            set(connection, dialect, previous);
        }
    }

    private static String zone(Connection connection, Dialect dialect) throws SQLException {
        return switch (dialect) {
            case SQLITE -> "";
            case H2 ->
                SqliteFile.text(
                        connection,
                        "SELECT SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS WHERE SETTING_NAME = 'TIME ZONE'");
            case POSTGRESQL -> SqliteFile.text(connection, "SHOW TIME ZONE");
            case MARIADB -> SqliteFile.text(connection, "SELECT @@session.time_zone");
        };
    }

    private static void set(Connection connection, Dialect dialect, String zone) throws SQLException {
        String verb = dialect == Dialect.MARIADB ? "SET time_zone = " : "SET TIME ZONE ";
        Sql.update(connection, verb + "'" + zone.replace("'", "''") + "'");
    }

    private static long now(Connection connection, Dialect dialect) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT " + dialect.nowMicros());
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }
}
