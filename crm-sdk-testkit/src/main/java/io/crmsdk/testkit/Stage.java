package io.crmsdk.testkit;

import io.crmsdk.CrmException;
import io.crmsdk.store.Store;
import io.crmsdk.sync.Capabilities;
import io.crmsdk.sync.Connector;
import io.crmsdk.sync.DeadLetter;
import io.crmsdk.sync.Fields;
import io.crmsdk.sync.SyncPair;
import io.crmsdk.sync.SyncPlan;
import io.crmsdk.sync.SyncReport;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.h2.jdbcx.JdbcConnectionPool;
import org.jspecify.annotations.Nullable;

/** What one check plays on: a world, the door before it, the other system, and the engine with its books. Used by one thread. */
final class Stage implements AutoCloseable {
    private static final int RUNS_TO_REST = 8;

    final ConnectorWorld world;
    final FaultyDoor door;
    /** In memory: a trial ends no process, and hundreds of its runs would wait for the disk. */
    private final JdbcConnectionPool books = JdbcConnectionPool.create(
            "jdbc:h2:mem:trial-" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=10000", "", "");

    private final Store store = Store.builder(books).build();
    private final boolean comesIn;
    private Shelf shelf = new Shelf();
    private String pair = "";
    private int pairs;
    private int numbers;
    private List<DeadLetter> letters = List.of();

    /** @param comesIn whether the world is the source of the pair; else it is the target */
    Stage(ConnectorWorld world, boolean comesIn) {
        this.world = world;
        this.comesIn = comesIn;
        this.door = new FaultyDoor(world.address());
        begin();
    }

    /** A new pair with an empty other side. */
    void begin() {
        pair = "trial-" + ++pairs;
        shelf = new Shelf();
        letters = List.of();
    }

    Shelf shelf() {
        return shelf;
    }

    /** A number that no record had before. */
    int number() {
        return ++numbers;
    }

    Capabilities capabilities() {
        try (Connector connector = world.connect(door.address())) {
            return connector.capabilities();
        }
    }

    /** How a run ended: with a report, or by saying what went wrong. */
    record Ending(@Nullable SyncReport report, @Nullable CrmException failure) {
        /** Whether it says that everything was brought over. */
        boolean claimsAll() {
            return report != null && report.isComplete() && report.stopped().isEmpty() && report.stale() == 0;
        }

        private boolean rests() {
            return report != null && claimsAll() && report.written() + report.adopted() == 0;
        }

        @Override
        public String toString() {
            return failure == null ? String.valueOf(report) : failure.code() + ": " + failure.getMessage();
        }
    }

    /** One run of a new process: nothing but the books is left of those before. */
    Ending run() {
        return run(() -> {});
    }

    /** As {@link #run()}, with something that happens between looking and doing. */
    Ending run(Runnable beforeApply) {
        try (Connector theirs = new SmallPages(world.connect(door.address()))) {
            SyncPair synced = SyncPair.builder(pair, store)
                    .source(comesIn ? theirs : shelf)
                    .target(comesIn ? shelf : theirs)
                    .build();
            try {
                SyncPlan plan = synced.plan();
                beforeApply.run();
                return new Ending(synced.apply(plan.hash()), null);
            } finally {
                letters = synced.deadLetters(1000);
            }
        } catch (CrmException e) {
            return new Ending(null, e);
        }
    }

    /** Runs on a good day until there is nothing left to do. */
    void settle() {
        door.heal();
        Ending ending = run();
        for (int i = 1; i < RUNS_TO_REST && !ending.rests(); i++) {
            ending = run();
        }
        require(ending.rests(), "on a good day there is soon nothing left to write, got " + ending);
    }

    /** The records of the source that were reported as not brought over. */
    Set<String> reported() {
        Set<String> items = new HashSet<>();
        letters.forEach(letter -> items.add(letter.item().substring(2)));
        return items;
    }

    static void require(boolean holds, String promise) {
        if (!holds) {
            throw new AssertionError("expected: " + promise);
        }
    }

    /** Whether the values that are there are the same. */
    static boolean isSame(@Nullable Fields one, @Nullable Fields other) {
        return SmallPages.filled(one).equals(SmallPages.filled(other));
    }

    @Override
    public void close() {
        door.close();
        store.close();
        world.close();
        try (Connection connection = books.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SHUTDOWN");
        } catch (SQLException e) {
            throw new IllegalStateException("the trial's books could not be closed", e);
        }
        books.dispose();
    }
}
