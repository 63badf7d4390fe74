package io.crmsdk.benchmarks.outbox;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/**
 * Several processes of 32 workers that drain one PostgreSQL: together as fast as one, and nobody handles what another has.
 *
 * <p>Arguments: messages, then numbers of processes. Each number has a new database; all processes warm up together with as many
 * messages, which also start each of them. The run fails if a message was handled twice or not at all.
 */
public final class OutboxProcesses {
    private static final int BATCH = 500;
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(3);

    private OutboxProcesses() {}

    /** Runs each number of processes once and prints a table. */
    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("child")) {
            drain(arguments[1], Path.of(arguments[2]));
            return;
        }
        int messages = Integer.parseInt(arguments[0]);
        try (EmbeddedPostgres postgres = OutboxRace.postgres()) {
            System.out.println("| processes | drain, /s | share of each, % | handled twice | not handled |");
            System.out.println("| --- | --- | --- | --- | --- |");
            for (String count : Arrays.asList(arguments).subList(1, arguments.length)) {
                String form = "jdbc:postgresql://localhost:" + postgres.getPort()
                        + "/%s?user=postgres&reWriteBatchedInserts=true";
                try (Connection connection = DriverManager.getConnection(String.format(form, "postgres"));
                        Statement statement = connection.createStatement()) {
                    statement.execute("CREATE DATABASE processes_" + count);
                }
                race(String.format(form, "processes_" + count), Integer.parseInt(count), messages);
            }
        }
    }

    private static void race(String url, int processes, int messages) throws Exception {
        Path folder = Files.createTempDirectory("outbox-processes");
        List<Process> children = new ArrayList<>();
        try (HikariDataSource source = source(url)) {
            OutboxContender contender = new OutboxContender(source);
            for (int i = 0; i < processes; i++) {
                children.add(start(url, folder, i));
            }
            for (int i = 0; i < processes; i++) {
                Path ready = folder.resolve(i + ".ready");
                await(() -> Files.exists(ready));
            }
            fill(contender, "w", messages);
            await(() -> left(source) == 0);
            contender.outbox().operations("benchmark").pause("filling");
            // A pool looks for pauses once a second.
            Thread.sleep(2_000);
            fill(contender, "m", messages);
            contender.outbox().operations("benchmark").resume("filled");
            await(() -> left(source) < messages);
            long from = System.nanoTime();
            await(() -> left(source) == 0);
            double seconds = (System.nanoTime() - from) / 1e9;
            report(children, folder, messages, seconds);
        } finally {
            children.forEach(Process::destroyForcibly);
        }
    }

    private static void report(List<Process> children, Path folder, int messages, double seconds) throws Exception {
        Set<String> all = new HashSet<>();
        int twice = 0;
        StringBuilder shares = new StringBuilder();
        for (int i = 0; i < children.size(); i++) {
            children.get(i).getOutputStream().close();
            if (!children.get(i).waitFor(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("process " + i + " does not end");
            }
            List<String> keys = Files.readAllLines(folder.resolve(i + ".keys"));
            twice += (int) keys.stream().filter(key -> !all.add(key)).count();
            long measured = keys.stream().filter(key -> key.startsWith("m-")).count();
            shares.append(i == 0 ? "" : ", ").append(100 * measured / messages);
        }
        System.out.printf(
                Locale.ROOT,
                "| %d | %,.0f | %s | %d | %d |%n",
                children.size(),
                messages / seconds,
                shares,
                twice,
                2 * messages - all.size());
        if (twice > 0 || all.size() != 2 * messages) {
            throw new IllegalStateException("not every message was handled once");
        }
    }

    private static Process start(String url, Path folder, int number) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OutboxProcesses.class.getName(),
                        "child",
                        url,
                        folder.resolve(Integer.toString(number)).toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(number + ".log").toFile())
                .start();
    }

    private static void drain(String url, Path name) throws Exception {
        try (HikariDataSource source = source(url)) {
            OutboxContender contender = new OutboxContender(source);
            contender.start();
            Files.createFile(Path.of(name + ".ready"));
            if (System.in.read() >= 0) {
                throw new IllegalStateException("nothing is written to a child, its input only ends");
            }
            contender.end();
            Files.write(Path.of(name + ".keys"), Handled.keys());
        }
        System.exit(Handled.doubled() == 0 ? 0 : 1);
    }

    private static HikariDataSource source(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(10);
        return new HikariDataSource(config);
    }

    private static void fill(Contender contender, String prefix, int messages) throws Exception {
        for (int from = 0; from < messages; from += BATCH) {
            contender.enqueue(IntStream.range(from, Math.min(messages, from + BATCH))
                    .mapToObj(n -> prefix + "-" + n)
                    .toList());
        }
    }

    private static int left(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM crm_delivery_queue")) {
            row.next();
            return row.getInt(1);
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        long deadline = System.nanoTime() + LONGEST_NANOS;
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not within three minutes");
            }
            Thread.sleep(20);
        }
    }
}
