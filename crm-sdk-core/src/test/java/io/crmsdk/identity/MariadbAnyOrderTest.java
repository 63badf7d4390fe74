package io.crmsdk.identity;

import io.crmsdk.store.Databases;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class MariadbAnyOrderTest extends AnyOrderContract {
    MariadbAnyOrderTest() {
        super(Databases.Kind.MARIADB);
    }
}
