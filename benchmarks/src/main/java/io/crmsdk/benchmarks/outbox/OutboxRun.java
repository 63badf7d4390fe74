package io.crmsdk.benchmarks.outbox;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** One contender in this JVM against one empty database; prints one line of figures. Arguments: contender, engine, URL, messages. */
public final class OutboxRun {
    private static final int BATCH = 500;
    private static final int SLOW = 6_400;
    private static final int TRICKLE = 500;

    private OutboxRun() {}

    /** Warms up with as many messages, then measures: compiling is half of what a JVM does in its first seconds. */
    public static void main(String[] arguments) throws Exception {
        String name = arguments[0];
        String engine = arguments[1];
        int messages = Integer.parseInt(arguments[3]);
        try (HikariDataSource source = source(engine, arguments[2])) {
            Contender contender = contender(name, source, engine);
            fill(contender, "w", messages);
            Handled.reset(0, false);
            contender.start();
            Handled.await(messages);
            contender.stop();

            long from = System.nanoTime();
            fill(contender, "m", messages);
            double enqueued = messages / seconds(from);
            ServerCost before = ServerCost.now(source, engine);
            long allocated = allocated();
            Handled.reset(0, false);
            from = System.nanoTime();
            contender.start();
            Handled.await(messages);
            double drained = messages / seconds(from);
            long bytes = (allocated() - allocated) / messages;
            contender.stop();
            String cost = ServerCost.now(source, engine).since(before, messages);

            fill(contender, "s", SLOW);
            Handled.reset(5_000_000, false);
            from = System.nanoTime();
            contender.start();
            Handled.await(SLOW);
            double slowly = SLOW / seconds(from);
            contender.stop();

            trickle(contender);
            contender.end();
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %,.0f | %,.0f | %,.0f | %s | %,d | %.1f, %.1f | %d |%n",
                    name,
                    enqueued,
                    drained,
                    slowly,
                    cost,
                    bytes,
                    Handled.lateness(0.5),
                    Handled.lateness(0.99),
                    Handled.doubled());
        }
        System.exit(0);
    }

    private static HikariDataSource source(String engine, String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(engine.equals("sqlite") || engine.equals("h2") ? 10 : 40);
        if (engine.equals("sqlite")) {
            config.addDataSourceProperty("journal_mode", "WAL");
            config.addDataSourceProperty("synchronous", "FULL");
            config.addDataSourceProperty("busy_timeout", "10000");
            config.addDataSourceProperty("transaction_mode", "IMMEDIATE");
        }
        return new HikariDataSource(config);
    }

    private static Contender contender(String name, HikariDataSource source, String engine) throws Exception {
        return switch (name) {
            case "outbox" -> new OutboxContender(source);
            case "db-scheduler" -> new DbSchedulerContender(source, engine);
            case "transaction-outbox" -> new TransactionOutboxContender(source, engine);
            case "jobrunr" -> new JobRunrContender(source);
            case "limit" -> new LimitContender(source, engine);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static void fill(Contender contender, String prefix, int messages) throws Exception {
        for (int from = 0; from < messages; from += BATCH) {
            contender.enqueue(IntStream.range(from, Math.min(messages, from + BATCH))
                    .mapToObj(n -> prefix + "-" + n)
                    .toList());
        }
    }

    /** A hundred a second, each alone and timed from before it is stored until it is handled. */
    private static void trickle(Contender contender) throws Exception {
        Handled.reset(0, true);
        contender.start();
        Thread.sleep(500);
        long next = System.nanoTime();
        for (int n = 0; n < TRICKLE; n++) {
            LockSupport.parkNanos(next - System.nanoTime());
            contender.enqueue(List.of("t-" + n + "-" + System.nanoTime()));
            next += 10_000_000;
        }
        Handled.await(TRICKLE);
    }

    private static double seconds(long from) {
        return (System.nanoTime() - from) / 1e9;
    }

    /** By all threads that live now; pools that end between two looks are missing, and none does here. */
    private static long allocated() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }
}
