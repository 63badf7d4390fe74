package io.crmsdk.receivables;

import io.crmsdk.store.Databases;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class MariadbReceivablesTest extends ReceivablesContract {
    MariadbReceivablesTest() {
        super(Databases.Kind.MARIADB);
    }
}
