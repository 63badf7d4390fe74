package io.crmsdk.erp.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmsdk.erp.ConfiguredSync;
import io.crmsdk.erp.tryton.RealTryton;
import io.crmsdk.receivables.ReceivablesLedger;
import io.crmsdk.sync.SyncException;
import io.crmsdk.sync.SyncPlan;
import io.crmsdk.sync.SyncReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of settings that brings the orders of a real Tryton, with how far each is paid, to a service. */
class TrytonOrdersTest {
    private static final String SETTINGS = """
            pair: orders-service
            store: sqlite:orders.db
            source: {type: tryton-orders, %s, database: demo, user: connector, password: env:PASSWORD, instance: demo}
            target:
              type: rest
              url: %s
              private-network: true
              plain-http: true
              system: shop
              object: Order
              path: /customers
              items: items
              version: etag
              modified: updated_at
              time: rfc3339
              gone: archived
              key: external_ref
              paging: {kind: cursor, parameter: start, size-parameter: limit, next: page.next}
              changes: {parameter: since}
              writes:
                create: POST /customers
                update: PATCH /customers/{id}
                archive: DELETE /customers/{id}
                condition: If-Match
                keys: search
                find-by: ref
            fields: {name: customer, payment: payment, open: open}
            """;

    @TempDir
    private Path folder;

    private ConfiguredSync open(String source, String target) throws IOException {
        Path file = Files.writeString(folder.resolve("orders.yaml"), SETTINGS.formatted(source, target));
        return ConfiguredSync.open(file, Map.of("PASSWORD", "api-secret-1")::get);
    }

    @Test
    @Tag("slow")
    void F_819_each_order_arrives_with_how_far_it_is_paid() throws IOException, InterruptedException {
        String source = "url: " + RealTryton.settings(folder).text("url") + ", private-network: true, plain-http: true";
        CustomerService service = new CustomerService();
        try (ConfiguredSync sync = open(source, service.url())) {
            SyncPlan plan = sync.pair().plan();
            SyncReport report = sync.pair().apply(plan.hash());

            assertThat(plan.holds()).isEmpty();
            assertThat(report.created()).isEqualTo(plan.creates()).isGreaterThanOrEqualTo(5);
            assertThat(service.records().values())
                    .extracting(fields -> fields.text("payment") + " " + fields.text("open"))
                    .contains("partial 339.95", "unpaid 329.97", "paid 0.00");
            ReceivablesLedger ledger = sync.receivables().orElseThrow();
            assertThat(ledger.holds()).isEmpty();
            assertThat(sync.pair().plan().changes()).isZero();
        } finally {
            service.close();
        }
    }

    @Test
    void orders_are_no_target() {
        String yaml = """
                pair: wrong
                source: {type: file, path: a.csv, id: No}
                target: {type: tryton-orders, url: 'https://erp.example.com', database: demo, user: u, password: env:P}
                """;
        assertThatThrownBy(() -> ConfiguredSync.open(
                        Files.writeString(folder.resolve("wrong.yaml"), yaml), Map.of("P", "p")::get))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("type")
                .hasMessageContaining("source");
        assertThat(folder.resolve("crm-sync.db")).doesNotExist();
    }

    @Test
    void a_misspelt_key_of_the_books_is_refused_before_a_store_is_made() {
        String source = "url: 'https://erp.example.com', instnce: x";

        assertThatThrownBy(() -> open(source, "https://shop.example.com"))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("instnce");
        assertThat(folder.resolve("orders.db")).doesNotExist();
    }

    @Test
    void another_source_has_no_receivables() throws IOException {
        Files.writeString(folder.resolve("a.csv"), "No,name\n1,A\n");
        String yaml = """
                pair: plain
                store: sqlite:plain.db
                source: {type: file, path: a.csv, id: No}
                target: {type: file, path: a.csv, id: No}
                """;
        try (ConfiguredSync sync =
                ConfiguredSync.open(Files.writeString(folder.resolve("plain.yaml"), yaml), name -> null)) {
            assertThat(sync.receivables()).isEmpty();
        }
    }
}
