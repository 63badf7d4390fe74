package io.crmsdk.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.store.ChildJvm;
import io.crmsdk.store.Databases;
import io.crmsdk.store.Databases.Kind;
import io.crmsdk.store.Databases.TestDatabase;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Processes in three zones on one store. */
@Tag("slow")
class ZoneTest {
    private static final List<String> ZONES = List.of("UTC", "Asia/Shanghai", "America/New_York");

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void F_306_the_same_rows_the_same_instants_the_same_order_in_any_zone(Kind kind) throws Exception {
        try (TestDatabase database = Databases.open(kind, folder)) {
            Map<String, List<String>> read = new TreeMap<>();
            for (int n = 0; n < ZONES.size(); n++) {
                String zone = ZONES.get(n);
                try (ChildJvm child = ChildJvm.start(
                        List.of("-Duser.timezone=" + zone), ZoneChild.class, database.url(), "z" + n + "-")) {
                    assertThat(child.await("DONE")).isEqualTo("DONE in " + zone);
                    read.put(
                            zone,
                            child.lines().stream()
                                    .filter(line -> line.startsWith("READ"))
                                    .sorted()
                                    .toList());
                }
            }

            assertThat(read.get(ZONES.get(2))).containsAll(read.get(ZONES.get(1)));
            assertThat(read.get(ZONES.get(1))).containsAll(read.get(ZONES.get(0)));
            assertThat(read.get(ZONES.get(2))).containsExactlyElementsOf(expectedReadings());
            assertThat(database.rows("SELECT q.due_us, m.not_before_us FROM crm_delivery_queue q"
                            + " JOIN crm_delivery d ON d.id = q.delivery_id JOIN crm_message m ON m.id = d.message_id"
                            + " ORDER BY q.due_us, m.id"))
                    .containsExactlyElementsOf(expectedRows());
        }
    }

    private static List<String> expectedReadings() {
        List<String> expected = new ArrayList<>();
        for (int zone = 0; zone < ZONES.size(); zone++) {
            for (int n = 0; n < ZoneChild.INSTANTS.size(); n++) {
                expected.add("READ z" + zone + "-" + n + " " + ZoneChild.INSTANTS.get(n));
            }
        }
        return expected;
    }

    private static List<String> expectedRows() {
        List<String> expected = new ArrayList<>();
        for (Instant instant : ZoneChild.INSTANTS.stream().sorted().toList()) {
            long micros = ChronoUnit.MICROS.between(Instant.EPOCH, instant);
            ZONES.forEach(zone -> expected.add(micros + "|" + micros));
        }
        return expected;
    }
}
