package io.crmsdk.delivery;

import java.util.Locale;

/** What the databases say differently. */
enum Flavor {
    SQLITE("CAST(unixepoch('subsec') * 1000000 AS INTEGER)", " ON CONFLICT DO NOTHING"),
    H2("CAST(EXTRACT(EPOCH FROM CURRENT_TIMESTAMP) * 1000000 AS BIGINT)", ""),
    POSTGRESQL("CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)", " ON CONFLICT DO NOTHING"),
    MARIADB("TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))", "");

    private final String nowMicros;
    private final String insertSuffix;

    Flavor(String nowMicros, String insertSuffix) {
        this.nowMicros = nowMicros;
        this.insertSuffix = insertSuffix;
    }

    static Flavor of(String product) {
        return switch (product.toLowerCase(Locale.ROOT)) {
            case "sqlite" -> SQLITE;
            case "h2" -> H2;
            case "postgresql" -> POSTGRESQL;
            case "mariadb", "mysql" -> MARIADB;
            default ->
                throw new DeliveryException(
                        "STORE_UNSUPPORTED", "expected SQLite, H2, PostgreSQL, MariaDB or MySQL, got " + product, null);
        };
    }

    /** An expression: the present instant in epoch microseconds. */
    String nowMicros() {
        return nowMicros;
    }

    /** An INSERT that leaves an existing row alone, where the database has one; H2 answers with an error instead. */
    String insertNew(String intoAndValues) {
        String verb = this == MARIADB ? "INSERT IGNORE INTO " : "INSERT INTO ";
        return verb + intoAndValues + insertSuffix;
    }

    boolean insertNewThrows() {
        return this == H2;
    }

    boolean hasSkipLocked() {
        return this == POSTGRESQL || this == MARIADB;
    }

    boolean hasUpdateReturning() {
        return this == POSTGRESQL;
    }

    /** A SELECT that sees what others have committed even in a repeatable-read transaction of the caller's. */
    String currentRead() {
        return this == MARIADB ? " LOCK IN SHARE MODE" : "";
    }

    /** Keeps others off the rows that a SELECT found; an embedded file has one writer anyway. */
    String forUpdate() {
        return this == SQLITE ? "" : " FOR UPDATE";
    }

    boolean needsReadCommitted() {
        return hasSkipLocked();
    }
}
