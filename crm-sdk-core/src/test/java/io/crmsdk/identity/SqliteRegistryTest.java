package io.crmsdk.identity;

import io.crmsdk.store.Databases;

class SqliteRegistryTest extends RegistryContract {
    SqliteRegistryTest() {
        super(Databases.Kind.SQLITE);
    }
}
