package io.crmsdk.suppression;

import io.crmsdk.store.Databases;

class H2SuppressionTest extends SuppressionContract {
    H2SuppressionTest() {
        super(Databases.Kind.H2);
    }
}
