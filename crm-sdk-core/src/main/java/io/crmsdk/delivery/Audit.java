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
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The book of what was done by hand. Nothing here changes or removes a line. */
final class Audit {
    private static final int PAGE = 200;
    private static final String SELECT = "SELECT seq, at_us, action, delivery_id, state_before, state_after, by_whom,"
            + " why, detail FROM crm_delivery_audit WHERE seq > ?";

    private Audit() {}

    /** Part of the caller's transaction. */
    static void append(Connection connection, OperatorAction action) throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO crm_delivery_audit (at_us, action, delivery_id, state_before, state_after, by_whom, why,"
                        + " detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                Micros.of(action.at()),
                action.kind().name(),
                action.deliveryId(),
                name(action.before()),
                name(action.after()),
                action.by(),
                action.why(),
                action.detail());
    }

    private static @Nullable String name(@Nullable DeliveryState state) {
        return state == null ? null : state.name();
    }

    /** Which message took the place of a delivery, or null if none did. */
    static @Nullable String replacement(Connection connection, String deliveryId) throws SQLException {
        String select = "SELECT detail FROM crm_delivery_audit WHERE delivery_id = ? AND action = 'REPLACE'";
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setString(1, deliveryId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    /** Oldest first, page by page; no connection is held between pages. */
    static Iterator<OperatorAction> iterate(Store store, @Nullable String deliveryId) {
        return new Pages(store, deliveryId);
    }

    private static final class Pages implements Iterator<OperatorAction> {
        private final Store store;
        private final @Nullable String deliveryId;
        private final Deque<OperatorAction> page = new ArrayDeque<>();
        private long after;
        private boolean exhausted;

        Pages(Store store, @Nullable String deliveryId) {
            this.store = store;
            this.deliveryId = deliveryId;
        }

        @Override
        public boolean hasNext() {
            if (page.isEmpty() && !exhausted) {
                try {
                    exhausted = store.read(this::fill) < PAGE;
                } catch (StoreException e) {
                    throw new DeliveryException("STORE_UNREADABLE", "the audit could not be read", e);
                }
            }
            return !page.isEmpty();
        }

        private int fill(Connection connection) throws SQLException {
            page.clear();
            int count = 0;
            String select = SELECT + (deliveryId == null ? "" : " AND delivery_id = ?") + " ORDER BY seq LIMIT " + PAGE;
            try (PreparedStatement statement = connection.prepareStatement(select)) {
                statement.setLong(1, after);
                if (deliveryId != null) {
                    statement.setString(2, deliveryId);
                }
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        after = row.getLong(1);
                        page.add(read(row));
                        count++;
                    }
                }
            }
            return count;
        }

        private static OperatorAction read(ResultSet row) throws SQLException {
            return new OperatorAction(
                    Micros.instant(row.getLong(2)),
                    OperatorAction.Kind.valueOf(row.getString(3)),
                    row.getString(4),
                    state(row.getString(5)),
                    state(row.getString(6)),
                    row.getString(7),
                    row.getString(8),
                    row.getString(9));
        }

        private static @Nullable DeliveryState state(@Nullable String name) {
            return name == null ? null : DeliveryState.valueOf(name);
        }

        @Override
        public OperatorAction next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return page.remove();
        }
    }
}
