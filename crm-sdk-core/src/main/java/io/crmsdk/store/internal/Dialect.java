package io.crmsdk.store.internal;

import io.crmsdk.store.Store;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the databases say differently. Instants are epoch microseconds in BIGINT columns everywhere, so no dialect has
 * anything to say about time but how to ask for the present.
 */
public enum Dialect {
    /** SQLite from 3.42. */
    SQLITE("CAST(unixepoch('subsec') * 1000000 AS INTEGER)", 32_000),
    /** H2 from 2.2. */
    H2("CAST(EXTRACT(EPOCH FROM CURRENT_TIMESTAMP) * 1000000 AS BIGINT)", 32_000),
    /** PostgreSQL from 12, and what speaks its language. */
    POSTGRESQL("CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)", 32_000),
    /** MariaDB from 10.6 and MySQL from 8.0. */
    MARIADB("TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))", 32_000);

    private final String nowMicros;
    private final int maxVariables;

    Dialect(String nowMicros, int maxVariables) {
        this.nowMicros = nowMicros;
        this.maxVariables = maxVariables;
    }

    /** The dialect of an open store. */
    public static Dialect of(Store store) {
        return valueOf(store.engine().toUpperCase(Locale.ROOT));
    }

    /** The dialect of a product as JDBC names it, or null for a database that is not supported. */
    public static @Nullable Dialect ofProduct(String product) {
        return switch (product.toLowerCase(Locale.ROOT)) {
            case "sqlite" -> SQLITE;
            case "h2" -> H2;
            case "postgresql" -> POSTGRESQL;
            case "mariadb", "mysql" -> MARIADB;
            default -> null;
        };
    }

    /** The name of the folder with its scripts, for example {@code postgresql}. */
    public String folder() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** An expression: the present instant in epoch microseconds by the database's clock. */
    public String nowMicros() {
        return nowMicros;
    }

    /** How many parameters one statement may have, on the safe side. */
    public int maxVariables() {
        return maxVariables;
    }

    /**
     * An INSERT that leaves an existing row alone, where the database has one; see {@link #insertNewThrows()}. An update
     * count of 1 says that the row is new; anything else must be looked up.
     *
     * @param intoAndValues what follows INSERT INTO
     */
    public String insertNew(String intoAndValues) {
        return switch (this) {
            case SQLITE, POSTGRESQL -> "INSERT INTO " + intoAndValues + " ON CONFLICT DO NOTHING";
            case MARIADB -> "INSERT IGNORE INTO " + intoAndValues;
            case H2 -> "INSERT INTO " + intoAndValues;
        };
    }

    /** Whether {@link #insertNew} answers with a {@link Failure#DUPLICATE} instead; the transaction stays usable. */
    public boolean insertNewThrows() {
        return this == H2;
    }

    /**
     * An INSERT of one row that overwrites the other columns if the key is there; as many parameters as columns, keys
     * first. Only for tables with no further unique key: MariaDB takes any of them for the key.
     */
    public String upsert(String table, List<String> keys, List<String> others) {
        List<String> columns = new ArrayList<>(keys);
        columns.addAll(others);
        String list = " (" + String.join(", ", columns) + ")";
        String values = " VALUES (" + Sql.marks(columns.size()) + ")";
        return switch (this) {
            case SQLITE, POSTGRESQL ->
                "INSERT INTO " + table + list + values + " ON CONFLICT (" + String.join(", ", keys) + ") DO UPDATE SET "
                        + assignments(others, "%1$s = excluded.%1$s");
            case MARIADB ->
                "INSERT INTO " + table + list + values + " ON DUPLICATE KEY UPDATE "
                        + assignments(others, "%1$s = VALUES(%1$s)");
            case H2 -> "MERGE INTO " + table + list + " KEY (" + String.join(", ", keys) + ")" + values;
        };
    }

    private static String assignments(List<String> columns, String form) {
        return columns.stream()
                .map(column -> String.format(Locale.ROOT, form, column))
                .collect(Collectors.joining(", "));
    }

    /** Whether an IN list narrows an index whose leading columns are compared beside it. */
    public boolean hasIndexedInLists() {
        return this != H2;
    }

    /** Whether a SELECT can lock rows and pass over those that others hold. */
    public boolean hasSkipLocked() {
        return this == POSTGRESQL || this == MARIADB;
    }

    /** Locks the rows that a SELECT finds and passes over held ones; nothing where the database cannot, or must not. */
    public String skipLocked() {
        return hasSkipLocked() ? " FOR UPDATE SKIP LOCKED" : "";
    }

    /** Keeps others off the rows that a SELECT found; an embedded SQLite file has one writer anyway. */
    public String forUpdate() {
        return this == SQLITE ? "" : " FOR UPDATE";
    }

