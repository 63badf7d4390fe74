package io.crmsdk.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.CrmException;
import io.crmsdk.store.Store;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random histories of two systems that are edited, synced both ways over faulty connections and killed at any durable step:
 * whatever the order of events, both end with the same records, none lost and none twice, and a further run writes nothing.
 */
class SyncSimulationTest {
    private static final String[] PATHS = {"name", "email", "city"};
    private static JdbcConnectionPool pool;
    private static Store store;

    @BeforeAll
    static void open() {
        pool = JdbcConnectionPool.create("jdbc:h2:mem:simulation;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=10000", "", "");
        store = Store.builder(pool).build();
    }

    @AfterAll
    static void close() {
        store.close();
        pool.dispose();
    }

    @Test
    void forty_random_histories_end_alike_F805_F812_F814_F816() {
        for (long seed = 1; seed <= 40; seed++) {
            new History(seed).play();
        }
    }

    @Test
    @Tag("slow")
    void many_random_histories_end_alike_F805_F812_F814_F816() {
        long from = Long.getLong("crmsdk.sync.seed", 1000);
        for (long seed = from; seed < from + Integer.getInteger("crmsdk.sync.histories", 1000); seed++) {
            new History(seed).play();
        }
    }

    private static final class History {
        private final long seed;
        private final Random random;
        private final FakeSystem crm = new FakeSystem();
        private final FakeSystem erp = new FakeSystem();
        private final Set<String> born = new HashSet<>();
        private final Set<String> dead = new HashSet<>();
        /** Deleted while a killed run had made it on the other side and not noted it yet: it may come back. */
        private final Set<String> early = new HashSet<>();

        private int number;

        private History(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
        }

        private void play() {
            try {
                for (int round = 0; round < 4; round++) {
                    edits(1 + random.nextInt(6));
                    run(0.06, 1 + random.nextInt(40));
                }
                settle();
                check();
            } catch (CrmException | AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }

        private FakeConnector connector(FakeSystem system, String name, double faults) {
            Capabilities.Builder can = FakeConnector.full(name).overlap(Duration.ofSeconds(2));
            if (seed % 2 == 0) {
                can.keys(Capabilities.Keys.SEARCH, Duration.ZERO);
            }
            return new FakeConnector(system, can.build(), random, faults);
        }

        private SyncPair pair(double faults, Setup.Steps steps) {
            return SyncPair.builder("sim-" + seed, store)
                    .source(connector(crm, "crm", faults))
                    .target(connector(erp, "erp", faults))
                    .bothWays()
                    .policy(FieldPolicy.SOURCE_WINS)
                    .steps(steps)
                    .build();
        }

        private void edits(int count) {
            for (int i = 0; i < count; i++) {
                FakeSystem system = random.nextBoolean() ? crm : erp;
                List<FakeSystem.Row> live =
                        system.rows.values().stream().filter(row -> !row.gone).toList();
                int what = random.nextInt(10);
                if (live.isEmpty() || what < 3) {
                    String mark = "m" + number++;
                    born.add(mark);
                    system.put((system == crm ? "c" : "e") + mark, "mark", mark, "name", "n" + mark, "city", "Bonn");
                } else if (what < 9) {
                    FakeSystem.Row row = live.get(random.nextInt(live.size()));
                    system.put(row.id, PATHS[random.nextInt(3)], "v" + random.nextInt(1000));
                } else {
                    FakeSystem.Row row = live.get(random.nextInt(live.size()));
                    (isLinked(row.id) ? dead : early).add(row.fields.text("mark"));
                    system.delete(row.id);
                }
            }
        }

        private boolean isLinked(String id) {
            return store.read(connection -> {
                try (PreparedStatement statement = connection.prepareStatement(
                        "SELECT COUNT(*) FROM crm_sync_link WHERE pair = ? AND (source_id = ? OR target_id = ?)")) {
                    statement.setString(1, "sim-" + seed);
                    statement.setString(2, id);
                    statement.setString(3, id);
                    try (ResultSet row = statement.executeQuery()) {
                        row.next();
                        return row.getLong(1) > 0;
                    }
                }
            });
        }

        /** A run over faulty connections that is killed at a step, if it gets that far. */
        private void run(double faults, int killAt) {
            int[] step = {0};
            SyncPair pair = pair(faults, name -> {
                if (++step[0] == killAt) {
                    throw new SyncPairContract.Killed();
                }
                if (random.nextInt(30) == 0) {
                    edits(1);
                }
            });
            try {
                SyncPlan plan = pair.plan();
                if (plan.isHeld()) {
                    pair.approve(plan.hash(), plan.changes(), "sim");
                }
                pair.apply(plan.hash());
            } catch (SyncPairContract.Killed | ConnectorException e) {
                // The next run goes on from what is durable.
                return;
            } catch (SyncException e) {
                assertThat(e.code()).isEqualTo("SYNC_IN_DOUBT");
            }
        }

        private void settle() {
            SyncPair pair = pair(0, name -> {});
            store.inTransaction(connection -> io.crmsdk.store.internal.Sql.update(
                    connection, "UPDATE crm_sync_dead SET next_us = 0 WHERE pair = ?", "sim-" + seed));
            for (int i = 0; i < 8; i++) {
                SyncPlan plan = pair.plan();
                if (plan.isHeld()) {
                    pair.approve(plan.hash(), plan.changes(), "sim");
                }
                SyncReport report = pair.apply(plan.hash());
                if (i > 1 && report.written() + report.adopted() + report.stale() == 0 && report.isComplete()) {
                    return;
                }
            }
            throw new AssertionError("two quiet systems are still written");
        }

        private void check() {
            Map<String, Fields> ours = byMark(crm);
            Map<String, Fields> theirs = byMark(erp);

            assertThat(ours).as("both sides hold the same").isEqualTo(theirs);
            Set<String> alive = new HashSet<>(born);
            alive.removeAll(dead);
            Set<String> there = new HashSet<>(ours.keySet());
            there.removeAll(early);
            alive.removeAll(early);
            assertThat(there)
                    .as("nothing lost, nothing that was deleted came back")
                    .isEqualTo(alive);
        }

        private Map<String, Fields> byMark(FakeSystem system) {
            Map<String, Fields> found = new HashMap<>();
            List<String> twice = new ArrayList<>();
            for (FakeSystem.Row row : system.rows.values()) {
                if (!row.gone && found.put(row.fields.text("mark"), row.fields) != null) {
                    twice.add(row.fields.text("mark"));
                }
            }
            assertThat(twice).as("made twice").isEmpty();
            return found;
        }
    }
}
