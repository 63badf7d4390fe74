package io.crmsdk.identity;

import io.crmsdk.store.Databases;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class MariadbRegistryTest extends RegistryContract {
    MariadbRegistryTest() {
        super(Databases.Kind.MARIADB);
    }
}
