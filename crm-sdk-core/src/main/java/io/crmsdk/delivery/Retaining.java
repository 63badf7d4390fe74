package io.crmsdk.delivery;

import io.crmsdk.internal.Micros;
import io.crmsdk.store.Store;
import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One run that archives and takes out what has been final for long enough, in batches with a commit each: read, archive, look again
 * that nothing happened to it meanwhile, and only then delete. It locks only what it deletes.
 */
final class Retaining {
    /** Ids begin with the host's time; a host's clock may be wrong by so much, and a message stays a little longer then. */
    private static final long ID_SLACK_MS = 86_400_000L;

    /** A dead one that holds its line stays until somebody decides: without it the others of its ordering key would go. */
    private static final String FINISHED = "SELECT m.id, m.idem_key FROM crm_message m WHERE m.id > ? AND m.id < ?"
            + " AND m.created_us < ? AND NOT EXISTS (SELECT 1 FROM crm_delivery d WHERE d.message_id = m.id"
            + " AND (d.state IS NULL OR d.state_us >= ?"
            + " OR EXISTS (SELECT 1 FROM crm_delivery_turn t WHERE t.delivery_id = d.id))) ORDER BY m.id LIMIT ?";

    private static final String VERSIONS = "SELECT d.id, d.message_id, d.fence, d.state, d.state_us,"
            + " (SELECT COUNT(*) FROM crm_delivery_event e WHERE e.delivery_id = d.id)"
            + " FROM crm_delivery d WHERE d.message_id IN";
    private static final String OLD_KEYS = "SELECT idem_key FROM crm_idempotency WHERE idem_key > ?"
            + " AND archived_us IS NOT NULL AND created_us < ? ORDER BY idem_key LIMIT ?";

    private final Store store;
    private final DeliveryReader reader;
    private final Retention retention;
    private final DeliveryArchive archive;
    private final String by;
    private final String why;
    private final long deadlineNanos;
    private final long messagesBeforeUs;
    private final long keysBeforeUs;
    private long messages;
    private long deliveries;
    private long skipped;
    private long keys;

    Retaining(Store store, DeliveryReader reader, Retention retention, DeliveryArchive archive, String by, String why) {
        this.store = store;
        this.reader = reader;
        this.retention = retention;
        this.archive = archive;
        this.by = by;
        this.why = why;
        this.deadlineNanos = System.nanoTime() + retention.atMost().toNanos();
        long nowUs = store.read(store::nowMicros);
        this.messagesBeforeUs = nowUs - RetryPolicy.micros(retention.messages());
        this.keysBeforeUs = nowUs - RetryPolicy.micros(retention.keys());
    }

    RetentionReport run() throws IOException {
        boolean finished = takeOutMessages() && forgetKeys();
        long workers = finished ? forgetWorkers() : 0;
        return new RetentionReport(messages, deliveries, skipped, keys, workers, finished);
    }

    /** The interrupt stays, for whoever asked for it. */
    private boolean isTimeUp() {
        return System.nanoTime() - deadlineNanos >= 0 || Thread.currentThread().isInterrupted();
    }

    private boolean takeOutMessages() throws IOException {
        String after = "";
        while (!isTimeUp()) {
            String from = after;
            TreeMap<String, String> found = store.read(connection -> find(connection, from));
            if (found.isEmpty()) {
                return true;
            }
            takeOut(found);
            after = found.lastKey();
        }
        return false;
    }

