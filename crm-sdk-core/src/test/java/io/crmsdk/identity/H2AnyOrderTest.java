package io.crmsdk.identity;

import io.crmsdk.store.Databases;

class H2AnyOrderTest extends AnyOrderContract {
    H2AnyOrderTest() {
        super(Databases.Kind.H2);
    }
}
