package io.crmsdk.store;

import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Failure;
import io.crmsdk.time.UtcClock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One database with the tables of crm-sdk in it: SQLite, H2, PostgreSQL, MariaDB or MySQL.
 *
 * <p>An open store has the schema of this version. It is opened on the host's own pool, so that messages and events join the
 * host's transactions, or on a file that needs no server. Thread-safe.
 *
 * <pre>{@code
 * Store store = Store.builder(dataSource).build();       // the host's PostgreSQL, MariaDB or MySQL
 * Store store = Store.sqlite(Path.of("crm.db"));         // a file, durable through kill -9 and power loss
 * }</pre>
 */
public final class Store implements AutoCloseable {
    /** Sixteen workers on the same few rows of MariaDB were seen to fail five times in a row. */
    private static final int MOST_RUNS = 12;

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int LONGEST_PAUSE = 6; // doublings, to 640 ms

    private final Connections connections;
    private final Dialect dialect;
    private final String name;
    private final UtcClock clock;
    private final boolean setIsolation;
    private final boolean takeWriteLock;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Store(Connections connections, Dialect dialect, String name, UtcClock clock, boolean setIsolation) {
        this.connections = connections;
        this.dialect = dialect;
        this.name = name;
        this.clock = clock;
        this.setIsolation = setIsolation;
        this.takeWriteLock = dialect == Dialect.SQLITE && !connections.ours();
    }

    /** A store on the host's pool. The pool stays the host's: closing the store does not close it. */
    public static Builder builder(DataSource source) {
        return new Builder(new HostConnections(source), null);
    }

    /**
     * A store at an address: {@code sqlite:FILE}, {@code h2:FILE}, or a JDBC URL of PostgreSQL, MariaDB or MySQL, to which the
     * store then keeps a few connections of its own.
     *
     * @throws StoreException {@code STORE_URL} for any other address
     */
    public static Builder builder(String url) {
        return new Builder(null, StoreUrl.of(url));
    }

    /**
     * Opens the store at an address, as {@link #builder(String)} with nothing else said.
     *
     * @throws StoreException with a code that says what is wrong and a message that names the file or server
     */
    public static Store open(String url) {
        return builder(url).build();
    }

    /**
     * Opens a SQLite file, or makes a new one where there is none; its folder must exist. Several processes of one machine
     * may share it.
     *
     * @throws StoreException with a code that says what is wrong and a message that names the file
     */
    public static Store sqlite(Path file) {
        return new Builder(null, new SqliteFile(file)).build();
    }

    /**
     * Opens an H2 file, or makes a new one where there is none; for tests. Only one process can hold it.
     *
     * @param file with or without {@code .mv.db}, which H2 appends
     * @throws StoreException with a code that says what is wrong and a message that names the file
     */
    public static Store h2(Path file) {
        return new Builder(null, new H2File(file)).build();
    }

    /** What runs on a connection, within one transaction or one reading. */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {
        /**
         * Does it.
         *
         * @param connection neither to be committed, rolled back nor closed here
         */
        T run(Connection connection) throws SQLException;
    }

    /** Refuses a database that gives back another instant than it was given. */
    private void probe() {
        List<String> differences =
                inTransaction(connection -> InstantProbe.differences(connection, nowMicros(connection)));
        if (!differences.isEmpty()) {
            throw new StoreException(
                    "STORE_CHANGES_TIME",
                    name + " gives back other instants than it was given: " + differences
                            + "; nothing was stored. Look at the" + " driver's version and its conversions",
                    null);
        }
    }

    /** Which database this is: {@code sqlite}, {@code h2}, {@code postgresql}, or {@code mariadb}, also for MySQL. */
    public String engine() {
        return dialect.folder();
    }

    /** The file or server, for people; never with a user or password. */
    public String name() {
        return name;
    }

