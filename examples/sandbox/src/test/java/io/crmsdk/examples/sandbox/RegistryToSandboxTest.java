package io.crmsdk.examples.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.http.HttpGateway;
import io.crmsdk.identity.CustomerRegistry;
import io.crmsdk.identity.SourceRecord;
import io.crmsdk.model.Customer;
import io.crmsdk.model.CustomerEmail;
import io.crmsdk.model.CustomerKind;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.model.ExternalId;
import io.crmsdk.store.Store;
import io.crmsdk.sync.CustomerSource;
import io.crmsdk.sync.SyncPair;
import io.crmsdk.sync.SyncPlan;
import io.crmsdk.sync.SyncReport;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The registry's customers reach an ERP over HTTP, once each. */
class RegistryToSandboxTest {
    @TempDir
    Path folder;

    private static void customer(CustomerRegistry registry, int number, String name) {
        Customer customer = Customer.builder(CustomerKind.PERSON)
                .displayName(name)
                .number(String.format("%06d", number))
                .addEmail(CustomerEmail.of(EmailAddress.parse("c" + number + "@example.com")))
                .build();
        registry.upsert(new SourceRecord(ExternalId.of("shop", "Customer", "s" + number), customer));
    }

    private static SyncReport run(SyncPair pair) {
        SyncPlan plan = pair.plan();
        return pair.apply(plan.hash());
    }

    @Test
    void customers_reach_the_erp_once_and_changes_follow() {
        try (Store store = Store.sqlite(folder.resolve("crm.db"));
                SandboxErp erp = SandboxErp.start();
                HttpGateway gateway = SandboxConnector.gateway(erp.address())) {
            CustomerRegistry registry = CustomerRegistry.open(store);
            for (int i = 0; i < 30; i++) {
                customer(registry, i, "Customer " + i);
            }
            CustomerSource source = new CustomerSource(registry, SandboxConnector.mapping());
            SyncPair pair = SyncPair.builder("registry-sandbox", store)
                    .source(source)
                    .translation(source.translation())
                    .target(new SandboxConnector(gateway))
                    .build();

            assertThat(run(pair).created()).isEqualTo(30);
            assertThat(erp.customers()).hasSize(30);
            assertThat(erp.customers().get(3).fields().text("email")).matches("c\\d+@example.com");
            assertThat(run(pair).written()).isZero();

            customer(registry, 7, "Renamed");
            assertThat(run(pair).updated()).isEqualTo(1);
            assertThat(erp.customers().stream()
                            .filter(c -> "Renamed".equals(c.fields().text("name"))))
                    .hasSize(1);
            assertThat(run(pair).written()).isZero();
        }
    }
}
