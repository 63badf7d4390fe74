package io.crmsdk.consent;

import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import io.crmsdk.time.HybridClock;
import io.crmsdk.time.HybridTimestamp;
import io.crmsdk.time.TimeException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The events themselves: only ever added, each with its place, its stamp and the hash over all before it.
 *
 * <p>Writers go one at a time: the head is locked from the first write to the commit. So positions have no gaps and are in the
 * order of commits: who sees position n sees every event up to n, and nothing that commits later comes before it.
 */
final class EventLog {
    private static final String INSERT = "INSERT INTO crm_consent_event"
            + " (position, id, kind, body, content_hash, chain, stamp, recorded_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String INSERT_ENTRY =
            "INSERT INTO crm_consent_entry (key_id, wide, position) VALUES (?, ?, ?)";
    private static final String INSERT_EVIDENCE =
            "INSERT INTO crm_consent_evidence (position, salt, content) VALUES (?, ?, ?)";

    private static final int LAST = 1000;

    private final Dialect dialect;
    private final HybridClock stamps;
    private final int node;
    private final KeyTable keys;

    EventLog(Dialect dialect, HybridClock stamps, int node, KeyTable keys) {
        this.dialect = dialect;
        this.stamps = stamps;
        this.node = node;
        this.keys = keys;
    }

    /**
     * Adds what is new, and brings the states of all keys that it touches up to date.
     *
     * @param head locked by the caller in this transaction
     * @param nowUs the database's time
     */
    Appended append(Connection connection, Head head, List<Draft> drafts, long nowUs) throws SQLException {
        Map<String, Known> known = known(connection, drafts);
        Map<String, Placed> placed = new LinkedHashMap<>();
        List<Recorded> answers = new ArrayList<>();
        Head end = head;
        for (Draft draft : drafts) {
            String id = draft.event().id();
            String content = draft.contentHash();
            Known before = known.get(id);
            if (before != null) {
                refuseOtherContent(id, content, before);
                answers.add(new Recorded(id, before.position, false));
                continue;
            }
            Placed next = place(draft, end, content);
            placed.put(id, next);
            known.put(id, new Known(content, next.position));
            answers.add(new Recorded(id, next.position, true));
            end = next.end(head);
        }
        if (!placed.isEmpty()) {
            List<Placed> fresh = List.copyOf(placed.values());
            insert(connection, fresh, nowUs);
            end.write(connection);
            keys.refresh(connection, fresh.stream().map(Placed::draft).toList(), end.position());
        }
        return new Appended(answers, end);
    }

    private static void refuseOtherContent(String id, String content, Known before) {
        if (!before.contentHash.equals(content)) {
            throw new ConsentException(
                    "EVENT_ID_REUSED",
                    "event " + id + " is at position " + before.position + " with other content; nothing was recorded."
                            + " Two acts need two ids");
        }
    }

    private Placed place(Draft draft, Head end, String content) {
        long position = end.position() + 1;
        HybridTimestamp stamp = after(end.stamp());
        String chain = chain(end.chain(), position, draft.event().id(), stamp.toString(), draft.body());
        return new Placed(draft, position, content, chain, stamp);
    }

    static String chain(String before, long position, String id, String stamp, String body) {
        return Digest.of(before, String.valueOf(position), id, stamp, body);
    }

    /** A ledger whose last stamp is far ahead of this node's clock goes on from there: an opt-out is never refused for a clock. */
    private HybridTimestamp after(HybridTimestamp last) {
        try {
            return stamps.update(last);
        } catch (TimeException e) {
            return new HybridTimestamp(last.bits() + 1, node);
        }
    }

    /** Whether the last event is the one that the head speaks of. */
    boolean endsWith(Connection connection, Head head) throws SQLException {
        String select = "SELECT position, id, chain FROM crm_consent_event ORDER BY position DESC LIMIT 1";
        try (PreparedStatement statement = connection.prepareStatement(select);
                ResultSet row = statement.executeQuery()) {
            return row.next()
                    ? row.getLong(1) == head.position()
                            && row.getString(2).equals(head.lastId())
                            && row.getString(3).equals(head.chain())
                    : head.position() == 0;
        }
    }

