package io.crmsdk.delivery;

import io.crmsdk.internal.Micros;
import io.crmsdk.internal.TextMap;
import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Stores messages. Who wins a race for a key is decided by the database's own unique key, without an error that would doom
 * the caller's transaction; who won is read back, never inferred from an update count.
 */
final class Enqueuer {
    private static final int CHUNK = 200;
    private static final String KEY =
            "crm_idempotency (idem_key, params_hash, message_id, created_us) VALUES (?, ?, ?, {now})";
    private static final String MESSAGE = "INSERT INTO crm_message (id, idem_key, channel, kind, scope, priority,"
            + " media_type, attributes, content, not_before_us, expires_us, recipients, ordering_key,"
            + " created_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, {now})";
    private static final String DELIVERY =
            "INSERT INTO crm_delivery (id, message_id, ordinal, recipient, waited, created_us,"
                    + " fence, attempts, doubts, repeats) VALUES (?, ?, ?, ?, ?, {now}, 0, 0, 0, 0)";
    private static final String QUEUE = "INSERT INTO crm_delivery_queue (delivery_id, lane, due_us, lease_us, fence,"
            + " state, attempts, doubts, repeats, stumbles, crashes)"
            + " VALUES (?, ?, CASE WHEN ? > {now} THEN ? ELSE {now} END, 0, 0,"
            + " CASE WHEN ? > {now} THEN 'SCHEDULED' ELSE 'QUEUED' END, 0, 0, 0, 0, 0)";

    private static final String WAIT = "INSERT INTO crm_delivery_queue (delivery_id, lane, due_us, lease_us, fence,"
            + " state, attempts, doubts, repeats, stumbles, crashes)"
            + " VALUES (?, ?, {now} + " + Turns.WAITS + ", 0, 0, 'WAITING', 0, 0, 0, 0, 0)";

    private final Dialect dialect;
    private final @Nullable EnqueueAtOnce atOnce;
    private final Turns turns;
    private final Supplier<String> ids;
    private final String insertKey;
    private final String insertMessage;
    private final String insertDelivery;
    private final String insertQueue;
    private final String insertWaiting;

    Enqueuer(Dialect dialect, Turns turns, Supplier<String> ids, boolean portableSql) {
        this.dialect = dialect;
        this.atOnce = dialect == Dialect.POSTGRESQL && !portableSql ? new EnqueueAtOnce(dialect) : null;
        this.turns = turns;
        this.ids = ids;
        this.insertKey = now(KEY);
        this.insertMessage = now(MESSAGE);
        this.insertDelivery = now(DELIVERY);
        this.insertQueue = now(QUEUE);
        this.insertWaiting = now(WAIT);
    }

    private String now(String sql) {
        return sql.replace("{now}", dialect.nowMicros());
    }

    /** A message that has passed validation, with the channel's name and its new id. */
    record Candidate(Message message, String channel, String id, String hash) {}

    Candidate candidate(Message message, String channel) {
        return new Candidate(message, channel, ids.get(), hash(message, channel));
    }

    /** Part of the caller's transaction. One answer for each candidate, in order. */
    List<EnqueueAnswer> insert(Connection connection, List<Candidate> candidates) throws SQLException {
        if (atOnce != null
                && candidates.stream().allMatch(each -> each.message().orderingKey() == null)) {
            List<Candidate> inOrder = inKeyOrder(candidates);
            Set<String> fresh = atOnce.insert(connection, inOrder);
            Set<Candidate> known = new HashSet<>();
            inOrder.stream().filter(each -> !fresh.contains(each.id())).forEach(known::add);
            return answers(connection, candidates, known, new ArrayList<>());
        }
        Set<Candidate> unsure = insertKeys(connection, candidates);
        List<Candidate> fresh = new ArrayList<>();
        List<EnqueueAnswer> answers = answers(connection, candidates, unsure, fresh);
        insertRows(connection, fresh);
        return answers;
    }

