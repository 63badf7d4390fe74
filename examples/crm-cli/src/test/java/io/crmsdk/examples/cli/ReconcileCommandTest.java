package io.crmsdk.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.crmsdk.examples.sandbox.SandboxErp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code crm reconcile} of a sheet and an ERP, as a person does it. */
class ReconcileCommandTest {
    @TempDir
    private Path folder;

    private Path config(SandboxErp erp) throws IOException {
        return Files.writeString(folder.resolve("sync.yaml"), """
                pair: sheet-erp
                store: sqlite:sync.db
                source: {type: file, path: customers.csv, id: No}
                target:
                  type: rest
                  url: %s
                  private-network: true
                  plain-http: true
                  attempts: 1
                  system: sandbox
                  object: Customer
                  path: /customers
                  items: items
                  id: _id
                  version: _version
                  modified: _modified
                  time: rfc3339
                  gone: _archived
                  key: _key
                  paging: {kind: cursor, parameter: after, next: next, size-parameter: limit}
                  changes: {parameter: since}
                  writes:
                    create: PUT /customers/key/{key}
                    update: PATCH /customers/{id}
                    archive: POST /customers/{id}/archive
                    condition: If-Match
                    keys: upsert
                    find-by: key
                fields: {name: Name, email: Mail, news: News, open: Open, currency: Currency}
                never-grant: {news: subscribed}
                money: {open: currency}
                """.formatted(erp.address()));
    }

    private void sheet(int rows) throws IOException {
        StringBuilder csv = new StringBuilder("No,Name,Mail,News,Open,Currency\n");
        for (int i = 1; i <= rows; i++) {
            csv.append("K%1$d,Name %1$d,m%1$d@example.com,unsubscribed,%1$d.25,EUR%n".formatted(i));
        }
        Files.writeString(folder.resolve("customers.csv"), csv);
    }

    private CrmProcess crm(Path config, List<String> command, String... more) throws IOException, InterruptedException {
        java.util.ArrayList<String> arguments = new java.util.ArrayList<>(command);
        arguments.addAll(List.of("--json", "--config", config.toString()));
        arguments.addAll(List.of(more));
        return CrmProcess.run(folder, "", arguments.toArray(String[]::new));
    }

    private static JsonNode last(CrmProcess process) {
        assertThat(process.out()).as(process.err()).isNotEmpty();
        return process.lines().get(process.lines().size() - 1);
    }

    /** Edits a record as a person at the ERP does. */
    private static void edit(SandboxErp erp, String key, String json) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        URI found = URI.create(erp.address() + "/customers?key=" + key);
        String body = client.send(HttpRequest.newBuilder(found).build(), HttpResponse.BodyHandlers.ofString())
                .body();
        JsonNode record = JsonLines.parse(body, "answer").path("items").get(0);
        HttpRequest patch = HttpRequest.newBuilder(URI.create(
                        erp.address() + "/customers/" + record.path("_id").asText()))
                .header("If-Match", "\"" + record.path("_version").asText() + "\"")
                .header("Content-Type", "application/json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString(json))
                .build();
        assertThat(client.send(patch, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void equal_sides_end_with_0_and_damage_with_1_a_page_and_a_plan_that_puts_it_right() throws Exception {
        try (SandboxErp erp = SandboxErp.start()) {
            sheet(30);
            Path config = config(erp);
            crm(
                    config,
                    List.of("sync", "apply"),
                    last(crm(config, List.of("sync", "plan"))).path("plan").asText());

            CrmProcess equal = crm(config, List.of("reconcile"));
            assertThat(equal.exit()).as(equal.err() + equal.out()).isEqualTo(Exit.DONE);
            assertThat(equal.lines()).hasSize(1);
            assertThat(last(equal).path("equal").asBoolean()).isTrue();
            assertThat(last(equal).path("totals").get(0).path("source").asText())
                    .isEqualTo("472.5");

            edit(erp, "K7", "{\"news\":\"subscribed\"}");
            edit(erp, "K9", "{\"open\":\"1.00\",\"name\":\"Other\"}");
            long writes = erp.writes();
            CrmProcess found = crm(
                    config,
                    List.of("reconcile"),
                    "--html",
                    folder.resolve("report.html").toString());

            assertThat(found.exit()).as(found.err()).isEqualTo(Exit.FINDINGS);
            assertThat(found.lines()).hasSize(3);
            JsonNode first = found.lines().get(0).path("difference");
            assertThat(first.path("kind").asText()).isEqualTo("consent");
            assertThat(first.path("optedOut").asText()).isEqualTo("source");
            assertThat(first.path("source").asText()).isEqualTo("K7");
            assertThat(found.lines().get(1).path("difference").path("fields"))
                    .extracting(JsonNode::asText)
                    .containsExactly("name", "open");
            assertThat(last(found).path("totals").get(0).path("target").asText())
                    .isEqualTo("464.25");
            assertThat(found.out()).doesNotContain("example.com", "Other");
            assertThat(folder.resolve("report.html"))
                    .content()
                    .contains("<svg", "K7")
                    .doesNotContain("example.com", "Other");
            assertThat(erp.writes()).isEqualTo(writes);

            CrmProcess repair = crm(
                    config,
                    List.of("reconcile"),
                    "--repair",
                    last(found).path("reconcile").asText());
            assertThat(repair.exit()).as(repair.err()).isEqualTo(Exit.DONE);
            assertThat(last(repair).path("counts").path("update").asInt()).isEqualTo(2);
            assertThat(erp.writes()).isEqualTo(writes);
            String plan = last(repair).path("plan").asText();
            assertThat(crm(config, List.of("sync", "apply"), plan).exit()).isEqualTo(Exit.DONE);
            assertThat(crm(config, List.of("reconcile")).exit()).isEqualTo(Exit.DONE);
        }
    }

    @Test
    void a_system_that_is_down_is_no_difference_and_an_unknown_report_is_no_plan() throws Exception {
        sheet(3);
        Path config;
        try (SandboxErp erp = SandboxErp.start()) {
            config = config(erp);
            CrmProcess unknown = crm(config, List.of("reconcile"), "--repair", "0".repeat(64));
            assertThat(unknown.exit()).isEqualTo(Exit.USAGE);
            assertThat(unknown.err()).contains("Compare again");
        }

        CrmProcess down = crm(config, List.of("reconcile"));

        assertThat(down.exit()).as(down.err()).isEqualTo(Exit.UNAVAILABLE);
        assertThat(down.out()).isEmpty();
    }
}
