package io.crmsdk.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.store.ChildJvm;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A comparison in a JVM that could not hold the records. */
@Tag("slow")
class ReconcileMemoryTest {
    @TempDir
    Path folder;

    @Test
    void two_sides_of_far_more_records_than_fit_are_compared_in_64_mebibytes() throws Exception {
        try (ChildJvm child = ChildJvm.start(
                List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError"),
                ReconcileChild.class,
                "sqlite:" + folder.resolve("crm.db"),
                "100000")) {
            assertThat(child.await("EQUAL")).isEqualTo("EQUAL 100000 100000 true 0");
            assertThat(child.await("DAMAGED")).isEqualTo("DAMAGED 100000 99990 100 10 0");
        }
    }
}
