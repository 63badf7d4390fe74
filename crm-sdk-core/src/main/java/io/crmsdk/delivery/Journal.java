package io.crmsdk.delivery;

import static java.util.Collections.nCopies;

import io.crmsdk.internal.Micros;
import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Appends to the history; an entry that is already there is left as it is, so that a repeated write adds nothing. */
final class Journal {
    private static final String INSERT = "crm_delivery_event (delivery_id, fence, step, at_us, state, applied, attempt,"
            + " node, detail, evidence_host, evidence_reply, evidence_remote_id, evidence_us, source_hash) VALUES ";
    private static final int COLUMNS = 14;

    /** Rows in one statement; few sizes, so that prepared statements are found again. */
    private static final int[] SIZES = {128, 64, 32, 16, 8, 4, 2, 1};

    private final Dialect dialect;

    Journal(Dialect dialect) {
        this.dialect = dialect;
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

        int number() {
            return number;
        }
    }

    /**
     * One line to be.
     *
     * @param atUs when it happened, or null for now
     */
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
            @Nullable String sourceHash,
            @Nullable Long atUs) {
        static Entry windowBegun(String deliveryId, long fence, int attempt, String node, long atUs) {
            DeliveryState sending = DeliveryState.SENDING;
            return new Entry(deliveryId, fence, Step.WINDOW_BEGUN, sending, true, attempt, node, "", null, null, atUs);
        }
    }

    void append(Connection connection, List<Entry> entries, long nowUs) throws SQLException {
        if (entries.isEmpty()) {
            return;
        }
        int at = 0;
        for (int size : SIZES) {
            // A database that answers an existing row with an error would drop the other rows of its statement.
            int rows = dialect.insertNewThrows() ? 1 : size;
            at = insert(connection, entries, at, rows, nowUs);
        }
    }

    /** Whether an entry of an earlier try was applied, or null if there is none. */
    @Nullable
    Boolean applied(Connection connection, String deliveryId, long fence, Step step) throws SQLException {
        if (Ending.isOf(connection, deliveryId, fence, step)) {
            return true;
        }
        String select = "SELECT applied FROM crm_delivery_event WHERE delivery_id = ? AND fence = ? AND step = ?";
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setString(1, deliveryId);
            statement.setLong(2, fence);
            statement.setInt(3, step.number);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Boolean.valueOf(row.getInt(1) == 1) : null;
            }
        }
    }

    private int insert(Connection connection, List<Entry> entries, int from, int size, long nowUs) throws SQLException {
        int at = from;
        if (entries.size() - at < size) {
            return at;
        }
        String sql = dialect.insertNew(INSERT + String.join(", ", nCopies(size, "(" + Sql.marks(COLUMNS) + ")")));
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            for (; entries.size() - at >= size; at += size) {
                for (int i = 0; i < size; i++) {
                    bind(insert, i * COLUMNS, entries.get(at + i), nowUs);
                }
                insertUnlessThere(insert);
            }
        }
        return at;
    }

    private void insertUnlessThere(PreparedStatement insert) throws SQLException {
        try {
            insert.executeUpdate();
        } catch (SQLException e) {
            if (!dialect.insertNewThrows() || !dialect.isDuplicate(e)) {
                throw e;
            }
        }
    }

    private static void bind(PreparedStatement insert, int offset, Entry entry, long nowUs) throws SQLException {
        insert.setString(offset + 1, entry.deliveryId());
        insert.setLong(offset + 2, entry.fence());
        insert.setInt(offset + 3, entry.step().number);
        insert.setLong(offset + 4, entry.atUs() == null ? nowUs : entry.atUs());
        insert.setString(offset + 5, entry.state().name());
        insert.setInt(offset + 6, entry.applied() ? 1 : 0);
        insert.setInt(offset + 7, entry.attempt());
        insert.setString(offset + 8, entry.node());
        insert.setString(offset + 9, entry.detail());
        bind(insert, offset, entry.evidence());
        insert.setString(offset + 14, entry.sourceHash());
    }

    private static void bind(PreparedStatement insert, int offset, @Nullable Evidence evidence) throws SQLException {
        insert.setString(offset + 10, evidence == null ? null : evidence.host());
        insert.setString(offset + 11, evidence == null ? null : evidence.reply());
        insert.setString(offset + 12, evidence == null ? null : evidence.remoteId());
        if (evidence == null) {
            insert.setNull(offset + 13, Types.BIGINT);
        } else {
            insert.setLong(offset + 13, Micros.of(evidence.at()));
        }
    }
}
