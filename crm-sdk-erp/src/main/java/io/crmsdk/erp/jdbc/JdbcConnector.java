package io.crmsdk.erp.jdbc;

import io.crmsdk.sync.Capabilities;
import io.crmsdk.sync.Cause;
import io.crmsdk.sync.Connector;
import io.crmsdk.sync.ConnectorException;
import io.crmsdk.sync.Found;
import io.crmsdk.sync.Page;
import io.crmsdk.sync.RemoteRecord;
import io.crmsdk.sync.Settings;
import io.crmsdk.sync.Write;
import io.crmsdk.sync.Written;
import io.crmsdk.time.TimeConvention;
import io.crmsdk.time.TimeException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of a query as the source of a pair: each row is a record under the value of one column, each other column is a field of
 * that name. Only reads, in a read-only transaction that is rolled back, in constant memory.
 *
 * <p>Numbers keep their digits. A date is ISO 8601 text, {@code 2025-11-27}; a moment is RFC 3339 text in UTC. A moment of a column
 * without time zone is read by the declared convention; without one the listing is refused with the column's name, since a zone is
 * never guessed. So are columns of bytes and of types that have no text; leave them out of the query or cast them.
 *
 * <p>A row without an id is not passed over: the listing ends with an error, since who is absent from a complete listing counts as
 * deleted. A listing is one statement, so it sees one state of the database; it cannot go on in another process. The driver is the
 * host's to bring. Thread-safe.
 */
