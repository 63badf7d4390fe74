package io.crmsdk.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.crmsdk.examples.quickstart.Quickstart;
import io.crmsdk.fixtures.SharedFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command from outside: what it prints, how it ends. */
class CrmContractTest {
    @TempDir
    Path folder;

    private CrmProcess crm(String input, String... arguments) throws IOException, InterruptedException {
        return CrmProcess.run(folder, input, arguments);
    }

    private Path bundled(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(Quickstart.class.getResourceAsStream("data/" + name))) {
            Path copy = folder.resolve(name);
            Files.write(copy, in.readAllBytes());
            return copy;
        }
    }

    @Test
    void time_parse_prints_instants_days_and_errors() throws Exception {
        CrmProcess parsed = crm("""
                {"id":"a","input":"2024-06-11 16:30:00","convention":"local;zone=Asia/Shanghai"}
                {"id":"b","input":"2024-06-11","convention":"date"}
                {"id":"c","input":null,"convention":"rfc3339"}
                """, "time", "parse", "--json");

        assertThat(parsed.lines())
                .extracting(line -> line.path("expected").asText())
                .containsExactly("2024-06-11T08:30:00Z", "DATE:2024-06-11", "ERROR:MISSING");
        assertThat(parsed.exit()).isEqualTo(Exit.FINDINGS);
    }

    @Test
    void what_was_acknowledged_is_sent_once_and_an_unsubscribed_person_gets_nothing() throws Exception {
        GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        server.start();
        try {
            String store = "sqlite:" + folder.resolve("crm.db");
            String smtp = "smtp://127.0.0.1:" + server.getSmtp().getPort() + "?tls=none";
            CrmProcess stored = crm("""
                    {"key":"order-1","to":["li@example.com"],"kind":"transactional","subject":"订单","text":"您好"}
                    {"key":"order-1","to":["li@example.com"],"kind":"transactional","subject":"订单","text":"您好"}
                    {"key":"news-1","to":["wang@example.com"],"kind":"marketing","scope":"news","subject":"n","text":"t"}
                    {"key":"bad","to":["li@example.com"],"kind":"transactional","subject":"a\\r\\nBcc: x@example.com","text":"t"}
                    not json
                    """, "enqueue", "--store", store, "--json");
            crm(
                    "",
                    "consent",
                    "assert",
                    "wang@example.com",
                    "--scope",
                    "news",
                    "--because",
                    "said so",
                    "--store",
                    store);
            CrmProcess unsubscribed = crm("", "consent", "unsubscribe", "Wang@example.com", "--store", store, "--json");
            CrmProcess worked = crm(
                    "",
                    "worker",
                    "--store",
                    store,
                    "--smtp",
                    smtp,
                    "--until-idle",
                    "--consent-minimum",
                    "asserted",
                    "--json");
            CrmProcess listed = crm("", "deliveries", "--store", store, "--json");

            assertThat(stored.exit()).isEqualTo(Exit.FINDINGS);
            assertThat(stored.lines())
                    .extracting(line -> line.path("ev").asText())
                    .containsExactlyInAnyOrder("ack", "ack", "ack", "reject", "reject");
            assertThat(unsubscribed.lines().get(0).path("ev").asText()).isEqualTo("unsub");
            assertThat(worked.exit()).as(worked.err()).isEqualTo(Exit.DONE);
            assertThat(worked.lines())
                    .extracting(line -> line.path("ev").asText())
                    .contains("attempt", "accepted", "suppressed");
            assertThat(server.getReceivedMessages()).hasSize(1);
            assertThat(listed.lines()).hasSize(2);
            assertThat(line(listed.lines(), "order-1").path("state").asText()).isEqualTo("ACCEPTED");
            assertThat(line(listed.lines(), "order-1")
                            .path("evidence")
                            .path("reply")
                            .asText())
                    .startsWith("250");
            assertThat(line(listed.lines(), "news-1").path("state").asText()).isEqualTo("SUPPRESSED");
        } finally {
            server.stop();
        }
    }

    private static JsonNode line(List<JsonNode> lines, String key) {
        return lines.stream()
                .filter(line -> line.path("key").asText().equals(key))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_dirty_sheet_is_explained_cell_by_cell_and_read_again_without_a_change() throws Exception {
        Path sheet = bundled("customers-mac1904.xlsx");
        CrmProcess first = crm("", "import", sheet.toString(), "--json");
        CrmProcess second = crm("", "import", sheet.toString());
        CrmProcess dry = crm("", "import", sheet.toString(), "--dry-run", "--store", "sqlite:none.db");

        assertThat(first.exit()).as(first.err()).isEqualTo(Exit.FINDINGS);
        assertThat(first.lines()).allSatisfy(line -> {
            assertThat(line.path("file").asText()).isNotEmpty();
            assertThat(line.path("outcome").asText()).isIn("accepted", "repaired", "flagged", "rejected", "skipped");
            line.path("findings")
                    .forEach(
                            finding -> assertThat(finding.path("code").asText()).isNotEmpty());
        });
        assertThat(first.lines().stream().filter(line -> line.has("customer")))
                .isNotEmpty()
                .allSatisfy(
                        line -> assertThat(line.path("customer").has("mobile")).isTrue());
        assertThat(String.join("\n", second.out())).contains(" 0 new customers, 0 linked");
        assertThat(dry.exit()).isEqualTo(Exit.FINDINGS);
        assertThat(folder.resolve("none.db")).doesNotExist();
    }

    @Test
    void a_column_that_the_mapping_does_not_read_is_named() throws Exception {
        Path sheet = Files.writeString(
                folder.resolve("s.csv"), "客户名称,联系人,手机,邮箱,手机,营销\n上海云帆科技有限公司,张三,13800138000,a@x.test,13900139000,拒收\n");

        CrmProcess read = crm("", "import", sheet.toString(), "--dry-run");

        assertThat(String.join("\n", read.out()))
                .contains("columns that the mapping does not read: 手机 (2), 营销")
                .doesNotContain("拒收");
    }

    @Test
    void mappings_are_listed_checked_and_used_both_ways() throws Exception {
        Path mapping = Files.writeString(folder.resolve("crm.yaml"), """
                mapping: my/crm
                system: mycrm
                object: Contact
                constants: {kind: PERSON}
                rules:
                  - {from: Id, to: "externalIds[object=Contact].value", as: id}
                  - {from: Name, to: displayName}
                  - {from: Mail, to: "emails[primary].address"}
                """);
        CrmProcess listed = crm("", "mapping", "list", "--json");
        CrmProcess checked = crm("", "mapping", "check", mapping.toString());
        CrmProcess in = crm(
                "{\"Id\": 9007199254740993, \"Name\": \"李雷\", \"Mail\": \"li@example.com\"}\n{\"Id\": \n",
                "map",
                "--mapping",
                mapping.toString());
        CrmProcess back = crm(in.out().get(0), "map", "--reverse", "--mapping", mapping.toString());
        CrmProcess unknown = crm("", "mapping", "check", "no/such");

        assertThat(listed.lines())
                .extracting(line -> line.path("mapping").asText())
                .contains("cn/customers");
        assertThat(checked.exit()).as(checked.err()).isEqualTo(Exit.DONE);
        assertThat(in.lines().get(0).path("customer").path("externalIds").toString())
                .contains("9007199254740993");
        assertThat(in.lines().get(1).path("error").path("code").asText()).isEqualTo("MALFORMED");
        assertThat(back.lines().get(0).path("record").path("Mail").asText()).isEqualTo("li@example.com");
        assertThat(unknown.exit()).isEqualTo(Exit.USAGE);
    }

    @Test
    void a_missing_store_is_not_made_by_looking_at_it() throws Exception {
        CrmProcess looked = crm("", "deliveries", "--store", "sqlite:none.db");
        CrmProcess wrong = crm("", "deliveries", "--no-such-option");

        assertThat(looked.exit()).isEqualTo(Exit.UNAVAILABLE);
        assertThat(looked.err()).contains("STORE_FILE_MISSING");
        assertThat(folder.resolve("none.db")).doesNotExist();
        assertThat(wrong.exit()).isEqualTo(Exit.USAGE);
    }

    private static final String BOUNCE = """
            Return-Path: <>
            From: MAILER-DAEMON@mx.example.com
            To: news@shop.example
            Subject: Undelivered Mail Returned to Sender
            Content-Type: multipart/report; report-type=delivery-status; boundary=b

            --b
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.example.com
            Original-Envelope-Id: %s

            Final-Recipient: rfc822; li@example.com
            Action: failed
            Status: 5.1.1
            Diagnostic-Code: smtp; 550 5.1.1 User unknown

            --b--
            """;

    @Test
    void bounce_says_what_a_mail_that_came_back_means() throws Exception {
        CrmProcess read = crm(BOUNCE.formatted("none"), "bounce", "--json");

        assertThat(read.exit()).as(read.err()).isEqualTo(Exit.DONE);
        assertThat(read.lines()).singleElement().satisfies(line -> {
            assertThat(line.path("kind").asText()).isEqualTo("failed");
            assertThat(line.path("format").asText()).isEqualTo("dsn");
            JsonNode recipient = line.path("recipients").path(0);
            assertThat(recipient.path("recipient").asText()).isEqualTo("li@example.com");
            assertThat(recipient.path("action").asText()).isEqualTo("failed");
            assertThat(recipient.path("status").asText()).isEqualTo("5.1.1");
            assertThat(recipient.path("reply").asText()).isEqualTo("550");
            assertThat(recipient.path("class").asText()).isEqualTo("hard");
            assertThat(recipient.path("hard").asBoolean()).isTrue();
        });
    }

    @Test
    void confirm_joins_a_report_to_what_was_sent_and_shows_what_it_cannot_join() throws Exception {
        GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        server.start();
        try {
            crm("""
                    {"key":"order-1","to":["li@example.com"],"kind":"transactional","subject":"Order","text":"hello"}
                    """, "enqueue", "--json");
            crm("", "worker", "--smtp", "smtp://127.0.0.1:" + server.getSmtp().getPort() + "?tls=none", "--until-idle");
        } finally {
            server.stop();
        }
        String id =
                crm("", "deliveries", "--json").lines().get(0).path("message").asText();
        CrmProcess stranger = crm(BOUNCE.formatted("somebody-else"), "confirm", "--json");
        CrmProcess ours = crm(BOUNCE.formatted(id), "confirm", "--json");
        CrmProcess again = crm(BOUNCE.formatted(id), "confirm", "--json");

        assertThat(stranger.exit()).isEqualTo(Exit.FINDINGS);
        assertThat(stranger.lines().get(0).path("ev").asText()).isEqualTo("unmatched");
        assertThat(ours.exit()).as(ours.err()).isEqualTo(Exit.DONE);
        assertThat(ours.lines().get(0).path("ev").asText()).isEqualTo("bounced");
        assertThat(ours.lines().get(0).path("state").asText()).isEqualTo("BOUNCED");
        assertThat(again.lines().get(0).path("ev").asText()).isEqualTo("known");
    }

    @Test
    void health_says_what_waits() throws Exception {
        crm("""
                {"key":"order-1","to":["li@example.com"],"kind":"transactional","subject":"Order","text":"hello"}
                """, "enqueue", "--json");
        CrmProcess fine = crm("", "health", "--json");
        CrmProcess late = crm("", "health", "--json", "--oldest", "PT0S");

        assertThat(fine.exit()).as(fine.err()).isEqualTo(Exit.DONE);
        assertThat(fine.lines().get(0).path("counts").path("QUEUED").asInt()).isEqualTo(1);
        assertThat(late.exit()).isEqualTo(Exit.FINDINGS);
        assertThat(late.lines().get(0).path("findings").path(0).path("code").asText())
                .isEqualTo("OLDEST_DUE");
        assertThat(late.lines().get(0).path("findings").path(0).path("what").asText())
                .contains("no worker is running");
        assertThat(crm("", "health", "--store", "sqlite:none.db").exit()).isEqualTo(Exit.UNAVAILABLE);
    }

    @Test
    void a_store_is_backed_up_and_restored() throws Exception {
        crm("", "consent", "unsubscribe", "li@example.com");
        CrmProcess backed = crm("", "store", "backup", "copy.db", "--json");
        CrmProcess restored = crm("", "store", "restore", "copy.db", "--store", "sqlite:again.db");
        CrmProcess status = crm("", "consent", "status", "li@example.com", "--store", "sqlite:again.db", "--json");

        assertThat(backed.exit()).as(backed.err()).isEqualTo(Exit.DONE);
        assertThat(restored.exit()).as(restored.err()).isEqualTo(Exit.DONE);
        assertThat(status.lines().get(0).path("decision").asText()).isEqualTo("OPTED_OUT");
    }

    @Test
    @Tag("slow")
    void the_quickstart_survives_the_kill_of_its_worker_and_proves_it() throws Exception {
        CrmProcess run = crm("", "quickstart", "--dir", "report", "--json");

        assertThat(run.exit()).as(run.out() + run.err()).isEqualTo(Exit.DONE);
        assertThat(run.err()).as("the killed worker leaves no stack traces").doesNotContain("Exception");
        JsonNode delivery = run.lines().stream()
                .filter(line -> line.path("step").asText().equals("delivery"))
                .findFirst()
                .orElseThrow();
        assertThat(delivery.path("lost").asInt()).isZero();
        assertThat(delivery.path("duplicated").asInt()).isZero();
        assertThat(delivery.path("accepted").asInt()).isPositive();
        assertThat(delivery.path("suppressed").asInt()).isPositive();
        assertThat(Files.readString(folder.resolve("report/report.html"))).contains("Nothing lost");
        assertThat(Files.readAllLines(folder.resolve("report/report.json"))).hasSameSizeAs(run.lines());
    }

    @Test
    void webhook_verify_says_of_each_call_whether_it_is_believed_and_what_is_new() throws Exception {
        JsonNode calls = new JsonMapper()
                .readTree(SharedFiles.need("facts/esp-webhooks-vectors.json").toFile())
                .path("cases");
        StringBuilder lines = new StringBuilder();
        calls.forEach(call -> lines.append(call).append('\n'));
        CrmProcess verified =
                crm(lines.toString(), "webhook", "verify", "--json", "--store", "sqlite:" + folder.resolve("hooks.db"));

        assertThat(verified.exit()).as(verified.err()).isEqualTo(Exit.FINDINGS);
        assertThat(verified.lines()).hasSize(calls.size());
        for (int i = 0; i < calls.size(); i++) {
            JsonNode wanted = calls.get(i);
            JsonNode said = verified.lines().get(i);
            assertThat(said.path("expect")).as(wanted.path("id").asText()).isEqualTo(wanted.path("expect"));
            if (wanted.path("expect").asText().equals("accept")) {
                assertThat(said.path("events")).as(wanted.path("id").asText()).isEqualTo(wanted.path("events"));
            } else {
                assertThat(said.path("reason").asText()).isNotEmpty();
            }
        }
    }
}
