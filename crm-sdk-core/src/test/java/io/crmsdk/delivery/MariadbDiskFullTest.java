package io.crmsdk.delivery;

import io.crmsdk.store.Databases;
import io.crmsdk.store.Databases.Kind;
import io.crmsdk.store.Databases.TestDatabase;
import io.crmsdk.store.OwnServer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;

/** All of the server's files are on the disk that is full. */
@Tag("slow")
class MariadbDiskFullTest extends SmallDiskContract {
    private @Nullable OwnServer server;

    MariadbDiskFullTest() {
        super(512);
    }

    @Override
    TestDatabase on(Path disk) {
        server = Databases.ownServer(Kind.MARIADB, disk);
        return server.database();
    }

    @Override
    void stop() {
        if (server != null) {
            server.close();
        }
    }
}
