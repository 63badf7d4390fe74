package io.crmsdk.consent;

import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One row a key: its state, made again from its events with every event that touches it, and its plain address until it is
 * erased.
 *
 * <p>A row is written by the transaction that adds the event. Whoever hands messages over reads the rows with a lock against
 * that, which is what makes "the opt-out was recorded" and "the message was handed over" happen one after the other.
 */
final class KeyTable {
    private static final List<String> KEY = List.of("key_id");
    private static final List<String> OTHERS = List.of("state", "seal", "changed", "channel", "address", "family_id");
    private static final String SUBJECT = "subject";

    private final Dialect dialect;
    private final Pepper pepper;

    KeyTable(Dialect dialect, Pepper pepper) {
        this.dialect = dialect;
        this.pepper = pepper;
    }

    /** Brings up to date whatever these new events touch: their keys, the contacts of their customers, their families. */
    void refresh(Connection connection, List<Draft> fresh, long position) throws SQLException {
        Map<String, @Nullable ConsentKey> plain = new TreeMap<>();
        Set<String> families = new TreeSet<>();
        for (Draft draft : fresh) {
            draft.keys().forEach((hashed, key) -> {
                if (!(key instanceof HashedKey)) {
                    plain.put(hashed.text(), key);
                } else {
                    plain.putIfAbsent(hashed.text(), null);
                }
            });
            if (draft.event() instanceof OptOut || draft.event() instanceof UnknownEvent) {
                draft.keys().keySet().forEach(key -> addEmail(families, key.text()));
                draft.families().forEach(family -> families.add(family.text()));
            }
        }
        Set<String> affected = new TreeSet<>(plain.keySet());
        affected.addAll(contactsOf(connection, plain.keySet()));
        affected.addAll(membersOf(connection, families));
        write(connection, affected, plain, position);
    }

    private static void addEmail(Set<String> families, String key) {
        if (key.startsWith("e")) {
            families.add(key);
        }
    }

    /** Makes the states of these keys again from their events. */
    void rebuild(Connection connection, Collection<String> keys, long position) throws SQLException {
        write(connection, new TreeSet<>(keys), Map.of(), position);
    }

    /** The events that decide about one key. */
    Events eventsOf(Connection connection, String key, String family) throws SQLException {
        return Objects.requireNonNull(
                eventsOf(connection, Set.of(key), each -> family).get(key));
    }

