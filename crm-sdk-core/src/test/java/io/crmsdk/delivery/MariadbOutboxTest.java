package io.crmsdk.delivery;

import org.junit.jupiter.api.Tag;

@Tag("slow")
class MariadbOutboxTest extends OutboxContract {
    @Override
    DeliveryTestStore open() throws Exception {
        return DeliveryServers.mariadb();
    }
}
