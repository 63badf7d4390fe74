package io.crmsdk.benchmarks.consent;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.crmsdk.consent.ConsentDecision;
import io.crmsdk.consent.ConsentEvent;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.ConsentPolicy;
import io.crmsdk.consent.ConsentView;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.Rank;
import io.crmsdk.consent.Scope;
import io.crmsdk.store.Store;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;

/**
 * What a consent decision costs beside the bare query of one indexed row, on the same connection in the same run, while the
 * ledger grows. Medians of alternating rounds after others that only warm up, in microseconds. From 100,000 events on rows are copied, not recorded.
 *
 * <p>Arguments: {@code sqlite|postgresql}, then the numbers of events at which to measure, ascending.
 */
public final class DecisionCost {
    private static final Scope NEWS = Scope.of("marketing/newsletter");
    private static final int CHUNK = 1000;
    private static final int ROUNDS = 21;
    private static final int WARMING = 20;
    private static final int SINGLE = 2000;
    private static final int BATCH = 500;
    private static final int RECORDED = 100_000;

    private final Store store;
    private final ConsentLedger ledger;
    private final Random random = new Random(1);
    private int events;

    private DecisionCost(Store store) {
        this.store = store;
        this.ledger = ConsentLedger.builder(store)
                .policy(ConsentPolicy.defaults().withMinimum(Rank.ASSERTED))
                .open();
    }

