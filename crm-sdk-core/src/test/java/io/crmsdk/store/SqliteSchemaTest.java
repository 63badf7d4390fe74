package io.crmsdk.store;

class SqliteSchemaTest extends SchemaContract {
    SqliteSchemaTest() {
        super(Databases.Kind.SQLITE);
    }
}
