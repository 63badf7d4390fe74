package io.crmsdk.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.crmsdk.examples.sandbox.SandboxErp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code crm sync} from a sheet to an ERP that settings describe, as a person does it. */
class SyncCommandTest {
    @TempDir
    private Path folder;

    private Path config(SandboxErp erp, String more) throws IOException {
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
                fields: {number: No2, name: Name, email: Mail}
                %s
                """.formatted(erp.address(), more));
    }

    private void sheet(int from, int to) throws IOException {
        StringBuilder csv = new StringBuilder("No,No2,Name,Mail\n");
        for (int i = from; i <= to; i++) {
            csv.append("K%1$d,N%1$d,Name %1$d,m%1$d@example.com%n".formatted(i));
        }
        Files.writeString(folder.resolve("customers.csv"), csv);
    }

    private CrmProcess sync(String command, Path config, String... more) throws IOException, InterruptedException {
        String[] arguments = new String[5 + more.length];
        System.arraycopy(new String[] {"sync", command, "--json", "--config", config.toString()}, 0, arguments, 0, 5);
        System.arraycopy(more, 0, arguments, 5, more.length);
        return CrmProcess.run(folder, "", arguments);
    }

    private static JsonNode last(CrmProcess process) {
        assertThat(process.out()).as(process.err()).isNotEmpty();
        return process.lines().get(process.lines().size() - 1);
    }

    @Test
    void a_pair_whose_source_has_no_books_has_no_receivables_to_show() throws Exception {
        try (SandboxErp erp = SandboxErp.start()) {
            sheet(1, 1);

            CrmProcess shown = sync("receivables", config(erp, ""));

            assertThat(shown.exit()).isEqualTo(Exit.USAGE);
            assertThat(shown.err()).contains("tryton-orders");
        }
    }

    @Test
    void a_sheet_is_planned_applied_and_found_unchanged() throws Exception {
        try (SandboxErp erp = SandboxErp.start()) {
            sheet(1, 30);
            Path config = config(erp, "");

            CrmProcess planned = sync("plan", config);
            assertThat(planned.exit()).as(planned.err()).isEqualTo(Exit.DONE);
            assertThat(planned.lines()).hasSize(31);
            assertThat(planned.lines().get(0).path("action").asText()).isEqualTo("create");
            assertThat(planned.lines().get(0).path("fields").path("name").asText())
                    .startsWith("Name ");
            assertThat(last(planned).path("counts").path("create").asInt()).isEqualTo(30);
            assertThat(erp.writes()).isZero();

            String hash = last(planned).path("plan").asText();
            CrmProcess applied = sync("apply", config, hash);
            assertThat(applied.exit()).as(applied.err()).isEqualTo(Exit.DONE);
            assertThat(last(applied).path("created").asInt()).isEqualTo(30);
            assertThat(erp.customers()).hasSize(30);

            assertThat(last(sync("plan", config)).path("counts").path("create").asInt())
                    .isZero();
            assertThat(last(sync("status", config)).path("linked").asInt()).isEqualTo(30);
            assertThat(erp.customers()).hasSize(30);
        }
    }

    @Test
    void F_807_a_sheet_that_lost_its_rows_is_held_and_archives_nobody_without_a_word() throws Exception {
        try (SandboxErp erp = SandboxErp.start()) {
            sheet(1, 60);
            Path config = config(erp, "");
            sync("apply", config, last(sync("plan", config)).path("plan").asText());
            sheet(1, 30);

            CrmProcess held = sync("plan", config);

            assertThat(held.exit()).isEqualTo(Exit.HELD);
            assertThat(last(held).path("held")).isNotEmpty();
            String hash = last(held).path("plan").asText();
            assertThat(sync("apply", config, hash).exit()).isEqualTo(Exit.HELD);
            assertThat(erp.customers())
                    .noneMatch(customer -> customer.toString().contains("archived=true"));
            assertThat(sync("approve", config, "--by", "Li Lei", "--ceiling", "5", hash)
                            .exit())
                    .isEqualTo(Exit.USAGE);
            assertThat(sync("approve", config, "--by", "Li Lei", "--ceiling", "30", hash)
                            .exit())
                    .isEqualTo(Exit.DONE);
            CrmProcess applied = sync("apply", config, hash);
            assertThat(last(applied).path("archived").asInt()).isEqualTo(30);
        }
    }

    @Test
    void F_905_a_misspelt_key_ends_with_what_was_meant_and_makes_no_store() throws Exception {
        try (SandboxErp erp = SandboxErp.start()) {
            sheet(1, 1);

            CrmProcess refused = sync("plan", config(erp, "polices: {name: manual}"));

            assertThat(refused.exit()).isEqualTo(Exit.USAGE);
            assertThat(refused.err()).contains("polices: is not known here; did you mean policies?");
            assertThat(folder.resolve("sync.db")).doesNotExist();
        }
    }

    @Test
    void paths_and_secrets_of_a_settings_file_start_at_its_folder_not_where_the_command_runs() throws Exception {
        try (SandboxErp erp = SandboxErp.start()) {
            sheet(1, 2);
            Path config = config(erp, "");
            Path inner = Files.createDirectories(folder.resolve("conf"));
            Files.move(folder.resolve("customers.csv"), inner.resolve("customers.csv"));
            Files.writeString(inner.resolve("token.txt"), "s3cret\n");
            String yaml = Files.readString(config);
            Path moved = Files.writeString(
                    inner.resolve("sync.yaml"),
                    yaml.replace("  attempts: 1\n", "  attempts: 1\n  auth: {kind: bearer, token: file:token.txt}\n"));

            CrmProcess planned = sync("plan", moved);

            assertThat(planned.exit()).as(planned.err()).isEqualTo(Exit.DONE);
            assertThat(last(planned).path("counts").path("create").asInt()).isEqualTo(2);
        }
    }

    @Test
    void a_secret_that_is_not_where_the_settings_say_is_told_by_its_place_and_makes_no_store() throws Exception {
        try (SandboxErp erp = SandboxErp.start()) {
            sheet(1, 1);
            Path config = config(erp, "");
            Files.writeString(
                    config,
                    Files.readString(config)
                            .replace(
                                    "  attempts: 1\n",
                                    "  attempts: 1\n  auth: {kind: bearer, token: file:none.txt}\n"));

            CrmProcess refused = sync("plan", config);

            assertThat(refused.exit()).isEqualTo(Exit.USAGE);
            assertThat(refused.err()).contains("there is nothing at file:none.txt");
            assertThat(folder.resolve("sync.db")).doesNotExist();
        }
    }

    @Test
    void settings_and_sheets_that_are_not_there_are_told_by_their_name() throws Exception {
        try (SandboxErp erp = SandboxErp.start()) {
            CrmProcess none = sync("plan", folder.resolve("none.yaml"));
            CrmProcess noSheet = sync("plan", config(erp, ""));

            assertThat(none.exit()).isEqualTo(Exit.UNAVAILABLE);
            assertThat(none.err()).contains("none.yaml");
            assertThat(noSheet.exit()).isEqualTo(Exit.UNAVAILABLE);
            assertThat(noSheet.err()).contains("customers.csv");
        }
    }

    @Test
    void an_erp_that_is_down_leaves_letters_that_say_so_and_claims_nothing() throws Exception {
        sheet(1, 3);
        Path config;
        String hash;
        try (SandboxErp erp = SandboxErp.start()) {
            config = config(erp, "");
            hash = last(sync("plan", config)).path("plan").asText();
        }

        CrmProcess applied = sync("apply", config, hash);

        assertThat(applied.exit()).isEqualTo(Exit.FINDINGS);
        assertThat(last(applied).path("created").asInt()).isZero();
        assertThat(last(applied).path("failed").asInt()).isEqualTo(3);
        CrmProcess status = sync("status", config);
        assertThat(status.exit()).isEqualTo(Exit.FINDINGS);
        assertThat(status.lines().get(0).path("failed").path("cause").asText()).isEqualTo("DOWN");
    }
}
