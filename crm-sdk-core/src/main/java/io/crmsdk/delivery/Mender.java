package io.crmsdk.delivery;

import io.crmsdk.store.Store;
import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes transactions whole that H2 tore: after kills it was seen, rarely, to bring back a delivery without the queue row of
 * the same transaction, an idempotency key without its message, and a message without its deliveries.
 *
 * <p>A key whose message or deliveries are missing, without having been archived, is removed, with whatever else is left of it: it would answer "already
 * stored" for a message that nobody can send. A delivery without its queue row is queued again if it was never attempted, and held as
 * unconfirmed if it was, since the lost row would have said how far it got. Other databases keep transactions whole, so only
 * H2 pays for the look.
 */
final class Mender {
    private static final Logger LOG = LoggerFactory.getLogger(Mender.class);
    private static final String TORN = " FROM crm_delivery d JOIN crm_message m ON m.id = d.message_id"
            + " WHERE d.state IS NULL AND d.id NOT IN (SELECT delivery_id FROM crm_delivery_queue)"
            + " AND %s EXISTS (SELECT 1 FROM crm_delivery_event e WHERE e.delivery_id = d.id)";
    private static final String MEND =
            "INSERT INTO crm_delivery_queue (delivery_id, lane, due_us, lease_us, fence, state,"
                    + " attempts, doubts, repeats, stumbles, crashes) SELECT d.id, CASE m.priority WHEN 'HIGH' THEN 0"
                    + " WHEN 'NORMAL' THEN 1 ELSE 2 END, %s, 0, d.fence + 1000000, '%s', 0, %d, 0, 0, 0";

    private static final List<String> REMNANTS = List.of(
            "DELETE FROM crm_message WHERE id NOT IN (SELECT message_id FROM crm_delivery)",
            "DELETE FROM crm_idempotency WHERE archived_us IS NULL AND message_id NOT IN (SELECT id FROM crm_message)",
            "DELETE FROM crm_delivery WHERE message_id NOT IN (SELECT id FROM crm_message)",
            "DELETE FROM crm_delivery_queue WHERE delivery_id NOT IN (SELECT id FROM crm_delivery)");

    /** Whoever was queued again and stands in a line waits at first; the sweep lets it go if it is its turn. */
    private static final String BACK_IN_LINE =
            "UPDATE crm_delivery_queue SET state = 'WAITING', due_us = " + Turns.WAITS
                    + " + %s WHERE state = 'QUEUED' AND fence >= 1000000 AND lease_us = 0 AND attempts = 0"
                    + " AND delivery_id IN (SELECT delivery_id FROM crm_delivery_turn)";

    private static final List<String> LINES = List.of(
            "UPDATE crm_delivery_queue SET state = 'QUEUED', due_us = 0 WHERE state = 'WAITING'"
                    + " AND delivery_id NOT IN (SELECT delivery_id FROM crm_delivery_turn)",
            "INSERT INTO crm_delivery_order (order_hash, places) SELECT order_hash, MAX(place) FROM crm_delivery_turn"
                    + " WHERE order_hash NOT IN (SELECT order_hash FROM crm_delivery_order) GROUP BY order_hash",
            "UPDATE crm_delivery_order SET places = (SELECT MAX(t.place) FROM crm_delivery_turn t"
                    + " WHERE t.order_hash = crm_delivery_order.order_hash) WHERE places < (SELECT MAX(t.place)"
                    + " FROM crm_delivery_turn t WHERE t.order_hash = crm_delivery_order.order_hash)");

    private final Store store;

    Mender(Store store) {
        this.store = store;
    }

    void mend() {
        if (Dialect.of(store) != Dialect.H2) {
            return;
        }
        int mended = store.inTransaction(
                connection -> remove(connection) + queueAgain(connection) + hold(connection) + lineUp(connection));
        if (mended > 0) {
            LOG.warn("H2 had torn transactions in a crash: {} rows were removed or made whole", mended);
        }
    }

    private static int remove(Connection connection) throws SQLException {
        int removed = 0;
        for (String remnants : REMNANTS) {
            removed += Sql.update(connection, remnants);
        }
        return removed;
    }

    private int queueAgain(Connection connection) throws SQLException {
        String due = "GREATEST(COALESCE(m.not_before_us, 0), d.created_us)";
        return Sql.update(
                connection,
                String.format(Locale.ROOT, MEND, due, "QUEUED", 0) + String.format(Locale.ROOT, TORN, "NOT"));
    }

    private static int lineUp(Connection connection) throws SQLException {
        int mended = 0;
        for (String sql : LINES) {
            mended += Sql.update(connection, sql);
        }
        Sql.update(connection, String.format(Locale.ROOT, BACK_IN_LINE, Dialect.H2.nowMicros()));
        return mended;
    }

    private static int hold(Connection connection) throws SQLException {
        String held = Long.toString(Transition.HELD);
        return Sql.update(
                connection,
                String.format(Locale.ROOT, MEND, held, "UNCONFIRMED", 1) + String.format(Locale.ROOT, TORN, ""));
    }
}
