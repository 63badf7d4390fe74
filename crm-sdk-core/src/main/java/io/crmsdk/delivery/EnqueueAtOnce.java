package io.crmsdk.delivery;

import io.crmsdk.internal.Micros;
import io.crmsdk.internal.TextMap;
import io.crmsdk.store.internal.Dialect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stores messages without an ordering key on PostgreSQL in one statement, however many: keys, and of those that are new,
 * messages, deliveries and queue rows.
 */
final class EnqueueAtOnce {
    private static final String SQL =
            "WITH t AS MATERIALIZED (SELECT {now} AS us), m AS MATERIALIZED (SELECT * FROM unnest(?::text[], ?::text[],"
                    + " ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::int[], ?::text[], ?::text[], ?::bytea[],"
                    + " ?::bigint[], ?::bigint[], ?::int[]) AS m(id, idem_key, hash, channel, kind, scope, priority, lane,"
                    + " media_type, attributes, content, not_before_us, expires_us, recipients)),"
                    + " k AS (INSERT INTO crm_idempotency (idem_key, params_hash, message_id, created_us)"
                    + " SELECT m.idem_key, m.hash, m.id, t.us FROM m, t ON CONFLICT DO NOTHING RETURNING message_id),"
                    + " f AS MATERIALIZED (SELECT m.* FROM m JOIN k ON k.message_id = m.id COLLATE \"C\"),"
                    + " r AS MATERIALIZED (SELECT r.id, r.message_id, r.ordinal, r.recipient, r.n, f.lane,"
                    + " COALESCE(f.not_before_us, 0) AS due_us FROM unnest(?::text[], ?::text[], ?::int[], ?::text[])"
                    + " WITH ORDINALITY AS r(id, message_id, ordinal, recipient, n) JOIN f ON f.id = r.message_id),"
                    + " messages AS (INSERT INTO crm_message (id, idem_key, channel, kind, scope, priority, media_type,"
                    + " attributes, content, not_before_us, expires_us, recipients, created_us) SELECT f.id, f.idem_key,"
                    + " f.channel, f.kind, f.scope, f.priority, f.media_type, f.attributes, f.content, f.not_before_us,"
                    + " f.expires_us, f.recipients, t.us FROM f, t ORDER BY f.id),"
                    + " deliveries AS (INSERT INTO crm_delivery (id, message_id, ordinal, recipient, created_us,"
                    + " fence, attempts, doubts, repeats) SELECT r.id, r.message_id, r.ordinal, r.recipient, t.us, 0, 0, 0, 0"
                    + " FROM r, t ORDER BY r.n),"
                    // In the order of the call: rows that are due at the same instant are claimed as they lie.
                    + " queue AS (INSERT INTO crm_delivery_queue (delivery_id, lane, due_us, lease_us, fence, state, attempts,"
                    + " doubts, repeats, stumbles, crashes) SELECT r.id, r.lane, GREATEST(r.due_us, t.us), 0, 0,"
                    + " CASE WHEN r.due_us > t.us THEN 'SCHEDULED' ELSE 'QUEUED' END, 0, 0, 0, 0, 0 FROM r, t ORDER BY r.n)"
                    + " SELECT message_id FROM k";

    private final String sql;

    EnqueueAtOnce(Dialect dialect) {
        sql = SQL.replace("{now}", dialect.nowMicros());
    }

    /**
     * Part of the caller's transaction.
     *
     * @param candidates in the order of their keys
     * @return the ids of the messages whose keys were new; nothing was stored of the others
     */
    Set<String> insert(Connection connection, List<Enqueuer.Candidate> candidates) throws SQLException {
        List<Recipient> recipients = new ArrayList<>();
        candidates.stream().sorted((a, b) -> a.id().compareTo(b.id())).forEach(candidate -> {
            List<String> addresses = candidate.message().recipients();
            for (int n = 0; n < addresses.size(); n++) {
                recipients.add(new Recipient(candidate.id(), n, addresses.get(n)));
            }
        });
        Set<String> fresh = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            Columns<Enqueuer.Candidate> of = new Columns<>(connection, statement, 0, candidates);
            of.texts(Enqueuer.Candidate::id);
            of.texts(each -> each.message().key());
            of.texts(Enqueuer.Candidate::hash);
            of.texts(Enqueuer.Candidate::channel);
            of.texts(each -> each.message().kind().name());
            of.texts(each -> each.message().scope());
            of.texts(each -> each.message().priority().name());
            of.integers(each -> each.message().priority().lane());
            of.texts(each -> each.message().mediaType());
            of.texts(each -> TextMap.write(each.message().attributes()));
            of.bytes(each -> each.message().bytes());
            of.longs(each -> micros(each.message().notBefore()));
            of.longs(each -> micros(each.message().expires()));
            of.integers(each -> each.message().recipients().size());
            Columns<Recipient> to = new Columns<>(connection, statement, of.index(), recipients);
            to.texts(each -> Enqueuer.deliveryId(each.messageId(), each.ordinal()));
            to.texts(Recipient::messageId);
            to.integers(Recipient::ordinal);
            to.texts(Recipient::address);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    fresh.add(rows.getString(1));
                }
            }
        }
        return fresh;
    }

    private static @Nullable Long micros(@Nullable Instant instant) {
        return instant == null ? null : Micros.of(instant);
    }

    private record Recipient(String messageId, int ordinal, String address) {}
}
