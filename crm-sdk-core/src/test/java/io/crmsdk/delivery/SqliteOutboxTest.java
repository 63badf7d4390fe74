package io.crmsdk.delivery;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteOutboxTest extends OutboxContract {
    @TempDir
    Path directory;

    @Override
    DeliveryTestStore open() throws Exception {
        return DeliveryTestStore.sqlite(directory.resolve("outbox"));
    }
}