    /** Reads who holds the keys that are not surely new, and adds the candidates whose key is theirs to {@code fresh}. */
    private List<EnqueueAnswer> answers(
            Connection connection, List<Candidate> candidates, Set<Candidate> unsure, List<Candidate> fresh)
            throws SQLException {
        Map<String, Holder> holders = holders(connection, List.copyOf(unsure));
        List<EnqueueAnswer> answers = new ArrayList<>();
        for (Candidate candidate : candidates) {
            Holder holder = unsure.contains(candidate)
                    ? holders.get(candidate.message().key())
                    : new Holder(candidate.hash(), candidate.id());
            if (holder == null) {
                throw new SQLException("an idempotency key is neither new nor there; the transaction cannot see it");
            }
            if (holder.messageId().equals(candidate.id())) {
                fresh.add(candidate);
                answers.add(ack(candidate));
            } else {
                answers.add(earlier(candidate, holder));
            }
        }
        return answers;
    }

    private static EnqueueAnswer ack(Candidate candidate) {
        int count = candidate.message().recipients().size();
        List<String> deliveries = IntStream.range(0, count)
                .mapToObj(n -> deliveryId(candidate.id(), n))
                .toList();
        return new EnqueueAnswer.Ack(candidate.message().key(), candidate.id(), deliveries, false);
    }

    private static EnqueueAnswer earlier(Candidate candidate, Holder holder) {
        String key = candidate.message().key();
        if (holder.hash().equals(candidate.hash())) {
            int count = candidate.message().recipients().size();
            List<String> deliveries = IntStream.range(0, count)
                    .mapToObj(n -> deliveryId(holder.messageId(), n))
                    .toList();
            return new EnqueueAnswer.Ack(key, holder.messageId(), deliveries, true);
        }
        return new EnqueueAnswer.Reject(
                key,
                EnqueueAnswer.Reject.IDEMPOTENCY_CONFLICT,
                "the key was used for message " + holder.messageId() + " with parameters " + holder.hash()
                        + "; these parameters are " + candidate.hash() + ". Use another key for another message");
    }

    static String deliveryId(String messageId, int ordinal) {
        return messageId + "." + ordinal;
    }

