package io.crmsdk.sync;

import io.crmsdk.store.Store;
import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The tables of plans and their actions. */
final class PlanBooks {
    private static final int PAGE = 500;
    private static final String COLUMNS =
            "item, kind, side, source_id, target_id, version, ours, theirs, changes, state, tries, intent_us";

    private final Store store;
    private final Dialect dialect;
    private final String pair;

    PlanBooks(Store store, String pair) {
        this.store = store;
        this.dialect = Dialect.of(store);
        this.pair = pair;
    }

    /** A plan as it is stored. */
    record Row(
            String id,
            String hash,
            String state,
            Summary summary,
            String mapping,
            long generation,
            @Nullable String sourceCursor,
            @Nullable String targetCursor,
            @Nullable Long sourceCount,
            @Nullable Long ceiling) {}

    /** Starts a plan and gives up those that were not applied; what they held is found anew. */
    void begin(Connection connection, String plan, String mapping, long generation) throws SQLException {
        Sql.update(
                connection,
                "DELETE FROM crm_sync_action WHERE plan IN (SELECT plan FROM crm_sync_plan WHERE pair = ?)",
                pair);
        Sql.update(
                connection,
                "UPDATE crm_sync_plan SET state = 'ABANDONED' WHERE pair = ? AND state IN ('DRAFT', 'OPEN', 'APPLYING')",
                pair);
        Sql.update(
                connection,
                "INSERT INTO crm_sync_plan (plan, pair, hash, state, summary, mapping, generation, created_us)"
                        + " VALUES (?, ?, '', 'DRAFT', '{}', ?, ?, ?)",
                plan,
                pair,
                mapping,
                generation,
                store.nowMicros(connection));
    }

