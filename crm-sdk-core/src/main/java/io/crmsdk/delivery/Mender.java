package io.crmsdk.delivery;

import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes deliveries whole that H2 tore: after a kill it was seen once to bring back a delivery without the queue row that was
 * written in the same transaction. Without that row nobody would ever send it, and it would be in no state.
 *
 * <p>What was never attempted is queued; what was attempted is held as unconfirmed, since the lost row would have said how
 * far it got. Other databases keep transactions whole, so only H2 pays for the look.
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

    private final Database database;

    Mender(Database database) {
        this.database = database;
    }

    void mend() throws SQLException {
        if (database.flavor() != Flavor.H2) {
            return;
        }
        int mended = database.inTransaction(connection -> queueAgain(connection) + hold(connection));
        if (mended > 0) {
            LOG.warn("{} deliveries had lost their queue row in a crash of H2 and have been given a new one", mended);
        }
    }

    private int queueAgain(Connection connection) throws SQLException {
        String due = "GREATEST(COALESCE(m.not_before_us, 0), d.created_us)";
        return Sql.update(connection, String.format(MEND, due, "QUEUED", 0) + String.format(TORN, "NOT"));
    }

    private static int hold(Connection connection) throws SQLException {
        String held = Long.toString(Transition.HELD);
        return Sql.update(connection, String.format(MEND, held, "UNCONFIRMED", 1) + String.format(TORN, ""));
    }
}
