package io.crmsdk.benchmarks.outbox;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;

/**
 * By hand, as little as can be: a narrow queue beside the contents; claim, "begun" mark and record with receipt, each for a batch
 * of 500 and a commit of its own. A crash leaves up to 500 messages in doubt.
 */
final class LimitContender implements Contender {
    private static final int BATCH = 500;

    private record Item(String id, String content) {}

    private final DataSource source;
    private final String locking;
    private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
    private volatile boolean running;
    private Thread loop;

    LimitContender(DataSource source, String engine) throws SQLException {
        this.source = source;
        boolean server = engine.equals("postgresql") || engine.equals("mariadb");
        locking = server ? " FOR UPDATE SKIP LOCKED" : "";
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE limit_message (id VARCHAR(100) PRIMARY KEY, content "
                    + (engine.equals("postgresql") ? "BYTEA" : "BLOB") + " NOT NULL)");
            statement.execute("CREATE TABLE limit_queue (id VARCHAR(100) PRIMARY KEY, due BIGINT NOT NULL,"
                    + " state INTEGER NOT NULL)" + (engine.equals("postgresql") ? " WITH (fillfactor = 40)" : ""));
            statement.execute("CREATE INDEX limit_queue_due ON limit_queue (due)");
            statement.execute("CREATE TABLE limit_receipt (id VARCHAR(100) NOT NULL, reply VARCHAR(200) NOT NULL)");
        }
    }

    @Override
    public void enqueue(List<String> keys) throws SQLException {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement message =
                            connection.prepareStatement("INSERT INTO limit_message (id, content) VALUES (?, ?)");
                    PreparedStatement queue =
                            connection.prepareStatement("INSERT INTO limit_queue (id, due, state) VALUES (?, ?, 0)")) {
                for (String key : keys) {
                    message.setString(1, key);
                    message.setBytes(2, Handled.content(key).getBytes(StandardCharsets.UTF_8));
                    message.addBatch();
                    queue.setString(1, key);
                    queue.setLong(2, System.nanoTime());
                    queue.addBatch();
                }
                message.executeBatch();
                queue.executeBatch();
            }
            connection.commit();
        }
    }

    @Override
    public void start() {
        running = true;
        loop = new Thread(this::loop);
        loop.start();
    }

    private void loop() {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            while (running) {
                List<Item> items = claim(connection);
                if (items.isEmpty()) {
                    Thread.sleep(1);
                    continue;
                }
                change(connection, "UPDATE limit_queue SET state = 2 WHERE id = ?", items);
                connection.commit();
                workers.invokeAll(items.stream()
                        .map(item -> (Callable<Void>) () -> {
                            Handled.handle(item.content());
                            return null;
                        })
                        .toList());
                change(
                        connection,
                        "INSERT INTO limit_receipt (id, reply) VALUES (?, '250 2.0.0 Ok: queued as 1')",
                        items);
                change(connection, "DELETE FROM limit_queue WHERE id = ?", items);
                connection.commit();
            }
        } catch (SQLException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<Item> claim(Connection connection) throws SQLException {
        List<Item> items = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("SELECT q.id, m.content FROM limit_queue q JOIN"
                        + " limit_message m ON m.id = q.id WHERE q.state = 0 ORDER BY q.due LIMIT " + BATCH + locking);
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                items.add(new Item(rows.getString(1), new String(rows.getBytes(2), StandardCharsets.UTF_8)));
            }
        }
        if (!items.isEmpty()) {
            change(connection, "UPDATE limit_queue SET state = 1 WHERE id = ?", items);
        }
        connection.commit();
        return items;
    }

    private static void change(Connection connection, String sql, List<Item> items) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (Item item : items) {
                statement.setString(1, item.id());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    @Override
    public void stop() throws InterruptedException {
        running = false;
        if (loop != null) {
            loop.join();
        }
    }

    @Override
    public void end() throws InterruptedException {
        stop();
        workers.shutdown();
    }
}
