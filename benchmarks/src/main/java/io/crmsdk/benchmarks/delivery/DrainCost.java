package io.crmsdk.benchmarks.delivery;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;

/**
 * What work has cost so far: processor time of this JVM and of the PostgreSQL server, transactions that wrote,
 * bytes of the server's log. Other programs on the machine hardly change these, unlike the rate.
 */
record DrainCost(long jvmMicros, long serverMicros, long writeTransactions, long walBytes) {
    private static final long MICROS_PER_TICK = 10_000;

    static DrainCost now(DataSource source) throws SQLException, IOException {
        long[] server = new long[3];
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            if (connection.getMetaData().getDatabaseProductName().equals("PostgreSQL")) {
                try (ResultSet row = statement.executeQuery(
                        "SELECT pg_current_xact_id()::text::bigint, pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint,"
                                + " current_setting('data_directory')")) {
                    row.next();
                    server[0] = serverMicros(Path.of(row.getString(3)));
                    server[1] = row.getLong(1);
                    server[2] = row.getLong(2);
                }
            }
        }
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new DrainCost(system.getProcessCpuTime() / 1000, server[0], server[1], server[2]);
    }

    /** Of the server, its living children, and those that it has seen end; zero where /proc does not tell. */
    private static long serverMicros(Path data) throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.isReadable(pidFile)) {
            return 0;
        }
        long pid = Long.parseLong(Files.readAllLines(pidFile).get(0).strip());
        List<ProcessHandle> children =
                ProcessHandle.of(pid).stream().flatMap(ProcessHandle::children).toList();
        long ticks = ticks(pid, 4);
        for (ProcessHandle child : children) {
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

    String since(DrainCost before, int messages) {
        return String.format(
                Locale.ROOT,
                "CPU %.0f + %.0f µs (JVM + server), %.3f write transactions, %.0f B of log a message",
                (jvmMicros - before.jvmMicros) / (double) messages,
                (serverMicros - before.serverMicros) / (double) messages,
                (writeTransactions - before.writeTransactions) / (double) messages,
                (walBytes - before.walBytes) / (double) messages);
    }
}
