package io.crmsdk.identity;

import io.crmsdk.identity.ReviewItem.State;
import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The pairs that people are asked about: kept in step with what is linked and known. */
final class Questions {
    private static final String COLUMNS =
            "record_a, record_b, code, score, why, state, asked_us, author, reason, decided_us";

    private static final String CUSTOMERS =
            " JOIN crm_record a ON a.id = r.record_a JOIN crm_record b ON b.id = r.record_b WHERE r.state = 'OPEN'";

    private final Dialect dialect;
    private final RecordTable records;
    private final KeyTable keys;
    private final MatchRules rules;
    private final Judge judge;

    Questions(Dialect dialect, RecordTable records, KeyTable keys, MatchRules rules) {
        this.dialect = dialect;
        this.records = records;
        this.keys = keys;
        this.rules = rules;
        this.judge = new Judge(rules);
    }

    /**
     * Asks what is open between some records and all others, and withdraws what is no longer.
     *
     * @param asked whose pairs are all looked at
     * @param touched whose open questions may weigh less or fall away, though nothing new is asked about them
     */
    void update(
            Connection connection,
            Neighbourhood around,
            Map<String, String> customerOf,
            Set<String> asked,
            Filing.Touched touched,
            long nowUs)
            throws SQLException {
        Set<String> told = touched.told();
        Known known = new Known(connection, records, keys, rules, around.seen);
        known.learn(touched.sharers());
        Map<String, Asked> wanted = new LinkedHashMap<>();
        for (StoredRecord one : known.records(asked).values()) {
            ask(known, one, known.candidates(one.evidence()), customerOf, wanted);
        }
        Set<String> concerned = new TreeSet<>(around.inside.keySet());
        concerned.addAll(asked);
        concerned.addAll(told);
        Map<String, ReviewItem> present = present(connection, concerned);
        Set<String> withdrawn = new LinkedHashSet<>();
        for (ReviewItem item : present.values()) {
            if (item.state() == State.OPEN && !wanted.containsKey(item.pair())) {
                boolean all = asked.contains(item.recordA()) || asked.contains(item.recordB());
                boolean again = told.contains(item.recordA()) || told.contains(item.recordB());
                if (again && !all) {
                    askAgain(known, item, customerOf, wanted);
                }
                boolean stays = !all && !again && !isAnswered(known, item, customerOf);
                if (!stays && !wanted.containsKey(item.pair())) {
                    withdrawn.add(item.pair());
                }
            }
        }
        delete(connection, withdrawn);
        for (Asked question : wanted.values()) {
            write(connection, question, present.get(question.pair()), nowUs);
        }
    }

    /** What is asked about two records. */
    private record Asked(StoredRecord a, StoredRecord b, MatchDecision decision) {
        String pair() {
            return Questions.pair(a.id, b.id);
        }

        Rank rank() {
            return Rank.of(decision.score(), SourceRecord.name(a.origin), SourceRecord.name(b.origin));
        }
    }

    private void ask(
            Known known,
            StoredRecord one,
            Collection<String> candidates,
            Map<String, String> customerOf,
            Map<String, Asked> wanted)
            throws SQLException {
        Map<String, StoredRecord> others = new TreeMap<>(known.records(candidates));
        others.keySet().removeIf(id -> id.equals(one.id) || wanted.containsKey(pair(one.id, id)));
        others.values().removeIf(other -> customer(one, customerOf).equals(customer(other, customerOf)));
        List<StoredRecord> compared = new ArrayList<>(others.values());
        compared.add(one);
        MatchContext values = known.values(compared);
        // Names are counted only where it matters how common they are.
        others.values().removeIf(other -> !judge.mayAsk(one.evidence(), other.evidence(), values));
        for (StoredRecord other : others.values()) {
            MatchContext context = known.context(List.of(one, other));
            Judge.Judged judged = judge.judge(one.evidence(), other.evidence(), context);
            if (judged.code().verdict() != Verdict.DISTINCT) {
                MatchDecision decision = judge.question(one.evidence(), other.evidence(), context);
                wanted.put(pair(one.id, other.id), new Asked(one, other, decision));
            }
        }
    }

    private void askAgain(Known known, ReviewItem item, Map<String, String> customerOf, Map<String, Asked> wanted)
            throws SQLException {
        Map<String, StoredRecord> both = known.records(List.of(item.recordA(), item.recordB()));
        StoredRecord a = both.get(item.recordA());
        StoredRecord b = both.get(item.recordB());
        if (a != null && b != null && known.meet(a.evidence(), b.evidence())) {
            ask(known, a, List.of(b.id), customerOf, wanted);
        }
    }

