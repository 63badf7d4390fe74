package io.crmsdk.suppression;

import io.crmsdk.store.Databases;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresqlSuppressionTest extends SuppressionContract {
    PostgresqlSuppressionTest() {
        super(Databases.Kind.POSTGRESQL);
    }
}
