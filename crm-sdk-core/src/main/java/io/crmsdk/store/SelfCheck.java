package io.crmsdk.store;

import io.crmsdk.store.internal.Dialect;
import io.crmsdk.time.SkewEstimate;
import io.crmsdk.time.UtcClock;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Asks a database what it does with what it acknowledges, and what time it thinks it is. */
final class SelfCheck {
    private static final Duration SKEW_NOTICED = Duration.ofSeconds(2);
    private static final Duration SKEW_GRAVE = Duration.ofMinutes(1);
    private static final long ZONE_TOLERANCE_US = 60_000_000;
    private static final long LITTLE_SPACE = 256L << 20;
    private static final int CLOCK_PROBES = 5;
    private static final Set<String> NETWORK = Set.of("nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "fuse.sshfs", "9p");

    private final Connection connection;
    private final Dialect dialect;
    private final String name;
    private final List<StoreFinding> findings = new ArrayList<>();

    SelfCheck(Connection connection, Dialect dialect, String name) {
        this.connection = connection;
        this.dialect = dialect;
        this.name = name;
    }

    /** Reads only, but for the session's zone, which is set and set back. */
    StoreReport report(UtcClock clock) throws SQLException {
        SkewEstimate skew = skew(clock);
        clock.checked("database " + name, skew);
        judge(skew);
        judgeZone();
        switch (dialect) {
            case SQLITE -> checkSqlite();
            case H2 -> checkH2();
            case POSTGRESQL -> checkPostgresql();
            case MARIADB -> checkMariadb();
        }
        findings.sort(Comparator.comparing(StoreFinding::severity).reversed());
        return new StoreReport(name, dialect.folder(), version(connection), skew, findings);
    }

    private static String version(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseProductName() + " "
                + connection.getMetaData().getDatabaseProductVersion();
    }

    private void add(String code, Severity severity, String what, String remedy) {
        findings.add(new StoreFinding(code, severity, what, remedy));
    }

    /** The narrowest of some probes: the database read its clock between our two readings, to its resolution. */
    private SkewEstimate skew(UtcClock clock) throws SQLException {
        List<SkewEstimate> probes = new ArrayList<>();
        for (int i = 0; i < CLOCK_PROBES; i++) {
            Instant before = clock.read().wall();
            long micros = Long.parseLong(text("SELECT " + dialect.nowMicros()));
            Instant after = clock.read().wall();
            Instant said = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
            Duration atLeast = Duration.between(after, said);
            Duration atMost = Duration.between(before, said).plus(resolution());
            probes.add(new SkewEstimate(atLeast.compareTo(atMost) > 0 ? atMost : atLeast, atMost, 1));
        }
        SkewEstimate best =
                probes.stream().min(Comparator.comparing(SkewEstimate::error)).orElseThrow();
        return new SkewEstimate(best.atLeast(), best.atMost(), CLOCK_PROBES);
    }

    private Duration resolution() {
        return dialect == Dialect.SQLITE ? Duration.ofMillis(1) : Duration.of(1, ChronoUnit.MICROS);
    }

    private void judge(SkewEstimate skew) {
        if (skew.within(SKEW_NOTICED)) {
            return;
        }
        add(
                "STORE_CLOCK_SKEW",
                skew.within(SKEW_GRAVE) ? Severity.WARNING : Severity.DANGER,
                "expected the database's clock within " + SKEW_NOTICED.toSeconds() + " s of this host's, got "
                        + skew.middle().toMillis() + " ms ± " + skew.error().toMillis() + " ms",
                "let both hosts follow the same time servers (NTP). Due times and leases follow the database's clock, so"
                        + " nothing is lost, but it is sent when the database thinks it is due");
    }

    private void judgeZone() throws SQLException {
        long moved = InstantProbe.movedByZone(connection, dialect);
        if (Math.abs(moved) > ZONE_TOLERANCE_US) {
            add(
                    "STORE_ZONE_MOVES_TIME",
                    Severity.DANGER,
                    "the database's present moved by " + moved / 1_000_000
                            + " s when its session was told another zone",
                    "report this database's version: instants must not depend on a session's zone");
        }
    }

    private String text(String sql) throws SQLException {
        return SqliteFile.text(connection, sql);
    }

    private void checkSqlite() throws SQLException {
        String file = text("SELECT file FROM pragma_database_list WHERE name = 'main'");
        if (file.isEmpty()) {
            addInMemory();
        } else {
            checkDisk(Path.of(file));
        }
        String journal = text("PRAGMA journal_mode").toLowerCase(Locale.ROOT);
        if (journal.equals("off") || (journal.equals("memory") && !file.isEmpty())) {
            add(
                    "STORE_LOSES_COMMITS",
                    Severity.DANGER,
                    "expected journal_mode wal, got " + journal + ": a crash can destroy the file",
                    "set journal_mode=WAL on every connection, or open the file with Store.sqlite");
        }
        int synchronous = Integer.parseInt(text("PRAGMA synchronous"));
        if (synchronous < 2) {
            add(
                    synchronous == 0 ? "STORE_LOSES_COMMITS" : "STORE_NOT_POWER_SAFE",
                    synchronous == 0 ? Severity.DANGER : Severity.WARNING,
                    "expected synchronous FULL, got " + (synchronous == 0 ? "OFF" : "NORMAL")
                            + ": the last commits can be lost with the power",
                    "set synchronous=FULL on every connection, or open the file with Store.sqlite");
        }
        if (Integer.parseInt(text("PRAGMA busy_timeout")) < 1000) {
            add(
                    "STORE_IMPATIENT",
                    Severity.WARNING,
                    "expected busy_timeout of seconds, got " + text("PRAGMA busy_timeout")
                            + " ms: writers that meet fail" + " instead of waiting",
                    "set busy_timeout=10000 on every connection");
        }
        String damage = text("PRAGMA quick_check(1)");
        if (!damage.equalsIgnoreCase("ok")) {
            add(
                    "STORE_CORRUPT",
                    Severity.DANGER,
                    file + " is damaged: " + damage,
                    "stop all processes, copy the file away as it is, then restore the last backup");
        }
    }

    private void addInMemory() {
        add(
                "STORE_IN_MEMORY",
                Severity.DANGER,
                "expected a file, got a database in memory: it ends with the process",
                "use it for tests only");
    }

    private void checkDisk(Path file) {
        try {
            FileStore disk = Files.getFileStore(file);
            if (disk.getUsableSpace() < LITTLE_SPACE) {
                add(
                        "STORE_DISK_LOW",
                        Severity.WARNING,
                        "expected " + (LITTLE_SPACE >> 20) + " MiB free beside " + file + ", got "
                                + (disk.getUsableSpace() >> 20) + " MiB",
                        "free some space: without it nothing new is accepted");
            }
            if (NETWORK.contains(disk.type().toLowerCase(Locale.ROOT))) {
                add(
                        "STORE_ON_NETWORK",
                        Severity.DANGER,
                        file + " lies on a network file system (" + disk.type() + "), whose locks cannot be relied on",
                        "move it to a local disk, or use a database server");
            }
        } catch (IOException e) {
            add(
                    "STORE_DISK_UNKNOWN",
                    Severity.NOTE,
                    "the disk of " + file + " could not be looked at",
                    "look at its free space yourself");
        }
    }

    private void checkH2() throws SQLException {
        String delay = text("SELECT SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS WHERE SETTING_NAME = 'WRITE_DELAY'");
        String path = text("SELECT COALESCE(DATABASE_PATH(), '')");
        if (path.isEmpty()) {
            addInMemory();
        } else {
            checkDisk(Path.of(path + ".mv.db"));
            if (!delay.equals("0")) {
                add(
                        "STORE_LOSES_COMMITS",
                        Severity.DANGER,
                        "expected WRITE_DELAY 0, got " + delay + ": a killed process loses commits of the last moments",
                        "append ;WRITE_DELAY=0 to the URL, or open the file with Store.h2");
            }
            add(
                    "STORE_NOT_POWER_SAFE",
                    Severity.WARNING,
                    "H2 hardly ever forces its file to the disk: what was acknowledged survives a killed process, not a loss"
                            + " of power",
                    "use H2 for tests; in production SQLite or a database server");
        }
    }

    private void checkPostgresql() throws SQLException {
        if (text("SHOW fsync").equals("off")) {
            add(
                    "STORE_LOSES_COMMITS",
                    Severity.DANGER,
                    "expected fsync on, got off: a loss of power can destroy the database",
                    "set fsync = on");
        }
        String commit = text("SHOW synchronous_commit");
        if (commit.equals("off")) {
            add(
                    "STORE_LOSES_COMMITS",
                    Severity.DANGER,
                    "expected synchronous_commit on, got off: a crash of the server loses commits of the last moments",
                    "set synchronous_commit = on, at least for this user or database");
        }
        if (text("SHOW full_page_writes").equals("off")) {
            add(
                    "STORE_NOT_POWER_SAFE",
                    Severity.WARNING,
                    "expected full_page_writes on, got off: a loss of power can tear pages",
                    "set full_page_writes = on, unless the file system never tears a page");
        }
        if (text("SELECT pg_is_in_recovery()").startsWith("t")) {
            add(
                    "STORE_READ_ONLY",
                    Severity.DANGER,
                    "expected a primary, got a standby: nothing can be stored",
                    "connect to the primary, for example with targetServerType=primary");
        }
        judgeVersion(12, 0, "12");
    }

    private void checkMariadb() throws SQLException {
        String flush = text("SELECT @@innodb_flush_log_at_trx_commit");
        if (!flush.equals("1")) {
            add(
                    flush.equals("2") ? "STORE_NOT_POWER_SAFE" : "STORE_LOSES_COMMITS",
                    flush.equals("2") ? Severity.WARNING : Severity.DANGER,
                    "expected innodb_flush_log_at_trx_commit 1, got " + flush
                            + ": commits of the last second can be lost",
                    "set innodb_flush_log_at_trx_commit = 1");
        }
        if (text("SELECT @@log_bin").equals("1")
                && !text("SELECT @@sync_binlog").equals("1")) {
            add(
                    "STORE_REPLICA_MAY_LAG",
                    Severity.WARNING,
                    "expected sync_binlog 1, got " + text("SELECT @@sync_binlog")
                            + ": after a loss of power replicas may lack or have what the primary has not",
                    "set sync_binlog = 1");
        }
        if (!text("SELECT @@session.sql_mode").contains("STRICT_")) {
            add(
                    "STORE_CUTS_VALUES",
                    Severity.DANGER,
                    "expected sql_mode with STRICT_TRANS_TABLES, got none: values that are too long are cut silently",
                    "set sql_mode = STRICT_TRANS_TABLES for these connections");
        }
        if (text("SELECT @@global.read_only").equals("1")) {
            add(
                    "STORE_READ_ONLY",
                    Severity.DANGER,
                    "expected a primary, got a server that is read-only",
                    "connect to the primary");
        }
        boolean mysql = connection.getMetaData().getDatabaseProductName().equalsIgnoreCase("mysql")
                && !connection.getMetaData().getDatabaseProductVersion().contains("MariaDB");
        judgeVersion(mysql ? 8 : 10, mysql ? 0 : 6, mysql ? "8.0" : "10.6");
        if (connection.getTransactionIsolation() != Connection.TRANSACTION_READ_COMMITTED) {
            add(
                    "STORE_ISOLATION",
                    Severity.NOTE,
                    "the connections come with another isolation than READ COMMITTED; the store sets it for each transaction,"
                            + " at the price of a round trip or two",
                    "set transaction-isolation = READ-COMMITTED on the pool or the server if every microsecond counts");
        }
    }

    private void judgeVersion(int major, int minor, String least) throws SQLException {
        int[] got = {
            connection.getMetaData().getDatabaseMajorVersion(),
            connection.getMetaData().getDatabaseMinorVersion()
        };
        if (got[0] < major || (got[0] == major && got[1] < minor)) {
            add(
                    "STORE_VERSION_OLD",
                    Severity.DANGER,
                    "expected version " + least + " or later, got " + got[0] + "." + got[1],
                    "upgrade the database server");
        }
    }
}
