package io.crmsdk.suppression;

import io.crmsdk.consent.ContactKey;
import io.crmsdk.internal.Sha256;
import io.crmsdk.store.Store;
import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The tables of the suppression list: what holds now, and what was ever learned. */
final class SuppressionBook {
    private static final int CHUNK = 256;
    private static final String COLUMNS = "channel, address, reason, source, evidence, since_us, expires_us";

    private final Dialect dialect;

    SuppressionBook(Store store) {
        this.dialect = Dialect.of(store);
    }

    /** Soft bounces since a mail arrived or somebody lifted the suppression. */
    record Softs(int count, Duration span) {}

    Map<ContactKey, Suppression> find(Connection connection, Collection<ContactKey> keys, long nowUs)
            throws SQLException {
        Map<ContactKey, Suppression> found = new HashMap<>();
        List<ContactKey> left = new ArrayList<>(keys);
        for (int from = 0; from < left.size(); from += CHUNK) {
            List<ContactKey> chunk = left.subList(from, Math.min(from + CHUNK, left.size()));
            String select = "SELECT " + COLUMNS + " FROM crm_suppression WHERE address IN (" + Sql.marks(chunk.size())
                    + ") AND (expires_us IS NULL OR expires_us > ?)";
            try (PreparedStatement statement = connection.prepareStatement(select)) {
                int place = 1;
                for (ContactKey key : chunk) {
                    statement.setString(place++, key.address());
                }
                statement.setLong(place, nowUs);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        Suppression suppression = read(row);
                        if (chunk.contains(suppression.key())) {
                            found.put(suppression.key(), suppression);
                        }
                    }
                }
            }
        }
        return found;
    }

    List<Suppression> all(Connection connection) throws SQLException {
        List<Suppression> all = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                        "SELECT " + COLUMNS + " FROM crm_suppression ORDER BY channel, address");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                all.add(read(row));
            }
        }
        return all;
    }

    private Suppression read(ResultSet row) throws SQLException {
        long expires = row.getLong(7);
        Instant end = row.wasNull() ? null : instant(expires);
        return new Suppression(
                key(row.getString(1), row.getString(2)),
                SuppressionReason.valueOf(row.getString(3)),
                row.getString(4),
                row.getString(5),
                instant(row.getLong(6)),
                end);
    }

    static ContactKey key(String channel, String address) {
        return switch (channel) {
            case "email" -> ContactKey.email(address);
            case "phone" -> ContactKey.phone(address, "ZZ");
            default -> ContactKey.of(channel, address);
        };
    }

    /** Keeps an event; false if it was known. */
    boolean keep(Connection connection, SuppressionEvent event, long nowUs) throws SQLException {
        String key = Sha256.hex(event.source() + "\n" + event.id());
        return insert(
                connection,
                key,
                event.key(),
                event.kind().name(),
                event.source(),
                event.evidence(),
                micros(event.at()),
                nowUs);
    }

    /** Keeps what a person did. */
    void audit(Connection connection, ContactKey key, String kind, String by, String why, long nowUs)
            throws SQLException {
        insert(
                connection,
                Sha256.hex(kind + "\n" + by + "\n" + key.channel() + ":" + key.address() + "\n" + nowUs),
                key,
                kind,
                by,
                why,
                nowUs,
                nowUs);
    }

    private boolean insert(
            Connection connection,
            String eventKey,
            ContactKey key,
            String kind,
            String source,
            String evidence,
            long atUs,
            long nowUs)
            throws SQLException {
        if (exists(connection, eventKey)) {
            return false;
        }
        int[] counts = Sql.insertNew(
                dialect,
                connection,
                "crm_suppression_event (event_key, channel, address, kind, source, evidence, at_us, recorded_us)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                List.of(eventKey),
                (statement, id) -> {
                    statement.setString(1, id);
                    statement.setString(2, key.channel());
                    statement.setString(3, key.address());
                    statement.setString(4, kind);
                    statement.setString(5, cut(source, 80));
                    statement.setString(6, cut(evidence, 500));
                    statement.setLong(7, atUs);
                    statement.setLong(8, nowUs);
                });
        return counts[0] != 0;
    }

    private static boolean exists(Connection connection, String eventKey) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT 1 FROM crm_suppression_event WHERE event_key = ?")) {
            statement.setString(1, eventKey);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Puts an address on the list; false if it is there for a reason that is as strong. */
    boolean put(Connection connection, Suppression suppression, long nowUs) throws SQLException {
        Suppression present =
                find(connection, List.of(suppression.key()), nowUs).get(suppression.key());
        if (present != null && present.reason().compareTo(suppression.reason()) >= 0) {
            return false;
        }
        remove(connection, suppression.key());
        Sql.insertNew(
                dialect,
                connection,
                "crm_suppression (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?)",
                List.of(suppression),
                (statement, each) -> {
                    statement.setString(1, each.key().channel());
                    statement.setString(2, each.key().address());
                    statement.setString(3, each.reason().name());
                    statement.setString(4, cut(each.source(), 80));
                    statement.setString(5, cut(each.evidence(), 500));
                    statement.setLong(6, micros(each.since()));
                    if (each.expires() == null) {
                        statement.setNull(7, Types.BIGINT);
                    } else {
                        statement.setLong(7, micros(each.expires()));
                    }
                });
        return true;
    }

    boolean remove(Connection connection, ContactKey key) throws SQLException {
        return Sql.update(
                        connection,
                        "DELETE FROM crm_suppression WHERE channel = ? AND address = ?",
                        key.channel(),
                        key.address())
                == 1;
    }

    Softs softs(Connection connection, ContactKey key) throws SQLException {
        String select =
                "SELECT COUNT(*), MIN(at_us), MAX(at_us) FROM crm_suppression_event e WHERE channel = ? AND address = ?"
                        + " AND kind = 'SOFT_BOUNCE' AND at_us > COALESCE((SELECT MAX(at_us) FROM crm_suppression_event r"
                        + " WHERE r.channel = e.channel AND r.address = e.address AND r.kind IN ('DELIVERED', 'LIFTED')), 0)";
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setString(1, key.channel());
            statement.setString(2, key.address());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Softs(row.getInt(1), Duration.of(row.getLong(3) - row.getLong(2), ChronoUnit.MICROS));
            }
        }
    }

    List<String> history(Connection connection, ContactKey key) throws SQLException {
        List<String> lines = new ArrayList<>();
        String select =
                "SELECT at_us, kind, source, evidence FROM crm_suppression_event WHERE channel = ? AND address = ?"
                        + " ORDER BY at_us, recorded_us, event_key";
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setString(1, key.channel());
            statement.setString(2, key.address());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    lines.add(instant(row.getLong(1)) + " " + row.getString(2) + " by " + row.getString(3) + ": "
                            + row.getString(4));
                }
            }
        }
        return lines;
    }

    Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }
}
