package io.crmsdk.store;

import io.crmsdk.store.internal.Dialect;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Properties;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Copies of an embedded store, made while it works, and the way back. Nothing is ever overwritten. */
final class SqliteBackup {
    private SqliteBackup() {}

    /** Copies what is committed at one moment, reads the copy back whole, and only then gives it its name. */
    static StoreBackup write(Connection source, Path target) {
        Path file = target.toAbsolutePath().normalize();
        requireFree(file);
        Path fresh = fresh(file);
        try {
            long takenUs = Long.parseLong(SqliteFile.text(source, "SELECT " + Dialect.SQLITE.nowMicros()));
            try (PreparedStatement statement = source.prepareStatement("VACUUM INTO ?")) {
                statement.setString(1, fresh.toString());
                statement.execute();
            }
            try (Connection copy = plain(fresh)) {
                requireWhole(copy, fresh);
                Facts.write(copy, Dialect.SQLITE, Facts.BACKUP_TAKEN_US, takenUs);
            }
            finish(fresh, file);
            return new StoreBackup(file, Instant.EPOCH.plus(takenUs, ChronoUnit.MICROS), Files.size(file));
        } catch (SQLException | IOException e) {
            throw new StoreException(
                    "STORE_BACKUP_FAILED",
                    "no backup was written to " + file
                            + "; the store itself goes on. Look at the folder's rights and space",
                    e);
        } finally {
            EmbeddedFile.deleteQuietly(fresh);
        }
    }

    /** Brings a copy back as a store of its own name, marked as restored. */
    static void restore(Path backup, Path target) {
        Path file = target.toAbsolutePath().normalize();
        requireFree(file);
        requireReadable(backup);
        Path fresh = fresh(file);
        try {
            Files.copy(backup, fresh);
            try (Connection copy = plain(fresh)) {
                requireWhole(copy, backup);
                mark(copy);
            }
            finish(fresh, file);
        } catch (SQLException e) {
            throw EmbeddedFile.unusable(backup, Dialect.SQLITE, e);
        } catch (IOException e) {
            throw new StoreException(
                    "STORE_RESTORE_FAILED",
                    "nothing was restored to " + file
                            + "; the backup is as it was. Look at the folder's rights and space",
                    e);
        } finally {
            EmbeddedFile.deleteQuietly(fresh);
        }
    }

    private static Path fresh(Path file) {
        return file.resolveSibling(file.getFileName() + ".new-" + UUID.randomUUID());
    }

    private static void requireFree(Path file) {
        EmbeddedFile.requirePlainName(file, '?');
        for (String suffix : new String[] {"", "-wal", "-journal"}) {
            Path taken = file.resolveSibling(file.getFileName() + suffix);
            if (Files.exists(taken)) {
                throw new StoreException(
                        "STORE_FILE_EXISTS",
                        taken
                                + " is there, and nothing is ever overwritten; nothing was changed. Stop whoever uses it and"
                                + " move it away with its -wal and -shm, or choose another name",
                        null);
            }
        }
    }

    private static void requireReadable(Path backup) {
        if (!Files.isRegularFile(backup)) {
            throw new StoreException("STORE_FILE_MISSING", "there is no backup " + backup + "; look at the path", null);
        }
        if (Files.exists(backup.resolveSibling(backup.getFileName() + "-wal"))) {
            throw new StoreException(
                    "STORE_IN_USE",
                    backup
                            + " is no finished backup but a store with a log beside it; nothing was restored. Make a backup of"
                            + " it, and restore that",
                    null);
        }
    }

    /** One file and no log, so that the copy is whole when it is closed. */
    private static Connection plain(Path file) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("journal_mode", "DELETE");
        properties.setProperty("synchronous", "FULL");
        return StoreUrl.connect("jdbc:sqlite:" + file, properties);
    }

    private static void requireWhole(Connection copy, Path file) throws SQLException {
        String damage = SqliteFile.text(copy, "PRAGMA integrity_check(1)");
        String tables = SqliteFile.text(
                copy,
                "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('crm_schema', 'crm_store')");
        if (!damage.equals("ok") || !tables.equals("2")) {
            throw new StoreException(
                    "STORE_CORRUPT",
                    file + (damage.equals("ok") ? " is no store of crm-sdk" : " is damaged")
                            + "; nothing was changed. Use" + " another backup",
                    null);
        }
    }

    private static void mark(Connection copy) throws SQLException {
        copy.setAutoCommit(false);
        @Nullable Long before = Facts.number(copy, Facts.INCARNATION);
        Facts.write(copy, Dialect.SQLITE, Facts.INCARNATION, before == null ? 2 : before + 1);
        Facts.write(
                copy,
                Dialect.SQLITE,
                Facts.RESTORED_US,
                Long.parseLong(SqliteFile.text(copy, "SELECT " + Dialect.SQLITE.nowMicros())));
        copy.commit();
        copy.setAutoCommit(true);
    }

    private static void finish(Path fresh, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        try {
            EmbeddedFile.putInPlace(fresh, file);
        } catch (FileAlreadyExistsException e) {
            requireFree(file);
            throw e;
        }
    }
}
