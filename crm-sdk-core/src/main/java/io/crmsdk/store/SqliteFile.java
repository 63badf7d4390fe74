package io.crmsdk.store;

import io.crmsdk.store.internal.Dialect;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.UUID;

/**
 * The embedded default: one SQLite file that keeps what it acknowledged through kill -9 and power loss.
 *
 * <p>A new file is made under another name and put in place whole, so that an empty or half-made file of this name is always
 * the trace of damage, never of a start that was cut short.
 */
final class SqliteFile implements StoreUrl.Source {
    /** Up to this size the whole file is looked through at every start; larger ones by {@link Store#check()}. */
    private static final long READ_WHOLE = 64L << 20;

    private final Path file;

    SqliteFile(Path file) {
        this.file = file.toAbsolutePath().normalize();
    }

    @Override
    public String name() {
        return "sqlite:" + file;
    }

    @Override
    public boolean remote() {
        return false;
    }

    @Override
    public void prepare(boolean mustExist) {
        EmbeddedFile.requirePlainName(file, '?');
        Path log = file.resolveSibling(file.getFileName() + "-wal");
        if (!Files.exists(file)) {
            EmbeddedFile.requireNothingLost(file, log, mustExist);
            create();
        }
        EmbeddedFile.requireWritableContent(file);
        look();
    }

    private void create() {
        Path fresh = file.resolveSibling(file.getFileName() + ".new-" + UUID.randomUUID());
        try {
            try (Connection connection = connect(fresh)) {
                execute(connection, "VACUUM");
            }
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            EmbeddedFile.putInPlace(fresh, file);
        } catch (FileAlreadyExistsException e) {
            // Another process made it in the meantime; theirs is as good as ours.
            return;
        } catch (IOException | SQLException e) {
            throw new StoreException(
                    "STORE_UNREACHABLE", file + " could not be created; look at the folder's rights and space", e);
        } finally {
            EmbeddedFile.deleteQuietly(fresh);
        }
    }

    /** A damaged file must be noticed before anybody trusts what it says. */
    private void look() {
        try (Connection connection = open()) {
            EmbeddedFile.requireSetting(file, "journal_mode", "wal", text(connection, "PRAGMA journal_mode"));
            EmbeddedFile.requireSetting(file, "synchronous", "2", text(connection, "PRAGMA synchronous"));
            text(connection, "SELECT COUNT(*) FROM sqlite_schema");
            if (Files.size(file) <= READ_WHOLE
                    && !text(connection, "PRAGMA quick_check(1)").equalsIgnoreCase("ok")) {
                throw EmbeddedFile.corrupt(file, Dialect.SQLITE, null);
            }
        } catch (IOException e) {
            throw new StoreException("STORE_UNREACHABLE", file + " cannot be looked at; nothing was changed", e);
        } catch (SQLException e) {
            throw EmbeddedFile.unusable(file, Dialect.SQLITE, e);
        }
    }

    @Override
    public Connection open() throws SQLException {
        return connect(file);
    }

    private static Connection connect(Path path) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("journal_mode", "WAL");
        properties.setProperty("synchronous", "FULL");
        properties.setProperty("busy_timeout", "10000");
        properties.setProperty("transaction_mode", "IMMEDIATE");
        properties.setProperty("foreign_keys", "true");
        return StoreUrl.connect("jdbc:sqlite:" + path, properties);
    }

    static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? String.valueOf(row.getString(1)) : "";
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
