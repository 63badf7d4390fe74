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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What is durable of a pair beyond its plans: links, cursors, the target's staged changes, dead letters, conflicts, audit. */
final class PairBooks {
    private static final String LINK =
            "SELECT source_id, target_id, state, source_base, target_base, source_version, target_version FROM crm_sync_link"
                    + " WHERE ";
    private static final String LINK_OF_PAIR = LINK + "pair = ? AND ";

    private final Dialect dialect;
    private final Store store;
    private final String pair;
    private final Sql.Owner owner;

    PairBooks(Store store, String pair) {
        this.store = store;
        this.dialect = Dialect.of(store);
        this.pair = pair;
        this.owner = Sql.Owner.of("pair", pair);
    }

    /** Where the next plan reads on. */
    record Position(
            long generation,
            @Nullable String sourceCursor,
            @Nullable String targetCursor,
            OptionalLong sourceCount) {}

    Position position(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT generation, source_cursor, target_cursor, source_count FROM crm_sync_pair WHERE pair = ?")) {
            statement.setString(1, pair);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return new Position(0, null, null, OptionalLong.empty());
                }
                long count = row.getLong(4);
                OptionalLong known = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(count);
                return new Position(row.getLong(1), row.getString(2), row.getString(3), known);
            }
        }
    }

    void advance(Connection connection, @Nullable String source, @Nullable String target, @Nullable Long count)
            throws SQLException {
        Sql.update(
                connection,
                "UPDATE crm_sync_pair SET generation = generation + 1, source_cursor = ?, target_cursor = ?,"
                        + " source_count = COALESCE(?, source_count) WHERE pair = ?",
                source,
                target,
                count,
                pair);
    }

    Map<String, Link> linksOfSources(Connection connection, List<String> ids) throws SQLException {
        Map<String, Link> links = new HashMap<>();
        Sql.inChunksOf(owner, dialect, connection, LINK, List.of(), "source_id", ids, s -> read(s, links, true));
        return links;
    }

    Map<String, Link> linksOfTargets(Connection connection, List<String> ids) throws SQLException {
        Map<String, Link> links = new HashMap<>();
        Sql.inChunksOf(owner, dialect, connection, LINK, List.of(), "target_id", ids, s -> read(s, links, false));
        return links;
    }

    private static void read(PreparedStatement statement, Map<String, Link> into, boolean bySource)
            throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                Link link = link(row);
                into.put(bySource ? link.sourceId() : link.targetId(), link);
            }
        }
    }

    private static Link link(ResultSet row) throws SQLException {
        return new Link(
                row.getString(1),
                row.getString(2),
                row.getString(3).equals("LIVE"),
                Fields.parse(row.getString(4)),
                Fields.parse(row.getString(5)),
                row.getString(6),
                row.getString(7));
    }

    /** Live links that the listing under this number did not meet, after a source id. */
    List<Link> unseen(Connection connection, long listing, String after, int limit) throws SQLException {
        List<Link> links = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                LINK_OF_PAIR + "state = 'LIVE' AND seen <> ? AND source_id > ? ORDER BY source_id LIMIT " + limit)) {
            statement.setString(1, pair);
            statement.setLong(2, listing);
            statement.setString(3, after);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    links.add(link(row));
                }
            }
        }
        return links;
    }

    /** Live links whose target's record was not staged, after a source id. */
    List<Link> unstaged(Connection connection, String after, int limit) throws SQLException {
        List<Link> links = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                LINK_OF_PAIR + "state = 'LIVE' AND source_id > ? AND NOT EXISTS (SELECT 1 FROM crm_sync_remote r"
                        + " WHERE r.pair = crm_sync_link.pair AND r.target_id = crm_sync_link.target_id)"
                        + " ORDER BY source_id LIMIT " + limit)) {
            statement.setString(1, pair);
            statement.setString(2, after);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    links.add(link(row));
                }
            }
        }
        return links;
    }

    /** The two ids of live links after a source id, in its order. */
    Map<String, String> liveIds(Connection connection, String after, int limit) throws SQLException {
        Map<String, String> ids = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT source_id, target_id FROM crm_sync_link WHERE pair = ? AND state = 'LIVE' AND source_id > ?"
                        + " ORDER BY source_id LIMIT " + limit)) {
            statement.setString(1, pair);
            statement.setString(2, after);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    ids.put(row.getString(1), row.getString(2));
                }
            }
        }
        return ids;
    }

    void seen(Connection connection, long listing, List<String> sourceIds) throws SQLException {
        Sql.inChunksOf(
                owner,
                dialect,
                connection,
                "UPDATE crm_sync_link SET seen = ? WHERE ",
                List.of(listing),
                "source_id",
                sourceIds,
                PreparedStatement::executeUpdate);
    }

    long linked(Connection connection) throws SQLException {
        return count(connection, "SELECT COUNT(*) FROM crm_sync_link WHERE pair = ? AND state = 'LIVE'");
    }

    private long count(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, pair);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Links two records for the first time; false if one of them is already linked to another. */
    boolean link(Connection connection, Link link) throws SQLException {
        long now = store.nowMicros(connection);
        int[] added = Sql.insertNew(
                dialect,
                connection,
                "crm_sync_link (pair, source_id, target_id, state, source_base, target_base, source_version,"
                        + " target_version, seen, changed_us) VALUES (?, ?, ?, 'LIVE', ?, ?, ?, ?, 0, ?)",
                List.of(link),
                (statement, one) -> {
                    statement.setString(1, pair);
                    statement.setString(2, one.sourceId());
                    statement.setString(3, one.targetId());
                    statement.setString(4, one.sourceBase().json());
                    statement.setString(5, one.targetBase().json());
                    statement.setString(6, one.sourceVersion());
                    statement.setString(7, one.targetVersion());
                    statement.setLong(8, now);
                });
        if (added[0] == 1) {
            return true;
        }
        Link there = linksOfSources(connection, List.of(link.sourceId())).get(link.sourceId());
        if (there == null || !there.targetId().equals(link.targetId())) {
            return false;
        }
        agree(connection, List.of(link));
        return true;
    }

    /**
     * Links a source's record to another of the target than before, or again; false if that one belongs to another record of the
     * source, and then nothing changes.
     */
    boolean relink(Connection connection, Link link) throws SQLException {
        Link taken = linksOfTargets(connection, List.of(link.targetId())).get(link.targetId());
        if (taken != null && !taken.sourceId().equals(link.sourceId())) {
            return false;
        }
        Sql.update(connection, "DELETE FROM crm_sync_link WHERE pair = ? AND source_id = ?", pair, link.sourceId());
        return link(connection, link);
    }

    /** Replaces the bases of known links. */
    void agree(Connection connection, List<Link> links) throws SQLException {
        long now = store.nowMicros(connection);
        Sql.batch(
                connection,
                "UPDATE crm_sync_link SET state = ?, source_base = ?, target_base = ?, source_version = ?, target_version = ?,"
                        + " changed_us = ? WHERE pair = ? AND source_id = ?",
                links,
                (statement, link) -> {
                    statement.setString(1, link.live() ? "LIVE" : "GONE");
                    statement.setString(2, link.sourceBase().json());
                    statement.setString(3, link.targetBase().json());
                    statement.setString(4, link.sourceVersion());
                    statement.setString(5, link.targetVersion());
                    statement.setLong(6, now);
                    statement.setString(7, pair);
                    statement.setString(8, link.sourceId());
                });
    }

    void clearStage(Connection connection) throws SQLException {
        Sql.update(connection, "DELETE FROM crm_sync_remote WHERE pair = ?", pair);
    }

    void stage(Connection connection, List<RemoteRecord> records) throws SQLException {
        Sql.batch(
                connection,
                dialect.upsert(
                        "crm_sync_remote",
                        List.of("pair", "target_id"),
                        List.of("version", "gone", "handled", "target_key", "fields")),
                records,
                (statement, record) -> {
                    statement.setString(1, pair);
                    statement.setString(2, record.id());
                    statement.setString(3, record.version());
                    statement.setLong(4, record.gone() ? 1 : 0);
                    statement.setLong(5, 0);
                    statement.setString(6, record.key());
                    statement.setString(7, record.fields().json());
                });
    }

    /** Notes that a source's record was compared with these. */
    void handled(Connection connection, List<String> targetIds) throws SQLException {
        Sql.inChunksOf(
                owner,
                dialect,
                connection,
                "UPDATE crm_sync_remote SET handled = 1 WHERE ",
                List.of(),
                "target_id",
                targetIds,
                PreparedStatement::executeUpdate);
    }

    /** Items whose conflicts people have decided, after an item. */
    List<String> resolved(Connection connection, String after, int limit) throws SQLException {
        List<String> items = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT DISTINCT item FROM crm_sync_conflict WHERE pair = ? AND resolution IS NOT NULL AND item > ?"
                        + " ORDER BY item LIMIT " + limit)) {
            statement.setString(1, pair);
            statement.setString(2, after);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    items.add(row.getString(1));
                }
            }
        }
        return items;
    }

    Map<String, RemoteRecord> staged(Connection connection, List<String> targetIds) throws SQLException {
        Map<String, RemoteRecord> found = new HashMap<>();
        Sql.inChunksOf(
                owner,
                dialect,
                connection,
                "SELECT target_id, version, gone, target_key, fields FROM crm_sync_remote WHERE ",
                List.of(),
                "target_id",
                targetIds,
                statement -> remotes(statement).forEach(record -> found.put(record.id(), record)));
        return found;
    }

    List<RemoteRecord> stagedAfter(Connection connection, String after, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT target_id, version, gone, target_key, fields FROM crm_sync_remote WHERE pair = ? AND target_id > ?"
                        + " AND handled = 0 ORDER BY target_id LIMIT " + limit)) {
            statement.setString(1, pair);
            statement.setString(2, after);
            return remotes(statement);
        }
    }

    private static List<RemoteRecord> remotes(PreparedStatement statement) throws SQLException {
        List<RemoteRecord> records = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                records.add(new RemoteRecord(
                        row.getString(1),
                        row.getString(2),
                        null,
                        row.getString(4),
                        row.getLong(3) == 1,
                        Fields.parse(row.getString(5))));
            }
        }
        return records;
    }

    void bury(Connection connection, String item, Cause cause, String code, String message, long waitMicros)
            throws SQLException {
        long now = store.nowMicros(connection);
        int known = Sql.update(
                connection,
                "UPDATE crm_sync_dead SET cause = ?, code = ?, message = ?, attempts = attempts + 1, next_us = ?"
                        + " WHERE pair = ? AND item = ?",
                cause.name(),
                cut(code, 64),
                message,
                now + waitMicros,
                pair,
                item);
        if (known == 0) {
            Sql.update(
                    connection,
                    "INSERT INTO crm_sync_dead (pair, item, cause, code, message, attempts, first_us, next_us)"
                            + " VALUES (?, ?, ?, ?, ?, 1, ?, ?)",
                    pair,
                    item,
                    cause.name(),
                    cut(code, 64),
                    message,
                    now,
                    now + waitMicros);
        }
    }

    static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length);
    }

    void raise(Connection connection, String item) throws SQLException {
        Sql.update(connection, "DELETE FROM crm_sync_dead WHERE pair = ? AND item = ?", pair, item);
    }

    /** All dead letters after an item, those that are tried again only if they are due. */
    List<DeadLetter> dead(Connection connection, String after, int limit, boolean dueOnly) throws SQLException {
        String due = dueOnly ? " AND next_us <= " + store.nowMicros(connection) : "";
        List<DeadLetter> letters = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT item, cause, code, message, attempts, first_us, next_us FROM crm_sync_dead WHERE pair = ? AND item > ?"
                        + due + " ORDER BY item LIMIT " + limit)) {
            statement.setString(1, pair);
            statement.setString(2, after);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    letters.add(DeadLetter.of(
                            row.getString(1),
                            Cause.valueOf(row.getString(2)),
                            row.getString(3),
                            row.getString(4),
                            row.getInt(5),
                            row.getLong(6),
                            row.getLong(7)));
                }
            }
        }
        return letters;
    }

    /** Median of what earlier runs made; nothing before the third. */
    OptionalLong medianCreates(Connection connection, long sinceMicros) throws SQLException {
        List<Long> creates = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT creates FROM crm_sync_run WHERE pair = ? AND finished_us >= ? AND creates > 0"
                        + " ORDER BY finished_us DESC LIMIT 1000")) {
            statement.setString(1, pair);
            statement.setLong(2, sinceMicros);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    creates.add(row.getLong(1));
                }
            }
        }
        creates.sort(null);
        return creates.size() < 3 ? OptionalLong.empty() : OptionalLong.of(creates.get(creates.size() / 2));
    }

    /** Replaces what is in conflict about an item. */
    void conflicts(Connection connection, String item, List<Conflict> found) throws SQLException {
        Sql.update(
                connection,
                "DELETE FROM crm_sync_conflict WHERE pair = ? AND item = ? AND resolution IS NULL",
                pair,
                item);
        long now = store.nowMicros(connection);
        Sql.insertNew(
                dialect,
                connection,
                "crm_sync_conflict (pair, item, field, base_value, source_value, target_value, opened_us)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                found,
                (statement, conflict) -> {
                    statement.setString(1, pair);
                    statement.setString(2, item);
                    statement.setString(3, conflict.field());
                    statement.setString(4, conflict.base());
                    statement.setString(5, conflict.source());
                    statement.setString(6, conflict.target());
                    statement.setLong(7, now);
                });
    }

    List<Conflict> openConflicts(Connection connection, int limit) throws SQLException {
        List<Conflict> conflicts = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT item, field, base_value, source_value, target_value FROM crm_sync_conflict"
                        + " WHERE pair = ? AND resolution IS NULL ORDER BY item, field LIMIT " + limit)) {
            statement.setString(1, pair);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    conflicts.add(new Conflict(
                            row.getString(1), row.getString(2), row.getString(3), row.getString(4), row.getString(5)));
                }
            }
        }
        return conflicts;
    }

    /** Notes a decision, if both sides still say what the person saw. */
    int resolve(Connection connection, Conflict seen, Side winner, String by) throws SQLException {
        List<Object> arguments = new ArrayList<>(List.of(winner.name(), by, pair, seen.item(), seen.field()));
        String sql =
                "UPDATE crm_sync_conflict SET resolution = ?, resolved_by = ? WHERE pair = ? AND item = ? AND field = ?"
                        + is("source_value", seen.source(), arguments)
                        + is("target_value", seen.target(), arguments);
        return Sql.update(connection, sql, arguments.toArray());
    }

    private static String is(String column, @Nullable String value, List<Object> arguments) {
        if (value == null) {
            return " AND " + column + " IS NULL";
        }
        arguments.add(value);
        return " AND " + column + " = ?";
    }

    /** What is or was in conflict, by item and field. */
    Map<String, Map<String, Diff.Ruling>> rulings(Connection connection, List<String> items) throws SQLException {
        Map<String, Map<String, Diff.Ruling>> found = new HashMap<>();
        Sql.inChunksOf(
                owner,
                dialect,
                connection,
                "SELECT item, field, resolution, source_value, target_value FROM crm_sync_conflict WHERE ",
                List.of(),
                "item",
                items,
                statement -> {
                    try (ResultSet row = statement.executeQuery()) {
                        while (row.next()) {
                            found.computeIfAbsent(row.getString(1), item -> new HashMap<>())
                                    .put(row.getString(2), ruling(row));
                        }
                    }
                });
        return found;
    }

    private static Diff.Ruling ruling(ResultSet row) throws SQLException {
        String resolution = row.getString(3);
        Side winner = resolution == null ? null : Side.valueOf(resolution);
        return new Diff.Ruling(winner, winner == Side.SOURCE ? row.getString(5) : row.getString(4), false);
    }

    /** Forgets the conflicts of some fields of an item, decided or not. */
    void settled(Connection connection, String item, List<String> fields) throws SQLException {
        Sql.updateIn(
                connection,
                "DELETE FROM crm_sync_conflict WHERE pair = ? AND item = ? AND field IN",
                List.of(pair, item),
                fields);
    }

    void settled(Connection connection, String item) throws SQLException {
        Sql.update(connection, "DELETE FROM crm_sync_conflict WHERE pair = ? AND item = ?", pair, item);
    }

    void ran(Connection connection, String plan, Tally tally) throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO crm_sync_run (pair, plan, finished_us, creates, updates, archives, source_seen)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                pair,
                plan,
                store.nowMicros(connection),
                tally.creates,
                tally.updates,
                tally.archives,
                tally.seen);
    }

    /** Appends to the chain. */
    void audit(Connection connection, String plan, List<Change> done) throws SQLException {
        if (done.isEmpty()) {
            return;
        }
        long now = store.nowMicros(connection);
        long[] seq = {0};
        String[] hash = {""};
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT audit_seq, audit_hash FROM crm_sync_pair WHERE pair = ?")) {
            statement.setString(1, pair);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                seq[0] = row.getLong(1);
                hash[0] = row.getString(2);
            }
        }
        Sql.batch(
                connection,
                "INSERT INTO crm_sync_audit (pair, seq, at_us, plan, item, side, action, fields, hash)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                done,
                (statement, change) -> {
                    String text = change.canonical();
                    seq[0]++;
                    hash[0] = new Digest()
                            .line(hash[0])
                            .line(seq[0] + " " + now + " " + plan)
                            .line(text)
                            .hex();
                    statement.setString(1, pair);
                    statement.setLong(2, seq[0]);
                    statement.setLong(3, now);
                    statement.setString(4, plan);
                    statement.setString(5, change.item());
                    statement.setString(6, change.side().name());
                    statement.setString(7, change.kind());
                    statement.setString(8, text);
                    statement.setString(9, hash[0]);
                });
        Sql.update(
                connection,
                "UPDATE crm_sync_pair SET audit_seq = ?, audit_hash = ? WHERE pair = ?",
                seq[0],
                hash[0],
                pair);
    }
}
