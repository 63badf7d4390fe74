package io.crmsdk.sync;

import io.crmsdk.store.Databases;

class SqliteReconcileTest extends ReconcileContract {
    SqliteReconcileTest() {
        super(Databases.Kind.SQLITE);
    }
}
