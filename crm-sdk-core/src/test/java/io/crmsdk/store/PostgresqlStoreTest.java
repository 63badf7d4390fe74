package io.crmsdk.store;

import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresqlStoreTest extends StoreContract {
    PostgresqlStoreTest() {
        super(Databases.Kind.POSTGRESQL);
    }
}
