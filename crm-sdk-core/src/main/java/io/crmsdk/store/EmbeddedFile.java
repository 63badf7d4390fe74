package io.crmsdk.store;

import io.crmsdk.store.internal.Dialect;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is asked of every embedded file before it is trusted; each refusal names the file. */
final class EmbeddedFile {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedFile.class);

    private EmbeddedFile() {}

    /** A driver that reads settings behind this character would open another file than the one named. */
    static void requirePlainName(Path file, char reserved) {
        if (file.toString().indexOf(reserved) >= 0) {
            throw new StoreException(
                    "STORE_URL", file + ": expected a file name without '" + reserved + "'; choose another name", null);
        }
    }

    /** A new file is made only where nothing says that there was one. */
    static void requireNothingLost(Path file, Path log, boolean mustExist) {
        if (mustExist) {
            throw new StoreException(
                    "STORE_FILE_MISSING", "there is no store " + file + ", and none was made; look at the path", null);
        }
        if (Files.exists(log)) {
            throw new StoreException(
                    "STORE_FILE_MISSING",
                    file + " is missing but its log " + log.getFileName()
                            + " is there, so it was moved or deleted; nothing was made in its place. Bring it back",
                    null);
        }
        Path folder = file.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new StoreException(
                    "STORE_FILE_MISSING", "there is no folder " + folder + "; make it, or look at the path", null);
        }
    }

    static void requireWritableContent(Path file) {
        if (Files.isDirectory(file)) {
            throw new StoreException("STORE_URL", file + ": expected a file, got a folder", null);
        }
        Path folder = file.getParent();
        boolean writable = Files.isWritable(file) && folder != null && Files.isWritable(folder);
        if (!Files.isReadable(file) || !writable) {
            throw readOnly(file, null);
        }
        if (size(file) == 0) {
            throw new StoreException(
                    "STORE_FILE_EMPTY",
                    file + " has no bytes, which a store never has: it was cut off. Restore a backup; if it never held"
                            + " anything, delete it",
                    null);
        }
    }

    private static StoreException readOnly(Path file, @Nullable SQLException cause) {
        return new StoreException(
                "STORE_READ_ONLY",
                file + " cannot be written by this process; nothing was changed. Look at the rights of the file and its"
                        + " folder, and at the mount",
                cause);
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new StoreException("STORE_UNREACHABLE", file + " cannot be looked at", e);
        }
    }

    static void requireSetting(Path file, String setting, String expected, String got) {
        if (!expected.equalsIgnoreCase(got)) {
            if (setting.equals("READONLY")) {
                throw readOnly(file, null);
            }
            throw new StoreException(
                    "STORE_UNSAFE_SETTINGS",
                    file + ": expected " + setting + " " + expected + ", got " + got
                            + "; with it acknowledged commits could be lost. Put the file on a local file system",
                    null);
        }
    }

    /** An error while the file was opened, told so that a person knows which file and what to do. */
    static StoreException unusable(Path file, Dialect dialect, SQLException cause) {
        return switch (dialect.failure(cause)) {
            case READ_ONLY -> readOnly(file, cause);
            case CORRUPT ->
                new StoreException(
                        "STORE_CORRUPT",
                        file + " is damaged or is no " + dialect.folder()
                                + " database; it was not changed, and nothing was"
                                + " made in its place. Copy it away as it is, then restore the last backup",
                        cause);
            case IN_USE, BUSY ->
                new StoreException(
                        "STORE_IN_USE",
                        file
                                + " is held by another process; nothing was changed. Stop the other one, or move to a server"
                                + " database if both must run",
                        cause);
            default ->
                new StoreException(
                        "STORE_UNREACHABLE",
                        file + " could not be opened (error " + cause.getErrorCode() + ", SQLState "
                                + cause.getSQLState() + "); nothing was changed",
                        cause);
        };
    }

    static StoreException corrupt(Path file, Dialect dialect, @Nullable SQLException cause) {
        return new StoreException(
                "STORE_CORRUPT",
                file + " is damaged or is no " + dialect.folder()
                        + " database; it was not changed, and nothing was made in"
                        + " its place. Copy it away as it is, then restore the last backup",
                cause);
    }

    /** Gives a finished file its name without ever replacing one, and makes the name as durable as the content. */
    static void putInPlace(Path finished, Path file) throws IOException {
        try {
            Files.createLink(file, finished);
        } catch (UnsupportedOperationException e) {
            Files.move(finished, file);
        } catch (FileAlreadyExistsException e) {
            throw e;
        }
        force(file.getParent());
    }

    private static void force(@Nullable Path folder) {
        if (folder == null) {
            return;
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Windows cannot open a folder; it writes names through by itself.
            LOG.debug("the folder of a new store could not be forced to disk: {}", e.toString());
        }
    }

    static void deleteQuietly(Path file) {
        for (String suffix : new String[] {"", "-wal", "-shm"}) {
            try {
                Files.deleteIfExists(file.resolveSibling(file.getFileName() + suffix));
            } catch (IOException e) {
                LOG.warn("a file could not be deleted: {}", e.toString());
            }
        }
    }
}
