package io.crmsdk.sync;

import io.crmsdk.store.Store;
import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The tables of a comparison: its report, its findings, and the records that are compared field by field. */
final class CheckBooks {
    /** The place of records that carry a key, until it is known what they are. */
    private static final int CARRIED = -1;

    private static final int PAGE = 500;
    private static final String COLUMNS = "place, item, kind, source_id, target_id, fields";

    private final Dialect dialect;
    private final Store store;
    private final String pair;

    CheckBooks(Store store, String pair) {
        this.store = store;
        this.dialect = Dialect.of(store);
        this.pair = pair;
    }

    /** A comparison that ended. */
    record Row(String hash, String mapping, Reckoning reckoning) {}

    /**
     * A record of a bucket that differs.
     *
     * @param fields the source's values in the target's words; null if there are none
     */
    record Checked(
            String sourceId,
            boolean sourceSeen,
            boolean targetSeen,
            @Nullable Fields fields) {}

    void begin(Connection connection, String mapping, long nowMicros) throws SQLException {
        Sql.update(connection, "DELETE FROM crm_sync_difference WHERE pair = ?", pair);
        Sql.update(connection, "DELETE FROM crm_sync_reconcile WHERE pair = ?", pair);
        clear(connection);
        Sql.update(
                connection,
                "INSERT INTO crm_sync_reconcile (pair, hash, mapping, started_us) VALUES (?, '', ?, ?)",
                pair,
                mapping,
                nowMicros);
    }

    /** Deletes the personal values. */
    void clear(Connection connection) throws SQLException {
        Sql.update(connection, "DELETE FROM crm_sync_check WHERE pair = ?", pair);
    }

    void finish(Connection connection, String hash, Reckoning reckoning) throws SQLException {
        clear(connection);
        Sql.update(
                connection,
                "UPDATE crm_sync_reconcile SET hash = ?, report = ? WHERE pair = ?",
                hash,
                reckoning.json(),
                pair);
    }

