package io.crmsdk.consent;

import io.crmsdk.store.Databases.Kind;

final class SqliteLedgerTest extends LedgerContract {
    SqliteLedgerTest() {
        super(Kind.SQLITE);
    }
}
