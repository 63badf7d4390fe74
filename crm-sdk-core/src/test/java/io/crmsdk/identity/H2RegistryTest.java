package io.crmsdk.identity;

import io.crmsdk.store.Databases;

class H2RegistryTest extends RegistryContract {
    H2RegistryTest() {
        super(Databases.Kind.H2);
    }
}
