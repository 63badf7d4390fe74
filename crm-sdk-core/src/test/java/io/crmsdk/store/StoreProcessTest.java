package io.crmsdk.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.crmsdk.store.Databases.Kind;
import io.crmsdk.store.Databases.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several processes on one store, and what a commit asks of the disk. */
@Tag("slow")
class StoreProcessTest {
    private static final int COMMITS = 300;

    @TempDir
    Path folder;

    private final List<ChildJvm> children = new ArrayList<>();

    @AfterEach
    void end_all_children() {
        children.forEach(ChildJvm::kill);
    }

    private ChildJvm child(String url, int commits) throws IOException {
        return remembered(ChildJvm.start(StoreChild.class, url, Integer.toString(commits)));
    }

    private ChildJvm remembered(ChildJvm child) {
        children.add(child);
        return child;
    }

    @ParameterizedTest
    @EnumSource
    void processes_that_start_together_make_one_schema_and_lose_no_commit(Kind kind) throws Exception {
        if (kind == Kind.H2) {
            // Only one process can hold an H2 file; see the next test.
            return;
        }
        try (TestDatabase database = Databases.open(kind, folder)) {
            for (int n = 0; n < 3; n++) {
                child(database.url(), 20);
            }
            children.forEach(child -> child.await("DONE"));

            assertThat(database.rows("SELECT name FROM crm_store WHERE content = 'x'"))
                    .hasSize(60);
            assertThat(database.rows("SELECT name FROM crm_schema WHERE done < statements"))
                    .isEmpty();
        }
    }

    @Test
    void F_113_a_second_process_on_an_h2_file_is_refused_by_name() throws Exception {
        Path file = folder.resolve("crm.mv.db");
        child("h2:" + file, 1).await("DONE");

        String answer = child("h2:" + file, 1).await("REFUSED");

        assertThat(answer).startsWith("REFUSED STORE_IN_USE").contains(file.toString());
    }

    @Test
    void F_103_each_commit_of_the_default_store_is_forced_to_the_disk() throws Exception {
        assertThat(forced("sqlite:" + folder.resolve("crm.db"))).isGreaterThanOrEqualTo(COMMITS);
    }

    /** What docs/store.md and the self-check say of H2; if this fails one day, they can be changed. */
    @Test
    void F_103_an_h2_file_is_hardly_ever_forced_to_the_disk() throws Exception {
        assertThat(forced("h2:" + folder.resolve("crm"))).isLessThan(COMMITS / 3);
    }

    /** How often the process told the system to force a file to the disk while it made its commits. */
    private long forced(String url) throws Exception {
        Path trace = folder.resolve("trace");
        assumeTrue(canTrace(), "strace is not installed or may not trace here");
        List<String> strace = List.of("strace", "-f", "-q", "-e", "trace=fsync,fdatasync", "-o", trace.toString());
        ChildJvm child = remembered(ChildJvm.behind(strace, StoreChild.class, url, Integer.toString(COMMITS)));
        child.await("DONE");
        child.end();
        try (Stream<String> lines = Files.lines(trace)) {
            return lines.filter(line -> line.contains("fsync(") || line.contains("fdatasync("))
                    .count();
        }
    }

    private boolean canTrace() throws InterruptedException {
        try {
            return new ProcessBuilder("strace", "-o", folder.resolve("try").toString(), "true")
                            .redirectErrorStream(true)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
