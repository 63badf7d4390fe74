package io.crmsdk.identity;

import io.crmsdk.store.Databases;

class SqliteAnyOrderTest extends AnyOrderContract {
    SqliteAnyOrderTest() {
        super(Databases.Kind.SQLITE);
    }
}