    @Nullable
    Row latest(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT hash, mapping, report FROM crm_sync_reconcile WHERE pair = ? AND hash <> ''")) {
            statement.setString(1, pair);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? new Row(row.getString(1), row.getString(2), Reckoning.parse(row.getString(3)))
                        : null;
            }
        }
    }

    /** Keeps records of the source; fields are null where they cannot be said in the target's words. */
    void ours(Connection connection, Map<String, @Nullable Fields> records) throws SQLException {
        Sql.batch(
                connection,
                dialect.upsert("crm_sync_check", List.of("pair", "record_id"), List.of("source_seen", "fields")),
                List.copyOf(records.keySet()),
                (statement, id) -> {
                    Fields fields = records.get(id);
                    statement.setString(1, pair);
                    statement.setString(2, id);
                    statement.setInt(3, 1);
                    statement.setString(4, fields == null ? null : fields.json());
                });
    }

    /** Notes that the target has what belongs to these records of the source. */
    void theirs(Connection connection, List<String> sourceIds) throws SQLException {
        Sql.batch(
                connection,
                dialect.upsert("crm_sync_check", List.of("pair", "record_id"), List.of("target_seen")),
                sourceIds,
                (statement, id) -> {
                    statement.setString(1, pair);
                    statement.setString(2, id);
                    statement.setInt(3, 1);
                });
    }

    /** Notes links, so that one whose two records are gone is looked at too. */
    void linked(Connection connection, List<String> sourceIds) throws SQLException {
        Sql.insertNew(
                dialect, connection, "crm_sync_check (pair, record_id) VALUES (?, ?)", sourceIds, (statement, id) -> {
                    statement.setString(1, pair);
                    statement.setString(2, id);
                });
    }

    Map<String, Checked> checked(Connection connection, List<String> sourceIds) throws SQLException {
        Map<String, Checked> found = new HashMap<>();
        Sql.inChunks(
                connection,
                "SELECT record_id, source_seen, target_seen, fields FROM crm_sync_check WHERE pair = ? AND record_id IN",
                "",
                List.of(pair),
                sourceIds,
                statement -> checked(statement).forEach(one -> found.put(one.sourceId(), one)));
        return found;
    }

    /** Records of which only one side was met, or none. */
    List<Checked> unmatched(Connection connection, String after, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT record_id, source_seen, target_seen, fields FROM crm_sync_check WHERE pair = ? AND record_id > ?"
                        + " AND (source_seen = 0 OR target_seen = 0) ORDER BY record_id LIMIT " + limit)) {
            statement.setString(1, pair);
            statement.setString(2, after);
            return checked(statement);
        }
    }

    private static List<Checked> checked(PreparedStatement statement) throws SQLException {
        List<Checked> found = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                String fields = row.getString(4);
                found.add(new Checked(
                        row.getString(1),
                        row.getLong(2) == 1,
                        row.getLong(3) == 1,
                        fields == null ? null : Fields.parse(fields)));
            }
        }
        return found;
    }

    void found(Connection connection, List<Difference> differences) throws SQLException {
        insert(connection, differences, Difference::place);
    }

    /** Keeps a target's record that carries a key, until it is known whose it is. */
    void carried(Connection connection, List<Difference> carriers) throws SQLException {
        insert(connection, carriers, carrier -> CARRIED);
    }

    /** The place that a finding has. */
    private interface Places {
        int of(Difference difference);
    }

    private void insert(Connection connection, List<Difference> differences, Places places) throws SQLException {
        Sql.batch(
                connection,
                dialect.upsert(
                        "crm_sync_difference",
                        List.of("pair", "place", "item"),
                        List.of("kind", "source_id", "target_id", "fields")),
                differences,
                (statement, difference) -> {
                    statement.setString(1, pair);
                    statement.setInt(2, places.of(difference));
                    statement.setString(3, difference.item());
                    statement.setString(4, difference.kind().name());
                    statement.setString(5, difference.sourceId());
                    statement.setString(6, difference.targetId());
                    statement.setString(7, names(difference));
                });
    }

    private static String names(Difference difference) {
        Fields.Builder names = Fields.builder();
        if (difference.optedOut() != null) {
            names.text("optedOut", difference.optedOut().name());
        }
        for (int i = 0; i < difference.fields().size(); i++) {
            names.text("fields." + i, difference.fields().get(i));
        }
        return names.build().json();
    }

    List<Difference> carriers(Connection connection, String after, int limit) throws SQLException {
        return query(connection, "place = ? AND item > ?", "item", limit, CARRIED, after);
    }

    void forgetCarriers(Connection connection) throws SQLException {
        Sql.update(connection, "DELETE FROM crm_sync_difference WHERE pair = ? AND place = ?", pair, CARRIED);
    }

    /** Calls with every finding in the order of the report, holding a page in memory. */
    void each(Consumer<Difference> consumer) {
        int place = 0;
        String after = "";
        List<Difference> page;
        do {
            int from = place;
            String item = after;
            page = store.read(connection -> query(
                    connection, "(place > ? OR (place = ? AND item > ?))", "place, item", PAGE, from, from, item));
            page.forEach(consumer);
            if (!page.isEmpty()) {
                Difference last = page.get(page.size() - 1);
                place = last.place();
                after = last.item();
            }
        } while (page.size() == PAGE);
    }

    private List<Difference> query(Connection connection, String where, String order, int limit, Object... arguments)
            throws SQLException {
        List<Difference> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("SELECT " + COLUMNS
                + " FROM crm_sync_difference WHERE pair = ? AND " + where + " ORDER BY " + order + " LIMIT " + limit)) {
            statement.setString(1, pair);
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 2, arguments[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(difference(row));
                }
            }
        }
        return found;
    }

    private static Difference difference(ResultSet row) throws SQLException {
        Fields names = Fields.parse(row.getString(6));
        List<String> fields = new ArrayList<>();
        for (String field = names.text("fields.0"); field != null; field = names.text("fields." + fields.size())) {
            fields.add(field);
        }
        String side = names.text("optedOut");
        return new Difference(
                Difference.Kind.valueOf(row.getString(3)),
                row.getString(4),
                row.getString(5),
                fields,
                side == null ? null : Side.valueOf(side));
    }
}
