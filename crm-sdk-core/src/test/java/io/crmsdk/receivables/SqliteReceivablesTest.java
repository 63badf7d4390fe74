package io.crmsdk.receivables;

import io.crmsdk.store.Databases;

class SqliteReceivablesTest extends ReceivablesContract {
    SqliteReceivablesTest() {
        super(Databases.Kind.SQLITE);
    }
}
