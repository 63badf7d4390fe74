package io.crmsdk.delivery;

import io.crmsdk.internal.Micros;
import io.crmsdk.store.Store;
import io.crmsdk.store.StoreException;
import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads deliveries with their history, page by page along the ids, so that no connection is held between pages. */
final class DeliveryReader {
    private static final int PAGE = 200;
    private static final int WAITED = 26;
    private static final String SELECT = "SELECT d.id, d.message_id, m.idem_key, m.channel, m.kind, d.recipient,"
            + " COALESCE(q.state, d.state), COALESCE(q.attempts, d.attempts), COALESCE(q.repeats, d.repeats), q.due_us,"
            + " d.created_us, m.not_before_us, q.begun_us, q.owner, " + End.COLUMNS + ", d.waited"
            + " FROM crm_delivery d JOIN crm_message m ON m.id = d.message_id"
            + " LEFT JOIN crm_delivery_queue q ON q.delivery_id = d.id WHERE ";

    private final Store store;

    DeliveryReader(Store store) {
        this.store = store;
    }

    @Nullable
    Delivery read(String id) {
        List<Delivery> found = query("d.id = ?", List.of(id));
        return found.isEmpty() ? null : found.get(0);
    }

    /** All that match, oldest message first; what is enqueued meanwhile may or may not be seen. */
    Iterator<Delivery> iterate(DeliveryQuery query) {
        return new Pages(query);
    }

    static Set<String> open(Connection connection, List<String> messageIds) throws SQLException {
        Set<String> open = new HashSet<>();
        Sql.inChunks(
                connection,
                "SELECT d.message_id FROM crm_delivery d JOIN crm_delivery_queue q ON q.delivery_id = d.id"
                        + " WHERE d.message_id IN",
                "",
                List.of(),
                messageIds,
                statement -> {
                    try (ResultSet row = statement.executeQuery()) {
                        while (row.next()) {
                            open.add(row.getString(1));
                        }
                    }
                });
        return open;
    }

    private List<Delivery> query(String where, List<Object> arguments) {
        try {
            return store.read(connection -> page(connection, where, arguments));
        } catch (StoreException e) {
            throw new DeliveryException("STORE_UNREADABLE", "deliveries could not be read; nothing was changed", e);
        }
    }

