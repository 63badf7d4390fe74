package io.crmsdk.delivery;

import io.crmsdk.store.Databases.Kind;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresqlMarkingAheadTest extends MarkingAheadContract {
    @Override
    Kind kind() {
        return Kind.POSTGRESQL;
    }
}
