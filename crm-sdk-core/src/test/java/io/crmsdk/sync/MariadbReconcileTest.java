package io.crmsdk.sync;

import io.crmsdk.store.Databases;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class MariadbReconcileTest extends ReconcileContract {
    MariadbReconcileTest() {
        super(Databases.Kind.MARIADB);
    }
}
