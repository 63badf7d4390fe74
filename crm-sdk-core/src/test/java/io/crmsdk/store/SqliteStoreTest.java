package io.crmsdk.store;

class SqliteStoreTest extends StoreContract {
    SqliteStoreTest() {
        super(Databases.Kind.SQLITE);
    }
}
