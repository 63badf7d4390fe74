package io.crmsdk.store;

import org.junit.jupiter.api.Tag;

@Tag("slow")
class MariadbStoreTest extends StoreContract {
    MariadbStoreTest() {
        super(Databases.Kind.MARIADB);
    }
}
