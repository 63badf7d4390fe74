package io.crmsdk.delivery;

import io.crmsdk.internal.Sha256;
import io.crmsdk.store.Store;
import io.crmsdk.store.StoreException;
import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lines in which messages of one ordering key stand. Whoever has the lowest place of its key goes; all others wait in the queue with
 * a due time beyond any claim, so that a claim never sees them.
 *
 * <p>Only who enqueues takes a lock, on the key's own row: it keeps places in the order of commits. Whoever ends a delivery takes none
 * that an enqueuing transaction could hold, or one slow host would stop a recorder and with it all other keys. The price is that an end
 * and an enqueue that do not see each other leave somebody waiting behind nobody, and so do two ends of one message's recipients:
 * {@link #sweep} finds these. It can only ever be late, never wrong: a lower place is committed before a higher one is given.
 */
final class Turns {
    /** Behind every due time, plus the instant since when it waits: a restore tells by it who waited before. */
    static final long WAITS = Transition.HELD + 1;

    private static final Logger LOG = LoggerFactory.getLogger(Turns.class);
    private static final int SOME = 256;
    private static final int MOST_TRIES = 100;
    private static final String BY = "ordering";
    private static final String COLUMNS = "crm_delivery_turn (delivery_id, order_hash, place, not_before_us)";

    private static final String LINE =
            "SELECT o.order_hash, o.places, CASE WHEN EXISTS (SELECT 1 FROM crm_delivery_turn t"
                    + " WHERE t.order_hash = o.order_hash) THEN 1 ELSE 0 END FROM crm_delivery_order o WHERE o.order_hash IN";

    private static final String NEXT = "SELECT q.delivery_id, q.fence, q.attempts, t.not_before_us"
            + " FROM crm_delivery_turn t JOIN crm_delivery_queue q ON q.delivery_id = t.delivery_id"
            + " WHERE t.order_hash = ? AND t.place = (SELECT b.place FROM crm_delivery_turn b WHERE b.order_hash = ?"
            + " ORDER BY b.place LIMIT 1) AND q.state = 'WAITING'";

    private static final String RELEASE = "UPDATE crm_delivery_queue SET state = ?, due_us = ?, fence = fence + 1"
            + " WHERE delivery_id = ? AND fence = ? AND state = 'WAITING'";

    /** Waits behind nobody. */
    private static final String STALLED = "SELECT t.order_hash FROM crm_delivery_turn t"
            + " JOIN crm_delivery_queue q ON q.delivery_id = t.delivery_id WHERE q.state = 'WAITING'"
            + " AND NOT EXISTS (SELECT 1 FROM crm_delivery_turn b WHERE b.order_hash = t.order_hash AND b.place < t.place)"
            + " LIMIT " + SOME;

    private static final String EMPTY = "SELECT o.order_hash FROM crm_delivery_order o WHERE NOT EXISTS"
            + " (SELECT 1 FROM crm_delivery_turn t WHERE t.order_hash = o.order_hash) LIMIT " + SOME;

    private final Dialect dialect;
    private final OrderingPolicy policy;
    private final boolean skipsLocked;
    private final Journal journal;
    private final String over;

    Turns(Dialect dialect, OrderingPolicy policy, boolean portableSql) {
        this.dialect = dialect;
        this.skipsLocked = dialect.hasSkipLocked() && !portableSql;
        this.policy = policy;
        this.journal = new Journal(dialect);
        this.over = over(policy);
    }

    /** Told by the delivery's own rows alone, so that a repeated write and a sweep come to the same. */
    private static String over(OrderingPolicy policy) {
        String queued =
                "NOT EXISTS (SELECT 1 FROM crm_delivery_queue q WHERE q.delivery_id = crm_delivery_turn.delivery_id";
        return switch (policy) {
            case HOLD ->
                queued + ") AND NOT EXISTS (SELECT 1 FROM crm_delivery d WHERE d.id = crm_delivery_turn.delivery_id"
                        + " AND d.state = 'DEAD')";
            case SKIP_DEAD -> queued + " AND (q.state <> 'UNCONFIRMED' OR q.due_us <> " + Transition.HELD + "))";
        };
    }

    /** Where a new message of a key stands. */
    record Turn(String hash, long place, boolean waits) {}

    /** A message that is about to be stored, and the key it has. */
    record Asking(String messageId, String key) {}

    /** Gives places to messages in the order in which they come; by message id. Others of these keys wait until this transaction ends. */
    Map<String, Turn> take(Connection connection, List<Asking> messages) throws SQLException {
        Map<String, List<String>> lines = new TreeMap<>();
        messages.forEach(message -> lines.computeIfAbsent(hash(message.key()), hash -> new ArrayList<>())
                .add(message.messageId()));
        reserve(connection, lines);
        boolean stale = mayReadWhatIsPast(connection);
        Map<String, Turn> turns = new HashMap<>();
        Sql.inChunks(connection, LINE, "", List.of(), List.copyOf(lines.keySet()), statement -> {
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String hash = row.getString(1);
                    List<String> asking = lines.getOrDefault(hash, List.of());
                    long before = row.getLong(2) - asking.size();
                    boolean waits = row.getInt(3) == 1 || (stale && before > 0);
                    for (int i = 0; i < asking.size(); i++) {
                        turns.put(asking.get(i), new Turn(hash, before + i + 1, waits || i > 0));
                    }
                }
            }
        });
        return turns;
    }

    /** Such a transaction of a host on MariaDB may not see who is first now; then the newcomer waits, and the sweep lets it go. */
    private boolean mayReadWhatIsPast(Connection connection) throws SQLException {
        return dialect == Dialect.MARIADB
                && connection.getTransactionIsolation() > Connection.TRANSACTION_READ_COMMITTED;
    }

    /** In the order of hashes, so that two batches wait for each other in one direction only. */
    private void reserve(Connection connection, Map<String, List<String>> lines) throws SQLException {
        List<Map.Entry<String, List<String>>> inOrder = List.copyOf(lines.entrySet());
        if (dialect == Dialect.H2) {
            for (Map.Entry<String, List<String>> line : inOrder) {
                reserveOne(connection, line.getKey(), line.getValue().size());
            }
            return;
        }
        String onDuplicate = dialect == Dialect.MARIADB
                ? " ON DUPLICATE KEY UPDATE places = places + VALUES(places)"
                : " ON CONFLICT (order_hash) DO UPDATE SET places = crm_delivery_order.places + excluded.places";
        String insert = "INSERT INTO crm_delivery_order (order_hash, places) VALUES (?, ?)" + onDuplicate;
        Sql.batch(connection, insert, inOrder, (statement, line) -> {
            statement.setString(1, line.getKey());
            statement.setInt(2, line.getValue().size());
        });
    }

    /** H2 has no such statement that could not fail on a row that somebody else just stored or removed. */
    private void reserveOne(Connection connection, String hash, int count) throws SQLException {
        for (int n = 0; n < MOST_TRIES; n++) {
            String add = "UPDATE crm_delivery_order SET places = places + ? WHERE order_hash = ?";
            if (Sql.update(connection, add, count, hash) == 1) {
                return;
            }
            try {
                Sql.update(
                        connection, "INSERT INTO crm_delivery_order (order_hash, places) VALUES (?, ?)", hash, count);
                return;
            } catch (SQLException e) {
                if (!dialect.isDuplicate(e)) {
                    throw e;
                }
            }
        }
        throw new SQLException("the row of an ordering key came and went " + MOST_TRIES + " times");
    }

    /** Stores the places of deliveries; all of one message have the same. */
    static void insert(Connection connection, List<Place> places) throws SQLException {
        Sql.batch(connection, "INSERT INTO " + COLUMNS + " VALUES (?, ?, ?, ?)", places, (statement, place) -> {
            statement.setString(1, place.deliveryId());
            statement.setString(2, place.hash());
            statement.setLong(3, place.place());
            statement.setLong(4, place.notBeforeUs());
        });
    }

    /** The place of one delivery. */
    record Place(String deliveryId, String hash, long place, long notBeforeUs) {}

    /** Whether a change may end a delivery's turn; the store has the last word. */
    boolean mayEndBy(Transition t) {
        return switch (t.to()) {
            case DEAD -> policy == OrderingPolicy.SKIP_DEAD;
            case UNCONFIRMED -> policy == OrderingPolicy.SKIP_DEAD && t.waitUs() == Transition.HELD;
            default -> t.to().isFinal();
        };
    }

    /** After changes of these deliveries: takes those out of their lines whose turn is over, and lets the next ones go. */
    void ended(Connection connection, Collection<String> deliveryIds, long nowUs) throws SQLException {
        List<String> ids = List.copyOf(new TreeSet<>(deliveryIds));
        Set<String> hashes = new TreeSet<>();
        Sql.inChunks(
                connection,
                "SELECT order_hash FROM crm_delivery_turn WHERE delivery_id IN",
                "",
                List.of(),
                ids,
                statement -> hashes.addAll(strings(statement)));
        if (!hashes.isEmpty()) {
            Sql.inChunks(
                    connection,
                    "DELETE FROM crm_delivery_turn WHERE delivery_id IN",
                    " AND " + over,
                    List.of(),
                    ids,
                    PreparedStatement::executeUpdate);
            release(connection, hashes, nowUs);
        }
    }

    private static List<String> strings(PreparedStatement statement) throws SQLException {
        List<String> found = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return found;
    }

    private record Waiter(String deliveryId, long fence, int attempts, long notBeforeUs) {}

    private void release(Connection connection, Collection<String> hashes, long nowUs) throws SQLException {
        List<Waiter> next = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(NEXT)) {
            for (String hash : hashes) {
                statement.setString(1, hash);
                statement.setString(2, hash);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        next.add(new Waiter(row.getString(1), row.getLong(2), row.getInt(3), row.getLong(4)));
                    }
                }
            }
        }
        int[] counts = Sql.batch(connection, RELEASE, next, (statement, waiter) -> {
            statement.setString(1, stateOf(waiter, nowUs).name());
            statement.setLong(2, Math.max(waiter.notBeforeUs(), nowUs));
            statement.setString(3, waiter.deliveryId());
            statement.setLong(4, waiter.fence());
        });
        List<Journal.Entry> entries = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] == 1) {
                entries.add(entry(next.get(i), nowUs));
            }
        }
        journal.append(connection, entries, nowUs);
    }

    private static DeliveryState stateOf(Waiter waiter, long nowUs) {
        return waiter.notBeforeUs() > nowUs ? DeliveryState.SCHEDULED : DeliveryState.QUEUED;
    }

    private static Journal.Entry entry(Waiter waiter, long nowUs) {
        return new Journal.Entry(
                waiter.deliveryId(),
                waiter.fence() + 1,
                Journal.Step.OUTSIDE,
                stateOf(waiter, nowUs),
                true,
                waiter.attempts(),
                BY,
                "its turn: nothing before it in its ordering key is open",
                null,
                null,
                null);
    }

    /**
     * For a delivery that was just queued again from outside: finds its place, at the end of the line if it has none any more, and has it
     * wait if somebody is before it.
     *
     * @return what it is now: QUEUED or WAITING
     */
    DeliveryState comeBack(Connection connection, String deliveryId, long nowUs) throws SQLException {
        Place place = placeOf(connection, deliveryId);
        if (place == null) {
            String key = keyOf(connection, deliveryId);
            if (key == null) {
                return DeliveryState.QUEUED;
            }
            Turn turn = take(connection, List.of(new Asking(deliveryId, key))).get(deliveryId);
            if (turn == null) {
                throw new SQLException("the line of delivery " + deliveryId + " cannot be seen by this transaction");
            }
            place = new Place(deliveryId, turn.hash(), turn.place(), 0);
            insert(connection, List.of(place));
        }
        if (!isBehind(connection, place)) {
            return DeliveryState.QUEUED;
        }
        Sql.update(
                connection,
                "UPDATE crm_delivery_queue SET state = 'WAITING', due_us = ? WHERE delivery_id = ?",
                WAITS + nowUs,
                deliveryId);
        return DeliveryState.WAITING;
    }

    /** Whether it still stands in a line. */
    static boolean has(Connection connection, String deliveryId) throws SQLException {
        return placeOf(connection, deliveryId) != null;
    }

    private static @Nullable Place placeOf(Connection connection, String deliveryId) throws SQLException {
        String select = "SELECT order_hash, place, not_before_us FROM crm_delivery_turn WHERE delivery_id = ?";
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setString(1, deliveryId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? new Place(deliveryId, row.getString(1), row.getLong(2), row.getLong(3)) : null;
            }
        }
    }

    private static @Nullable String keyOf(Connection connection, String deliveryId) throws SQLException {
        String select =
                "SELECT m.ordering_key FROM crm_delivery d JOIN crm_message m ON m.id = d.message_id WHERE d.id = ?";
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setString(1, deliveryId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    private static boolean isBehind(Connection connection, Place place) throws SQLException {
        String select = "SELECT 1 FROM crm_delivery_turn WHERE order_hash = ? AND place < ? LIMIT 1";
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setString(1, place.hash());
            statement.setLong(2, place.place());
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /**
     * Mends what ends and enqueues that did not see each other left behind, what somebody erased, and keys that nobody waits for. Writes
     * only if there is something to mend.
     *
     * @return whether somebody may go now who waited
     */
    boolean sweep(Store store) {
        if (!store.read(Turns::isAnyKeyOpen)) {
            return false;
        }
        Set<String> gone = some(store, "SELECT delivery_id FROM crm_delivery_turn WHERE " + over + " LIMIT " + SOME);
        Set<String> stalled = some(store, STALLED);
        if (!gone.isEmpty() || !stalled.isEmpty()) {
            store.inTransaction(connection -> {
                long nowUs = store.nowMicros(connection);
                ended(connection, gone, nowUs);
                release(connection, stalled, nowUs);
                return true;
            });
        }
        Set<String> empty = some(store, EMPTY);
        if (!empty.isEmpty()) {
            removeAll(store, List.copyOf(empty));
        }
        return !gone.isEmpty() || !stalled.isEmpty();
    }

    private void removeAll(Store store, List<String> hashes) {
        try {
            store.inTransaction(connection -> {
                remove(connection, hashes);
                return true;
            });
        } catch (StoreException e) {
            if (skipsLocked) {
                throw e;
            }
            // Without SKIP LOCKED a host that is just joining one of these keys keeps us off all; they are as empty
            // next time.
            LOG.debug("{} empty ordering keys stay for now", hashes.size(), e);
        }
    }

    /** Where the wait for a host's transaction can be bounded for one statement; H2 bounds each wait for a lock, SQLite has none here. */
    private PreparedStatement bounded(PreparedStatement statement) throws SQLException {
        if (dialect.hasSkipLocked() && !skipsLocked) {
            statement.setQueryTimeout(1);
        }
        return statement;
    }

    private static boolean isAnyKeyOpen(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT 1 FROM crm_delivery_order LIMIT 1");
                ResultSet row = statement.executeQuery()) {
            return row.next();
        }
    }

    private static Set<String> some(Store store, String select) {
        return store.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(select)) {
                return new TreeSet<>(strings(statement));
            }
        });
    }

    /** Looked at again under the lock that every newcomer needs: a key that somebody just joined stays. */
    private void remove(Connection connection, List<String> hashes) throws SQLException {
        Set<String> free = new LinkedHashSet<>();
        Sql.inChunks(
                connection,
                "SELECT order_hash FROM crm_delivery_order WHERE order_hash IN",
                skipsLocked ? dialect.skipLocked() : dialect.forUpdate(),
                List.of(),
                hashes,
                statement -> free.addAll(strings(bounded(statement))));
        Sql.inChunks(
                connection,
                "SELECT order_hash FROM crm_delivery_turn WHERE order_hash IN",
                "",
                List.of(),
                List.copyOf(free),
                statement -> strings(statement).forEach(free::remove));
        Sql.updateIn(connection, "DELETE FROM crm_delivery_order WHERE order_hash IN", List.of(), List.copyOf(free));
    }

    /** The key itself may say who the customer is, so the lines know it by its SHA-256 only. */
    private static String hash(String key) {
        return Sha256.hex(key);
    }
}
