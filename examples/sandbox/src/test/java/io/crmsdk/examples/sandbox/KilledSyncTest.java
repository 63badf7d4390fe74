package io.crmsdk.examples.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, killed for real at random moments: every record arrives, and arrives once (F-804, F-805, F-814). */
@Tag("slow")
class KilledSyncTest {
    private static final int RECORDS = 8_000;

    @TempDir
    Path folder;

    @Test
    void a_sync_that_is_killed_again_and_again_brings_every_record_once() throws Exception {
        long seed = Long.getLong("crmsdk.sync.seed", 5);
        Random random = new Random(seed);
        int kills = 0;
        try (SandboxErp erp = SandboxErp.start(new SandboxFaults(seed, 0, 0, 0, 0.05))) {
            boolean complete = false;
            for (int run = 0; run < 60 && !complete; run++) {
                Path output = folder.resolve("run" + run + ".txt");
                Process process = start(erp, output);
                long patience = run < 10 ? 800 + random.nextInt(1500) : 60_000;
                if (!process.waitFor(patience, TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly().waitFor();
                    kills++;
                }
                complete = Files.readString(output).contains("\ncomplete");
            }

            assertThat(complete).as("seed " + seed).isTrue();
            assertThat(kills).as("kills").isPositive();
            Set<String> keys = new HashSet<>();
            erp.customers().forEach(customer -> keys.add(customer.key()));
            assertThat(keys).as("seed " + seed + ": every record arrived").hasSize(RECORDS);
            assertThat(erp.customers())
                    .as("seed " + seed + ": none arrived twice")
                    .hasSize(RECORDS);
        }
    }

    private Process start(SandboxErp erp, Path output) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledSync.class.getName(),
                        folder.resolve("crm.db").toString(),
                        erp.address().toString(),
                        String.valueOf(RECORDS))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }
}
