package io.crmsdk.sync;

import io.crmsdk.store.Databases;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresqlReconcileTest extends ReconcileContract {
    PostgresqlReconcileTest() {
        super(Databases.Kind.POSTGRESQL);
    }
}