    private static List<Delivery> page(Connection connection, String where, List<Object> arguments)
            throws SQLException {
        List<Draft> drafts = new ArrayList<>();
        try (PreparedStatement statement =
                connection.prepareStatement(SELECT + where + " ORDER BY d.id LIMIT " + PAGE)) {
            for (int i = 0; i < arguments.size(); i++) {
                statement.setObject(i + 1, arguments.get(i));
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    drafts.add(Draft.read(row));
                }
            }
        }
        Map<String, List<HistoryEntry>> histories = histories(connection, drafts);
        List<Delivery> deliveries = new ArrayList<>();
        for (Draft draft : drafts) {
            deliveries.add(draft.with(histories.getOrDefault(draft.id, List.of())));
        }
        return deliveries;
    }

    private static Map<String, List<HistoryEntry>> histories(Connection connection, List<Draft> drafts)
            throws SQLException {
        Map<String, List<HistoryEntry>> histories = new HashMap<>();
        if (drafts.isEmpty()) {
            return histories;
        }
        String select = "SELECT delivery_id, at_us, state, applied, attempt, node, detail, evidence_host,"
                + " evidence_reply, evidence_remote_id, evidence_us FROM crm_delivery_event WHERE delivery_id IN ("
                + Sql.marks(drafts.size()) + ") ORDER BY seq";
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            for (int i = 0; i < drafts.size(); i++) {
                statement.setString(i + 1, drafts.get(i).id);
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    histories
                            .computeIfAbsent(row.getString(1), id -> new ArrayList<>())
                            .add(entry(row));
                }
            }
        }
        return histories;
    }

    private static HistoryEntry entry(ResultSet row) throws SQLException {
        return new HistoryEntry(
                Micros.instant(row.getLong(2)),
                DeliveryState.valueOf(row.getString(3)),
                row.getInt(4) == 1,
                row.getInt(5),
                row.getString(6),
                row.getString(7),
                End.evidence(row, 8));
    }

    /** A delivery as its rows have it, still without history. */
    private record Draft(
            String id,
            String messageId,
            String key,
            String channel,
            MessageKind kind,
            String recipient,
            DeliveryState state,
            int attempts,
            boolean possibleDuplicate,
            @Nullable Long dueUs,
            long createdUs,
            DeliveryState first,
            List<HistoryEntry> end) {
        static Draft read(ResultSet row) throws SQLException {
            long due = row.getLong(10);
            Long dueUs = row.wasNull() || due >= Transition.HELD ? null : Long.valueOf(due);
            return new Draft(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    MessageKind.valueOf(row.getString(5)),
                    row.getString(6),
                    state(row),
                    row.getInt(8),
                    row.getInt(9) > 0,
                    dueUs,
                    row.getLong(11),
                    first(row),
                    End.read(row, 13));
        }

        /** What it was when it was enqueued. */
        private static DeliveryState first(ResultSet row) throws SQLException {
            if (row.getInt(WAITED) == 1) {
                return DeliveryState.WAITING;
            }
            return row.getLong(12) > row.getLong(11) ? DeliveryState.SCHEDULED : DeliveryState.QUEUED;
        }

        private static DeliveryState state(ResultSet row) throws SQLException {
            String state = row.getString(7);
            if (state == null) {
                throw Standing.without(row.getString(1));
            }
            return DeliveryState.valueOf(state);
        }

        Delivery with(List<HistoryEntry> events) {
            List<HistoryEntry> history = new ArrayList<>();
            history.add(new HistoryEntry(Micros.instant(createdUs), first, true, 0, "enqueue", "", null));
            history.addAll(events);
            End.insert(history, end);
            return new Delivery(
                    id,
                    messageId,
                    key,
                    channel,
                    kind,
                    recipient,
                    state,
                    attempts,
                    possibleDuplicate,
                    dueUs == null || state.isFinal() ? null : Micros.instant(dueUs),
                    evidenceOf(history),
                    history);
        }

        /** What was said when the present state was reached. */
        private @Nullable Evidence evidenceOf(List<HistoryEntry> history) {
            Evidence evidence = null;
            for (HistoryEntry entry : history) {
                if (entry.applied() && entry.state() == state) {
                    evidence = entry.evidence();
                }
            }
            return evidence;
        }
    }

    private final class Pages implements Iterator<Delivery> {
        private final DeliveryQuery query;
        private final Deque<Delivery> page = new ArrayDeque<>();
        private String after;
        private boolean exhausted;

        Pages(DeliveryQuery query) {
            this.query = query;
            this.after = query.since() == null ? "" : Ids.before(query.since());
        }

        @Override
        public boolean hasNext() {
            while (page.isEmpty() && !exhausted) {
                fill();
            }
            return !page.isEmpty();
        }

        private void fill() {
            StringBuilder where = new StringBuilder("d.id > ?");
            List<Object> arguments = new ArrayList<>(List.of(after));
            narrow(where, arguments, " AND m.idem_key = ?", query.key());
            narrow(where, arguments, " AND d.recipient = ?", query.recipient());
            narrow(where, arguments, " AND d.message_id = ?", query.messageId());
            narrow(where, arguments, " AND d.end_remote_id = ?", query.remoteId());
            narrow(
                    where,
                    arguments,
                    " AND COALESCE(q.state, d.state) = ?",
                    query.state() == null ? null : query.state().name());
            if (query.endedBefore() != null) {
                where.append(" AND d.state IS NOT NULL AND d.state_us < ?");
                arguments.add(Micros.of(query.endedBefore()));
            }
            List<Delivery> found = query(where.toString(), arguments);
            page.addAll(found);
            exhausted = found.size() < PAGE;
            after = found.isEmpty() ? after : found.get(found.size() - 1).id();
        }

        private static void narrow(
                StringBuilder where, List<Object> arguments, String condition, @Nullable String value) {
            if (value != null) {
                where.append(condition);
                arguments.add(value);
            }
        }

        @Override
        public Delivery next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return page.remove();
        }
    }
}
