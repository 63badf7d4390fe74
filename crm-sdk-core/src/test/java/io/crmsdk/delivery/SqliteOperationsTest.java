package io.crmsdk.delivery;

import io.crmsdk.store.Databases.Kind;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteOperationsTest extends OperationsContract {
    @TempDir
    Path folder;

    @Override
    DeliveryTestStore open() throws Exception {
        return DeliveryTestStore.empty(Kind.SQLITE, folder);
    }
}
