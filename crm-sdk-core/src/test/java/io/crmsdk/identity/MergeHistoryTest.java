package io.crmsdk.identity;

import io.crmsdk.store.Databases.Kind;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergeHistoryTest {
    @TempDir
    Path folder;

    @Test
    void any_merge_can_be_taken_back_exactly() throws Exception {
        MergeHistory.run(Kind.SQLITE, folder, 1, 150);
    }

    @Test
    @Tag("slow")
    void any_merge_can_be_taken_back_exactly_in_many_histories() throws Exception {
        MergeHistory.run(Kind.SQLITE, folder, 1_000_000, Integer.getInteger("crmsdk.identity.histories", 200));
    }

    @Test
    @Tag("slow")
    void any_merge_can_be_taken_back_exactly_on_postgresql() throws Exception {
        MergeHistory.run(Kind.POSTGRESQL, folder, 2_000_000, Integer.getInteger("crmsdk.identity.histories", 40));
    }
}