    private static String customer(StoredRecord record, Map<String, String> customerOf) {
        return customerOf.getOrDefault(record.id, record.customerId);
    }

    private static boolean isAnswered(Known known, ReviewItem item, Map<String, String> customerOf)
            throws SQLException {
        Map<String, StoredRecord> both = known.records(List.of(item.recordA(), item.recordB()));
        Set<String> customers = new HashSet<>();
        both.values().forEach(record -> customers.add(customer(record, customerOf)));
        return customers.size() < 2;
    }

    private void write(Connection connection, Asked question, @Nullable ReviewItem present, long nowUs)
            throws SQLException {
        MatchDecision decision = question.decision();
        String a = question.pair().substring(0, 36);
        String b = question.pair().substring(37);
        String why = String.join("\n", decision.why());
        if (present == null) {
            // Somebody else may be asking the same at this moment.
            Sql.insertNew(
                    dialect,
                    connection,
                    "crm_review (record_a, record_b, code, score, why, state, asked_us, tie) VALUES (" + Sql.marks(8)
                            + ")",
                    List.of(decision),
                    (statement, one) -> {
                        statement.setString(1, a);
                        statement.setString(2, b);
                        statement.setString(3, one.code());
                        statement.setDouble(4, one.score());
                        statement.setString(5, why);
                        statement.setString(6, State.OPEN.name());
                        statement.setLong(7, nowUs);
                        statement.setLong(8, question.rank().tie());
                    });
            return;
        }
        boolean news = !present.why().equals(decision.why());
        boolean open = present.state() == State.OPEN;
        boolean weight = !present.code().equals(decision.code()) || present.score() != decision.score();
        if (open && (news || weight) || present.state() == State.REJECTED && news) {
            Sql.update(
                    connection,
                    "UPDATE crm_review SET code = ?, score = ?, why = ?, state = ?, asked_us = ?, tie = ?, author = NULL,"
                            + " reason = NULL, decided_us = NULL WHERE record_a = ? AND record_b = ?",
                    decision.code(),
                    decision.score(),
                    why,
                    State.OPEN.name(),
                    news ? nowUs : micros(present.askedAt()),
                    question.rank().tie(),
                    a,
                    b);
        }
    }

    static String pair(String a, String b) {
        return a.compareTo(b) < 0 ? a + "-" + b : b + "-" + a;
    }

    private Map<String, ReviewItem> present(Connection connection, Collection<String> ids) throws SQLException {
        Map<String, ReviewItem> found = new LinkedHashMap<>();
        for (String column : List.of("record_a", "record_b")) {
            Sql.inChunks(
                    connection,
                    "SELECT " + COLUMNS + " FROM crm_review WHERE " + column + " IN",
                    dialect.currentRead(),
                    List.of(),
                    List.copyOf(ids),
                    statement -> collect(statement).forEach(item -> found.put(item.pair(), item)));
        }
        return found;
    }

    private static void delete(Connection connection, Collection<String> pairs) throws SQLException {
        Sql.batch(
                connection,
                "DELETE FROM crm_review WHERE record_a = ? AND record_b = ?",
                List.copyOf(pairs),
                (statement, pair) -> {
                    statement.setString(1, pair.substring(0, 36));
                    statement.setString(2, pair.substring(37));
                });
    }

