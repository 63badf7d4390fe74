package io.crmsdk.delivery;

import io.crmsdk.internal.Micros;
import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.net.IDN;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is stopped by hand: everything, or what goes to some destinations; rows of the store that all pools look at. */
final class Pauses {
    /** The name of the pause of everything. */
    private static final String ALL = "all";

    private static final int LONGEST_DESTINATION = 255;

    private Pauses() {}

    /** Both kinds, as a pool sees them. */
    record Seen(@Nullable OutboxPause all, Map<String, OutboxPause> destinations) {
        static Seen read(Connection connection) throws SQLException {
            return new Seen(Pauses.read(connection), Pauses.destinations(connection));
        }
    }

    static @Nullable OutboxPause read(Connection connection) throws SQLException {
        String select = "SELECT since_us, by_whom, why FROM crm_delivery_pause WHERE name = '" + ALL + "'";
        try (PreparedStatement statement = connection.prepareStatement(select);
                ResultSet row = statement.executeQuery()) {
            return row.next()
                    ? new OutboxPause(Micros.instant(row.getLong(1)), row.getString(2), row.getString(3))
                    : null;
        }
    }

    /** Those of destinations, by destination. */
    static Map<String, OutboxPause> destinations(Connection connection) throws SQLException {
        Map<String, OutboxPause> pauses = new TreeMap<>();
        String select = "SELECT destination, since_us, by_whom, why FROM crm_delivery_destination_pause";
        try (PreparedStatement statement = connection.prepareStatement(select);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                pauses.put(
                        row.getString(1),
                        new OutboxPause(Micros.instant(row.getLong(2)), row.getString(3), row.getString(4)));
            }
        }
        return pauses;
    }

    /** False if it was stopped already; then the first word stays. */
    static boolean pause(Connection connection, Dialect dialect, OutboxPause pause) throws SQLException {
        if (read(connection) != null) {
            return false;
        }
        insert(connection, dialect, "crm_delivery_pause (name", ALL, pause);
        return pause.equals(read(connection));
    }

    /** False if it was stopped already; then the first word stays. */
    static boolean pause(Connection connection, Dialect dialect, String destination, OutboxPause pause)
            throws SQLException {
        if (destinations(connection).containsKey(destination)) {
            return false;
        }
        insert(connection, dialect, "crm_delivery_destination_pause (destination", destination, pause);
        return pause.equals(destinations(connection).get(destination));
    }

    private static void insert(Connection connection, Dialect dialect, String into, String name, OutboxPause pause)
            throws SQLException {
        Sql.insertNew(
                dialect,
                connection,
                into + ", since_us, by_whom, why) VALUES (?, ?, ?, ?)",
                List.of(pause),
                (statement, each) -> {
                    statement.setString(1, name);
                    statement.setLong(2, Micros.of(each.since()));
                    statement.setString(3, each.by());
                    statement.setString(4, each.why());
                });
    }

    /** False if it was not stopped. */
    static boolean resume(Connection connection) throws SQLException {
        return Sql.update(connection, "DELETE FROM crm_delivery_pause WHERE name = ?", ALL) == 1;
    }

    /** False if it was not stopped. */
    static boolean resume(Connection connection, String destination) throws SQLException {
        return Sql.update(connection, "DELETE FROM crm_delivery_destination_pause WHERE destination = ?", destination)
                == 1;
    }

    /** What a recipient's address has behind its last at sign, as it is compared; empty if it has none. */
    static String destinationOf(String recipient) {
        return normal(recipient.substring(recipient.lastIndexOf('@') + 1), recipient.indexOf('@') < 0);
    }

    /**
     * A destination as a person names it.
     *
     * @throws IllegalArgumentException if it is none
     */
    static String destination(String named) {
        String destination = normal(named.strip(), false);
        if (destination.isEmpty() || destination.length() > LONGEST_DESTINATION || destination.indexOf('@') >= 0) {
            throw new IllegalArgumentException(
                    "destination: expected what addresses have behind the at sign, such as example.com, got " + named);
        }
        return destination;
    }

    private static String normal(String domain, boolean none) {
        if (none) {
            return "";
        }
        try {
            return IDN.toASCII(domain).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            // No name of a host, so it is compared as it is written.
            return domain.toLowerCase(Locale.ROOT);
        }
    }
}
