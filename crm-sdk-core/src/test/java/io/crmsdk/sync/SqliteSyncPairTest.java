package io.crmsdk.sync;

import io.crmsdk.store.Databases;

class SqliteSyncPairTest extends SyncPairContract {
    SqliteSyncPairTest() {
        super(Databases.Kind.SQLITE);
    }
}
