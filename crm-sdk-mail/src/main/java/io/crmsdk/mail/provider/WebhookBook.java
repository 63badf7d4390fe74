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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What came by webhook: each call with its raw bytes, and each event once. */
final class WebhookBook {
    private WebhookBook() {}

    /**
     * Keeps a call, if it is not kept yet.
     *
     * @return when it was kept first, by the database's clock in microseconds
     * @throws Refused {@code REPLAYED} if a key that may be used once comes with other bytes
     */
    static long keepCall(Connection connection, String provider, Report report, byte[] body, long nowUs)
            throws SQLException, Refused {
        String digest = hash(body);
        String key = key(report, body);
        Known known = find(connection, provider, key);
        if (known != null) {
            if (report.singleUse() && !known.digest().equals(digest)) {
                throw new Refused("REPLAYED");
            }
            return known.receivedUs();
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
        return nowUs;
    }

    private static String key(Report report, byte[] body) {
        return hash(report.key() == null ? body : report.key().getBytes(StandardCharsets.UTF_8));
    }

    /** Those events of a call that are not in the book, each once, in their order. */
    static List<Report.Entry> unknown(Connection connection, String provider, Report report) throws SQLException {
        Map<String, Report.Entry> unknown = new LinkedHashMap<>();
        for (Report.Entry entry : report.entries()) {
            if (!isKnown(connection, provider, entry)) {
                unknown.putIfAbsent(entry.key(), entry);
            }
        }
        return List.copyOf(unknown.values());
    }

    /** Enters events, and returns those that were not there, in their order. */
    static List<Report.Entry> enter(
            Connection connection, String provider, Report report, byte[] body, List<Report.Entry> entries)
            throws SQLException {
        List<Report.Entry> fresh = new ArrayList<>();
        for (Report.Entry entry : entries) {
            if (!isKnown(connection, provider, entry)) {
                enter(connection, provider, key(report, body), entry);
                fresh.add(entry);
            }
        }
        return fresh;
    }

    private record Known(String digest, long receivedUs) {}

    private static @Nullable Known find(Connection connection, String provider, String key) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT digest, received_us FROM crm_webhook WHERE provider = ? AND call_key = ?")) {
            select.setString(1, provider);
            select.setString(2, key);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? new Known(row.getString(1), row.getLong(2)) : null;
            }
        }
    }

    private static boolean isKnown(Connection connection, String provider, Report.Entry entry) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT 1 FROM crm_webhook_event WHERE provider = ? AND event_key = ?")) {
            select.setString(1, provider);
            select.setString(2, hash(entry.key().getBytes(StandardCharsets.UTF_8)));
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    private static void enter(Connection connection, String provider, String call, Report.Entry entry)
            throws SQLException {
        WebhookEvent event = entry.event();
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO crm_webhook_event (provider, event_key, call_key, kind,"
                        + " message_id, at_us) VALUES (?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, provider);
            insert.setString(2, hash(entry.key().getBytes(StandardCharsets.UTF_8)));
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
