package io.crmsdk.benchmarks.delivery;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.crmsdk.delivery.Channel;
import io.crmsdk.delivery.Dispatch;
import io.crmsdk.delivery.DispatchRecipient;
import io.crmsdk.delivery.EnqueueAnswer;
import io.crmsdk.delivery.Evidence;
import io.crmsdk.delivery.Message;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.delivery.Outcome;
import io.crmsdk.delivery.WorkerOptions;
import io.crmsdk.delivery.Workers;
import io.crmsdk.store.Store;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How fast a backlog drains through a channel that costs nothing, beside one hand-written loop on the same database in the
 * same run. The loop does what a careful engineer writes without a library: claim in batches, mark, send, record with a
 * receipt, each batch one transaction, one thread, one table.
 *
 * <p>Arguments: {@code sqlite|postgresql}, messages, rounds.
 */
public final class DeliveryDrain {
    private static final int BATCH = 500;
    private static final byte[] CONTENT = "x".repeat(1024).getBytes(StandardCharsets.UTF_8);

    private final HikariDataSource source;
    private final Store store;
    private final boolean skipLocked;
    private final int messages;

    private DeliveryDrain(HikariDataSource source, boolean skipLocked, int messages) {
        this.source = source;
        this.store = Store.builder(source).build();
        this.skipLocked = skipLocked;
        this.messages = messages;
    }

    /** Runs the drains and prints messages per second. */
    public static void main(String[] arguments) throws Exception {
        String engine = arguments[0];
        int messages = Integer.parseInt(arguments[1]);
        int rounds = Integer.parseInt(arguments[2]);
        EmbeddedPostgres server = engine.equals("postgresql") ? durableServer() : null;
        try (HikariDataSource source = server == null ? sqlite() : pool(server.getJdbcUrl("postgres", "postgres"))) {
            script(source, engine);
            DeliveryDrain drain = new DeliveryDrain(source, server != null, messages);
            for (int round = 1; round <= rounds; round++) {
                String prefix = "round" + round + "-";
                double enqueue = drain.enqueue(prefix);
                DrainCost before = DrainCost.now(source);
                double outbox = drain.drainOutbox();
                String cost = DrainCost.now(source).since(before, messages);
                drain.fillByHand();
                before = DrainCost.now(source);
                double loop = drain.drainByHand();
                String loopCost = DrainCost.now(source).since(before, messages);
                System.out.printf(
                        Locale.ROOT,
                        "%s round %d: enqueueAll %,.0f/s%n  outbox drain %,.0f/s, %s%n  hand-written drain %,.0f/s, %s%n"
                                + "  ratio %.2f%n",
                        engine,
                        round,
                        enqueue,
                        outbox,
                        cost,
                        loop,
                        loopCost,
                        outbox / loop);
            }
        } finally {
            if (server != null) {
                server.close();
            }
        }
    }

    private static EmbeddedPostgres durableServer() throws IOException {
        return EmbeddedPostgres.builder()
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("shared_buffers", "256MB")
                .start();
    }

    private static HikariDataSource sqlite() throws IOException {
        Path file = Files.createTempDirectory("delivery-drain").resolve("outbox.db");
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:sqlite:" + file);
        config.addDataSourceProperty("journal_mode", "WAL");
        config.addDataSourceProperty("synchronous", "FULL");
        config.addDataSourceProperty("busy_timeout", "10000");
        config.addDataSourceProperty("transaction_mode", "IMMEDIATE");
        return new HikariDataSource(config);
    }