    /**
     * Runs work in a transaction of its own and commits it. Whatever the work throws rolls it back and comes out unchanged,
     * but for an {@code SQLException}.
     *
     * <p>After a deadlock or a serialization failure the database has undone everything; then the work runs again, up to
     * eleven times more after growing pauses. So it must leave no trace but on its connection. On SQLite the transaction holds the file's one write lock
     * from its first moment: work that calls {@code inTransaction} again would wait for itself.
     *
     * @throws CommitUnknownException if it may or may not have been stored
     * @throws StoreException in all other cases; nothing was stored
     */
    public <T extends @Nullable Object> T inTransaction(Work<T> work) {
        for (int run = 1; ; run++) {
            try {
                return once(work);
            } catch (StoreException e) {
                if (!e.code().equals("STORE_CONFLICT") || run == MOST_RUNS) {
                    throw e;
                }
            }
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(PAUSE_NANOS << Math.min(run, LONGEST_PAUSE)));
        }
    }

    private <T extends @Nullable Object> T once(Work<T> work) {
        try {
            Connection connection = connections.take();
            Transaction transaction = null;
            try {
                transaction = Transaction.begin(connection, setIsolation, takeWriteLock);
                T result = runOrRollBack(connection, transaction, work);
                transaction.commit(dialect);
                return result;
            } finally {
                connections.give(connection, transaction != null && transaction.restore());
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static <T extends @Nullable Object> T runOrRollBack(
            Connection connection, Transaction transaction, Work<T> work) throws SQLException {
        try {
            return work.run(connection);
        } catch (SQLException | RuntimeException | Error e) {
            transaction.rollBack(e);
            throw e;
        }
    }

    /**
     * Runs work that only reads, each statement for itself: it sees what is committed when the statement runs.
     *
     * @throws StoreException if the database could not be read
     */
    public <T extends @Nullable Object> T read(Work<T> work) {
        try {
            Connection connection = connections.take();
            boolean sound = false;
            try {
                boolean autoCommit = connection.getAutoCommit();
                connection.setAutoCommit(true);
                sound = true;
                T result = work.run(connection);
                connection.setAutoCommit(autoCommit);
                return result;
            } catch (SQLException e) {
                sound = sound && dialect.failure(e) != Failure.UNREACHABLE;
                throw e;
            } finally {
                connections.give(connection, sound);
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** The present instant by the database's clock, in epoch microseconds; what leases and due times are compared with. */
    public long nowMicros(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT " + dialect.nowMicros());
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /**
     * Looks at the settings that decide whether acknowledged commits can be lost, at the database's clock beside ours, and, for
     * a SQLite file, at the file itself, which takes about a second a gigabyte. Changes nothing.
     *
     * @throws StoreException if the database cannot be asked
     */
    public StoreReport check() {
        return read(connection -> new SelfCheck(connection, dialect, name).report(clock));
    }

    /**
     * Copies a SQLite store while it works, to a new file that was read back and found whole. Writers are not held up.
     *
     * @param target a file that is not there yet; its folder must exist
     * @throws StoreException {@code STORE_FILE_EXISTS}, {@code STORE_BACKUP_FAILED}; {@code STORE_UNSUPPORTED} for other
     *     engines, which have tools of their own: see docs/store.md
     */
    public StoreBackup backup(Path target) {
        if (dialect != Dialect.SQLITE) {
            throw new StoreException(
                    "STORE_UNSUPPORTED",
                    "a " + engine()
                            + " database is copied with its own tools, as docs/store.md shows; nothing was written",
                    null);
        }
        return read(connection -> SqliteBackup.write(connection, target));
    }

    /**
     * Makes a SQLite store from a backup, marked as {@linkplain #restoration() restored}, so that nothing that was unfinished
     * when the backup was taken is sent blindly. Open it afterwards.
     *
     * @param backup what {@link #backup} wrote; it stays as it is
     * @param target a file that is not there yet: a store that may be in use is never overwritten
     * @throws StoreException {@code STORE_FILE_EXISTS}, {@code STORE_FILE_MISSING}, {@code STORE_CORRUPT}, {@code
     *     STORE_RESTORE_FAILED}; nothing was changed
     */
    public static void restore(Path backup, Path target) {
        SqliteBackup.restore(backup, target);
    }

    /**
     * Notes that the host has restored this database from a backup by other means, such as a server's dump or a snapshot of the
     * machine. To be called before anything is sent. Returns once the store's clock, which counts whole milliseconds on some
     * databases, shows a later instant, so that whatever is written from then on is told from what the backup held.
     *
     * @param taken when the backup was taken; null if that is not known
     */
    public void markRestored(@Nullable Instant taken) {
        long restoredUs = inTransaction(connection -> {
            long now = nowMicros(connection);
            Long before = Facts.number(connection, Facts.INCARNATION);
            Facts.write(connection, dialect, Facts.INCARNATION, before == null ? 2 : before + 1);
            Facts.write(connection, dialect, Facts.RESTORED_US, now);
            Facts.delete(connection, Facts.BACKUP_TAKEN_US);
            if (taken != null) {
                Facts.write(
                        connection, dialect, Facts.BACKUP_TAKEN_US, ChronoUnit.MICROS.between(Instant.EPOCH, taken));
            }
            return now;
        });
        awaitTick(restoredUs);
    }

    /** Gives up after some ticks of any clock here: one that was set back at this very moment would never get there. */
    private void awaitTick(long us) {
        for (int tries = 0; tries < 20 && read(this::nowMicros) <= us; tries++) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** The last restore that this store went through; empty if it never came from a backup. */
    public Optional<Restoration> restoration() {
        return read(connection -> {
            Long incarnation = Facts.number(connection, Facts.INCARNATION);
            Long restored = Facts.number(connection, Facts.RESTORED_US);
            if (incarnation == null || restored == null) {
                return Optional.empty();
            }
            Long taken = Facts.number(connection, Facts.BACKUP_TAKEN_US);
            return Optional.of(new Restoration(
                    Math.toIntExact(incarnation),
                    taken == null ? null : Instant.EPOCH.plus(taken, ChronoUnit.MICROS),
                    Instant.EPOCH.plus(restored, ChronoUnit.MICROS)));
        });
    }

    private StoreException failed(SQLException cause) {
        return failed(name, dialect, cause);
    }

    private static StoreException failed(String name, Dialect dialect, SQLException cause) {
        Failure failure = dialect.failure(cause);
        String code = failure == Failure.OTHER ? "STORE_FAILED" : "STORE_" + failure;
        return new StoreException(
                code,
                name + ": error " + cause.getErrorCode() + ", SQLState " + cause.getSQLState()
                        + "; nothing was stored. " + advice(failure),
                cause);
    }

    private static String advice(Failure failure) {
        return switch (failure) {
            case UNREACHABLE -> "The database could not be reached; ask again when it is there";
            case BUSY -> "Another transaction held what was needed for too long; ask again";
            case CONFLICT -> "It was rolled back for another transaction's sake; ask again";
            case DUPLICATE -> "A unique key is taken";
            case CONSTRAINT -> "A constraint was broken";
            case FULL -> "There is no room left; free some and ask again";
            case READ_ONLY -> "The database may not be written; look at its rights and role";
            case CORRUPT -> "The database is damaged; copy it away as it is, then restore the last backup";
            case IN_USE -> "Another process holds the file";
            case OTHER -> "Look at the cause";
        };
    }

    /** The scripts of an engine's schema as one text, for those who apply them by hand. */
    public static String schema(String engine) {
        Dialect dialect = Dialect.ofProduct(engine);
        if (dialect == null) {
            throw new StoreException(
                    "STORE_UNSUPPORTED", "expected sqlite, h2, postgresql, mariadb or mysql, got " + engine, null);
        }
        List<Script> scripts = Scripts.of(dialect);
        return scripts.stream()
                .map(script -> "-- " + script.name() + "\n" + script.text())
                .collect(Collectors.joining("\n"));
    }

    /** Closes the store's own connections once they are given back; the host's pool stays open. Repeating does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            connections.close();
        }
    }

    @Override
    public String toString() {
        return "Store[" + name + "]";
    }

    /** Collects how a {@link Store} is opened; not thread-safe. */
    public static final class Builder {
        private static final int CONNECTIONS = 10;

        private final @Nullable Connections host;
        private final StoreUrl.@Nullable Source source;
        private SchemaMode schema = SchemaMode.APPLY;
        private int most = CONNECTIONS;
        private boolean mustExist;
        private UtcClock clock = UtcClock.system();

        private Builder(@Nullable Connections host, StoreUrl.@Nullable Source source) {
            this.host = host;
            this.source = source;
        }

        /** Who brings the schema up to date; {@link SchemaMode#APPLY} unless stated. */
        public Builder schema(SchemaMode mode) {
            schema = mode;
            return this;
        }

        /**
         * How many connections the store may open itself; 10 unless stated. More only helps on a server with many workers.
         *
         * @throws IllegalArgumentException if fewer than 2
         * @throws IllegalStateException on a host's pool, whose size is the host's to set
         */
        public Builder connections(int most) {
            if (most < 2) {
                throw new IllegalArgumentException("connections: expected at least 2, got " + most);
            }
            if (source == null) {
                throw new IllegalStateException("connections: set the size of the pool that the store was given");
            }
            this.most = most;
            return this;
        }

        /** Refuses to make a new file where there is none, as a command that only looks should. */
        public Builder mustExist() {
            mustExist = true;
            return this;
        }

        /** The clock that {@link Store#check()} compares the database's with; the system's unless stated. */
        public Builder clock(UtcClock clock) {
            this.clock = clock;
            return this;
        }

        /**
         * Opens the store.
         *
         * @throws StoreException if it cannot be used as it is; nothing was changed, but for what {@code STORE_SCHEMA_FAILED}
         *     says
         */
        public Store build() {
            Connections connections = host;
            String name = "the host's database";
            if (source != null) {
                source.prepare(mustExist);
                connections = new ConnectionPool(source::open, most, source.remote());
                name = source.name();
            }
            Connections known = Objects.requireNonNull(connections);
            try {
                return open(known, name);
            } catch (RuntimeException e) {
                if (known.ours()) {
                    known.close();
                }
                throw e;
            }
        }

        private Store open(Connections connections, String address) {
            String name = address;
            Dialect dialect = null;
            try {
                Connection connection = connections.take();
                boolean isolated;
                boolean sound = false;
                try {
                    dialect = dialect(connection);
                    name = connections.ours()
                            ? address
                            : StoreUrl.withoutSecrets(connection.getMetaData().getURL());
                    isolated = !dialect.needsReadCommitted()
                            || connection.getTransactionIsolation() == Connection.TRANSACTION_READ_COMMITTED;
                    sound = true;
                } finally {
                    connections.give(connection, sound);
                }
                new Migrator(dialect, Scripts.of(dialect), connections, name).bring(schema);
                Store store = new Store(connections, dialect, name, clock, !isolated);
                store.probe();
                return store;
            } catch (SQLException e) {
                throw failed(name, dialect == null ? Dialect.POSTGRESQL : dialect, e);
            }
        }

        private static Dialect dialect(Connection connection) throws SQLException {
            String product = connection.getMetaData().getDatabaseProductName();
            Dialect dialect = Dialect.ofProduct(product);
            if (dialect == null) {
                throw new StoreException(
                        "STORE_UNSUPPORTED", "expected SQLite, H2, PostgreSQL, MariaDB or MySQL, got " + product, null);
            }
            return dialect;
        }
    }
}
