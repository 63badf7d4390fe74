package io.crmsdk.delivery;

import io.crmsdk.store.Databases;
import io.crmsdk.store.Databases.Kind;
import io.crmsdk.store.Databases.TestDatabase;
import io.crmsdk.store.OwnServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;

/** The disk of the tables is full; where that of the log is full PostgreSQL stops itself, which is F-208. */
@Tag("slow")
class PostgresqlDiskFullTest extends SmallDiskContract {
    private @Nullable OwnServer server;

    PostgresqlDiskFullTest() {
        super(32);
    }

    @Override
    TestDatabase on(Path disk) throws Exception {
        server = Databases.ownServer(Kind.POSTGRESQL, folder);
        Path space = Files.createDirectory(disk.resolve("space"));
        try (TestDatabase whole = server.database()) {
            whole.execute("CREATE TABLESPACE small LOCATION '" + space + "'");
            whole.execute("CREATE DATABASE small TABLESPACE small");
        }
        return server.database("small");
    }

    @Override
    void stop() {
        if (server != null) {
            server.close();
        }
    }
}
