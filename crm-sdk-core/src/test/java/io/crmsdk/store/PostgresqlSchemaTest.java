package io.crmsdk.store;

import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresqlSchemaTest extends SchemaContract {
    PostgresqlSchemaTest() {
        super(Databases.Kind.POSTGRESQL);
    }
}