    /** Lets others read the rows that a SELECT found, and nobody change them until the transaction ends. */
    public String forShare() {
        return switch (this) {
            case SQLITE -> "";
            case H2 -> " FOR UPDATE";
            case POSTGRESQL -> " FOR SHARE";
            case MARIADB -> " LOCK IN SHARE MODE";
        };
    }

    /** Whether an UPDATE can have a FROM clause and give back what it changed. */
    public boolean hasUpdateReturning() {
        return this == POSTGRESQL;
    }

    /** Appended to a SELECT: it sees what others have committed even in a repeatable-read transaction of the host's. */
    public String currentRead() {
        return this == MARIADB ? " LOCK IN SHARE MODE" : "";
    }

    /** Whether transactions must be told to see what others have committed since they began. */
    public boolean needsReadCommitted() {
        return this == POSTGRESQL || this == MARIADB;
    }

    /** Whether a CREATE TABLE is undone by a rollback. */
    public boolean hasTransactionalDdl() {
        return this == SQLITE || this == POSTGRESQL;
    }

    /** What an error of this database means. */
    public Failure failure(SQLException error) {
        Failure failure = switch (this) {
            case SQLITE -> sqlite(error);
            case H2 -> h2(error.getErrorCode());
            case MARIADB -> mariadb(error.getErrorCode());
            case POSTGRESQL -> null;
        };
        return failure == null ? byState(error) : failure;
    }

    /** Whether a unique key was taken. */
    public boolean isDuplicate(SQLException error) {
        return failure(error) == Failure.DUPLICATE;
    }

    private static @Nullable Failure sqlite(SQLException error) {
        String message = String.valueOf(error.getMessage());
        return switch (error.getErrorCode()) {
            case 5, 6 -> Failure.BUSY;
            case 8 -> Failure.READ_ONLY;
            case 10, 14 -> Failure.UNREACHABLE;
            case 11, 26 -> Failure.CORRUPT;
            case 13 -> Failure.FULL;
            case 19 ->
                message.contains("CONSTRAINT_UNIQUE") || message.contains("CONSTRAINT_PRIMARYKEY")
                        ? Failure.DUPLICATE
                        : Failure.CONSTRAINT;
            default -> null;
        };
    }

    private static @Nullable Failure h2(int code) {
        return switch (code) {
            case 90020 -> Failure.IN_USE;
            case 90028, 90031, 90098, 90121, 90067 -> Failure.UNREACHABLE;
            case 90030 -> Failure.CORRUPT;
            case 90097 -> Failure.READ_ONLY;
            case 90131, 40001 -> Failure.CONFLICT;
            case 50200 -> Failure.BUSY;
            case 90100 -> Failure.FULL;
            default -> null;
        };
    }

    private static @Nullable Failure mariadb(int code) {
        return switch (code) {
            case 1062 -> Failure.DUPLICATE;
            case 1205, 3572, 1040, 1203 -> Failure.BUSY;
            case 1213, 1020 -> Failure.CONFLICT;
            case 1021, 1114 -> Failure.FULL;
            case 1290, 1792, 1836 -> Failure.READ_ONLY;
            case 1034, 1194, 1195 -> Failure.CORRUPT;
            default -> null;
        };
    }

    private static Failure byState(SQLException error) {
        String state = String.valueOf(error.getSQLState());
        return switch (state) {
            case "23505" -> Failure.DUPLICATE;
            case "25006" -> Failure.READ_ONLY;
            case "53100" -> Failure.FULL;
            case "53300", "55P03", "57014", "HYT00" -> Failure.BUSY;
            case "57P01", "57P02", "57P03" -> Failure.UNREACHABLE;
            case "XX001", "XX002" -> Failure.CORRUPT;
            default -> byClass(error, state);
        };
    }

    private static Failure byClass(SQLException error, String state) {
        if (state.startsWith("08") || error instanceof java.sql.SQLTransientConnectionException) {
            return Failure.UNREACHABLE;
        }
        if (state.startsWith("40")) {
            return Failure.CONFLICT;
        }
        return state.startsWith("23") ? Failure.CONSTRAINT : Failure.OTHER;
    }

    /**
     * Whether a COMMIT that failed with this error surely changed nothing. Everything else leaves the outcome open: a lost
     * answer looks the same whether the commit was done or not.
     */
    public boolean commitSurelyFailed(SQLException error) {
        return switch (failure(error)) {
            case CONFLICT, DUPLICATE, CONSTRAINT, READ_ONLY -> true;
            case BUSY, FULL -> this == SQLITE;
            default -> false;
        };
    }
}
