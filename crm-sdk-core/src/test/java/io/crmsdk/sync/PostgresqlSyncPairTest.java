package io.crmsdk.sync;

import io.crmsdk.store.Databases;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresqlSyncPairTest extends SyncPairContract {
    PostgresqlSyncPairTest() {
        super(Databases.Kind.POSTGRESQL);
    }
}
