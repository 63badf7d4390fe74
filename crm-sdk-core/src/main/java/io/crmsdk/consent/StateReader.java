package io.crmsdk.consent;

import io.crmsdk.internal.Micros;
import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import io.crmsdk.time.UtcClock;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads the states of keys, together with where the ledger stood, in one statement for up to {@value #MOST} keys.
 *
 * <p>A locking read waits for whoever is writing one of the rows, and keeps them from being written until its transaction
 * ends; where the database looks at a row again after waiting, it is the row as it was written meanwhile. An embedded SQLite
 * file has one writing transaction at a time, so there the transaction itself is the lock.
 */
final class StateReader {
    static final int MOST = 500;

    private static final UtcClock CLOCK = UtcClock.system();
    private static final int[] SIZES = {1, 8, 64, MOST};
    private static final int FIXED = 8;
    private static final String COLUMNS = "k.key_id, k.state, k.seal, k.changed, h.position, h.incarnation, h.held, ";

    private final Dialect dialect;
    private final List<String> sources;
    private final Map<Integer, String> locking = new HashMap<>();
    private final Map<Integer, String> plain = new HashMap<>();
    private final KeptStatements kept = new KeptStatements();

    StateReader(Dialect dialect, Collection<String> sources) {
        this.dialect = dialect;
        this.sources = List.copyOf(new TreeSet<>(sources));
        for (int size : SIZES) {
            locking.put(size, locking(size));
            plain.put(size, plain(size));
        }
    }

    private String pulls() {
        return ", (SELECT pulled_us FROM crm_consent_pull WHERE source = ?)".repeat(sources.size());
    }

    /** Only the rows of the keys are held: whoever writes the ledger's end waits for no reader. */
    private String locking(int size) {
        return switch (dialect) {
            case SQLITE -> plain(size);
            case POSTGRESQL ->
                "SELECT " + COLUMNS + now() + pulls()
                        + " FROM crm_consent_head h, crm_consent_key k WHERE h.id = 1 AND k.key_id" + among(size)
                        + (size == 1 ? "" : " ORDER BY k.key_id") + " FOR SHARE OF k";
            // A join would be locked as a whole; scalar subqueries are not.
            case H2, MARIADB ->
                "SELECT k.key_id, k.state, k.seal, k.changed, (SELECT position FROM crm_consent_head WHERE id = 1),"
                        + " (SELECT incarnation FROM crm_consent_head WHERE id = 1),"
                        + " (SELECT held FROM crm_consent_head WHERE id = 1), (SELECT " + dialect.nowMicros() + ")"
                        + pulls() + " FROM crm_consent_key k WHERE k.key_id" + among(size) + " ORDER BY k.key_id"
                        + dialect.forShare();
        };
    }

    private String plain(int size) {
        return "SELECT " + COLUMNS + now() + pulls()
                + " FROM crm_consent_head h LEFT JOIN crm_consent_key k ON k.key_id" + among(size) + " WHERE h.id = 1";
    }

    private static String among(int size) {
        return size == 1 ? " = ?" : " IN (" + Sql.marks(size) + ")";
    }

    /** SQLite runs in this process and has its clock: to ask it costs a date's arithmetic in each row. */
    private String now() {
        return dialect == Dialect.SQLITE ? "0" : dialect.nowMicros();
    }

    /**
     * Reads without a lock: what is committed when the statement runs.
     *
     * @param ids hashed keys, each once
     */
    StateSet read(Connection connection, List<String> ids) throws SQLException {
        return run(connection, ids, plain);
    }

    /** Reads with a lock on the rows until the connection's transaction ends. */
    StateSet readLocking(Connection connection, List<String> ids) throws SQLException {
        StateSet found = run(connection, ids, locking);
        return found.wasRead() ? found : run(connection, ids.subList(0, 1), plain);
    }

    private StateSet run(Connection connection, List<String> ids, Map<Integer, String> statements) throws SQLException {
        StateSet found = new StateSet();
        for (int from = 0; from < ids.size(); from += MOST) {
            List<String> some = ids.subList(from, Math.min(from + MOST, ids.size()));
            int size = sizeFor(some.size());
            String sql = Objects.requireNonNull(statements.get(size));
            if (dialect == Dialect.SQLITE) {
                runKept(connection, sql, some, size, found);
            } else {
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    run(statement, some, size, found);
                }
            }
        }
        return found;
    }

    /** A statement that failed is closed, not kept: nobody knows what it still holds. */
    private void runKept(Connection connection, String sql, List<String> ids, int size, StateSet found)
            throws SQLException {
        PreparedStatement statement = kept.take(connection, sql);
        boolean sound = false;
        try {
            run(statement, ids, size, found);
            sound = true;
        } finally {
            if (sound) {
                kept.keep(connection, sql, statement);
            } else {
                statement.close();
            }
        }
    }

    private void run(PreparedStatement statement, List<String> ids, int size, StateSet found) throws SQLException {
        bind(statement, ids, size);
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                add(found, rows);
            }
        }
    }

    private static int sizeFor(int count) {
        for (int size : SIZES) {
            if (count <= size) {
                return size;
            }
        }
        return MOST;
    }

    /** What is left of the list is filled with its last id, so that few statements serve every length. */
    private void bind(PreparedStatement statement, List<String> ids, int size) throws SQLException {
        int at = 1;
        for (String source : sources) {
            statement.setString(at++, source);
        }
        for (int i = 0; i < size; i++) {
            statement.setString(at++, ids.get(Math.min(i, ids.size() - 1)));
        }
    }

    private void add(StateSet found, ResultSet row) throws SQLException {
        if (!found.wasRead()) {
            stand(found, row);
        }
        String key = row.getString(1);
        if (key != null) {
            found.add(key, state(key, row.getString(2), row.getString(3)), row.getLong(4));
        }
    }

    /** Every row says the same of the ledger, so the first one is enough. */
    private void stand(StateSet found, ResultSet row) throws SQLException {
        long nowUs = dialect == Dialect.SQLITE ? Micros.of(CLOCK.instant()) : row.getLong(8);
        found.stand(row.getLong(5), row.getLong(6), row.getInt(7) != 0, nowUs);
        for (int i = 0; i < sources.size(); i++) {
            long pulled = row.getLong(FIXED + 1 + i);
            found.pulled(sources.get(i), row.wasNull() ? null : pulled);
        }
    }

    /** Null if the row is not what this ledger wrote for this key. */
    private static @Nullable KeyState state(String key, String text, String seal) {
        if (!KeyTable.seal(key, text).equals(seal)) {
            return null;
        }
        try {
            return KeyState.parse(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Which of the keys changed after a position; null if they are more than this. */
    @Nullable
    List<String> changedAfter(Connection connection, long position, int most) throws SQLException {
        String select = "SELECT key_id FROM crm_consent_key WHERE changed > ? LIMIT " + (most + 1);
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setLong(1, position);
            try (ResultSet rows = statement.executeQuery()) {
                List<String> changed = new ArrayList<>();
                while (rows.next()) {
                    changed.add(rows.getString(1));
                }
                return changed.size() > most ? null : changed;
            }
        }
    }
}
