package io.crmsdk.consent;

import io.crmsdk.store.Databases.Kind;
import org.junit.jupiter.api.Tag;

@Tag("slow")
final class PostgresqlLedgerTest extends LedgerContract {
    PostgresqlLedgerTest() {
        super(Kind.POSTGRESQL);
    }
}
