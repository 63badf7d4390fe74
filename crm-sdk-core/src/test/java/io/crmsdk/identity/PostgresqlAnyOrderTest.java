package io.crmsdk.identity;

import io.crmsdk.store.Databases;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresqlAnyOrderTest extends AnyOrderContract {
    PostgresqlAnyOrderTest() {
        super(Databases.Kind.POSTGRESQL);
    }
}