    /** Keys by message id, in the order of ids. */
    private TreeMap<String, String> find(Connection connection, String after) throws SQLException {
        TreeMap<String, String> found = new TreeMap<>();
        try (PreparedStatement statement = connection.prepareStatement(FINISHED)) {
            statement.setString(1, after);
            statement.setString(2, idAt(messagesBeforeUs / 1000 + ID_SLACK_MS));
            statement.setLong(3, messagesBeforeUs);
            statement.setLong(4, messagesBeforeUs);
            statement.setInt(5, retention.batch());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.put(row.getString(1), row.getString(2));
                }
            }
        }
        return found;
    }

    /** The least id of a millisecond, as {@link Ids} makes them. */
    private static String idAt(long millis) {
        return new UUID(Math.max(0, millis) << 16, 0).toString();
    }

    private void takeOut(Map<String, String> found) throws IOException {
        Map<String, Map<String, Version>> seen = store.read(connection -> versions(connection, found.keySet(), ""));
        Map<String, String> lines = new LinkedHashMap<>();
        for (String id : found.keySet()) {
            List<Delivery> all = new ArrayList<>();
            reader.iterate(DeliveryQuery.all().messageId(id)).forEachRemaining(all::add);
            Message message = all.isEmpty() ? null : read(id, all.get(0).recipient());
            if (message != null && all.stream().allMatch(each -> each.state().isFinal())) {
                lines.put(id, ArchiveLines.line(message, all));
            }
        }
        if (!lines.isEmpty()) {
            archive.keep(List.copyOf(lines.values()));
        }
        long[] removed = store.inTransaction(connection -> {
            Map<String, Map<String, Version>> now =
                    versions(connection, lines.keySet(), Dialect.of(store).forUpdate());
            List<String> unchanged = lines.keySet().stream()
                    .filter(id -> now.getOrDefault(id, Map.of()).equals(seen.get(id)))
                    .toList();
            return new long[] {unchanged.size(), delete(connection, unchanged, now, found)};
        });
        messages += removed[0];
        deliveries += removed[1];
        skipped += found.size() - removed[0];
    }

    private @Nullable Message read(String id, String recipient) {
        return store.read(connection -> new MessageReader().read(connection, Map.of(id, recipient)))
                .get(id);
    }

    /** What would be different if anything had happened to a delivery. */
    private record Version(long fence, String state, long stateUs, long events) {}

    private static Map<String, Map<String, Version>> versions(Connection connection, Set<String> ids, String lock)
            throws SQLException {
        Map<String, Map<String, Version>> versions = new HashMap<>();
        Sql.inChunks(connection, VERSIONS, " ORDER BY d.id" + lock, List.of(), List.copyOf(ids), statement -> {
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    versions.computeIfAbsent(row.getString(2), id -> new HashMap<>())
                            .put(
                                    row.getString(1),
                                    new Version(
                                            row.getLong(3),
                                            String.valueOf(row.getString(4)),
                                            row.getLong(5),
                                            row.getLong(6)));
                }
            }
        });
        return versions;
    }

    private int delete(
            Connection connection,
            List<String> ids,
            Map<String, Map<String, Version>> versions,
            Map<String, String> keysById)
            throws SQLException {
        if (ids.isEmpty()) {
            return 0;
        }
        long nowUs = store.nowMicros(connection);
        List<String> gone = ids.stream()
                .flatMap(id -> versions.getOrDefault(id, Map.of()).keySet().stream())
                .sorted()
                .toList();
        List<String> keysGone = ids.stream().map(keysById::get).sorted().toList();
        Sql.updateIn(connection, "DELETE FROM crm_delivery_event WHERE delivery_id IN", List.of(), gone);
        Sql.updateIn(connection, "DELETE FROM crm_delivery WHERE id IN", List.of(), gone);
        Sql.updateIn(connection, "DELETE FROM crm_message WHERE id IN", List.of(), ids);
        Sql.updateIn(
                connection, "UPDATE crm_idempotency SET archived_us = ? WHERE idem_key IN", List.of(nowUs), keysGone);
        note(connection, ids.size() + " messages archived to " + archive.name(), nowUs);
        return gone.size();
    }

    private void note(Connection connection, String detail, long nowUs) throws SQLException {
        Instant at = Micros.instant(nowUs);
        Audit.append(
                connection,
                new OperatorAction(at, OperatorAction.Kind.RETAIN, null, null, null, by, why, Texts.cut(detail, 1000)));
    }

    private boolean forgetKeys() {
        String after = "";
        while (!isTimeUp()) {
            String from = after;
            List<String> old = store.inTransaction(connection -> forgetSome(connection, from));
            if (old.isEmpty()) {
                return true;
            }
            keys += old.size();
            after = old.get(old.size() - 1);
        }
        return false;
    }

    private List<String> forgetSome(Connection connection, String after) throws SQLException {
        List<String> old = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(OLD_KEYS)) {
            statement.setString(1, after);
            statement.setLong(2, keysBeforeUs);
            statement.setInt(3, retention.batch());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    old.add(row.getString(1));
                }
            }
        }
        if (!old.isEmpty()) {
            Sql.updateIn(
                    connection,
                    "DELETE FROM crm_idempotency WHERE archived_us IS NOT NULL AND idem_key IN",
                    List.of(),
                    old);
            note(connection, old.size() + " keys forgotten", store.nowMicros(connection));
        }
        return old;
    }

    private long forgetWorkers() {
        return store.inTransaction(connection -> Sql.update(
                connection,
                "DELETE FROM crm_delivery_node WHERE seen_us < ? AND NOT EXISTS (SELECT 1 FROM crm_delivery_queue q"
                        + " WHERE q.owner = crm_delivery_node.owner AND q.lease_us > 0)",
                messagesBeforeUs));
    }
}
