package io.crmsdk.receivables;

import io.crmsdk.store.Databases;

class H2ReceivablesTest extends ReceivablesContract {
    H2ReceivablesTest() {
        super(Databases.Kind.H2);
    }
}
