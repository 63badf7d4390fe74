package io.crmsdk.sync;

import io.crmsdk.store.Databases;

class H2SyncPairTest extends SyncPairContract {
    H2SyncPairTest() {
        super(Databases.Kind.H2);
    }
}
