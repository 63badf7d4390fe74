package io.crmsdk.receivables;

import io.crmsdk.store.Databases;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresqlReceivablesTest extends ReceivablesContract {
    PostgresqlReceivablesTest() {
        super(Databases.Kind.POSTGRESQL);
    }
}