    int openFor(Connection connection, String recordId) throws SQLException {
        String sql = "SELECT COUNT(*) FROM crm_review WHERE state = 'OPEN' AND (record_a = ? OR record_b = ?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, recordId);
            statement.setString(2, recordId);
            return count(statement);
        }
    }

    static int count(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            rows.next();
            return rows.getInt(1);
        }
    }

    /** Answered pairs, the most telling first. */
    List<ReviewItem> answered(Connection connection, State state, int limit) throws SQLException {
        String sql = "SELECT " + COLUMNS
                + " FROM crm_review WHERE state = ? ORDER BY score DESC, record_a, record_b LIMIT ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, state.name());
            statement.setInt(2, limit);
            return collect(statement);
        }
    }

    /** Of the open pairs between each two customers the one that stands first, in the order of {@link Rank}. */
    List<ReviewItem> open(Connection connection, int limit) throws SQLException {
        Map<Set<String>, ReviewItem> found = new LinkedHashMap<>();
        int page = Math.max(100, Math.min(limit, 10_000));
        int read = page;
        for (int offset = 0; read == page && found.size() < limit; offset += page) {
            read = open(connection, page, offset, found);
        }
        return found.values().stream().limit(limit).toList();
    }

    private static int open(Connection connection, int limit, int offset, Map<Set<String>, ReviewItem> into)
            throws SQLException {
        String sql = "SELECT " + COLUMNS + ", a.customer_id, b.customer_id FROM crm_review r" + CUSTOMERS
                + " ORDER BY score DESC, tie, record_a, record_b LIMIT ? OFFSET ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, limit);
            statement.setInt(2, offset);
            int read = 0;
            try (ResultSet rows = statement.executeQuery()) {
                for (; rows.next(); read++) {
                    into.putIfAbsent(new TreeSet<>(Set.of(rows.getString(11), rows.getString(12))), read(rows));
                }
            }
            return read;
        }
    }

    /** How many customers there are questions about, two and two. */
    int openPairs(Connection connection) throws SQLException {
        String sql = "SELECT COUNT(*) FROM (SELECT DISTINCT"
                + " CASE WHEN a.customer_id < b.customer_id THEN a.customer_id ELSE b.customer_id END one,"
                + " CASE WHEN a.customer_id < b.customer_id THEN b.customer_id ELSE a.customer_id END other"
                + " FROM crm_review r" + CUSTOMERS + ") pairs";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            return count(statement);
        }
    }

    /** Other open pairs of the same two customers. */
    List<ReviewItem> beside(Connection connection, ReviewItem item) throws SQLException {
        String sql = "SELECT " + COLUMNS + " FROM crm_review r" + CUSTOMERS
                + " AND (r.record_a <> ? OR r.record_b <> ?) AND"
                + " (a.customer_id = ? AND b.customer_id = ? OR b.customer_id = ? AND a.customer_id = ?)";
        StoredRecord a = records.byId(connection, item.recordA());
        StoredRecord b = records.byId(connection, item.recordB());
        if (a == null || b == null) {
            return List.of();
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, item.recordA());
            statement.setString(2, item.recordB());
            statement.setString(3, a.customerId);
            statement.setString(4, b.customerId);
            statement.setString(5, a.customerId);
            statement.setString(6, b.customerId);
            return collect(statement);
        }
    }

    @Nullable
    ReviewItem find(Connection connection, String pair) throws SQLException {
        if (pair.length() != 73) {
            return null;
        }
        String sql = "SELECT " + COLUMNS + " FROM crm_review WHERE record_a = ? AND record_b = ?" + dialect.forUpdate();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, pair.substring(0, 36));
            statement.setString(2, pair.substring(37));
            List<ReviewItem> found = collect(statement);
            return found.isEmpty() ? null : found.get(0);
        }
    }

    /** Keeps the answer, whether the question is still there or was withdrawn by what the answer did. */
    void settle(Connection connection, ReviewItem item, State state, String author, @Nullable String reason, long nowUs)
            throws SQLException {
        delete(connection, List.of(item.pair()));
        Sql.update(
                connection,
                "INSERT INTO crm_review (" + COLUMNS + ") VALUES (" + Sql.marks(10) + ")",
                item.recordA(),
                item.recordB(),
                item.code(),
                item.score(),
                String.join("\n", item.why()),
                state.name(),
                micros(item.askedAt()),
                author,
                reason,
                nowUs);
    }

    private static long micros(Instant at) {
        return at.getEpochSecond() * 1_000_000 + at.getNano() / 1000;
    }

    private static List<ReviewItem> collect(PreparedStatement statement) throws SQLException {
        List<ReviewItem> items = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                items.add(read(rows));
            }
        }
        return items;
    }

    private static ReviewItem read(ResultSet row) throws SQLException {
        long decided = row.getLong(10);
        boolean waits = row.wasNull();
        return new ReviewItem(
                pair(row.getString(1), row.getString(2)),
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getDouble(4),
                List.of(row.getString(5).split("\n")),
                State.valueOf(row.getString(6)),
                Instant.EPOCH.plus(row.getLong(7), ChronoUnit.MICROS),
                row.getString(8),
                row.getString(9),
                waits ? null : Instant.EPOCH.plus(decided, ChronoUnit.MICROS));
    }
}
