package io.crmsdk.identity;

import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which records can be found under which hashed values, and which values are generic. */
final class KeyTable {
    private static final int UNITED = 16;
    private static final String SHARERS = String.join(
            " UNION ALL ",
            Collections.nCopies(
                    UNITED,
                    "SELECT * FROM (SELECT key_hash, record_id FROM crm_record_key WHERE key_hash = ?"
                            + " ORDER BY record_id LIMIT ?) one"));

    private final Dialect dialect;

    KeyTable(Dialect dialect) {
        this.dialect = dialect;
    }

    /**
     * Makes sure that the strong values have their rows and holds them until the transaction ends, in one order for all. From
     * then on nobody else can add a record with one of them.
     */
    void hold(Connection connection, Collection<Long> keys) throws SQLException {
        List<Long> sorted = List.copyOf(new TreeSet<>(keys));
        Sql.insertNew(
                dialect,
                connection,
                "crm_match_key (key_hash, generic) VALUES (?, 0)",
                sorted,
                (statement, key) -> statement.setLong(1, key));
        if (dialect.forUpdate().isEmpty() || sorted.isEmpty()) {
            return;
        }
        String sql = "SELECT key_hash FROM crm_match_key WHERE key_hash IN (" + Sql.marks(sorted.size())
                + ") ORDER BY key_hash" + dialect.forUpdate();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, sorted);
            statement.executeQuery().close();
        }
    }

    Set<Long> generic(Connection connection, Collection<Long> keys) throws SQLException {
        Set<Long> found = new HashSet<>();
        List<Long> asked = List.copyOf(keys);
        if (asked.isEmpty()) {
            return found;
        }
        String sql = "SELECT key_hash FROM crm_match_key WHERE generic = 1 AND key_hash IN (" + Sql.marks(asked.size())
                + ")" + dialect.currentRead();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, asked);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getLong(1));
                }
            }
        }
        return found;
    }

    void setGeneric(Connection connection, long key, boolean generic) throws SQLException {
        Sql.update(connection, "UPDATE crm_match_key SET generic = ? WHERE key_hash = ?", generic ? 1 : 0, key);
    }

    /**
     * The records under a key, by id, at most {@code limit}.
     *
     * @param current whether to see, and wait for, what others have just added; for values that are held
     */
    List<String> sharers(Connection connection, long key, int limit, boolean current) throws SQLException {
        String sql = "SELECT record_id FROM crm_record_key WHERE key_hash = ? ORDER BY record_id LIMIT ?"
                + (current ? dialect.currentRead() : "");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, key);
            statement.setInt(2, limit);
            List<String> ids = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    ids.add(rows.getString(1));
                }
            }
            return ids;
        }
    }

    /** The records under each of several keys that nobody holds, by id, at most so many as is said of the key. */
    Map<Long, List<String>> sharers(Connection connection, Map<Long, Integer> limits) throws SQLException {
        Map<Long, List<String>> found = new HashMap<>();
        List<Map.Entry<Long, Integer>> all = List.copyOf(limits.entrySet());
        for (int from = 0; from < all.size(); from += UNITED) {
            List<Map.Entry<Long, Integer>> some = all.subList(from, Math.min(from + UNITED, all.size()));
            // Always as many, so that drivers and servers find the statement again; the rest ask for nothing.
            try (PreparedStatement statement = connection.prepareStatement(SHARERS)) {
                for (int i = 0; i < UNITED; i++) {
                    statement.setLong(
                            2 * i + 1, some.get(Math.min(i, some.size() - 1)).getKey());
                    statement.setInt(2 * i + 2, i < some.size() ? some.get(i).getValue() : 0);
                }
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        found.computeIfAbsent(rows.getLong(1), key -> new ArrayList<>())
                                .add(rows.getString(2));
                    }
                }
            }
        }
        limits.keySet().forEach(key -> found.putIfAbsent(key, List.of()));
        return found;
    }

    /** How many records are under a key, counted up to {@code limit}. */
    int count(Connection connection, long key, int limit) throws SQLException {
        String sql = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM crm_record_key WHERE key_hash = ? LIMIT ?) counted";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, key);
            statement.setInt(2, limit);
            return Questions.count(statement);
        }
    }

    Map<Long, Boolean> of(Connection connection, String recordId) throws SQLException {
        Map<Long, Boolean> found = new HashMap<>();
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT key_hash, strong FROM crm_record_key WHERE record_id = ?")) {
            statement.setString(1, recordId);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.put(rows.getLong(1), rows.getInt(2) == 1);
                }
            }
        }
        return found;
    }

    void add(Connection connection, String recordId, Map<Long, Boolean> strongByKey) throws SQLException {
        Sql.batch(
                connection,
                "INSERT INTO crm_record_key (key_hash, record_id, strong) VALUES (?, ?, ?)",
                List.copyOf(strongByKey.entrySet()),
                (statement, entry) -> {
                    statement.setLong(1, entry.getKey());
                    statement.setString(2, recordId);
                    statement.setInt(3, entry.getValue() ? 1 : 0);
                });
    }

    void remove(Connection connection, String recordId, Collection<Long> keys) throws SQLException {
        Sql.batch(
                connection,
                "DELETE FROM crm_record_key WHERE key_hash = ? AND record_id = ?",
                List.copyOf(keys),
                (statement, key) -> {
                    statement.setLong(1, key);
                    statement.setString(2, recordId);
                });
    }

    private static void bind(PreparedStatement statement, List<Long> keys) throws SQLException {
        for (int i = 0; i < keys.size(); i++) {
            statement.setLong(i + 1, keys.get(i));
        }
    }
}