    /** Whether this ledger has come at least as far as the witness saw it, by the same events. */
    boolean continues(Connection connection, Head head, Witness.Note note) throws SQLException {
        if (head.incarnation() != note.incarnation()) {
            // A ledger that was raised since is past a restore that somebody finished, though its events may be in
            // other places.
            return head.incarnation() > note.incarnation();
        }
        if (head.position() < note.position() || note.position() == 0) {
            return note.position() == 0;
        }
        String select = "SELECT id, chain FROM crm_consent_event WHERE position = ?";
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setLong(1, note.position());
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        && row.getString(1).equals(note.lastId())
                        && row.getString(2).equals(note.chain());
            }
        }
    }

    /** The event with this id as it is recorded; null if there is none. */
    @Nullable
    Recorded find(Connection connection, String id) throws SQLException {
        String select = "SELECT position FROM crm_consent_event WHERE id = ?" + dialect.currentRead();
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setString(1, id);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? new Recorded(id, row.getLong(1), false) : null;
            }
        }
    }

    /** Whether any event touches the key. */
    boolean touches(Connection connection, String key) throws SQLException {
        String select = "SELECT position FROM crm_consent_entry WHERE key_id = ? AND wide = 0 LIMIT 1";
        try (PreparedStatement statement = connection.prepareStatement(select + dialect.currentRead())) {
            statement.setString(1, key);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /** The positions of all events that touch one of these keys. */
    TreeSet<Long> positionsOf(Connection connection, Collection<String> keys) throws SQLException {
        TreeSet<Long> positions = new TreeSet<>();
        Sql.inChunks(
                connection,
                "SELECT position FROM crm_consent_entry WHERE wide = 0 AND key_id IN",
                "",
                List.of(),
                List.copyOf(keys),
                statement -> {
                    try (ResultSet row = statement.executeQuery()) {
                        while (row.next()) {
                            positions.add(row.getLong(1));
                        }
                    }
                });
        return positions;
    }

    /** The keys that the last events touch. */
    Set<String> lastTouched(Connection connection, Head head) throws SQLException {
        Set<String> touched = new TreeSet<>();
        String select = "SELECT DISTINCT key_id FROM crm_consent_entry WHERE position > ?";
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setLong(1, head.position() - LAST);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    touched.add(rows.getString(1));
                }
            }
        }
        return touched;
    }

    private Map<String, Known> known(Connection connection, List<Draft> drafts) throws SQLException {
        Map<String, Known> known = new HashMap<>();
        Sql.inChunks(
                connection,
                "SELECT id, content_hash, position FROM crm_consent_event WHERE id IN",
                dialect.currentRead(),
                List.of(),
                drafts.stream().map(draft -> draft.event().id()).distinct().toList(),
                statement -> {
                    try (ResultSet rows = statement.executeQuery()) {
                        while (rows.next()) {
                            known.put(rows.getString(1), new Known(rows.getString(2), rows.getLong(3)));
                        }
                    }
                });
        return known;
    }

    private static void insert(Connection connection, List<Placed> fresh, long nowUs) throws SQLException {
        Sql.batch(connection, INSERT, fresh, (statement, event) -> {
            statement.setLong(1, event.position);
            statement.setString(2, event.draft.event().id());
            statement.setString(3, EventCodec.kind(event.draft.event()));
            statement.setString(4, event.draft.body());
            statement.setString(5, event.content);
            statement.setString(6, event.chain);
            statement.setString(7, event.stamp.toString());
            statement.setLong(8, nowUs);
        });
        List<Entry> entries = new ArrayList<>();
        for (Placed event : fresh) {
            event.draft.keys().keySet().forEach(key -> entries.add(new Entry(key.text(), false, event.position)));
            event.draft.families().forEach(key -> entries.add(new Entry(key.text(), true, event.position)));
        }
        Sql.batch(connection, INSERT_ENTRY, entries, EventLog::bind);
        List<Placed> proven =
                fresh.stream().filter(event -> event.draft.evidence() != null).toList();
        Sql.batch(connection, INSERT_EVIDENCE, proven, EventLog::bindEvidence);
    }

    private static void bind(PreparedStatement statement, Entry entry) throws SQLException {
        statement.setString(1, entry.key);
        statement.setInt(2, entry.wide ? 1 : 0);
        statement.setLong(3, entry.position);
    }

    private static void bindEvidence(PreparedStatement statement, Placed event) throws SQLException {
        Draft.Proof proof = event.draft.evidence();
        if (proof != null) {
            statement.setLong(1, event.position);
            statement.setString(2, proof.salt());
            statement.setString(3, proof.content());
        }
    }

    /**
     * What adding events came to.
     *
     * @param answers one for each event, in order
     * @param end the head afterwards
     */
    record Appended(List<Recorded> answers, Head end) {}

    private record Known(String contentHash, long position) {}

    private record Entry(String key, boolean wide, long position) {}

    private record Placed(Draft draft, long position, String content, String chain, HybridTimestamp stamp) {
        Head end(Head head) {
            return new Head(position, draft.event().id(), chain, stamp, head.incarnation(), head.held());
        }
    }
}