    private static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(20);
        return new HikariDataSource(config);
    }

    private static void script(HikariDataSource source, String engine) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            String blob = engine.equals("sqlite") ? "BLOB" : "BYTEA";
            statement.execute("CREATE TABLE hand (id BIGINT PRIMARY KEY, due BIGINT NOT NULL, state INTEGER NOT NULL,"
                    + " content " + blob + " NOT NULL)");
            statement.execute("CREATE INDEX hand_due ON hand (state, due)");
            statement.execute("CREATE TABLE hand_receipt (id BIGINT NOT NULL, reply VARCHAR(200) NOT NULL)");
        }
    }

    private double enqueue(String prefix) {
        long from = System.nanoTime();
        try (Outbox outbox = Outbox.builder(store).channel(new NoChannel()).build()) {
            for (int n = 0; n < messages; n += BATCH) {
                List<Message> batch = IntStream.range(n, Math.min(messages, n + BATCH))
                        .mapToObj(i -> Message.transactional(prefix + i)
                                .to("p" + i + "@example.com")
                                .content("message/rfc822", CONTENT)
                                .build())
                        .toList();
                outbox.enqueueAll(batch);
            }
        }
        return perSecond(from);
    }

    private double drainOutbox() throws InterruptedException {
        try (Outbox outbox = Outbox.builder(store).channel(new NoChannel()).build()) {
            long from = System.nanoTime();
            WorkerOptions options = WorkerOptions.builder()
                    .threads(Integer.getInteger("threads", 32))
                    .claimBatch(BATCH)
                    .build();
            try (Workers workers = outbox.startWorkers(options)) {
                if (!workers.awaitIdle(Duration.ofMinutes(5))) {
                    throw new IllegalStateException("not drained in five minutes");
                }
                return perSecond(from);
            }
        }
    }

    private double perSecond(long from) {
        return messages / ((System.nanoTime() - from) / 1e9);
    }

    private void fillByHand() throws SQLException {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement clear = connection.createStatement();
                    PreparedStatement insert = connection.prepareStatement(
                            "INSERT INTO hand (id, due, state, content) VALUES (?, ?, 0, ?)")) {
                clear.execute("DELETE FROM hand");
                for (int n = 0; n < messages; n++) {
                    insert.setLong(1, n);
                    insert.setLong(2, n);
                    insert.setBytes(3, CONTENT);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            connection.commit();
            connection.setAutoCommit(true);
        }
    }

    private double drainByHand() throws SQLException {
        long from = System.nanoTime();
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            for (List<Long> ids = claimByHand(connection); !ids.isEmpty(); ids = claimByHand(connection)) {
                change(connection, ids, "UPDATE hand SET state = 2 WHERE id = ? AND state = 1");
                connection.commit();
                change(connection, ids, "INSERT INTO hand_receipt (id, reply) VALUES (?, '250 2.0.0 Ok: queued as 1')");
                change(connection, ids, "UPDATE hand SET state = 3 WHERE id = ? AND state = 2");
                connection.commit();
            }
            connection.setAutoCommit(true);
        }
        return perSecond(from);
    }

    private List<Long> claimByHand(Connection connection) throws SQLException {
        List<Long> ids = new ArrayList<>();
        String select = "SELECT id, content FROM hand WHERE state = 0 ORDER BY due LIMIT " + BATCH
                + (skipLocked ? " FOR UPDATE SKIP LOCKED" : "");
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(select)) {
            while (rows.next()) {
                ids.add(rows.getLong(1));
                if (rows.getBytes(2).length != CONTENT.length) {
                    throw new IllegalStateException("content changed");
                }
            }
        }
        change(connection, ids, "UPDATE hand SET state = 1 WHERE id = ? AND state = 0");
        connection.commit();
        return ids;
    }

    private static void change(Connection connection, List<Long> ids, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (Long id : ids) {
                statement.setLong(1, id);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /** Says yes to everything at once. */
    private static final class NoChannel implements Channel {
        private final Evidence evidence =
                new Evidence("mx.example.com", "250 2.0.0 Ok: queued as 1", "1", Instant.EPOCH);

        @Override
        public String name() {
            return "none";
        }

        @Override
        public EnqueueAnswer.Reject validate(Message message) {
            return null;
        }

        @Override
        public void send(Dispatch dispatch) {
            dispatch.beginWindow();
            for (DispatchRecipient recipient : dispatch.recipients()) {
                dispatch.record(recipient, new Outcome.Accepted(evidence));
            }
        }
    }
}
