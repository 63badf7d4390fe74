package io.crmsdk.sync;

import io.crmsdk.store.Databases;

class H2ReconcileTest extends ReconcileContract {
    H2ReconcileTest() {
        super(Databases.Kind.H2);
    }
}
