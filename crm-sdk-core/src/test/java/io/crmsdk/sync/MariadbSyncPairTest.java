package io.crmsdk.sync;

import io.crmsdk.store.Databases;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class MariadbSyncPairTest extends SyncPairContract {
    MariadbSyncPairTest() {
        super(Databases.Kind.MARIADB);
    }
}