    /** Gives back those of which an update count does not surely say that their key is new. */
    private Set<Candidate> insertKeys(Connection connection, List<Candidate> candidates) throws SQLException {
        List<Candidate> inOrder = inKeyOrder(candidates);
        int[] counts = Sql.insertNew(dialect, connection, insertKey, inOrder, Enqueuer::bindKey);
        Set<Candidate> unsure = new HashSet<>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != 1) {
                unsure.add(inOrder.get(i));
            }
        }
        return unsure;
    }

    private static void bindKey(PreparedStatement statement, Candidate candidate) throws SQLException {
        statement.setString(1, candidate.message().key());
        statement.setString(2, candidate.hash());
        statement.setString(3, candidate.id());
    }

    /** Two batches that share keys wait for each other in one direction only; the first of equal keys stays first. */
    private static List<Candidate> inKeyOrder(List<Candidate> candidates) {
        return candidates.stream()
                .sorted(Comparator.comparing(candidate -> candidate.message().key()))
                .toList();
    }

    private Map<String, Holder> holders(Connection connection, List<Candidate> candidates) throws SQLException {
        Map<String, Holder> holders = new HashMap<>();
        for (int from = 0; from < candidates.size(); from += CHUNK) {
            List<Candidate> chunk = candidates.subList(from, Math.min(from + CHUNK, candidates.size()));
            String select = "SELECT idem_key, params_hash, message_id FROM crm_idempotency WHERE idem_key IN ("
                    + Sql.marks(chunk.size()) + ")" + dialect.currentRead();
            try (PreparedStatement statement = connection.prepareStatement(select)) {
                for (int i = 0; i < chunk.size(); i++) {
                    statement.setString(i + 1, chunk.get(i).message().key());
                }
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        holders.put(row.getString(1), new Holder(row.getString(2), row.getString(3)));
                    }
                }
            }
        }
        return holders;
    }

    private void insertRows(Connection connection, List<Candidate> fresh) throws SQLException {
        Map<String, Turns.Turn> inLine = takeTurns(connection, fresh);
        Sql.batch(connection, insertMessage, fresh, Enqueuer::bindMessage);
        List<Recipient> recipients = new ArrayList<>();
        for (Candidate candidate : fresh) {
            for (int n = 0; n < candidate.message().recipients().size(); n++) {
                recipients.add(new Recipient(candidate, n, inLine.get(candidate.id())));
            }
        }
        Sql.batch(connection, insertDelivery, recipients, (statement, recipient) -> {
            statement.setString(1, recipient.id());
            statement.setString(2, recipient.of().id());
            statement.setInt(3, recipient.ordinal());
            statement.setString(4, recipient.of().message().recipients().get(recipient.ordinal()));
            if (recipient.waits()) {
                statement.setInt(5, 1);
            } else {
                statement.setNull(5, Types.INTEGER);
            }
        });
        List<Recipient> waiting = recipients.stream().filter(Recipient::waits).toList();
        List<Recipient> due = waiting.isEmpty()
                ? recipients
                : recipients.stream().filter(recipient -> !recipient.waits()).toList();
        Sql.batch(connection, insertQueue, due, (statement, recipient) -> {
            long from = recipient.notBeforeUs();
            statement.setString(1, recipient.id());
            statement.setInt(2, recipient.of().message().priority().lane());
            statement.setLong(3, from);
            statement.setLong(4, from);
            statement.setLong(5, from);
        });
        Sql.batch(connection, insertWaiting, waiting, (statement, recipient) -> {
            statement.setString(1, recipient.id());
            statement.setInt(2, recipient.of().message().priority().lane());
        });
        Turns.insert(
                connection,
                recipients.stream()
                        .flatMap(recipient -> recipient.place().stream())
                        .toList());
    }

    /** By message id, for those that have an ordering key. */
    private Map<String, Turns.Turn> takeTurns(Connection connection, List<Candidate> fresh) throws SQLException {
        List<Turns.Asking> asking = new ArrayList<>();
        for (Candidate candidate : fresh) {
            String key = candidate.message().orderingKey();
            if (key != null) {
                asking.add(new Turns.Asking(candidate.id(), key));
            }
        }
        return asking.isEmpty() ? Map.of() : turns.take(connection, asking);
    }

    private static void bindMessage(PreparedStatement statement, Candidate candidate) throws SQLException {
        Message message = candidate.message();
        statement.setString(1, candidate.id());
        statement.setString(2, message.key());
        statement.setString(3, candidate.channel());
        statement.setString(4, message.kind().name());
        statement.setString(5, message.scope());
        statement.setString(6, message.priority().name());
        statement.setString(7, message.mediaType());
        statement.setString(8, TextMap.write(message.attributes()));
        statement.setBytes(9, message.bytes());
        bind(statement, 10, message.notBefore());
        bind(statement, 11, message.expires());
        statement.setInt(12, message.recipients().size());
        statement.setString(13, message.orderingKey());
    }

    private static void bind(PreparedStatement statement, int index, @Nullable Instant instant) throws SQLException {
        if (instant == null) {
            statement.setNull(index, Types.BIGINT);
        } else {
            statement.setLong(index, Micros.of(instant));
        }
    }

    /** SHA-256 over everything that makes two messages the same; each part is preceded by its length. */
    private static String hash(Message message, String channel) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            DataOutputStream out =
                    new DataOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
            // As it always was for a message without an ordering key: what was stored by an earlier version is still
            // the same.
            String key = message.orderingKey();
            write(out, key == null ? message.kind().name() : message.kind().name() + " in the order of " + key);
            write(out, message.scope());
            write(out, channel);
            out.writeInt(message.recipients().size());
            for (String recipient : message.recipients()) {
                write(out, recipient);
            }
            write(out, message.mediaType());
            write(out, message.notBefore() == null ? null : message.notBefore().toString());
            write(out, message.expires() == null ? null : message.expires().toString());
            write(out, message.fingerprint());
            if (message.fingerprint() == null) {
                write(out, TextMap.write(message.attributes()));
                out.write(message.bytes());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void write(DataOutputStream out, @Nullable String text) throws IOException {
        byte[] bytes = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(text == null ? -1 : bytes.length);
        out.write(bytes);
    }

    /** Who holds a key. */
    private record Holder(String hash, String messageId) {}

    private record Recipient(Candidate of, int ordinal, Turns.@Nullable Turn turn) {
        String id() {
            return deliveryId(of.id(), ordinal);
        }

        boolean waits() {
            return turn != null && turn.waits();
        }

        long notBeforeUs() {
            Instant notBefore = of.message().notBefore();
            return notBefore == null ? 0 : Micros.of(notBefore);
        }

        Optional<Turns.Place> place() {
            return turn == null
                    ? Optional.empty()
                    : Optional.of(new Turns.Place(id(), turn.hash(), turn.place(), notBeforeUs()));
        }
    }
}
