package io.crmsdk.suppression;

import io.crmsdk.store.Databases;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class MariadbSuppressionTest extends SuppressionContract {
    MariadbSuppressionTest() {
        super(Databases.Kind.MARIADB);
    }
}
