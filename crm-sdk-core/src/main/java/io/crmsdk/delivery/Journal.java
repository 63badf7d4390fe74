package io.crmsdk.delivery;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Appends to the history; an entry that is already there is left as it is, so that a repeated write adds nothing. */
final class Journal {
    private static final String INSERT = "crm_delivery_event (delivery_id, fence, step, at_us, state, applied, attempt,"
            + " node, detail, evidence_host, evidence_reply, evidence_remote_id, evidence_us, source_hash)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private final Flavor flavor;

    Journal(Flavor flavor) {
        this.flavor = flavor;
    }

    /** What an entry is about, within one claim. */
    enum Step {
        /** A claim found that the one before it had ended without a result. */
        FOUND(1),
        WINDOW_BEGUN(2),
        OUTCOME(3),
        /** Outside any claim: a settlement, a cancellation. */
        OUTSIDE(4);

        private final int number;

        Step(int number) {
            this.number = number;
        }
    }

    /** One line to be. */
    record Entry(
            String deliveryId,
            long fence,
            Step step,
            DeliveryState state,
            boolean applied,
            int attempt,
            String node,
            String detail,
            @Nullable Evidence evidence,
            @Nullable String sourceHash) {}

    void append(Connection connection, List<Entry> entries, long nowUs) throws SQLException {
        if (entries.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(flavor.insertNew(INSERT))) {
            for (Entry entry : entries) {
                bind(insert, entry, nowUs);
                if (flavor.insertNewThrows()) {
                    insertUnlessThere(insert);
                } else {
                    insert.addBatch();
                }
            }
            if (!flavor.insertNewThrows()) {
                insert.executeBatch();
            }
        }
    }

    private static void insertUnlessThere(PreparedStatement insert) throws SQLException {
        try {
            insert.executeUpdate();
        } catch (SQLException e) {
            if (!Sql.isDuplicate(e)) {
                throw e;
            }
        }
    }

    private static void bind(PreparedStatement insert, Entry entry, long nowUs) throws SQLException {
        insert.setString(1, entry.deliveryId());
        insert.setLong(2, entry.fence());
        insert.setInt(3, entry.step().number);
        insert.setLong(4, nowUs);
        insert.setString(5, entry.state().name());
        insert.setInt(6, entry.applied() ? 1 : 0);
        insert.setInt(7, entry.attempt());
        insert.setString(8, entry.node());
        insert.setString(9, entry.detail());
        bind(insert, entry.evidence());
        insert.setString(14, entry.sourceHash());
    }

    private static void bind(PreparedStatement insert, @Nullable Evidence evidence) throws SQLException {
        insert.setString(10, evidence == null ? null : evidence.host());
        insert.setString(11, evidence == null ? null : evidence.reply());
        insert.setString(12, evidence == null ? null : evidence.remoteId());
        if (evidence == null) {
            insert.setNull(13, Types.BIGINT);
        } else {
            insert.setLong(13, Micros.of(evidence.at()));
        }
    }
}