    /** Whether something of an unfinished plan may have gone out. */
    boolean hasIntents(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT COUNT(*) FROM crm_sync_action a JOIN crm_sync_plan p"
                        + " ON p.plan = a.plan WHERE p.pair = ? AND p.state = 'APPLYING' AND a.state = 'INTENT'")) {
            statement.setString(1, pair);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1) > 0;
            }
        }
    }

    void replace(Connection connection, String plan, List<String> items, List<Change> changes) throws SQLException {
        Sql.inChunksOf(
                Sql.Owner.of("plan", plan),
                dialect,
                connection,
                "DELETE FROM crm_sync_action WHERE ",
                List.of(),
                "item",
                items,
                PreparedStatement::executeUpdate);
        Sql.batch(
                connection,
                "INSERT INTO crm_sync_action (plan, " + COLUMNS + ") VALUES (" + Sql.marks(13) + ")",
                changes,
                (statement, change) -> bind(statement, plan, change));
    }

    private static void bind(PreparedStatement statement, String plan, Change change) throws SQLException {
        statement.setString(1, plan);
        statement.setString(2, change.item());
        statement.setString(3, change.kind());
        statement.setString(4, change.side().name());
        statement.setString(5, change.sourceId());
        statement.setString(6, change.targetId());
        statement.setString(7, change.version());
        statement.setString(8, change.ours().json());
        statement.setString(9, change.theirs().json());
        statement.setString(10, change.changes().json());
        statement.setString(11, change.state());
        statement.setInt(12, change.tries());
        statement.setLong(13, change.intentMicros());
    }

    void finish(
            Connection connection,
            String plan,
            String hash,
            Summary summary,
            @Nullable String sourceCursor,
            @Nullable String targetCursor,
            @Nullable Long sourceCount)
            throws SQLException {
        Sql.update(
                connection,
                "UPDATE crm_sync_plan SET hash = ?, state = 'OPEN', summary = ?, source_cursor = ?, target_cursor = ?,"
                        + " source_count = ? WHERE plan = ?",
                hash,
                summary.json(),
                sourceCursor,
                targetCursor,
                sourceCount,
                plan);
    }

    @Nullable
    Row find(Connection connection, String hash) throws SQLException {
        return row(connection, "hash = ? ORDER BY created_us DESC LIMIT 1", hash);
    }

    /** The plan that can be applied or went on with. */
    @Nullable
    Row latest(Connection connection) throws SQLException {
        return row(
                connection,
                "state IN ('OPEN', 'APPLYING', 'APPLIED') AND hash <> ? ORDER BY created_us DESC LIMIT 1",
                "");
    }

    private @Nullable Row row(Connection connection, String where, String argument) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT plan, hash, state, summary, mapping, generation, source_cursor, target_cursor, source_count, ceiling"
                        + " FROM crm_sync_plan WHERE pair = ? AND " + where)) {
            statement.setString(1, pair);
            statement.setString(2, argument);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row(row) : null;
            }
        }
    }

    private static Row row(ResultSet row) throws SQLException {
        long count = row.getLong(9);
        Long sourceCount = row.wasNull() ? null : count;
        long approved = row.getLong(10);
        Long ceiling = row.wasNull() ? null : approved;
        return new Row(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                Summary.parse(row.getString(4)),
                row.getString(5),
                row.getLong(6),
                row.getString(7),
                row.getString(8),
                sourceCount,
                ceiling);
    }

    void approve(Connection connection, String plan, long ceiling, String by) throws SQLException {
        Sql.update(
                connection,
                "UPDATE crm_sync_plan SET ceiling = ?, approved_by = ?, approved_us = ? WHERE plan = ?",
                ceiling,
                by,
                store.nowMicros(connection),
                plan);
    }

    void state(Connection connection, String plan, String state) throws SQLException {
        Sql.update(connection, "UPDATE crm_sync_plan SET state = ? WHERE plan = ?", state, plan);
    }

    /** Calls with every action in the order of the hash, holding a page in memory. */
    void each(String plan, Consumer<Change> consumer) {
        String after = "";
        List<Change> page;
        do {
            String from = after;
            page = store.read(connection -> query(connection, plan, "item > ?", from, PAGE));
            page.forEach(consumer);
            after = page.isEmpty() ? after : page.get(page.size() - 1).item();
        } while (page.size() == PAGE);
    }

    List<Change> inState(Connection connection, String plan, String state, List<String> kinds, String after, int limit)
            throws SQLException {
        if (kinds.isEmpty()) {
            return List.of();
        }
        String words = kinds.stream().map(kind -> "'" + kind + "'").collect(Collectors.joining(", "));
        return query(
                connection, plan, "state = '" + state + "' AND kind IN (" + words + ") AND item > ?", after, limit);
    }

    private static List<Change> query(Connection connection, String plan, String where, String argument, int limit)
            throws SQLException {
        List<Change> changes = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("SELECT " + COLUMNS
                + " FROM crm_sync_action WHERE plan = ? AND " + where + " ORDER BY item LIMIT " + limit)) {
            statement.setString(1, plan);
            statement.setString(2, argument);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    changes.add(change(row));
                }
            }
        }
        return changes;
    }

    private static Change change(ResultSet row) throws SQLException {
        return new Change(
                row.getString(1),
                row.getString(2),
                Side.valueOf(row.getString(3)),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                Fields.parse(row.getString(7)),
                Fields.parse(row.getString(8)),
                Fields.parse(row.getString(9)),
                row.getString(10),
                row.getInt(11),
                row.getLong(12));
    }

    /** Moves actions to a state; an intent notes its time. */
    void move(Connection connection, String plan, List<Change> changes, String state, @Nullable String code)
            throws SQLException {
        long now = store.nowMicros(connection);
        boolean intent = state.equals(Actions.INTENT);
        Sql.batch(
                connection,
                "UPDATE crm_sync_action SET state = ?, code = ?, tries = tries + ?"
                        + (intent ? ", intent_us = " + now : "") + " WHERE plan = ? AND item = ?",
                changes,
                (statement, change) -> {
                    statement.setString(1, state);
                    statement.setString(2, code == null ? null : PairBooks.cut(code, 64));
                    statement.setInt(3, intent ? 1 : 0);
                    statement.setString(4, plan);
                    statement.setString(5, change.item());
                });
    }

    long count(Connection connection, String plan, String state, List<String> kinds) throws SQLException {
        long count = 0;
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT kind, COUNT(*) FROM crm_sync_action WHERE plan = ? AND state = ? GROUP BY kind")) {
            statement.setString(1, plan);
            statement.setString(2, state);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    count += kinds.contains(row.getString(1)) ? row.getLong(2) : 0;
                }
            }
        }
        return count;
    }

    long count(Connection connection, String plan, String state) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT COUNT(*) FROM crm_sync_action WHERE plan = ? AND state = ?")) {
            statement.setString(1, plan);
            statement.setString(2, state);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
