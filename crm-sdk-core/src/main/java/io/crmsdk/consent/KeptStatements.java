package io.crmsdk.consent;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Statements that stay prepared between two decisions on the same connection: on SQLite, which keeps none itself, preparing
 * costs more than the read. Thread-safe; a statement in use is in nobody else's hands.
 *
 * <p>A kept statement has no open result, so it holds no lock and no snapshot; SQLite prepares it anew by itself when the
 * schema changes. Closing a connection releases what was prepared on it.
 */
final class KeptStatements {
    private static final int MOST = 32;

    private final Deque<Kept> kept = new ArrayDeque<>();

    private record Kept(Connection connection, String sql, PreparedStatement statement) {}

    /** A statement that is the caller's alone, until it is given back by {@link #keep} or closed. */
    PreparedStatement take(Connection connection, String sql) throws SQLException {
        PreparedStatement found = find(connection, sql);
        return found == null || found.isClosed() ? connection.prepareStatement(sql) : found;
    }

    private synchronized @Nullable PreparedStatement find(Connection connection, String sql) {
        for (Iterator<Kept> each = kept.iterator(); each.hasNext(); ) {
            Kept one = each.next();
            // By identity: what was prepared on one connection never runs on another.
            if (one.connection == connection && one.sql.equals(sql)) {
                each.remove();
                return one.statement;
            }
        }
        return null;
    }

    /** Takes back a statement that ended well and whose result is closed; the one that lay longest makes room. */
    void keep(Connection connection, String sql, PreparedStatement statement) throws SQLException {
        PreparedStatement surplus = null;
        synchronized (this) {
            kept.addFirst(new Kept(connection, sql, statement));
            if (kept.size() > MOST) {
                surplus = kept.removeLast().statement;
            }
        }
        if (surplus != null) {
            surplus.close();
        }
    }
}
