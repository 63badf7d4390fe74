package io.crmsdk.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code crm consent} as a person uses it: what it prints, how it ends, what stays. */
class ConsentCommandTest {
    private static final String LI = "li@example.com";

    @TempDir
    private Path folder;

    private CrmProcess consent(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("consent"));
        all.addAll(List.of(arguments));
        all.add("--json");
        return CrmProcess.run(folder, "", all.toArray(String[]::new));
    }

    private String decision(String address) throws IOException, InterruptedException {
        CrmProcess status = consent("status", address);
        assertThat(status.exit()).as(status.err()).isEqualTo(Exit.DONE);
        return status.lines().get(0).path("decision").asText();
    }

    @Test
    void what_is_held_of_a_person_is_exported_and_nothing_of_others() throws Exception {
        consent("unsubscribe", LI);
        consent("unsubscribe", "wang@example.com");

        CrmProcess exported = consent("export", "Li@Example.com");

        assertThat(exported.exit()).as(exported.err()).isEqualTo(Exit.DONE);
        assertThat(exported.lines()).hasSize(1);
        assertThat(exported.lines().get(0).toString())
                .contains("UNSUBSCRIBE", "crm consent unsubscribe")
                .doesNotContain("wang");
    }

    @Test
    void a_person_who_was_erased_leaves_no_address_and_is_still_not_written_to() throws Exception {
        consent("unsubscribe", LI);

        CrmProcess erased = consent("erase", LI, "--because", "ticket 4711");
        CrmProcess copied = consent("copy", "ledger.jsonl");

        assertThat(erased.exit()).as(erased.err()).isEqualTo(Exit.DONE);
        assertThat(erased.lines().get(0).path("ev").asText()).isEqualTo("erased");
        assertThat(erased.out().toString()).doesNotContain(LI);
        assertThat(copied.exit()).as(copied.err()).isEqualTo(Exit.DONE);
        assertThat(Files.readString(folder.resolve("ledger.jsonl")))
                .doesNotContain(LI)
                .doesNotContain("crm consent unsubscribe")
                .contains("ticket 4711");
        assertThat(decision(LI)).isEqualTo("OPTED_OUT");
    }

    @Test
    void an_opt_out_that_the_backup_did_not_have_is_back_and_marketing_waits_for_a_persons_word() throws Exception {
        consent("assert", "wang@example.com", "--scope", "news", "--because", "said so");
        CrmProcess.run(folder, "", "store", "backup", "backup.db");
        consent("unsubscribe", LI);
        consent("copy", "ledger.jsonl");
        Path lost = folder.resolve("crm-sdk.db");
        for (String end : new String[] {"", "-wal", "-shm"}) {
            Files.deleteIfExists(lost.resolveSibling(lost.getFileName() + end));
        }
        CrmProcess back = CrmProcess.run(folder, "", "store", "restore", "backup.db");
        assertThat(back.exit()).as(back.err()).isEqualTo(Exit.DONE);

        CrmProcess restored = consent("restore", "ledger.jsonl");

        assertThat(restored.exit()).as(restored.err()).isEqualTo(Exit.HELD);
        JsonNode line = restored.lines().get(0);
        assertThat(line.path("fresh").asLong()).isEqualTo(1);
        assertThat(line.path("held").asBoolean()).isTrue();
        assertThat(decision(LI)).isEqualTo("OPTED_OUT");
        assertThat(decision("wang@example.com")).isEqualTo("HOLD");

        CrmProcess finished = consent("restore", "ledger.jsonl", "--finish", "chen");

        assertThat(finished.exit()).as(finished.err()).isEqualTo(Exit.DONE);
        assertThat(finished.lines().get(0).path("fresh").asLong()).isZero();
        assertThat(decision("wang@example.com")).isEqualTo("UNKNOWN");
        assertThat(decision(LI)).isEqualTo("OPTED_OUT");
    }

    @Test
    void a_copy_that_is_missing_holds_nothing_and_one_that_is_there_is_not_written_over() throws Exception {
        consent("unsubscribe", LI);
        Path there = Files.writeString(folder.resolve("there.jsonl"), "mine");

        CrmProcess missing = consent("restore", "none.jsonl");
        CrmProcess over = consent("copy", "there.jsonl");

        assertThat(missing.exit()).isEqualTo(Exit.UNAVAILABLE);
        assertThat(missing.err()).contains("there is no file none.jsonl");
        assertThat(decision("wang@example.com")).isEqualTo("UNKNOWN");
        assertThat(over.exit()).isEqualTo(Exit.UNAVAILABLE);
        assertThat(there).hasContent("mine");
    }

    @Test
    void erasing_without_a_reason_or_without_a_store_does_nothing() throws Exception {
        assertThat(consent("erase", LI).exit()).isEqualTo(Exit.USAGE);

        CrmProcess nowhere = consent("erase", LI, "--because", "ticket 4711");

        assertThat(nowhere.exit()).isEqualTo(Exit.UNAVAILABLE);
        assertThat(folder.resolve("crm-sdk.db")).doesNotExist();
    }
}
