package io.crmsdk.consent;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.store.Store;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every Java block of docs/consent.md stands here between marks, compiled and run. */
class ConsentDocsTest {
    @TempDir
    Path folder;

    @Test
    void the_guide_shows_only_what_runs_here() throws IOException {
        Path root = root();
        String source =
                Files.readString(root.resolve("crm-sdk-core/src/test/java/io/crmsdk/consent/ConsentDocsTest.java"));
        List<String> blocks = blocks(Files.readString(root.resolve("docs/consent.md")));

        assertThat(blocks).hasSizeGreaterThanOrEqualTo(6);
        for (String block : blocks) {
            assertThat(bare(source)).as("block of docs/consent.md:%n%s", block).contains(bare(block));
        }
    }

    private static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.exists(at.resolve("docs/consent.md"))) {
            at = at.getParent();
        }
        return at;
    }

    private static List<String> blocks(String markdown) {
        List<String> blocks = new ArrayList<>();
        String[] parts = markdown.split("```java\n");
        for (int i = 1; i < parts.length; i++) {
            blocks.add(parts[i].substring(0, parts[i].indexOf("```")));
        }
        return blocks;
    }

    private static String bare(String code) {
        return code.replaceAll("\\s+", "");
    }

    private static ConsentEvidence request() {
        return ConsentEvidence.builder().method("POST").ip("192.0.2.7").build();
    }

    @Test
    void first_steps() {
        Path file = folder.resolve("crm.db");

        try (Store store = Store.sqlite(file);
                ConsentLedger ledger = ConsentLedger.open(store)) {
            ContactKey li = ContactKey.email("Li.Wang@yunfan.example");
            Scope newsletter = Scope.of("marketing/newsletter");

            ledger.record(ledger.person("one-click").unsubscribe(li, newsletter, request()));

            ConsentDecision decision = ledger.decide(li, newsletter);
            decision.allowed(); // false
            decision.explain(); // opted out (UNSUBSCRIBE, person:5f0c…) at 1

            assertThat(decision.explain())
                    .startsWith("opted out (UNSUBSCRIBE, person:")
                    .endsWith(") at 1");
        }
    }

    @Test
    void writers() {
        try (Store store = Store.sqlite(folder.resolve("crm.db"));
                ConsentLedger ledger = ConsentLedger.open(store)) {
            ContactKey li = ContactKey.email("li.wang@yunfan.example");
            Scope marketing = Scope.of("marketing");
            ConsentEvidence evidence = request();

            ledger.record(ledger.person("preference page").unsubscribe(li, marketing, evidence));
            ledger.record(ledger.provider("sendgrid").complained("sg-event-81", li, marketing, evidence));
            ledger.record(ledger.system("salesforce").optedOut("003A1", "v17", Set.of(li), marketing, evidence));
            ledger.record(ledger.system("import").asserted("run-9", "row 12", li, marketing, null, evidence));
            ledger.record(ledger.staff("chen").block(Set.of(li), Scope.ALL, evidence));

            assertThat(ledger.decide(li, marketing).allowed()).isFalse();
        }
    }

    @Test
    void double_opt_in() {
        ContactKey li = ContactKey.email("li.wang@yunfan.example");
        Scope newsletter = Scope.of("marketing/newsletter");
        Runnable pullEveryTool = () -> {};
        try (Store store = Store.sqlite(folder.resolve("crm.db"))) {
            KeyPair keys = ConsentIssuer.newKeys();
            ConsentLedger ledger = ConsentLedger.builder(store)
                    .trustIssuer(keys.getPublic())
                    .witness(folder.resolve("consent.witness"))
                    .open();
            ConsentIssuer issuer =
                    ConsentIssuer.builder(ledger, keys).pullFirst(pullEveryTool).build();

            Challenge challenge = issuer.challenge(ChallengeRequest.doubleOptIn(li, newsletter));
            String link = "https://shop.example/confirm?t=" + challenge.token();

            Confirmation confirmation = issuer.confirm(challenge.token(), "POST", request());
            confirmation.outcome(); // CONFIRMED

            assertThat(link).contains(challenge.token());
            assertThat(ledger.decide(li, newsletter).allowed()).isTrue();
            ledger.close();
        }
    }

    @Test
    void many_decisions() {
        Scope newsletter = Scope.of("marketing/newsletter");
        List<ContactKey> contacts = List.of(ContactKey.email("li.wang@yunfan.example"));
        try (Store store = Store.sqlite(folder.resolve("crm.db"));
                ConsentLedger ledger = ConsentLedger.open(store)) {
            long allowed = store.read(connection -> {
                ConsentView view = ledger.view(connection);
                return contacts.stream()
                        .filter(contact -> view.decide(contact, newsletter).allowed())
                        .count();
            });

            assertThat(allowed).isZero();

            store.inTransaction(connection -> {
                ledger.decide(connection, newsletter, contacts).forEach((contact, decision) -> {
                    if (decision.allowed()) {
                        handOver(contact);
                    }
                });
                return null;
            });
        }
    }

    private void handOver(ContactKey contact) {
        throw new AssertionError("nobody agreed, but " + contact + " would be mailed");
    }

    @Test
    void polled_lists() {
        ContactKey li = ContactKey.email("li.wang@yunfan.example");
        Scope newsletter = Scope.of("marketing/newsletter");
        try (Store store = Store.sqlite(folder.resolve("crm.db"));
                ConsentLedger ledger = ConsentLedger.open(store)) {
            List<PolledStatus> page = List.of(new PolledStatus(li, true, "2026-03-01T08:00:00Z"));

            store.inTransaction(connection -> ledger.observe(connection, "mailchimp", "list-7", newsletter, page));
            ledger.pulled("mailchimp");

            assertThat(ledger.decide(li, newsletter).allowed()).isFalse();
        }
    }

    @Test
    void restore_and_erasure() throws Exception {
        ContactKey li = ContactKey.email("li.wang@yunfan.example");
        SubjectKey customer = new SubjectKey("customer-17");
        Path copy = folder.resolve("consent.jsonl");
        try (Store store = Store.sqlite(folder.resolve("crm.db"));
                ConsentLedger ledger = ConsentLedger.open(store)) {
            ledger.record(ledger.person("link").unsubscribe(li, Scope.ALL, request()));

            try (var out = Files.newOutputStream(copy)) {
                ledger.export(0, out);
            }

            ledger.beginRestore();
            try (var in = Files.newInputStream(copy)) {
                ledger.unite(in);
            }
            // … take over the opt-outs of every connected tool here …
            ledger.finishRestore("chen", "copy of 2026-03-01 and mailchimp");

            ByteArrayOutputStream person = new ByteArrayOutputStream();
            ledger.exportPerson(List.of(li, customer), person);

            store.inTransaction(connection -> {
                ledger.erase(connection, List.of(li, customer), "ticket 4711");
                return null;
            });

            assertThat(person.toString()).contains("UNSUBSCRIBE");
            assertThat(ledger.decide(li, Scope.ALL).allowed()).isFalse();
        }
    }
}