public final class JdbcConnector implements Connector {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcConnector.class);
    private static final int PAGE = 500;

    private final Database database;
    private final String query;
    private final String id;
    private final @Nullable TimeConvention times;
    private final Capabilities capabilities;
    private @Nullable Listing listing;

    /** Opens a connection of its own. */
    private interface Database {
        Connection connect() throws SQLException;
    }

    /** A listing that has come so far. */
    private record Listing(
            Connection connection, PreparedStatement statement, ResultSet rows, Columns columns, long at) {
        Listing after(int records) {
            return new Listing(connection, statement, rows, columns, at + records);
        }
    }

    private JdbcConnector(Builder builder) {
        database = builder.database;
        query = builder.query;
        id = builder.id;
        times = builder.times;
        capabilities = Capabilities.builder(builder.system, builder.instance, builder.object)
                .pageSize(PAGE)
                .build();
    }

    /**
     * A connector of a query.
     *
     * @param database where it runs; each listing takes a connection and gives it back at its end
     * @param query one SELECT without a semicolon, for example {@code SELECT number, name, mail FROM customers WHERE active = 1}
     * @param id the name of the column whose value names the record; upper and lower case do not matter
     */
    public static Builder builder(DataSource database, String query, String id) {
        return new Builder(Objects.requireNonNull(database, "database")::getConnection, query, id);
    }

    /**
     * A connector as settings describe it; docs/sync.md has the keys.
     *
     * @throws io.crmsdk.sync.SyncException {@code SETTINGS} with file, line and key
     */
    public static JdbcConnector of(Settings settings) {
        String url = settings.text("url");
        if (!url.startsWith("jdbc:")) {
            throw settings.problem("url", "expected the address of a database, which begins with jdbc:");
        }
        if (url.toLowerCase(Locale.ROOT).contains("password=")) {
            throw settings.problem("url", "holds a password; state it as password: env:NAME or file:PATH");
        }
        String user = settings.text("user", "");
        Supplier<String> password = settings.has("password") ? settings.secret("password") : () -> "";
        Builder builder = new Builder(
                () -> DriverManager.getConnection(url, access(user, password)),
                settings.text("query"),
                settings.text("id"));
        builder.object(settings.text("system"), settings.text("instance", ""), settings.text("object"));
        if (settings.has("time")) {
            try {
                builder.times(TimeConvention.of(settings.text("time")));
            } catch (TimeException e) {
                throw settings.problem("time", String.valueOf(e.getMessage()));
            }
        }
        return builder.build();
    }

    private static Properties access(String user, Supplier<String> password) {
        Properties access = new Properties();
        if (!user.isEmpty()) {
            access.setProperty("user", user);
            access.setProperty("password", password.get());
        }
        return access;
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public synchronized Page list(@Nullable String next, int limit) {
        try {
            Listing from = next == null ? begin() : goOn(next);
            List<RemoteRecord> records = new ArrayList<>();
            while (records.size() < limit) {
                if (!from.rows().next()) {
                    close();
                    return Page.last(records);
                }
                records.add(from.columns().record(from.rows(), from.at() + records.size() + 1));
            }
            Listing now = from.after(records.size());
            listing = now;
            return Page.of(records, String.valueOf(now.at()));
        } catch (SQLException e) {
            close();
            throw failed(e);
        } catch (ConnectorException e) {
            close();
            throw e;
        }
    }

    private Listing begin() throws SQLException {
        close();
        Connection connection = database.connect();
        try {
            onlyRead(connection, true);
            PreparedStatement statement = connection.prepareStatement(query);
            statement.setFetchSize(PAGE);
            ResultSet rows = statement.executeQuery();
            Listing begun =
                    new Listing(connection, statement, rows, Columns.of(rows.getMetaData(), connection, id, times), 0);
            listing = begun;
            return begun;
        } catch (SQLException | RuntimeException e) {
            giveBack(connection);
            throw e;
        }
    }

    private Listing goOn(String next) {
        Listing open = listing;
        if (open == null || !next.equals(String.valueOf(open.at()))) {
            throw new ConnectorException(
                    Cause.DOWN,
                    "JDBC_LISTING_ENDED",
                    "the listing of " + capabilities.objectType()
                            + " was interrupted and cannot go on, since the rows may have changed; start a new one",
                    null,
                    null);
        }
        return open;
    }

    /** Runs the query for one row. */
    @Override
    public synchronized Found fetch(String wanted) {
        try {
            Connection connection = database.connect();
            try {
                onlyRead(connection, true);
                return find(connection, wanted);
            } finally {
                giveBack(connection);
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** SQLite's driver cannot change it on an open connection; the database can. */
    private static void onlyRead(Connection connection, boolean only) throws SQLException {
        if (Columns.isSqlite(connection)) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA query_only = " + (only ? "ON" : "OFF"));
            }
        } else {
            connection.setReadOnly(only);
        }
        connection.setAutoCommit(!only);
    }

    private Found find(Connection connection, String wanted) throws SQLException {
        String column;
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setMaxRows(1);
            try (ResultSet rows = statement.executeQuery()) {
                column = Columns.of(rows.getMetaData(), connection, id, times).quotedId();
            }
        }
        String product = connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
        String text = product.contains("mysql") || product.contains("mariadb") ? "CHAR(255)" : "VARCHAR(255)";
        String sql = "SELECT * FROM (" + query + ") crm_row WHERE CAST(" + column + " AS " + text + ") = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, wanted);
            try (ResultSet rows = statement.executeQuery()) {
                Columns columns = Columns.of(rows.getMetaData(), connection, id, times);
                for (long row = 1; rows.next(); row++) {
                    RemoteRecord record = columns.record(rows, row);
                    // Many databases hold K1 and k1 for equal; as ids they are two.
                    if (record.id().equals(wanted)) {
                        return new Found.Present(record);
                    }
                }
            }
        }
        return new Found.Gone();
    }

    @Override
    public List<Written> write(List<Write> writes) {
        throw new ConnectorException(Cause.BUG, "READ_ONLY", "a query is only read; nothing was written", null, null);
    }

    /** The driver's words can hold values, so only its codes are told; the cause has the rest. */
    private ConnectorException failed(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        Cause kind = state.startsWith("28") || state.equals("42501")
                ? Cause.PERMISSION
                : state.startsWith("42") ? Cause.DATA : Cause.DOWN;
        String advice = kind == Cause.PERMISSION
                ? "grant the account SELECT, or correct user and password"
                : kind == Cause.DATA ? "correct the query" : "try again when the database answers";
        return new ConnectorException(
                kind,
                "JDBC_READ",
                "the database refused to read " + capabilities.objectType() + ": SQLState " + state + ", error "
                        + e.getErrorCode() + "; nothing was taken: " + advice,
                null,
                e);
    }

    /** Lets go of the connection. */
    @Override
    public synchronized void close() {
        Listing open = listing;
        listing = null;
        if (open != null) {
            giveBack(open.connection());
        }
    }

    /** Nothing was written, so nothing is lost if this fails too. */
    private static void giveBack(Connection connection) {
        try (connection) {
            connection.rollback();
            onlyRead(connection, false);
        } catch (SQLException e) {
            LOG.debug("a connection that was only read from did not close: SQLState {}", e.getSQLState());
        }
    }

    /** Collects what a connector needs. Not thread-safe. */
    public static final class Builder {
        private final Database database;
        private final String query;
        private final String id;
        private String system = "jdbc";
        private String instance = "";
        private String object = "row";
        private @Nullable TimeConvention times;

        private Builder(Database database, String query, String id) {
            this.database = database;
            this.query = Objects.requireNonNull(query, "query");
            this.id = Objects.requireNonNull(id, "id");
        }

        /**
         * What the records are called; {@code jdbc}, no instance and {@code row} if not stated.
         *
         * @param system as in {@link io.crmsdk.model.ExternalId#system()}
         * @param instance which one of its kind; may be empty
         * @param objectType as in {@link io.crmsdk.model.ExternalId#objectType()}
         */
        public Builder object(String system, String instance, String objectType) {
            this.system = system;
            this.instance = instance;
            this.object = objectType;
            return this;
        }

        /** How moments of columns without time zone are meant, for example {@code local;zone=Asia/Shanghai}. */
        public Builder times(TimeConvention convention) {
            this.times = Objects.requireNonNull(convention, "convention");
            return this;
        }

        /** The connector; nothing is connected yet. */
        public JdbcConnector build() {
            return new JdbcConnector(this);
        }
    }
}