    /** Runs and prints one line a size. */
    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("sqlite")) {
            try (Store store = Store.sqlite(Files.createTempDirectory("consent").resolve("crm.db"))) {
                new DecisionCost(store).run(arguments);
            }
        } else {
            try (EmbeddedPostgres server = EmbeddedPostgres.builder()
                            .setServerConfig("fsync", "on")
                            .setServerConfig("synchronous_commit", "on")
                            .start();
                    HikariDataSource pool = pool(server);
                    Store store = Store.builder(pool).build()) {
                new DecisionCost(store).run(arguments);
            }
        }
    }

    private static HikariDataSource pool(EmbeddedPostgres server) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(server.getJdbcUrl("postgres", "postgres"));
        return new HikariDataSource(config);
    }

    private void run(String[] arguments) {
        for (String size : Arrays.asList(arguments).subList(1, arguments.length)) {
            long began = System.nanoTime();
            int before = events;
            int until = Integer.parseInt(size);
            fill(Math.min(until, RECORDED));
            double seconds = (System.nanoTime() - began) / 1e9;
            System.out.printf(
                    "%s, %,d events (%,.0f /s recorded)%n", store.engine(), until, (events - before) / seconds);
            if (until > events) {
                copy(until);
                System.out.printf("  copied in %.0f s%n", (System.nanoTime() - began) / 1e9 - seconds);
            }
            store.read(this::measure);
        }
    }

    private static ContactKey contact(int number) {
        return ContactKey.email("p" + number + "@example.com");
    }

    /** Two events a contact: a claim, and for one in ten an opt-out, else a second claim. */
    private void fill(int until) {
        while (events < until) {
            List<ConsentEvent> chunk = new ArrayList<>();
            for (int i = 0; i < CHUNK; i += 2) {
                int number = (events + i) / 2;
                ContactKey key = contact(number);
                chunk.add(ledger.system("crm").asserted("r" + number, "1", key, NEWS, null, null));
                chunk.add(
                        number % 10 == 0
                                ? ledger.person("link").unsubscribe(key, NEWS, null)
                                : ledger.system("crm")
                                        .asserted("r" + number, "2", key, Scope.of("survey"), null, null));
            }
            ledger.recordAll(chunk);
            events += CHUNK;
        }
    }

    /**
     * Fills up without the ledger: rows as those of the first two contacts, under other keys. What a decision reads is as the
     * ledger would have written it, with its seal; the chain of the copied events is not theirs.
     */
    private void copy(int until) {
        int from = events;
        store.inTransaction(connection -> {
            copyEvents(connection, from, until);
            copyKeys(connection, from, until);
            copyEntries(connection, from);
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("UPDATE crm_consent_head SET position = " + until + " WHERE id = 1");
            }
            return until;
        });
        events = until;
        store.read(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("ANALYZE");
                return 0;
            }
        });
    }

    private static void copyEvents(Connection connection, int from, int until) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO crm_consent_event (position, id, kind, body, content_hash, chain, stamp, recorded_us)"
                        + " WITH RECURSIVE n(i) AS (SELECT " + (from + 1) + " UNION ALL SELECT i + 1 FROM n WHERE i < "
                        + until
                        + ") SELECT n.i, 'copy:' || (1000000000 + n.i), e.kind, e.body, e.content_hash, e.chain,"
                        + " e.stamp, e.recorded_us FROM n JOIN crm_consent_event e ON e.position = 3 + n.i % 2")) {
            statement.executeUpdate();
        }
    }

    private void copyKeys(Connection connection, int from, int until) throws SQLException {
        String no = state(connection, 0);
        String yes = state(connection, 1);
        record Copy(String key, String family, int number) {}
        List<Copy> copies = new ArrayList<>();
        for (int number = from / 2; number < until / 2; number++) {
            ContactKey key = contact(number);
            copies.add(new Copy(
                    ledger.hashed(key).text(), ledger.hashed(key.family()).text(), number));
        }
        copies.sort(Comparator.comparing(Copy::key));
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO crm_consent_key (key_id, state, seal, changed, channel, address, family_id)"
                        + " VALUES (?, ?, ?, ?, 'email', ?, ?)")) {
            int waiting = 0;
            for (Copy copy : copies) {
                String state = copy.number % 10 == 0 ? no : yes;
                statement.setString(1, copy.key);
                statement.setString(2, state);
                statement.setString(3, seal(copy.key, state));
                statement.setLong(4, 2L * copy.number + 2);
                statement.setString(5, contact(copy.number).address());
                statement.setString(6, copy.family);
                statement.addBatch();
                if (++waiting % CHUNK == 0) {
                    statement.executeBatch();
                }
            }
            statement.executeBatch();
        }
    }

    private String state(Connection connection, int number) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT state FROM crm_consent_key WHERE key_id = ?")) {
            statement.setString(1, ledger.hashed(contact(number)).text());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    /** As the ledger makes it; a row with another one is not believed, and {@link #measure} would find nobody allowed. */
    private static String seal(String key, String state) {
        CRC32C sum = new CRC32C();
        sum.update((key + "\n" + state).getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(sum.getValue());
    }

    private static void copyEntries(Connection connection, int from) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String back : List.of("1", "0")) {
                for (int wide = 0; wide < 2; wide++) {
                    String key = wide == 0 ? "key_id" : "family_id";
                    statement.executeUpdate(
                            "INSERT INTO crm_consent_entry (key_id, wide, position) SELECT " + key + ", "
                                    + wide + ", changed - " + back + " FROM crm_consent_key WHERE changed > " + from
                                    + " ORDER BY " + key);
                }
            }
        }
    }

    private Void measure(Connection connection) throws SQLException {
        double[] bare = new double[ROUNDS];
        double[] whole = new double[ROUNDS];
        double[] decided = new double[ROUNDS];
        double[] bareBatch = new double[ROUNDS];
        double[] wholeBatch = new double[ROUNDS];
        double[] decidedBatch = new double[ROUNDS];
        for (int every = 0; every < WARMING + ROUNDS; every++) {
            int round = every % ROUNDS;
            List<ContactKey> keys = someContacts(SINGLE);
            List<String> ids =
                    keys.stream().map(key -> ledger.hashed(key).text()).toList();
            bare[round] = time(SINGLE, () -> {
                for (String id : ids) {
                    query(connection, List.of(id));
                }
            });
            whole[round] = time(SINGLE, () -> {
                for (String id : ids) {
                    wholeQuery(connection, List.of(id));
                }
            });
            decided[round] = time(SINGLE, () -> {
                for (ContactKey key : keys) {
                    ConsentDecision decision =
                            ledger.decide(connection, NEWS, List.of(key)).get(key);
                    if (decision.verdict() == ConsentDecision.Verdict.HOLD) {
                        throw new IllegalStateException("a row that the ledger does not believe");
                    }
                }
            });
            bareBatch[round] = time(1, () -> query(connection, ids.subList(0, BATCH)));
            wholeBatch[round] = time(1, () -> wholeQuery(connection, ids.subList(2 * BATCH, 3 * BATCH)));
            decidedBatch[round] = time(1, () -> ledger.decide(connection, NEWS, keys.subList(BATCH, 2 * BATCH)));
        }
        print("one contact", decided, bare);
        print("one contact, with all that it must know in the bare query too", decided, whole);
        print("500 contacts, one statement", decidedBatch, bareBatch);
        print("500 contacts, with all that it must know in the bare query too", decidedBatch, wholeBatch);
        System.out.printf("  cached: %.2f us of CPU%n", cached(connection));
        return null;
    }

    private List<ContactKey> someContacts(int count) {
        List<ContactKey> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            keys.add(contact(random.nextInt(events / 2)));
        }
        return keys;
    }

    private static void query(Connection connection, List<String> ids) throws SQLException {
        String marks = String.join(", ", Collections.nCopies(ids.size(), "?"));
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT key_id, state FROM crm_consent_key WHERE key_id IN (" + marks + ")")) {
            for (int i = 0; i < ids.size(); i++) {
                statement.setString(i + 1, ids.get(i));
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    if (rows.getString(2).isEmpty()) {
                        throw new IllegalStateException("a row without a state");
                    }
                }
            }
        }
    }

    /** All that a decision has to know of the database, in one statement, and nothing done with it. */
    private static void wholeQuery(Connection connection, List<String> ids) throws SQLException {
        String marks = String.join(", ", Collections.nCopies(ids.size(), "?"));
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT k.key_id, k.state, k.seal, k.changed, h.position, h.incarnation, h.held"
                        + " FROM crm_consent_head h LEFT JOIN crm_consent_key k ON k.key_id IN (" + marks
                        + ") WHERE h.id = 1")) {
            for (int i = 0; i < ids.size(); i++) {
                statement.setString(i + 1, ids.get(i));
            }
            try (ResultSet rows = statement.executeQuery()) {
                boolean first = true;
                while (rows.next()) {
                    if (rows.getString(1).isEmpty()
                            || rows.getString(2).isEmpty()
                            || rows.getString(3).isEmpty()
                            || rows.getLong(4) == 0
                            || (first && rows.getLong(5) + rows.getLong(6) + rows.getLong(7) == 0)) {
                        throw new IllegalStateException("a row without a state");
                    }
                    first = false;
                }
            }
        }
    }

    private double cached(Connection connection) throws SQLException {
        List<ContactKey> keys = someContacts(1000);
        ConsentView view = ledger.view(connection);
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        int allowed = 0;
        for (int round = 0; round < 50; round++) {
            for (ContactKey key : keys) {
                allowed += view.decide(key, NEWS).allowed() ? 1 : 0;
            }
        }
        long before = threads.getCurrentThreadCpuTime();
        for (int round = 0; round < 500; round++) {
            for (ContactKey key : keys) {
                allowed += view.decide(key, NEWS).allowed() ? 1 : 0;
            }
        }
        long spent = threads.getCurrentThreadCpuTime() - before;
        if (allowed == 0) {
            throw new IllegalStateException("nobody was allowed");
        }
        return spent / 1000.0 / 500 / keys.size();
    }

    private static double time(int operations, Work work) throws SQLException {
        long began = System.nanoTime();
        work.run();
        return (System.nanoTime() - began) / 1000.0 / operations;
    }

    private static void print(String what, double[] ours, double[] bare) {
        System.out.printf(
                "  %s: %.1f us, bare query %.1f us, ratio %.2f%n",
                what, median(ours), median(bare), median(ours) / median(bare));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** Something to be timed. */
    @FunctionalInterface
    private interface Work {
        void run() throws SQLException;
    }
}
