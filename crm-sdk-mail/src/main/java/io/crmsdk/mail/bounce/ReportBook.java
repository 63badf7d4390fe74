package io.crmsdk.mail.bounce;

import io.crmsdk.store.Store;
import io.crmsdk.store.StoreException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The mails that came back, each once, with what became of it. */
final class ReportBook {
    private static final int MOST_RUNS = 5;

    private final Store store;

    ReportBook(Store store) {
        this.store = store;
    }

    /**
     * A mail that is kept.
     *
     * @param receivedAt when it was kept first, by the database's clock
     * @param done what became of it; null if that is not done yet
     */
    record Kept(Instant receivedAt, @Nullable String done) {}

    /** The same content is the same mail, whatever happened to its line ends and its end on the way through a mailbox. */
    static String key(byte[] mail) {
        int end = mail.length;
        while (end > 0 && (mail[end - 1] == '\r' || mail[end - 1] == '\n')) {
            end--;
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            int from = 0;
            for (int i = 0; i < end; i++) {
                if (mail[i] == '\r') {
                    digest.update(mail, from, i - from);
                    if (i + 1 >= end || mail[i + 1] != '\n') {
                        digest.update((byte) '\n');
                    }
                    from = i + 1;
                }
            }
            digest.update(mail, from, end - from);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Keeps a mail. Two who keep the same one at once: one of them finds the other's row when it runs again. */
    Kept keep(String key, byte[] mail) {
        for (int run = 1; ; run++) {
            try {
                return store.inTransaction(connection -> keep(connection, key, mail));
            } catch (StoreException e) {
                if (run == MOST_RUNS || !e.code().equals("STORE_DUPLICATE")) {
                    throw e;
                }
            }
        }
    }

    private Kept keep(Connection connection, String key, byte[] mail) throws SQLException {
        Kept known = find(connection, key);
        if (known != null) {
            return known;
        }
        long now = store.nowMicros(connection);
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO crm_report (content_key, received_us, bytes, content) VALUES (?, ?, ?, ?)")) {
            insert.setString(1, key);
            insert.setLong(2, now);
            insert.setInt(3, mail.length);
            insert.setBytes(4, mail);
            insert.executeUpdate();
        }
        return new Kept(instant(now), null);
    }

    private static @Nullable Kept find(Connection connection, String key) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT received_us, outcome FROM crm_report WHERE content_key = ?")) {
            select.setString(1, key);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? new Kept(instant(row.getLong(1)), row.getString(2)) : null;
            }
        }
    }

    /** False if somebody else was done with the same mail first. */
    boolean done(Connection connection, String key, ReportKind kind, TakenReport.Outcome outcome) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE crm_report SET kind = ?, outcome = ? WHERE content_key = ? AND outcome IS NULL")) {
            update.setString(1, kind.word());
            update.setString(2, outcome.name());
            update.setString(3, key);
            return update.executeUpdate() == 1;
        }
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
