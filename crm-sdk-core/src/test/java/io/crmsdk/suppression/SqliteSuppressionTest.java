package io.crmsdk.suppression;

import io.crmsdk.store.Databases;

class SqliteSuppressionTest extends SuppressionContract {
    SqliteSuppressionTest() {
        super(Databases.Kind.SQLITE);
    }
}
