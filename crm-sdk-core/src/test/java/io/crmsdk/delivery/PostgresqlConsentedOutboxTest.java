package io.crmsdk.delivery;

import io.crmsdk.store.Databases.Kind;
import org.junit.jupiter.api.Tag;

@Tag("slow")
final class PostgresqlConsentedOutboxTest extends ConsentedOutboxTest {
    @Override
    Kind kind() {
        return Kind.POSTGRESQL;
    }
}
