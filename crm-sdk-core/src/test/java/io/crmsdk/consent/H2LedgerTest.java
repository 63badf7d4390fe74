package io.crmsdk.consent;

import io.crmsdk.store.Databases.Kind;

final class H2LedgerTest extends LedgerContract {
    H2LedgerTest() {
        super(Kind.H2);
    }
}
