package io.crmsdk.followup;

import io.crmsdk.followup.FollowUpCase.Hold;
import io.crmsdk.followup.FollowUpCase.Kind;
import io.crmsdk.internal.Micros;
import io.crmsdk.internal.TextMap;
import io.crmsdk.store.Store;
import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tables of follow-ups. Who changes a row names its fence and raises it, so of two that would move the same follow-up one finds
 * nothing to change.
 */
final class Book {
    /** Later than everything: nobody looks at it. */
    private static final long NEVER = Long.MAX_VALUE;

    /** As late, but of those with an answer on which an engine that knows the definition has to act. */
    private static final long ANSWER_GIVEN = NEVER - 1;

    private static final String OPEN = "state IN ('SCHEDULED', 'AWAITING_ANSWER')";
    private static final String ENTRIES = "SELECT at_us, kind, step, due_us, late, provisional, by_whom, detail"
            + " FROM crm_followup_event WHERE followup_key = ? ORDER BY number";

    private final Store store;
    private final Dialect dialect;
    private final List<String> known;
    private final String inKnown;
    private final Consumer<Noted> listener;

    /** What was written within the transaction that this thread runs; null outside of one that is told about. */
    @SuppressWarnings("ThreadLocalUsage") // one a book: two engines in one process have a listener each
    private final ThreadLocal<@Nullable List<Noted>> noted = new ThreadLocal<>();

    /** @param known references of definitions, which may be none */
    Book(Store store, Collection<String> known, Consumer<Noted> listener) {
        this.store = store;
        this.dialect = Dialect.of(store);
        // No reference is empty.
        this.known = known.isEmpty() ? List.of("") : List.copyOf(known);
        this.inKnown = " IN (" + Sql.marks(this.known.size()) + ")";
        this.listener = listener;
    }

    /** A line of the history of one follow-up. */
    record Noted(String key, FollowUpCase.Entry entry) {}

    /** Like the store's, and the listener hears of every line after the commit. */
    <T extends @Nullable Object> T inTransaction(Store.Work<T> work) {
        List<Noted> lines = new ArrayList<>();
        T result = store.inTransaction(connection -> {
            lines.clear(); // it may run again
            noted.set(lines);
            try {
                return work.run(connection);
            } finally {
                noted.remove();
            }
        });
        lines.forEach(listener);
        return result;
    }

    /** A line of the history to be. */
    record Line(Kind kind, String step, long dueUs, boolean late, boolean provisional, String by, String detail) {
        static Line of(Kind kind, Row row, boolean late, String by, String detail) {
            return new Line(kind, row.step(), row.dueUs(), late, row.provisional(), by, detail);
        }
    }

    /** False if there is one under this key. */
    boolean insert(Connection connection, FollowUpStart start, FollowUp definition, Position first, long nowUs)
            throws SQLException {
        String into =
                "crm_followup (" + Row.COLUMNS + ", next_us, lease_us, created_us) VALUES (" + Sql.marks(22) + ")";
        int[] counts = Sql.insertNew(dialect, connection, into, List.of(start), (statement, s) -> {
            statement.setString(1, s.key());
            statement.setString(2, s.hash());
            statement.setString(3, s.definition());
            statement.setInt(4, definition.version());
            statement.setString(5, definition.reference());
            statement.setString(6, s.subject());
            statement.setString(7, TextMap.write(new TreeMap<>(s.data())));
            statement.setString(8, s.zone().zone().getId());
            statement.setString(9, s.zone().gap().name());
            statement.setString(10, s.zone().overlap().name());
            statement.setString(11, first.state().name());
            statement.setString(12, first.step());
            statement.setLong(13, first.baseUs());
            statement.setLong(14, first.dueUs());
            statement.setInt(15, first.provisional() ? 1 : 0);
            statement.setString(16, null);
            statement.setInt(17, 0);
            statement.setLong(18, 1);
            statement.setString(19, null);
            statement.setLong(20, first.dueUs());
            statement.setLong(21, 0);
            statement.setLong(22, nowUs);
        });
        return counts[0] == 1;
    }

    @Nullable
    Row find(Connection connection, String key) throws SQLException {
        return one(connection, key, "");
    }

    /** Also what others have committed since a transaction of the host's began. */
    @Nullable
    Row current(Connection connection, String key) throws SQLException {
        return one(connection, key, dialect.currentRead());
    }

    /** With its row locked until the transaction ends. */
    @Nullable
    Row lock(Connection connection, String key) throws SQLException {
        return one(connection, key, dialect.forUpdate());
    }

    private static @Nullable Row one(Connection connection, String key, String lock) throws SQLException {
        String select = "SELECT " + Row.COLUMNS + " FROM crm_followup WHERE idem_key = ?" + lock;
        List<Row> rows = rows(connection, select, List.of(key));
        return rows.isEmpty() ? null : rows.get(0);
    }

