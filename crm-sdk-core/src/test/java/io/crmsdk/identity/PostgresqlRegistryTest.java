package io.crmsdk.identity;

import io.crmsdk.store.Databases;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresqlRegistryTest extends RegistryContract {
    PostgresqlRegistryTest() {
        super(Databases.Kind.POSTGRESQL);
    }
}
