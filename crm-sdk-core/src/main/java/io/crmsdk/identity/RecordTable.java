package io.crmsdk.identity;

import io.crmsdk.model.ExternalId;
import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Source records and their former revisions. */
final class RecordTable {
    private static final String COLUMNS =
            "id, origin_system, origin_instance, origin_type, origin_value, customer_id, revision, content, created_us, updated_us";

    private final Dialect dialect;

    RecordTable(Dialect dialect) {
        this.dialect = dialect;
    }

    @Nullable
    StoredRecord byOrigin(Connection connection, ExternalId origin, boolean lock) throws SQLException {
        String sql = "SELECT " + COLUMNS + " FROM crm_record WHERE origin_system = ? AND origin_instance = ?"
                + " AND origin_type = ? AND origin_value = ?" + (lock ? dialect.forUpdate() : "");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, origin.system());
            statement.setString(2, origin.instance());
            statement.setString(3, origin.objectType());
            statement.setString(4, origin.value());
            return one(statement);
        }
    }

    @Nullable
    StoredRecord byId(Connection connection, String id) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT " + COLUMNS + " FROM crm_record WHERE id = ?")) {
            statement.setString(1, id);
            return one(statement);
        }
    }

    private static @Nullable StoredRecord one(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            return rows.next() ? read(rows) : null;
        }
    }

    /** In no order; ids that are not there are missing. */
    Map<String, StoredRecord> byIds(Connection connection, Collection<String> ids) throws SQLException {
        Map<String, StoredRecord> found = new HashMap<>();
        Sql.inChunks(
                connection,
                "SELECT " + COLUMNS + " FROM crm_record WHERE id IN",
                dialect.currentRead(),
                List.of(),
                List.copyOf(ids),
                statement -> collect(statement, found));
        return found;
    }

    /** All records of the customers, by record id. */
    Map<String, StoredRecord> ofCustomers(Connection connection, Collection<String> customerIds) throws SQLException {
        Map<String, StoredRecord> found = new LinkedHashMap<>();
        Sql.inChunks(
                connection,
                "SELECT " + COLUMNS + " FROM crm_record WHERE customer_id IN",
                " ORDER BY id" + dialect.currentRead(),
                List.of(),
                List.copyOf(customerIds),
                statement -> collect(statement, found));
        return found;
    }

    /** The records of one customer, by record id, at most so many. */
    Map<String, StoredRecord> ofCustomer(Connection connection, String customerId, int limit) throws SQLException {
        Map<String, StoredRecord> found = new LinkedHashMap<>();
        String sql = "SELECT " + COLUMNS + " FROM crm_record WHERE customer_id = ? ORDER BY id LIMIT ?"
                + dialect.currentRead();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, customerId);
            statement.setInt(2, limit);
            collect(statement, found);
        }
        return found;
    }

    private static void collect(PreparedStatement statement, Map<String, StoredRecord> into) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                StoredRecord row = read(rows);
                into.put(row.id, row);
            }
        }
    }

    private static StoredRecord read(ResultSet row) throws SQLException {
        ExternalId origin = ExternalId.of(row.getString(2), row.getString(3), row.getString(4), row.getString(5));
        return new StoredRecord(
                row.getString(1),
                origin,
                row.getString(6),
                row.getLong(7),
                row.getBytes(8),
                row.getLong(9),
                row.getLong(10));
    }

    boolean hasOrigins(Connection connection, String system, String instance, String type) throws SQLException {
        String sql =
                "SELECT 1 FROM crm_record WHERE origin_system = ? AND origin_instance = ? AND origin_type = ? LIMIT 1";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, system);
            statement.setString(2, instance);
            statement.setString(3, type);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** By the number behind the prefix. The prefix ends in a minus sign, behind which the point comes next. */
    SortedMap<Integer, byte[]> contents(
            Connection connection, String system, String instance, String type, String prefix) throws SQLException {
        SortedMap<Integer, byte[]> contents = new TreeMap<>();
        String sql = "SELECT origin_value, content FROM crm_record WHERE origin_system = ? AND origin_instance = ?"
                + " AND origin_type = ? AND origin_value >= ? AND origin_value < ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, system);
            statement.setString(2, instance);
            statement.setString(3, type);
            statement.setString(4, prefix);
            statement.setString(5, prefix.substring(0, prefix.length() - 1) + ".");
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    byte[] content = rows.getBytes(2);
                    int number = Integer.parseInt(rows.getString(1).substring(prefix.length()));
                    contents.put(number, content == null ? new byte[0] : content);
                }
            }
        }
        return contents;
    }

    int count(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT COUNT(*) FROM crm_record")) {
            return Questions.count(statement);
        }
    }

    /** Customer ids after one, in order: those under which at least one record stands. */
    List<String> customersAfter(Connection connection, String after, int limit) throws SQLException {
        String sql = "SELECT DISTINCT customer_id FROM crm_record WHERE customer_id > ? ORDER BY customer_id LIMIT ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, after);
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

    /** Whether it is new; false if the origin is taken, by this or another worker. */
    boolean insert(Connection connection, StoredRecord record) throws SQLException {
        int[] counts = Sql.insertNew(
                dialect,
                connection,
                "crm_record (" + COLUMNS + ") VALUES (" + Sql.marks(10) + ")",
                List.of(record),
                (statement, row) -> {
                    statement.setString(1, row.id);
                    statement.setString(2, row.origin.system());
                    statement.setString(3, row.origin.instance());
                    statement.setString(4, row.origin.objectType());
                    statement.setString(5, row.origin.value());
                    statement.setString(6, row.customerId);
                    statement.setLong(7, row.revision);
                    statement.setBytes(8, row.content);
                    statement.setLong(9, row.createdUs);
                    statement.setLong(10, row.updatedUs);
                });
        return counts[0] == 1;
    }

    /** Keeps what the record was, and gives it its next revision. */
    void revise(Connection connection, StoredRecord before, byte[] content, long nowUs) throws SQLException {
        if (before.content != null) {
            Sql.update(
                    connection,
                    "INSERT INTO crm_record_revision (record_id, revision, content, at_us) VALUES (?, ?, ?, ?)",
                    before.id,
                    before.revision,
                    before.content,
                    before.updatedUs);
        }
        Sql.update(
                connection,
                "UPDATE crm_record SET revision = ?, content = ?, updated_us = ? WHERE id = ?",
                before.revision + 1,
                content,
                nowUs,
                before.id);
    }

    /** Moves records to their customers. */
    void assign(Connection connection, Map<String, String> customerOfRecord) throws SQLException {
        Sql.batch(
                connection,
                "UPDATE crm_record SET customer_id = ? WHERE id = ?",
                List.copyOf(customerOfRecord.entrySet()),
                (statement, entry) -> {
                    statement.setString(1, entry.getValue());
                    statement.setString(2, entry.getKey());
                });
    }

    void setCreated(Connection connection, String id, long createdUs) throws SQLException {
        Sql.update(connection, "UPDATE crm_record SET created_us = ? WHERE id = ?", createdUs, id);
    }

    /**
     * Waits for whoever else is moving these records, and keeps them off until the transaction ends.
     *
     * @return false where nobody else can write meanwhile, so that there is nothing to wait for
     */
    boolean lock(Connection connection, Collection<String> ids) throws SQLException {
        if (dialect.forUpdate().isEmpty()) {
            return false;
        }
        List<String> sorted = ids.stream().sorted().toList();
        Sql.inChunks(
                connection,
                "SELECT id FROM crm_record WHERE id IN",
                " ORDER BY id" + dialect.forUpdate(),
                List.of(),
                sorted,
                statement -> statement.executeQuery().close());
        return true;
    }
}
