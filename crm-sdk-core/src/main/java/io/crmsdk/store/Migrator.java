package io.crmsdk.store;

import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Failure;
import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Brings the schema to the state of this version's scripts, once, however many processes start at the same time.
 *
 * <p>The table {@code crm_schema} has a row for each script. A number that is in the table and not among our scripts was
 * written by another, newer version: we refuse, whatever its size, because numbers belong to rooms and a lower one may well
 * be younger. A script that is missing is applied, also below the highest number, for the same reason.
 *
 * <p>SQLite and PostgreSQL undo a CREATE TABLE on rollback: there all missing scripts are one transaction. MariaDB and H2
 * commit at each such statement: there the row counts the statements that are done, and the next start goes on behind them.
 */
final class Migrator {
    private static final int WAIT_SECONDS = 60;
    private static final int MOST_RUNS = 30;
    private static final long LONGEST_PAUSE_NANOS = 500_000_000;
    private static final long LOCK = 0x63726d5f73636865L;
    private static final String BOOKS = "CREATE TABLE IF NOT EXISTS crm_schema (version INTEGER NOT NULL PRIMARY KEY,"
            + " name VARCHAR(200) NOT NULL, checksum VARCHAR(64) NOT NULL, statements INTEGER NOT NULL,"
            + " done INTEGER NOT NULL, applied_us BIGINT NOT NULL)";
    private static final String INSERT =
            "INSERT INTO crm_schema (version, name, checksum, statements, done, applied_us) VALUES (?, ?, ?, ?, ?, %s)";
    /** What MariaDB and H2 say of a table, column, index or trigger that is there already. */
    private static final Set<Integer> THERE_ALREADY = Set.of(1050, 1060, 1061, 1359, 42101, 42111, 42121, 90041);

    private final Dialect dialect;
    private final List<Script> scripts;
    private final Connections connections;
    private final String where;

    Migrator(Dialect dialect, List<Script> scripts, Connections connections, String where) {
        this.dialect = dialect;
        this.scripts = scripts;
        this.connections = connections;
        this.where = where;
    }

    /** One row of the books. */
    private record Applied(String name, String checksum, int statements, int done) {
        boolean whole() {
            return done >= statements;
        }
    }

    void bring(SchemaMode mode) throws SQLException {
        if (mode == SchemaMode.HOST) {
            requireTables();
            return;
        }
        List<Script> missing = on(this::missing);
        if (missing.isEmpty()) {
            return;
        }
        if (mode == SchemaMode.VERIFY) {
            throw older(missing.stream().map(Script::name).toList());
        }
        if (dialect.hasTransactionalDdl()) {
            applyBesideTraffic();
        } else if (dialect == Dialect.H2) {
            on(this::applyBehindRow);
        } else {
            on(this::applyBehindNamedLock);
        }
    }

    private <T extends @Nullable Object> T on(Store.Work<T> work) throws SQLException {
        Connection connection = connections.take();
        boolean sound = false;
        try {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(true);
            T result = work.run(connection);
            connection.setAutoCommit(autoCommit);
            sound = true;
            return result;
        } finally {
            connections.give(connection, sound);
        }
    }

    private void requireTables() throws SQLException {
        List<String> absent = on(connection -> {
            List<String> found = new ArrayList<>();
            for (Script script : scripts) {
                for (String table : script.tables()) {
                    if (!exists(connection, table)) {
                        found.add(table);
                    }
                }
            }
            return found;
        });
        if (!absent.isEmpty()) {
            throw older(absent);
        }
    }

    private static boolean exists(Connection connection, String table) throws SQLException {
        try (ResultSet tables = connection
                .getMetaData()
                .getTables(
                        connection.getCatalog(), connection.getSchema(), null, new String[] {"TABLE", "BASE TABLE"})) {
            while (tables.next()) {
                if (tables.getString("TABLE_NAME").equalsIgnoreCase(table)) {
                    return true;
                }
            }
            return false;
        }
    }

    private StoreException older(List<String> missing) {
        return new StoreException(
                "STORE_SCHEMA_OLDER",
                where + " lacks " + missing + "; nothing was changed. Apply the scripts under db/crmsdk/"
                        + dialect.folder() + ", or open the store with SchemaMode.APPLY",
                null);
    }

    private List<Script> missing(Connection connection) throws SQLException {
        Map<Integer, Applied> applied = applied(connection);
        Set<Integer> ours = scripts.stream().map(Script::version).collect(Collectors.toSet());
        List<String> strangers = applied.entrySet().stream()
                .filter(entry -> !ours.contains(entry.getKey()))
                .map(entry -> entry.getValue().name())
                .toList();
        if (!strangers.isEmpty()) {
            throw newer(strangers);
        }
        List<Script> missing = new ArrayList<>();
        for (Script script : scripts) {
            Applied before = applied.get(script.version());
            if (before != null && !before.checksum().equals(script.checksum())) {
                throw changed(script, before);
            }
            if (before == null || !before.whole()) {
                missing.add(script);
            }
        }
        return missing;
    }

    private StoreException newer(List<String> strangers) {
        return new StoreException(
                "STORE_SCHEMA_NEWER",
                where + " was brought up to date by a newer version of crm-sdk, whose scripts " + strangers
                        + " this version does not know; nothing was changed. Run the newer version, or restore a backup from"
                        + " before the upgrade",
                null);
    }

    private StoreException changed(Script script, Applied before) {
        return new StoreException(
                "STORE_SCHEMA_CHANGED",
                where + ": the script " + script.name() + " was applied as "
                        + before.checksum().substring(0, 12) + " and is now "
                        + script.checksum().substring(0, 12)
                        + "; nothing was changed. A script that was applied must never change: use the version of crm-sdk"
                        + " that made this store",
                null);
    }

