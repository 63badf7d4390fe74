package io.crmsdk.mail.provider;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came by webhook: each call with its raw bytes, and each event once. */
final class WebhookBook {
    private WebhookBook() {}

    /**
     * Keeps a call and its events.
     *
     * @return the events that were not known, in their order
     * @throws Refused {@code REPLAYED} if a key that may be used once comes with other bytes
     */
    static List<Report.Entry> keep(Connection connection, String provider, Report report, byte[] body, long nowUs)
            throws SQLException, Refused {
        String digest = hash(body);
        String key = hash(report.key() == null ? body : report.key().getBytes(StandardCharsets.UTF_8));
        String known = digestOf(connection, provider, key);
        if (known != null) {
            if (report.singleUse() && !known.equals(digest)) {
                throw new Refused("REPLAYED");
            }
            return List.of();
        }
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO crm_webhook (provider, call_key, digest, body, received_us) VALUES (?, ?, ?, ?, ?)")) {
            insert.setString(1, provider);
            insert.setString(2, key);
            insert.setString(3, digest);
            insert.setBytes(4, body);
            insert.setLong(5, nowUs);
            insert.executeUpdate();
        }
        List<Report.Entry> fresh = new ArrayList<>();
        for (Report.Entry entry : report.entries()) {
            if (keep(connection, provider, key, entry)) {
                fresh.add(entry);
            }
        }
        return fresh;
    }

    private static @Nullable String digestOf(Connection connection, String provider, String key) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT digest FROM crm_webhook WHERE provider = ? AND call_key = ?")) {
            select.setString(1, provider);
            select.setString(2, key);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    private static boolean keep(Connection connection, String provider, String call, Report.Entry entry)
            throws SQLException {
        String key = hash(entry.key().getBytes(StandardCharsets.UTF_8));
        try (PreparedStatement select =
                connection.prepareStatement("SELECT 1 FROM crm_webhook_event WHERE provider = ? AND event_key = ?")) {
            select.setString(1, provider);
            select.setString(2, key);
            try (ResultSet row = select.executeQuery()) {
                if (row.next()) {
                    return false;
                }
            }
        }
        WebhookEvent event = entry.event();
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO crm_webhook_event (provider, event_key, call_key, kind,"
                        + " message_id, at_us) VALUES (?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, provider);
            insert.setString(2, key);
            insert.setString(3, call);
            insert.setString(4, event.type().text());
            insert.setString(5, cut(event.messageId()));
            if (event.at() == null) {
                insert.setNull(6, java.sql.Types.BIGINT);
            } else {
                insert.setLong(6, event.at().toEpochMilli() * 1000);
            }
            insert.executeUpdate();
        }
        return true;
    }

    private static @Nullable String cut(@Nullable String text) {
        return text == null || text.length() <= 255 ? text : text.substring(0, 255);
    }

    static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
