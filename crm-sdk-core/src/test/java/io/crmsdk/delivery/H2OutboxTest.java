package io.crmsdk.delivery;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class H2OutboxTest extends OutboxContract {
    @TempDir
    Path directory;

    @Override
    DeliveryTestStore open() throws Exception {
        return DeliveryTestStore.h2(directory.resolve("outbox"));
    }
}
