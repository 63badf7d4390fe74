package io.crmsdk.store;

class H2StoreTest extends StoreContract {
    H2StoreTest() {
        super(Databases.Kind.H2);
    }
}
