package io.crmsdk.consent;

import io.crmsdk.store.Databases.Kind;
import org.junit.jupiter.api.Tag;

@Tag("slow")
final class MariadbLedgerTest extends LedgerContract {
    MariadbLedgerTest() {
        super(Kind.MARIADB);
    }
}
