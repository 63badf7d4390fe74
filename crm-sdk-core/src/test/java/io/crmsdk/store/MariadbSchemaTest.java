package io.crmsdk.store;

import org.junit.jupiter.api.Tag;

@Tag("slow")
class MariadbSchemaTest extends SchemaContract {
    MariadbSchemaTest() {
        super(Databases.Kind.MARIADB);
    }
}
