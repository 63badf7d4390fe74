package io.crmsdk.store;

import io.crmsdk.store.internal.Dialect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;

/**
 * An H2 file, for hosts whose tests use H2: opened so that a killed process loses nothing, which its defaults do not promise.
 * It still does not survive power loss as SQLite does, since H2 hardly ever forces its file to the disk.
 */
final class H2File implements StoreUrl.Source {
    private final Path file;

    /** @param base the path without {@code .mv.db}, which H2 appends */
    H2File(Path base) {
        Path whole = base.toAbsolutePath().normalize();
        String name = String.valueOf(whole.getFileName());
        this.file = name.endsWith(".mv.db") ? whole : whole.resolveSibling(name + ".mv.db");
    }

    @Override
    public String name() {
        return "h2:" + file;
    }

    @Override
    public boolean remote() {
        return false;
    }

    @Override
    public void prepare(boolean mustExist) {
        EmbeddedFile.requirePlainName(file, ';');
        if (Files.exists(file)) {
            EmbeddedFile.requireWritableContent(file);
        } else {
            EmbeddedFile.requireNothingLost(file, file, mustExist);
        }
        try (Connection connection = open()) {
            String select = "SELECT SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS WHERE SETTING_NAME = 'WRITE_DELAY'";
            EmbeddedFile.requireSetting(file, "WRITE_DELAY", "0", SqliteFile.text(connection, select));
            EmbeddedFile.requireSetting(file, "READONLY", "FALSE", SqliteFile.text(connection, "CALL READONLY()"));
        } catch (SQLException e) {
            throw EmbeddedFile.unusable(file, Dialect.H2, e);
        }
    }

    @Override
    public Connection open() throws SQLException {
        String path = file.toString();
        String base = path.substring(0, path.length() - ".mv.db".length());
        // A trace file would hold statements with their values.
        String settings = ";WRITE_DELAY=0;LOCK_TIMEOUT=10000;TRACE_LEVEL_FILE=0";
        return StoreUrl.connect("jdbc:h2:file:" + base + settings, new Properties());
    }
}