    private static List<Row> rows(Connection connection, String select, List<?> arguments) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            for (int i = 0; i < arguments.size(); i++) {
                statement.setObject(i + 1, arguments.get(i));
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(Row.read(row));
                }
            }
        }
        return rows;
    }

    private List<Object> withKnown(Object... before) {
        List<Object> arguments = new ArrayList<>(List.of(before));
        arguments.addAll(known);
        return arguments;
    }

    private String dueSelect() {
        return "SELECT " + Row.COLUMNS + " FROM crm_followup WHERE next_us <= ? AND lease_us <= ?"
                + " AND (held IS NULL OR held = 'UNKNOWN_DEFINITION') AND reference" + inKnown;
    }

    /** Whether there is anything to claim; in an embedded file a claim takes the one write lock, so an idle poll only reads. */
    boolean isAnythingDue(Connection connection, long nowUs) throws SQLException {
        return !rows(connection, dueSelect() + " ORDER BY next_us LIMIT 1", withKnown(nowUs, nowUs))
                .isEmpty();
    }

    /** Part of the caller's transaction: nothing may be done with them before its commit. */
    List<Row> claim(Connection connection, int most, String owner, long leaseUs, long nowUs) throws SQLException {
        String select = dueSelect() + " ORDER BY next_us LIMIT " + most + dialect.skipLocked();
        List<Row> claimed = new ArrayList<>();
        for (Row row : rows(connection, select, withKnown(nowUs, nowUs))) {
            int count = Sql.update(
                    connection,
                    "UPDATE crm_followup SET lease_us = ?, owner = ?, held = NULL, fence = fence + 1"
                            + " WHERE idem_key = ? AND fence = ? AND lease_us <= ?",
                    nowUs + leaseUs,
                    owner,
                    row.key(),
                    row.fence(),
                    nowUs);
            if (count == 1) {
                if (row.held() != null) {
                    note(
                            connection,
                            row.key(),
                            Line.of(Kind.RELEASED, row, false, owner, "its definition is known here"),
                            nowUs);
                }
                claimed.add(raised(row));
            }
        }
        return claimed;
    }

    private static Row raised(Row row) {
        return new Row(
                row.key(),
                row.hash(),
                row.definition(),
                row.version(),
                row.reference(),
                row.subject(),
                row.fields(),
                row.zoneId(),
                row.gap(),
                row.overlap(),
                row.state(),
                row.step(),
                row.baseUs(),
                row.dueUs(),
                row.provisional(),
                null,
                row.failures(),
                row.fence() + 1,
                row.answer());
    }

    /** Moves it on and frees it; false if somebody else moved it meanwhile. */
    boolean move(Connection connection, Row row, Position to, long nowUs) throws SQLException {
        boolean ended = to.state().isFinal();
        return Sql.update(
                        connection,
                        "UPDATE crm_followup SET state = ?, step = ?, base_us = ?, due_us = ?, next_us = ?, provisional = ?,"
                                + " held = NULL, answer = NULL, failures = 0, lease_us = 0, owner = NULL, fence = fence + 1"
                                + (ended ? ", ended_us = " + nowUs : "") + " WHERE idem_key = ? AND fence = ?",
                        to.state().name(),
                        to.step(),
                        to.baseUs(),
                        to.dueUs(),
                        ended ? NEVER : to.dueUs(),
                        to.provisional() ? 1 : 0,
                        row.key(),
                        row.fence())
                == 1;
    }

    /** Frees it to be looked at again. */
    boolean postpone(Connection connection, Row row, int failures, long nextUs) throws SQLException {
        return Sql.update(
                        connection,
                        "UPDATE crm_followup SET failures = ?, next_us = ?, lease_us = 0, owner = NULL, fence = fence + 1"
                                + " WHERE idem_key = ? AND fence = ?",
                        failures,
                        nextUs,
                        row.key(),
                        row.fence())
                == 1;
    }

    /** Holds it; what an engine of another version may take stays where it is in time. */
    boolean hold(Connection connection, Row row, Hold why) throws SQLException {
        return Sql.update(
                        connection,
                        "UPDATE crm_followup SET held = ?, lease_us = 0, owner = NULL, fence = fence + 1"
                                + (why == Hold.UNKNOWN_DEFINITION ? "" : ", next_us = " + NEVER)
                                + " WHERE idem_key = ? AND fence = ?",
                        why.name(),
                        row.key(),
                        row.fence())
                == 1;
    }

    /** Keeps an answer for an engine that knows what follows from it; others do not see the follow-up any more. */
    void keepAnswer(Connection connection, Row row, Answer answer) throws SQLException {
        Sql.update(
                connection,
                "UPDATE crm_followup SET answer = ?, next_us = ?, lease_us = 0, owner = NULL, fence = fence + 1"
                        + " WHERE idem_key = ? AND fence = ?",
                answer.name(),
                ANSWER_GIVEN,
                row.key(),
                row.fence());
    }

    /** Those of known definitions with an answer on which nobody acted yet. */
    List<Row> answered(Connection connection, int most) throws SQLException {
        String select = "SELECT " + Row.COLUMNS + " FROM crm_followup WHERE next_us = ? AND held IS NULL AND reference"
                + inKnown + " ORDER BY idem_key LIMIT " + most;
        return rows(connection, select, withKnown(ANSWER_GIVEN));
    }

    /** Lets it go on now, whatever days it rests on. */
    boolean release(Connection connection, Row row, long nowUs) throws SQLException {
        return Sql.update(
                        connection,
                        "UPDATE crm_followup SET held = NULL, next_us = ?, provisional = 0, failures = 0, lease_us = 0,"
                                + " owner = NULL, fence = fence + 1 WHERE idem_key = ? AND fence = ?",
                        row.answer() == null ? Math.max(nowUs, row.dueUs()) : ANSWER_GIVEN,
                        row.key(),
                        row.fence())
                == 1;
    }

    /** Gives it the due time that newly announced days make; an open hold for want of them ends. */
    boolean recomputed(Connection connection, Row row, Delay.Due due) throws SQLException {
        long dueUs = Micros.of(due.at());
        boolean free = row.held() == null || (row.held() == Hold.CALENDAR_NOT_ANNOUNCED && !due.provisional());
        return Sql.update(
                        connection,
                        "UPDATE crm_followup SET due_us = ?, provisional = ?, lease_us = 0, owner = NULL, fence = fence + 1"
                                + (free ? ", held = NULL, next_us = " + dueUs : "")
                                + " WHERE idem_key = ? AND fence = ?",
                        dueUs,
                        due.provisional() ? 1 : 0,
                        row.key(),
                        row.fence())
                == 1;
    }

    /** Open ones of known definitions whose due time rests on days not announced, in the order of keys. */
    List<Row> provisional(Connection connection, String afterKey, int most, long nowUs) throws SQLException {
        String select = "SELECT " + Row.COLUMNS + " FROM crm_followup WHERE " + OPEN
                + " AND provisional = 1 AND answer IS NULL AND idem_key > ? AND lease_us <= ? AND reference" + inKnown
                + " ORDER BY idem_key LIMIT " + most;
        return rows(connection, select, withKnown(afterKey, nowUs));
    }

    /** Due ones that nobody holds and whose definition is not known here. */
    List<Row> unknown(Connection connection, int most, long nowUs) throws SQLException {
        String select = "SELECT " + Row.COLUMNS
                + " FROM crm_followup WHERE next_us <= ? AND lease_us <= ? AND held IS NULL AND " + OPEN
                + " AND reference NOT" + inKnown + " ORDER BY next_us LIMIT " + most;
        return rows(connection, select, withKnown(nowUs, nowUs));
    }

    /** Open ones that nobody holds and that would have been looked at before this instant, or had been answered. */
    List<Row> dueBefore(Connection connection, long us, int most) throws SQLException {
        String select = "SELECT " + Row.COLUMNS + " FROM crm_followup WHERE (next_us <= ? OR next_us = ?)"
                + " AND held IS NULL AND " + OPEN + " ORDER BY next_us LIMIT " + most;
        return rows(connection, select, List.of(us, ANSWER_GIVEN));
    }

    /** Who writes has changed the row within this transaction, so the numbers have no rival. */
    void note(Connection connection, String key, Line line, long nowUs) throws SQLException {
        long number = 1;
        String select = "SELECT MAX(number) FROM crm_followup_event WHERE followup_key = ?";
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setString(1, key);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                number += row.getLong(1);
            }
        }
        Sql.update(
                connection,
                "INSERT INTO crm_followup_event (followup_key, number, at_us, kind, step, due_us, late, provisional, by_whom,"
                        + " detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                key,
                number,
                nowUs,
                line.kind().name(),
                line.step(),
                line.dueUs(),
                line.late() ? 1 : 0,
                line.provisional() ? 1 : 0,
                storable(line.by(), 100),
                storable(line.detail(), 500));
        List<Noted> told = noted.get();
        if (told != null) {
            told.add(new Noted(
                    key,
                    new FollowUpCase.Entry(
                            Micros.instant(nowUs),
                            line.kind(),
                            line.step(),
                            Micros.instant(line.dueUs()),
                            line.late(),
                            line.provisional(),
                            storable(line.by(), 100),
                            storable(line.detail(), 500))));
        }
    }

    /** One line of bounded length, without halves of characters. */
    private static String storable(String text, int longest) {
        StringBuilder cleaned = new StringBuilder();
        text.codePoints()
                .map(c -> Character.isISOControl(c) || (c >= 0xD800 && c <= 0xDFFF) ? ' ' : c)
                .takeWhile(c -> cleaned.length() + Character.charCount(c) <= longest)
                .forEach(cleaned::appendCodePoint);
        return cleaned.toString().strip();
    }

    FollowUpCase withHistory(Connection connection, Row row) throws SQLException {
        List<FollowUpCase.Entry> history = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(ENTRIES)) {
            statement.setString(1, row.key());
            try (ResultSet line = statement.executeQuery()) {
                while (line.next()) {
                    history.add(new FollowUpCase.Entry(
                            Micros.instant(line.getLong(1)),
                            Kind.valueOf(line.getString(2)),
                            line.getString(3),
                            Micros.instant(line.getLong(4)),
                            line.getInt(5) == 1,
                            line.getInt(6) == 1,
                            line.getString(7),
                            line.getString(8)));
                }
            }
        }
        return new FollowUpCase(
                row.key(),
                row.definition(),
                row.version(),
                row.subject(),
                row.held() == null ? row.state() : FollowUpState.HELD,
                row.step(),
                row.state().isFinal() ? null : Micros.instant(row.dueUs()),
                row.provisional(),
                row.held(),
                row.failures(),
                history);
    }

    List<FollowUpCase> list(Connection connection, FollowUpState state, int most) throws SQLException {
        boolean held = state == FollowUpState.HELD;
        String select = "SELECT " + Row.COLUMNS + " FROM crm_followup WHERE "
                + (held ? OPEN + " AND held IS NOT NULL" : "state = ? AND held IS NULL")
                + " ORDER BY due_us, idem_key LIMIT " + most;
        List<FollowUpCase> cases = new ArrayList<>();
        for (Row row : rows(connection, select, held ? List.of() : List.of(state.name()))) {
            cases.add(withHistory(connection, row));
        }
        return cases;
    }

    /** Those that ended before an instant, the oldest first. */
    List<Row> endedBefore(Connection connection, long us, int most) throws SQLException {
        String select = "SELECT " + Row.COLUMNS
                + " FROM crm_followup WHERE ended_us < ? ORDER BY ended_us, idem_key LIMIT " + most;
        return rows(connection, select, List.of(us));
    }

    /** Takes these out with their history. Somebody else may have done so before, and one of these keys may have been started anew. */
    void remove(Connection connection, List<String> keys, long endedBeforeUs) throws SQLException {
        List<String> ended = new ArrayList<>();
        String select = "SELECT idem_key FROM crm_followup WHERE ended_us < ? AND idem_key IN";
        Sql.inChunks(
                connection,
                select,
                " ORDER BY idem_key" + dialect.forUpdate(),
                List.of(endedBeforeUs),
                keys,
                statement -> {
                    try (ResultSet row = statement.executeQuery()) {
                        while (row.next()) {
                            ended.add(row.getString(1));
                        }
                    }
                });
        Sql.updateIn(connection, "DELETE FROM crm_followup_event WHERE followup_key IN", List.of(), ended);
        Sql.updateIn(connection, "DELETE FROM crm_followup WHERE idem_key IN", List.of(), ended);
    }

    FollowUpHealth health(Connection connection, long nowUs, long engineFailures, int stuck, long listenerFailures)
            throws SQLException {
        Map<FollowUpState, Long> counts = new EnumMap<>(FollowUpState.class);
        Map<Hold, Long> heldFor = new EnumMap<>(Hold.class);
        long[] sums = new long[3];
        long oldest = NEVER;
        String select = "SELECT state, held, COUNT(*), SUM(CASE WHEN reference" + inKnown + " THEN 0 ELSE 1 END),"
                + " SUM(provisional), SUM(CASE WHEN failures > 0 THEN 1 ELSE 0 END), MIN(due_us) FROM crm_followup WHERE "
                + OPEN + " GROUP BY state, held";
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            for (int i = 0; i < known.size(); i++) {
                statement.setString(i + 1, known.get(i));
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String held = row.getString(2);
                    FollowUpState state = held == null ? FollowUpState.valueOf(row.getString(1)) : FollowUpState.HELD;
                    counts.merge(state, row.getLong(3), Long::sum);
                    if (held == null) {
                        oldest = Math.min(oldest, row.getLong(7));
                    } else {
                        heldFor.merge(Hold.valueOf(held), row.getLong(3), Long::sum);
                    }
                    for (int i = 0; i < sums.length; i++) {
                        sums[i] += row.getLong(4 + i);
                    }
                }
            }
        }
        return new FollowUpHealth(
                counts,
                oldest <= nowUs ? Duration.between(Micros.instant(oldest), Micros.instant(nowUs)) : null,
                heldFor,
                sums[0],
                sums[1],
                sums[2],
                engineFailures,
                stuck,
                listenerFailures);
    }
}