    /** As {@link #rebuild}, for every key that there is. */
    void rebuildAll(Connection connection, long position) throws SQLException {
        String select = "SELECT key_id FROM crm_consent_key UNION SELECT key_id FROM crm_consent_entry WHERE wide = 0";
        Set<String> all = new TreeSet<>();
        try (PreparedStatement statement = connection.prepareStatement(select);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                all.add(row.getString(1));
            }
        }
        rebuild(connection, all, position);
    }

    /** Which of these keys have a state that is not what their events say. */
    List<String> stale(Connection connection, Collection<String> keys) throws SQLException {
        Map<String, Row> rows = rows(connection, keys, dialect.currentRead());
        Map<String, KeyState> states =
                states(connection, new TreeSet<>(keys), key -> familyOf(key, rows.get(key), null));
        List<String> stale = new ArrayList<>();
        for (String key : keys) {
            String text = states.getOrDefault(key, KeyState.EMPTY).text();
            Row row = rows.get(key);
            boolean same = row == null
                    ? text.equals(KeyState.EMPTY.text())
                    : row.state.equals(text) && row.seal.equals(seal(key, text));
            if (!same) {
                stale.add(key);
            }
        }
        return stale;
    }

    private void write(
            Connection connection,
            Set<String> affected,
            Map<String, ? extends @Nullable ConsentKey> plain,
            long position)
            throws SQLException {
        Map<String, Row> rows = rows(connection, affected, dialect.forUpdate());
        List<Row> changed = new ArrayList<>();
        Map<String, KeyState> states =
                states(connection, affected, key -> familyOf(key, rows.get(key), plain.get(key)));
        for (String key : affected) {
            Row before = rows.get(key);
            Row after = row(key, states.getOrDefault(key, KeyState.EMPTY), before, plain.get(key), position);
            if (before == null || !before.sameBut(after)) {
                changed.add(after);
            }
        }
        Sql.batch(connection, dialect.upsert("crm_consent_key", KEY, OTHERS), changed, KeyTable::bind);
    }

    private Row row(String key, KeyState state, @Nullable Row before, @Nullable ConsentKey plain, long position) {
        String text = state.text();
        String channel = before == null ? channel(plain) : before.channel;
        String address = address(plain);
        return new Row(
                key,
                text,
                seal(key, text),
                position,
                channel.isEmpty() ? channel(plain) : channel,
                address == null && before != null ? before.address : address,
                familyOf(key, before, plain));
    }

    /**
     * Binds a state to its key, so that a row which was altered by hand or torn is not believed. A checksum and no more:
     * whoever can write the table and means harm is not kept out by it, but found by the chain of the events.
     */
    static String seal(String key, String state) {
        CRC32C sum = new CRC32C();
        sum.update(key.getBytes(StandardCharsets.UTF_8));
        sum.update('\n');
        sum.update(state.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(sum.getValue());
    }

    private String familyOf(String key, @Nullable Row row, @Nullable ConsentKey plain) {
        if (plain instanceof ContactKey contact) {
            return pepper.hash(contact.family()).text();
        }
        return row == null ? key : row.family;
    }

    private static String channel(@Nullable ConsentKey plain) {
        if (plain instanceof ContactKey contact) {
            return contact.channel();
        }
        return plain instanceof SubjectKey ? SUBJECT : "";
    }

    private static @Nullable String address(@Nullable ConsentKey plain) {
        if (plain instanceof ContactKey contact) {
            return contact.address();
        }
        return plain instanceof SubjectKey subject ? subject.customerId() : null;
    }

    private Map<String, Row> rows(Connection connection, Collection<String> keys, String lock) throws SQLException {
        Map<String, Row> rows = new HashMap<>();
        String select = "SELECT key_id, state, seal, changed, channel, address, family_id FROM crm_consent_key"
                + " WHERE key_id IN";
        forEach(
                connection,
                select,
                " ORDER BY key_id" + lock,
                keys,
                row -> rows.put(
                        row.getString(1),
                        new Row(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getLong(4),
                                row.getString(5),
                                row.getString(6),
                                row.getString(7))));
        return rows;
    }

    private Set<String> contactsOf(Connection connection, Collection<String> keys) throws SQLException {
        Set<String> contacts = new TreeSet<>();
        forEach(
                connection,
                "SELECT contact_id FROM crm_consent_link WHERE subject_id IN",
                dialect.currentRead(),
                keys.stream().filter(key -> key.startsWith("s")).toList(),
                row -> contacts.add(row.getString(1)));
        return contacts;
    }

    private Set<String> membersOf(Connection connection, Collection<String> families) throws SQLException {
        Set<String> members = new TreeSet<>();
        forEach(
                connection,
                "SELECT key_id FROM crm_consent_key WHERE family_id IN",
                dialect.currentRead(),
                families,
                row -> members.add(row.getString(1)));
        return members;
    }

    Map<String, Set<String>> subjectsOf(Connection connection, Collection<String> contacts) throws SQLException {
        Map<String, Set<String>> subjects = new HashMap<>();
        forEach(
                connection,
                "SELECT contact_id, subject_id FROM crm_consent_link WHERE contact_id IN",
                dialect.currentRead(),
                contacts.stream().filter(key -> !key.startsWith("s")).toList(),
                row -> subjects.computeIfAbsent(row.getString(1), key -> new TreeSet<>())
                        .add(row.getString(2)));
        return subjects;
    }

    private Map<String, KeyState> states(Connection connection, Set<String> keys, Families families)
            throws SQLException {
        Map<String, KeyState> states = new HashMap<>();
        eventsOf(connection, keys, families)
                .forEach((key, events) -> states.put(key, KeyState.of(events.own, events.family)));
        return states;
    }

    /** The events that decide about these keys. */
    Map<String, Events> eventsOf(Connection connection, Set<String> keys, Families families) throws SQLException {
        Map<String, Set<String>> subjects = subjectsOf(connection, keys);
        Set<String> wanted = new TreeSet<>(keys);
        subjects.values().forEach(wanted::addAll);
        keys.forEach(key -> wanted.add(families.of(key)));
        Touching touching = touching(connection, wanted);
        Map<String, Events> found = new HashMap<>();
        for (String key : keys) {
            Set<ConsentEvent> own = new LinkedHashSet<>(touching.direct(key));
            subjects.getOrDefault(key, Set.of()).forEach(subject -> own.addAll(touching.direct(subject)));
            String family = families.of(key);
            Set<ConsentEvent> wide = new LinkedHashSet<>(touching.wide(family));
            if (!family.equals(key)) {
                wide.addAll(touching.direct(family));
            }
            found.put(key, new Events(own, wide));
        }
        return found;
    }

    private Touching touching(Connection connection, Collection<String> keys) throws SQLException {
        Touching touching = new Touching();
        Map<String, ConsentEvent> read = new HashMap<>();
        forEach(
                connection,
                "SELECT e.key_id, e.wide, v.body FROM crm_consent_entry e JOIN crm_consent_event v"
                        + " ON v.position = e.position WHERE e.key_id IN",
                dialect.currentRead(),
                keys,
                row -> touching.add(
                        row.getString(1),
                        row.getInt(2) != 0,
                        read.computeIfAbsent(
                                row.getString(3), body -> EventCodec.read(body).event())));
        return touching;
    }

    private static void forEach(
            Connection connection, String select, String rest, Collection<String> keys, RowReader reader)
            throws SQLException {
        Sql.inChunks(connection, select, rest, List.of(), List.copyOf(keys), statement -> {
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    reader.read(rows);
                }
            }
        });
    }

    private static void bind(PreparedStatement statement, Row row) throws SQLException {
        statement.setString(1, row.key);
        statement.setString(2, row.state);
        statement.setString(3, row.seal);
        statement.setLong(4, row.changed);
        statement.setString(5, row.channel);
        statement.setString(6, row.address);
        statement.setString(7, row.family);
    }

    /** Whose family a key belongs to; itself if it has none. */
    @FunctionalInterface
    interface Families {
        String of(String key);
    }

    /**
     * What decides about one key.
     *
     * @param own what was said of the contact or of a customer it belongs to
     * @param family what was said of other addresses of its family
     */
    record Events(Set<ConsentEvent> own, Set<ConsentEvent> family) {}

    /** Reads one row. */
    @FunctionalInterface
    private interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    private record Row(
            String key,
            String state,
            String seal,
            long changed,
            String channel,
            @Nullable String address,
            String family) {
        boolean sameBut(Row other) {
            return state.equals(other.state)
                    && seal.equals(other.seal)
                    && channel.equals(other.channel)
                    && family.equals(other.family)
                    && Objects.equals(address, other.address);
        }
    }

    /** Events by the key that they touch. */
    private static final class Touching {
        private final Map<String, Set<ConsentEvent>> direct = new LinkedHashMap<>();
        private final Map<String, Set<ConsentEvent>> wide = new LinkedHashMap<>();

        void add(String key, boolean isWide, ConsentEvent event) {
            (isWide ? wide : direct)
                    .computeIfAbsent(key, k -> new LinkedHashSet<>())
                    .add(event);
        }

        Set<ConsentEvent> direct(String key) {
            return direct.getOrDefault(key, Set.of());
        }

        Set<ConsentEvent> wide(String key) {
            return wide.getOrDefault(key, Set.of());
        }
    }
}
