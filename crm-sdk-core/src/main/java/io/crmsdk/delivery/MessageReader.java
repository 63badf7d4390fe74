package io.crmsdk.delivery;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads messages back; one that cannot be read is left out. The recipients of a read message are those of its deliveries, which live in their own rows. */
final class MessageReader {
    private static final Logger LOG = LoggerFactory.getLogger(MessageReader.class);
    private static final int CHUNK = 200;

    private static final String SELECT = "SELECT id, idem_key, channel, kind, scope, priority, media_type, attributes,"
            + " content, not_before_us, expires_us FROM crm_message WHERE id IN (";

    Map<String, Message> read(Connection connection, Collection<String> ids) throws SQLException {
        Map<String, Message> messages = new HashMap<>();
        List<String> all = new ArrayList<>(ids);
        for (int from = 0; from < all.size(); from += CHUNK) {
            List<String> chunk = all.subList(from, Math.min(from + CHUNK, all.size()));
            Map<String, List<String>> recipients = recipients(connection, chunk);
            read(connection, chunk, recipients, messages);
        }
        return messages;
    }

    private static void read(
            Connection connection,
            List<String> ids,
            Map<String, List<String>> recipients,
            Map<String, Message> messages)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SELECT + Sql.marks(ids.size()) + ")")) {
            bind(statement, ids);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String id = row.getString(1);
                    try {
                        messages.put(id, message(row, recipients.getOrDefault(id, List.of())));
                    } catch (RuntimeException e) {
                        // Written by a newer version, or damaged: the caller sets it aside, the others go on.
                        LOG.warn("message {} cannot be read", id, e);
                    }
                }
            }
        }
    }

    private static Message message(ResultSet row, List<String> recipients) throws SQLException {
        MessageKind kind = MessageKind.valueOf(row.getString(4));
        String key = row.getString(2);
        String scope = row.getString(5);
        Message.Builder builder = kind == MessageKind.MARKETING && scope != null
                ? Message.marketing(key, scope)
                : Message.transactional(key);
        builder.channel(row.getString(3))
                .priority(Priority.valueOf(row.getString(6)))
                .content(row.getString(7), row.getBytes(9))
                .to(recipients);
        Attributes.read(row.getString(8)).forEach(builder::attribute);
        long notBefore = row.getLong(10);
        if (!row.wasNull()) {
            builder.notBefore(Micros.instant(notBefore));
        }
        long expires = row.getLong(11);
        if (!row.wasNull()) {
            builder.expires(Micros.instant(expires));
        }
        return builder.build();
    }

    private static Map<String, List<String>> recipients(Connection connection, List<String> ids) throws SQLException {
        Map<String, List<String>> recipients = new HashMap<>();
        String select = "SELECT message_id, recipient FROM crm_delivery WHERE message_id IN (" + Sql.marks(ids.size())
                + ") ORDER BY message_id, ordinal";
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            bind(statement, ids);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    recipients
                            .computeIfAbsent(row.getString(1), id -> new ArrayList<>())
                            .add(row.getString(2));
                }
            }
        }
        return recipients;
    }

    private static void bind(PreparedStatement statement, List<String> values) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            statement.setString(i + 1, values.get(i));
        }
    }
}
