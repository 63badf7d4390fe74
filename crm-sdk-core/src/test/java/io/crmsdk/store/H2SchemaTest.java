package io.crmsdk.store;

class H2SchemaTest extends SchemaContract {
    H2SchemaTest() {
        super(Databases.Kind.H2);
    }
}
