package io.crmsdk.benchmarks.outbox;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import javax.sql.DataSource;

/**
 * What work has cost so far: processor time of this JVM and of the database server, transactions that wrote, bytes of log. Other
 * programs on the machine hardly change these, unlike rates.
 */
record ServerCost(long jvmMicros, long serverMicros, long writeTransactions, long logBytes) {
    private static final long MICROS_PER_TICK = 10_000;

    static ServerCost now(DataSource source, String engine) throws SQLException, IOException {
        long[] server = new long[3];
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            if (engine.equals("postgresql")) {
                try (ResultSet row = statement.executeQuery(
                        "SELECT pg_current_xact_id()::text::bigint, pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint,"
                                + " current_setting('data_directory')")) {
                    row.next();
                    server[0] = tree(Long.parseLong(Files.readAllLines(Path.of(row.getString(3), "postmaster.pid"))
                            .get(0)
                            .strip()));
                    server[1] = row.getLong(1);
                    server[2] = row.getLong(2);
                }
            } else if (engine.equals("mariadb")) {
                // Also counts commits of transactions that only read, so it is left out.
                server[2] = status(statement, "INNODB_OS_LOG_WRITTEN");
                try (ResultSet row = statement.executeQuery("SELECT @@pid_file")) {
                    row.next();
                    server[0] = tree(Long.parseLong(
                            Files.readString(Path.of(row.getString(1))).strip()));
                }
            }
        }
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new ServerCost(system.getProcessCpuTime() / 1000, server[0], server[1], server[2]);
    }

    private static long status(Statement statement, String name) throws SQLException {
        try (ResultSet row = statement.executeQuery(
                "SELECT variable_value FROM information_schema.global_status WHERE variable_name = '" + name + "'")) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private static long tree(long pid) throws IOException {
        long ticks = ticks(pid, 4);
        for (ProcessHandle child :
                ProcessHandle.of(pid).stream().flatMap(ProcessHandle::children).toList()) {
            ticks += ticks(child.pid(), 2);
        }
        return ticks * MICROS_PER_TICK;
    }

    /** proc_pid_stat(5): fields 14 and 15 are the process's own time, 16 and 17 that of children it waited for. */
    private static long ticks(long pid, int fields) throws IOException {
        Path stat = Path.of("/proc/" + pid + "/stat");
        if (!Files.isReadable(stat)) {
            return 0;
        }
        String text = Files.readString(stat);
        String[] values = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
        long sum = 0;
        for (int i = 0; i < fields; i++) {
            sum += Long.parseLong(values[11 + i]);
        }
        return sum;
    }

    String since(ServerCost before, int messages) {
        return String.format(
                Locale.ROOT,
                "%s | %s | %.0f + %.0f",
                serverMicros == 0 ? "–" : figure(writeTransactions - before.writeTransactions, messages, "%.3f"),
                serverMicros == 0 ? "–" : figure(logBytes - before.logBytes, messages, "%,.0f"),
                (jvmMicros - before.jvmMicros) / (double) messages,
                (serverMicros - before.serverMicros) / (double) messages);
    }

    private static String figure(long total, int messages, String form) {
        return total == 0 ? "–" : String.format(Locale.ROOT, form, total / (double) messages);
    }
}
