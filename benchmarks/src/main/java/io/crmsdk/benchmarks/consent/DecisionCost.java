package io.crmsdk.benchmarks.consent;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
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
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What a consent decision costs beside the bare query of one indexed row, on the same connection in the same run, while the
 * ledger grows. Medians of alternating rounds, in microseconds.
 *
 * <p>Arguments: {@code sqlite|postgresql}, then the numbers of events at which to measure, ascending.
 */
public final class DecisionCost {
    private static final Scope NEWS = Scope.of("marketing/newsletter");
    private static final int CHUNK = 1000;
    private static final int ROUNDS = 21;
    private static final int SINGLE = 2000;
    private static final int BATCH = 500;

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
            fill(Integer.parseInt(size));
            double seconds = (System.nanoTime() - began) / 1e9;
            System.out.printf(
                    "%s, %,d events (%,.0f /s recorded)%n", store.engine(), events, (events - before) / seconds);
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

    private Void measure(Connection connection) throws SQLException {
        double[] bare = new double[ROUNDS];
        double[] decided = new double[ROUNDS];
        double[] bareBatch = new double[ROUNDS];
        double[] decidedBatch = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            List<ContactKey> keys = someContacts(SINGLE);
            List<String> ids =
                    keys.stream().map(key -> ledger.hashed(key).text()).toList();
            bare[round] = time(SINGLE, () -> {
                for (String id : ids) {
                    query(connection, List.of(id));
                }
            });
            decided[round] = time(SINGLE, () -> {
                for (ContactKey key : keys) {
                    ledger.decide(connection, NEWS, List.of(key));
                }
            });
            bareBatch[round] = time(1, () -> query(connection, ids.subList(0, BATCH)));
            decidedBatch[round] = time(1, () -> ledger.decide(connection, NEWS, keys.subList(BATCH, 2 * BATCH)));
        }
        print("one contact", decided, bare);
        print("500 contacts, one statement", decidedBatch, bareBatch);
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
