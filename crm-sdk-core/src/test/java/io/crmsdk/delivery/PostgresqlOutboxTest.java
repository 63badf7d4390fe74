package io.crmsdk.delivery;

import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresqlOutboxTest extends OutboxContract {
    @Override
    DeliveryTestStore open() throws Exception {
        return DeliveryServers.postgresql();
    }
}
