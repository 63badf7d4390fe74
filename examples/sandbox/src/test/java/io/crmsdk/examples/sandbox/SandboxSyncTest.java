package io.crmsdk.examples.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.http.HttpGateway;
import io.crmsdk.store.Store;
import io.crmsdk.sync.Fields;
import io.crmsdk.sync.SyncPair;
import io.crmsdk.sync.SyncPlan;
import io.crmsdk.sync.SyncReport;
import io.crmsdk.sync.Write;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two sandboxes are kept in step over real HTTP, on good days and bad ones. */
class SandboxSyncTest {
    @TempDir
    Path folder;

    private static void fill(SandboxErp erp, int customers) {
        try (HttpGateway gateway = SandboxConnector.gateway(erp.address())) {
            List<Write> writes = new ArrayList<>();
            for (int i = 0; i < customers; i++) {
                Fields fields = Fields.builder()
                        .text("name", "客户 " + i)
                        .text("address.city", "上海")
                        .build();
                writes.add(new Write.Create("r" + i, "k" + i, fields));
            }
            new SandboxConnector(gateway).write(writes);
        }
    }

    private static SyncReport run(SyncPair pair) {
        SyncPlan plan = pair.plan();
        return pair.apply(plan.hash());
    }

    @Test
    void customers_arrive_once_and_a_second_run_writes_nothing() {
        try (Store store = Store.sqlite(folder.resolve("crm.db"));
                SandboxErp from = SandboxErp.start();
                SandboxErp to = SandboxErp.start();
                HttpGateway here = SandboxConnector.gateway(from.address());
                HttpGateway there = SandboxConnector.gateway(to.address())) {
            fill(from, 120);
            SyncPair pair = SyncPair.builder("sandboxes", store)
                    .source(new SandboxConnector(here))
                    .target(new SandboxConnector(there))
                    .build();

            assertThat(run(pair).created()).isEqualTo(120);
            assertThat(to.customers()).hasSize(120);
            assertThat(to.customers().get(0).fields())
                    .isEqualTo(from.customers().get(0).fields());
            assertThat(there.skew()).isPresent();

            long writes = to.writes();
            assertThat(run(pair).written()).isZero();
            assertThat(to.writes()).isEqualTo(writes);
        }
    }

    @Test
    void bad_days_lose_nothing_and_make_nothing_twice() {
        try (Store store = Store.sqlite(folder.resolve("crm.db"));
                SandboxErp from = SandboxErp.start();
                SandboxErp to = SandboxErp.start(new SandboxFaults(7, 0, 0.1, 0.1, 0.25));
                HttpGateway here = SandboxConnector.gateway(from.address());
                HttpGateway there = SandboxConnector.gateway(to.address())) {
            fill(from, 300);
            SyncPair pair = SyncPair.builder("sandboxes", store)
                    .source(new SandboxConnector(here))
                    .target(new SandboxConnector(there))
                    .build();
            SyncPlan plan = pair.plan();
            SyncReport report = pair.apply(plan.hash());
            for (int i = 0; i < 20 && !report.isComplete(); i++) {
                report = pair.apply(plan.hash());
            }

            assertThat(report.isComplete()).isTrue();
            Set<String> keys = new HashSet<>();
            to.customers().forEach(customer -> keys.add(customer.key()));
            assertThat(keys).hasSize(300);
            assertThat(to.customers()).hasSize(300);
        }
    }

    @Test
    void a_file_survives_a_restart() {
        Path file = folder.resolve("customers.jsonl");
        List<SandboxCustomer> before;
        try (SandboxErp erp = SandboxErp.start(file, SandboxFaults.none())) {
            fill(erp, 10);
            before = erp.customers();
        }
        try (SandboxErp erp = SandboxErp.start(file, SandboxFaults.none())) {
            assertThat(erp.customers()).isEqualTo(before);
        }
    }
}
