package io.crmsdk.delivery;

import io.crmsdk.store.Databases.Kind;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class PortableSqlOrderingTest extends OrderingContract {
    @TempDir
    Path folder;

    @Override
    DeliveryTestStore open() throws Exception {
        return DeliveryTestStore.empty(Kind.POSTGRESQL, folder);
    }

    @Override
    Outbox.Builder builder() {
        return super.builder().portableSql();
    }
}
