package io.crmsdk.store;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/** A store's address: {@code sqlite:FILE}, {@code h2:FILE}, or the JDBC URL of a server. */
final class StoreUrl {
    /** No wait without an end; each is set unless the URL says otherwise. */
    private static final Map<String, Map<String, String>> LIMITS = Map.of(
            "postgresql",
            Map.of(
                    "connectTimeout",
                    "10",
                    "socketTimeout",
                    "120",
                    "tcpKeepAlive",
                    "true",
                    "ApplicationName",
                    "crm-sdk"),
            "mariadb",
            Map.of("connectTimeout", "10000", "socketTimeout", "120000", "tcpKeepAlive", "true"),
            "mysql",
            Map.of("connectTimeout", "10000", "socketTimeout", "120000", "tcpKeepAlive", "true"));

    private StoreUrl() {}

    /** How this address is opened. */
    static Source of(String url) {
        if (url.startsWith("sqlite:")) {
            return new SqliteFile(path(url, "sqlite:"));
        }
        if (url.startsWith("h2:")) {
            return new H2File(path(url, "h2:"));
        }
        for (String server : LIMITS.keySet()) {
            if (url.startsWith("jdbc:" + server + ":")) {
                return new Server(url, server);
            }
        }
        throw new StoreException(
                "STORE_URL",
                "expected sqlite:FILE, h2:FILE, or a URL that begins with jdbc:postgresql:, jdbc:mariadb: or jdbc:mysql:, got "
                        + url.replaceFirst("[/?;].*", "…")
                        + ". For anything else open the store on a DataSource of yours",
                null);
    }

    /** What may be shown of a URL: neither its parameters nor a user and password before the host. */
    static String withoutSecrets(String url) {
        return url.replaceFirst("[?;].*", "").replaceFirst("//[^/@]*@", "//");
    }

    private static Path path(String url, String scheme) {
        String file = url.substring(scheme.length());
        try {
            if (!file.isBlank() && !file.startsWith(":")) {
                return Path.of(file);
            }
        } catch (InvalidPathException e) {
            throw new StoreException("STORE_URL", "expected a file after " + scheme + ", got " + file, e);
        }
        throw new StoreException("STORE_URL", "expected a file after " + scheme + ", got '" + file + "'", null);
    }

    /** Something that connections can be opened to. */
    interface Source {
        /** Shown to people; without secrets. */
        String name();

        /** Looks at what is there before the first connection. */
        void prepare(boolean mustExist);

        /** A connection with all its settings made. */
        Connection open() throws SQLException;

        /** Whether a network lies between. */
        boolean remote();
    }

    /** A database server, for programs that bring no pool of their own. */
    private record Server(String url, String kind) implements Source {
        @Override
        public String name() {
            return withoutSecrets(url);
        }

        @Override
        public void prepare(boolean mustExist) {
            // The server says itself whether the database is there.
        }

        @Override
        public Connection open() throws SQLException {
            Properties properties = new Properties();
            LIMITS.getOrDefault(kind, Map.of()).forEach((key, value) -> {
                if (!url.toLowerCase(Locale.ROOT).contains(key.toLowerCase(Locale.ROOT) + "=")) {
                    properties.setProperty(key, value);
                }
            });
            Connection connection = connect(url, properties);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            return connection;
        }

        @Override
        public boolean remote() {
            return true;
        }

        @Override
        public String toString() {
            return name();
        }
    }

    /** Opens a connection, and says what is missing if no driver feels concerned. */
    static Connection connect(String url, Properties properties) throws SQLException {
        try {
            return DriverManager.getConnection(url, properties);
        } catch (SQLException e) {
            if ("08001".equals(e.getSQLState())
                    && String.valueOf(e.getMessage()).startsWith("No suitable driver")) {
                String kind = url.substring("jdbc:".length(), url.indexOf(':', "jdbc:".length()));
                throw new StoreException(
                        "STORE_DRIVER_MISSING",
                        "no JDBC driver for " + kind + " is on the class path; add " + artifact(kind),
                        e);
            }
            throw e;
        }
    }

    private static String artifact(String kind) {
        return switch (kind) {
            case "sqlite" -> "org.xerial:sqlite-jdbc";
            case "h2" -> "com.h2database:h2";
            case "postgresql" -> "org.postgresql:postgresql";
            case "mariadb" -> "org.mariadb.jdbc:mariadb-java-client";
            default -> "com.mysql:mysql-connector-j";
        };
    }
}
