package io.crmsdk.delivery;

import io.crmsdk.internal.Micros;
import io.crmsdk.internal.TextMap;
import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads messages back; one that cannot be read is left out. The recipients of a read message are those of its deliveries, which live in their own rows. */
final class MessageReader {
    private static final Logger LOG = LoggerFactory.getLogger(MessageReader.class);

    private static final String SELECT = "SELECT id, idem_key, channel, kind, scope, priority, media_type, attributes,"
            + " content, not_before_us, expires_us, recipients, ordering_key FROM crm_message WHERE id IN";

    private final Consumer<Runnable> log;

    /** Logs where it reads. */
    MessageReader() {
        this(Runnable::run);
    }

    /** @param log takes what writes a line of the log */
    MessageReader(Consumer<Runnable> log) {
        this.log = log;
    }

    /** @param ids the messages, each with one of its recipients */
    Map<String, Message> read(Connection connection, Map<String, String> ids) throws SQLException {
        Map<String, Message.Builder> drafts = new LinkedHashMap<>();
        List<String> several = new ArrayList<>();
        Sql.inChunks(connection, SELECT, "", List.of(), List.copyOf(ids.keySet()), statement -> {
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Stored stored = Stored.read(row);
                    readable(stored.id(), () -> drafts.put(stored.id(), stored.draft()));
                    if (stored.recipients() > 1) {
                        several.add(stored.id());
                    }
                }
            }
        });
        Map<String, List<String>> recipients = new HashMap<>();
        ids.forEach((id, recipient) -> recipients.put(id, List.of(recipient)));
        for (String id : several) {
            recipients.put(id, recipients(connection, id));
        }
        Map<String, Message> messages = new HashMap<>();
        drafts.forEach((id, draft) -> readable(
                id,
                () -> messages.put(
                        id, draft.to(recipients.getOrDefault(id, List.of())).build())));
        return messages;
    }

    /** Written by a newer version, or damaged: the caller sets it aside, the others go on. */
    private void readable(String id, Runnable reading) {
        try {
            reading.run();
        } catch (RuntimeException e) {
            log.accept(() -> LOG.warn("message {} cannot be read", id, e));
        }
    }

    private static List<String> recipients(Connection connection, String messageId) throws SQLException {
        List<String> recipients = new ArrayList<>();
        String select = "SELECT recipient FROM crm_delivery WHERE message_id = ? ORDER BY ordinal";
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setString(1, messageId);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    recipients.add(row.getString(1));
                }
            }
        }
        return recipients;
    }

    /** A row as it is, not yet judged; used where it is made, so its array is nobody else's. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Stored(
            String id,
            String key,
            String channel,
            String kind,
            @Nullable String scope,
            String priority,
            String mediaType,
            String attributes,
            byte[] content,
            @Nullable Instant notBefore,
            @Nullable Instant expires,
            int recipients,
            @Nullable String orderingKey) {
        static Stored read(ResultSet row) throws SQLException {
            return new Stored(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    row.getString(6),
                    row.getString(7),
                    row.getString(8),
                    row.getBytes(9),
                    instant(row, 10),
                    instant(row, 11),
                    row.getInt(12),
                    row.getString(13));
        }

        private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
            long micros = row.getLong(column);
            return row.wasNull() ? null : Micros.instant(micros);
        }

        /** Marketing without a scope is refused here too: nothing may lose its consent gate by being read. */
        private Message.Builder builder() {
            return switch (MessageKind.valueOf(kind)) {
                case TRANSACTIONAL -> Message.transactional(key);
                case MARKETING -> Message.marketing(key, scope == null ? "" : scope);
            };
        }

        Message.Builder draft() {
            Message.Builder builder = builder();
            builder.channel(channel).priority(Priority.valueOf(priority)).ownContent(mediaType, content);
            TextMap.read(attributes).forEach(builder::attribute);
            if (notBefore != null) {
                builder.notBefore(notBefore);
            }
            if (expires != null) {
                builder.expires(expires);
            }
            if (orderingKey != null) {
                builder.orderingKey(orderingKey);
            }
            return builder;
        }
    }
}