    private Map<Integer, Applied> applied(Connection connection) throws SQLException {
        Map<Integer, Applied> applied = new TreeMap<>();
        if (!exists(connection, "crm_schema")) {
            return applied;
        }
        String select = "SELECT version, name, checksum, statements, done FROM crm_schema WHERE version > 0";
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(select)) {
            while (row.next()) {
                applied.put(
                        row.getInt(1), new Applied(row.getString(2), row.getString(3), row.getInt(4), row.getInt(5)));
            }
        }
        return applied;
    }

    /**
     * Processes of the version before may be at work on the tables, and one that holds a lock which the scripts want may want one that they
     * hold. The database then ends one of the two; if it is this one, all of it is undone and done again.
     */
    private void applyBesideTraffic() throws SQLException {
        for (int run = 1; ; run++) {
            try {
                on(this::applyAtOnce);
                return;
            } catch (StoreException e) {
                boolean conflict =
                        e.getCause() instanceof SQLException cause && dialect.failure(cause) == Failure.CONFLICT;
                if (!conflict || run == MOST_RUNS) {
                    throw e;
                }
            }
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LONGEST_PAUSE_NANOS));
        }
    }

    private @Nullable Void applyAtOnce(Connection connection) throws SQLException {
        if (dialect == Dialect.SQLITE) {
            execute(connection, BOOKS);
        }
        connection.setAutoCommit(false);
        try {
            lock(connection);
            execute(connection, BOOKS);
            for (Script script : missing(connection)) {
                for (int n = 0; n < script.statements().size(); n++) {
                    run(connection, script, n);
                }
                note(connection, script, script.statements().size());
            }
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
        return null;
    }

    private void lock(Connection connection) throws SQLException {
        if (dialect == Dialect.SQLITE) {
            // The first statement of the transaction is a write, so it waits for the file's one writer and reads
            // afterwards.
            execute(connection, "DELETE FROM crm_schema WHERE version < 0");
            return;
        }
        execute(connection, "SET LOCAL lock_timeout = '" + WAIT_SECONDS + "s'");
        execute(connection, "SELECT pg_advisory_xact_lock(" + LOCK + ")");
    }

    /** H2 has no named lock: a row of version 0, held by a second connection, keeps others out. */
    private @Nullable Void applyBehindRow(Connection connection) throws SQLException {
        execute(connection, BOOKS);
        execute(connection, "MERGE INTO crm_schema KEY (version) VALUES (0, 'lock', '', 0, 0, 0)");
        return on(guard -> {
            guard.setAutoCommit(false);
            try {
                execute(guard, "UPDATE crm_schema SET applied_us = 0 WHERE version = 0");
                return applyStepwise(connection);
            } finally {
                guard.rollback();
                guard.setAutoCommit(true);
            }
        });
    }

    private @Nullable Void applyBehindNamedLock(Connection connection) throws SQLException {
        // A lock is the server's, not the database's, and its name has at most 64 characters; MySQL 9 knows no shorter
        // hash.
        String name = "CONCAT('crm_schema.', LEFT(SHA2(DATABASE(), 256), 40))";
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT GET_LOCK(" + name + ", " + WAIT_SECONDS + ")")) {
            if (!row.next() || row.getInt(1) != 1) {
                throw new StoreException(
                        "STORE_BUSY",
                        "another process has been changing the schema of " + where + " for " + WAIT_SECONDS
                                + " s; nothing was changed. Start again when it is done",
                        null);
            }
        }
        try {
            execute(connection, BOOKS);
            return applyStepwise(connection);
        } finally {
            execute(connection, "DO RELEASE_LOCK(" + name + ")");
        }
    }

    private @Nullable Void applyStepwise(Connection connection) throws SQLException {
        Map<Integer, Applied> before = applied(connection);
        for (Script script : missing(connection)) {
            Applied begun = before.get(script.version());
            int done = begun == null ? 0 : begun.done();
            if (begun == null) {
                note(connection, script, 0);
            }
            for (int n = done; n < script.statements().size(); n++) {
                runOrPass(connection, script, n, begun != null && n == done);
                Sql.update(connection, "UPDATE crm_schema SET done = ? WHERE version = ?", n + 1, script.version());
            }
        }
        return null;
    }

    /** The statement behind the last that was counted may have been done by a process that died before counting it. */
    private void runOrPass(Connection connection, Script script, int n, boolean mayBeThere) throws SQLException {
        try {
            execute(connection, script.statements().get(n));
        } catch (SQLException e) {
            if (!mayBeThere || !THERE_ALREADY.contains(e.getErrorCode())) {
                throw failed(script, n, e);
            }
        }
    }

    private void run(Connection connection, Script script, int n) {
        try {
            execute(connection, script.statements().get(n));
        } catch (SQLException e) {
            throw failed(script, n, e);
        }
    }

    private StoreException failed(Script script, int n, SQLException cause) {
        Failure failure = dialect.failure(cause);
        return new StoreException(
                "STORE_SCHEMA_FAILED",
                where + ": statement " + (n + 1) + " of " + script.name() + " failed (" + failure + ", SQLState "
                        + cause.getSQLState() + "): "
                        + (dialect.hasTransactionalDdl()
                                ? "nothing was changed"
                                : "what came before it stays, and the next start goes on here")
                        + ". Look at the cause, mend it and start again",
                cause);
    }

    private void note(Connection connection, Script script, int done) throws SQLException {
        Sql.update(
                connection,
                String.format(Locale.ROOT, INSERT, dialect.nowMicros()),
                script.version(),
                script.name(),
                script.checksum(),
                script.statements().size(),
                done);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
        }
    }
}
