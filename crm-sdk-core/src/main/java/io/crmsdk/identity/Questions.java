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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The pairs that people are asked about: kept in step with what is linked and known. */
final class Questions {
    private static final String COLUMNS =
            "record_a, record_b, code, score, why, state, asked_us, author, reason, decided_us";

    private final Dialect dialect;
    private final RecordTable records;
    private final KeyTable keys;
    private final Judge judge;

    Questions(Dialect dialect, RecordTable records, KeyTable keys, MatchRules rules) {
        this.dialect = dialect;
        this.records = records;
        this.keys = keys;
        this.judge = new Judge(rules);
    }

    /** Asks what the seeds leave open, and withdraws what their customers have answered. */
    void update(
            Connection connection,
            Neighbourhood around,
            Map<String, String> customerOf,
            Collection<String> seeds,
            long nowUs)
            throws SQLException {
        Map<String, ReviewItem> known = known(connection, around.inside.keySet());
        Map<String, MatchDecision> wanted = wanted(connection, around, customerOf, seeds);
        Set<String> withdrawn = new LinkedHashSet<>();
        for (ReviewItem item : known.values()) {
            boolean fromSeed = seeds.contains(item.recordA()) || seeds.contains(item.recordB());
            boolean answered = same(customerOf, item.recordA(), item.recordB());
            boolean stale = fromSeed && !wanted.containsKey(item.pair());
            if (item.state() == State.OPEN && (answered || stale)) {
                withdrawn.add(item.pair());
            }
        }
        delete(connection, withdrawn);
        for (Map.Entry<String, MatchDecision> entry : wanted.entrySet()) {
            ask(connection, entry.getKey(), entry.getValue(), known.get(entry.getKey()), nowUs);
        }
    }

    private static boolean same(Map<String, String> customerOf, String a, String b) {
        String customer = customerOf.get(a);
        return customer != null && customer.equals(customerOf.get(b));
    }

    private void ask(Connection connection, String pair, MatchDecision decision, @Nullable ReviewItem known, long nowUs)
            throws SQLException {
        if (known != null) {
            boolean news = !known.why().equals(decision.why());
            if (known.state() == State.NEVER || known.state() == State.ACCEPTED || !news) {
                return;
            }
            delete(connection, List.of(pair));
        }
        Sql.update(
                connection,
                "INSERT INTO crm_review (record_a, record_b, code, score, why, state, asked_us) VALUES (?, ?, ?, ?, ?, ?, ?)",
                pair.substring(0, 36),
                pair.substring(37),
                decision.code(),
                decision.score(),
                String.join("\n", decision.why()),
                State.OPEN.name(),
                nowUs);
    }

    /** Pairs to ask about, by their names. */
    private Map<String, MatchDecision> wanted(
            Connection connection, Neighbourhood around, Map<String, String> customerOf, Collection<String> seeds)
            throws SQLException {
        Map<String, MatchDecision> wanted = new LinkedHashMap<>();
        MatchContext context = around.context();
        for (Neighbourhood.Linked link : around.links.values()) {
            if (!same(customerOf, link.a(), link.b())) {
                StoredRecord a = around.seen.get(link.a());
                StoredRecord b = around.seen.get(link.b());
                if (a != null && b != null) {
                    wanted.put(pair(a.id, b.id), judge.ambiguous(a.evidence(), b.evidence(), context));
                }
            }
        }
        for (String id : seeds) {
            StoredRecord seed = around.seen.get(id);
            if (seed != null) {
                for (StoredRecord other : candidates(connection, around, seed)) {
                    consider(seed, other, customerOf, context, wanted);
                }
            }
        }
        return wanted;
    }

    private void consider(
            StoredRecord a,
            StoredRecord b,
            Map<String, String> customerOf,
            MatchContext context,
            Map<String, MatchDecision> wanted) {
        String ofB = customerOf.getOrDefault(b.id, b.customerId);
        if (a.id.equals(b.id) || ofB.equals(customerOf.getOrDefault(a.id, a.customerId))) {
            return;
        }
        MatchDecision decision = judge.decide(a.evidence(), b.evidence(), context);
        if (decision.verdict() == Verdict.REVIEW) {
            wanted.putIfAbsent(pair(a.id, b.id), decision);
        }
    }

    private Collection<StoredRecord> candidates(Connection connection, Neighbourhood around, StoredRecord seed)
            throws SQLException {
        Set<Long> weak = new TreeSet<>();
        BlockKeys.asked(seed.evidence(), weak::add);
        Set<String> ids = new TreeSet<>();
        for (List<String> sharers :
                keys.sharers(connection, weak, BlockKeys.MOST_IN_WEAK + 1).values()) {
            if (sharers.size() <= BlockKeys.MOST_IN_WEAK) {
                ids.addAll(sharers);
            }
        }
        ids.removeAll(around.seen.keySet());
        Map<String, StoredRecord> found = new LinkedHashMap<>(around.seen);
        found.putAll(records.byIds(connection, ids));
        return found.values();
    }

    static String pair(String a, String b) {
        return a.compareTo(b) < 0 ? a + "-" + b : b + "-" + a;
    }

    private Map<String, ReviewItem> known(Connection connection, Collection<String> ids) throws SQLException {
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

    int inState(Connection connection, State state) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT COUNT(*) FROM crm_review WHERE state = ?")) {
            statement.setString(1, state.name());
            return count(statement);
        }
    }

    static int count(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            rows.next();
            return rows.getInt(1);
        }
    }

    /** The most telling first. */
    List<ReviewItem> ranked(Connection connection, State state, int limit) throws SQLException {
        String sql = "SELECT " + COLUMNS
                + " FROM crm_review WHERE state = ? ORDER BY score DESC, record_a, record_b LIMIT ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, state.name());
            statement.setInt(2, limit);
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
                item.askedAt().getEpochSecond() * 1_000_000 + item.askedAt().getNano() / 1000,
                author,
                reason,
                nowUs);
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
