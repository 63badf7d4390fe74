package io.crmsdk.mail.list;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmsdk.consent.ChallengeRequest;
import io.crmsdk.consent.ConsentDecision.Verdict;
import io.crmsdk.consent.ConsentEvidence;
import io.crmsdk.consent.ConsentIssuer;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.ConsentPolicy;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.Scope;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.store.Store;
import io.crmsdk.suppression.SuppressionList;
import io.crmsdk.suppression.SuppressionReason;
import io.crmsdk.sync.ConnectorException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MailListSyncTest {
    private static final Scope NEWS = Scope.of("marketing/news");
    private static final Scope EVENTS = Scope.of("marketing/events");
    private static final String ANN = "ann@example.com";
    private static final String BOB = "bob@example.com";
    private static final String CAY = "cay@example.com";

    @TempDir
    Path folder;

    private Store store;
    private ConsentLedger ledger;
    private ConsentIssuer issuer;
    private SuppressionList suppression;
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeEach
    void open() {
        store = Store.sqlite(folder.resolve("crm.db"));
        KeyPair keys = ConsentIssuer.newKeys();
        ledger = ConsentLedger.builder(store).trustIssuer(keys.getPublic()).open();
        issuer = ConsentIssuer.builder(ledger, keys).build();
        suppression = SuppressionList.open(store);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        ledger.close();
        store.close();
    }

    private FakeTool tool(FakeTool.Kind kind) throws IOException {
        FakeTool tool = new FakeTool(kind);
        tool.forbidden = email -> verdict(email) != Verdict.ALLOWED;
        open.add(tool);
        return tool;
    }

    private MailListSync sync(FakeTool tool) {
        return syncs(tool).others(List.of()).build();
    }

    private MailListSync.Builder syncs(FakeTool tool) {
        MailList list = tool.list();
        open.add(0, list);
        return MailListSync.builder(store, ledger, list, NEWS).suppression(suppression);
    }

    private static ContactKey key(String email) {
        return ContactKey.email(email);
    }

    private static List<ListContact> wanted(String... emails) {
        return Stream.of(emails)
                .map(email -> ListContact.of(EmailAddress.parse(email)))
                .toList();
    }

    private void agrees(String email) {
        String token =
                issuer.challenge(ChallengeRequest.doubleOptIn(key(email), NEWS)).token();
        issuer.confirm(token, "POST", ConsentEvidence.builder().build());
    }

    private void leavesHere(String email, Scope scope) {
        ledger.record(ledger.person("one-click")
                .unsubscribe(key(email), scope, ConsentEvidence.builder().build()));
    }

    private Verdict verdict(String email) {
        return ledger.decide(key(email), NEWS).verdict();
    }

    private SuppressionReason suppressedFor(String email) {
        return suppression.find(key(email)).map(one -> one.reason()).orElse(null);
    }

    @ParameterizedTest
    @EnumSource
    void who_left_at_the_tool_is_opted_out_here_and_who_is_on_the_list_is_granted_nothing(FakeTool.Kind kind)
            throws Exception {
        FakeTool tool = tool(kind);
        tool.subscribed(ANN);
        tool.subscribed(BOB);
        tool.leaves(BOB);
        tool.subscribed(CAY);

        ListReport report = sync(tool).pull();

        assertThat(report.seen()).isEqualTo(3);
        assertThat(report.optOutsIn()).isEqualTo(1);
        assertThat(verdict(BOB)).isEqualTo(Verdict.OPTED_OUT);
        assertThat(verdict(ANN)).isEqualTo(Verdict.UNKNOWN);
        assertThat(tool.log).allMatch(line -> line.startsWith("GET "));
        assertThat(sync(tool).pull().optOutsIn()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void who_left_here_leaves_the_list_there_and_reading_it_back_is_no_second_opt_out(FakeTool.Kind kind)
            throws Exception {
        FakeTool tool = tool(kind);
        tool.subscribed(ANN);
        tool.subscribed(BOB);
        leavesHere(ANN, NEWS);

        ListReport report = sync(tool).run(wanted(ANN, BOB));

        assertThat(report.optOutsOut()).isEqualTo(1);
        assertThat(report.unproven()).isEqualTo(1);
        assertThat(tool.mails(ANN)).isFalse();
        assertThat(tool.mails(BOB)).isTrue();
        assertThat(sync(tool).pull().optOutsIn()).isZero();
        agrees(ANN);
        sync(tool).run(wanted(ANN));
        assertThat(verdict(ANN)).isEqualTo(Verdict.ALLOWED);
        assertThat(tool.mails(ANN)).isTrue();
        assertThat(tool.violations).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void who_agreed_is_added_and_who_did_not_is_not(FakeTool.Kind kind) throws Exception {
        FakeTool tool = tool(kind);
        agrees(ANN);
        leavesHere(CAY, Scope.ALL);

        ListReport report = sync(tool).run(wanted(ANN, BOB, CAY));

        assertThat(report.added()).isEqualTo(1);
        assertThat(tool.people.keySet()).containsExactly(ANN);
        assertThat(tool.mails(ANN)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void who_left_between_the_listing_and_the_write_is_recorded_and_not_written_over(FakeTool.Kind kind)
            throws Exception {
        FakeTool tool = tool(kind);
        agrees(ANN);
        tool.answers = body -> {
            // The list was read empty; while it was on its way, Ann came by the tool's own form and left again.
            tool.answers = same -> same;
            tool.subscribed(ANN);
            tool.leaves(ANN);
            return body;
        };

        ListReport report = sync(tool).run(wanted(ANN));

        assertThat(report.added() + report.broughtBack()).isZero();
        assertThat(verdict(ANN)).isEqualTo(Verdict.OPTED_OUT);
        assertThat(tool.mails(ANN)).isFalse();
        assertThat(tool.violations).isEmpty();
    }

    @Test
    void who_left_mailchimp_by_themselves_and_agreed_again_here_stays_allowed_here_and_is_left_to_the_tool()
            throws Exception {
        FakeTool tool = tool(FakeTool.Kind.MAILCHIMP);
        tool.subscribed(ANN);
        tool.leaves(ANN);
        sync(tool).pull();
        agrees(ANN);

        for (int i = 0; i < 3; i++) {
            assertThat(sync(tool).run(wanted(ANN)).leftToPerson()).isEqualTo(1);
        }

        assertThat(verdict(ANN)).isEqualTo(Verdict.ALLOWED);
        assertThat(tool.log).noneMatch(line -> line.contains("pending"));
    }

    @ParameterizedTest
    @EnumSource
    void L21_what_came_back_is_suppressed_and_says_nothing_of_consent(FakeTool.Kind kind) throws Exception {
        FakeTool tool = tool(kind);
        agrees(ANN);
        tool.subscribed(ANN);
        tool.bounces(ANN);

        ListReport report = sync(tool).run(wanted(ANN));

        assertThat(report.suppressed()).isEqualTo(1);
        assertThat(report.optOutsIn()).isZero();
        assertThat(verdict(ANN)).isEqualTo(Verdict.ALLOWED);
        assertThat(suppressedFor(ANN)).isEqualTo(SuppressionReason.HARD_BOUNCE);
        agrees(ANN);
        sync(tool).run(wanted(ANN));
        assertThat(suppressedFor(ANN)).isEqualTo(SuppressionReason.HARD_BOUNCE);
        assertThat(tool.mails(ANN)).isFalse();
        suppression.lift(key(ANN), "staff", "new mailbox");
        assertThat(verdict(ANN)).isEqualTo(Verdict.ALLOWED);
        leavesHere(ANN, NEWS);
        assertThat(sync(tool).run(wanted(ANN)).suppressed()).isZero();
        assertThat(verdict(ANN)).isEqualTo(Verdict.OPTED_OUT);
    }

    @Test
    void a_complaint_at_the_tool_is_an_opt_out_and_suppressed() throws Exception {
        FakeTool tool = tool(FakeTool.Kind.MAILCHIMP);
        tool.subscribed(ANN);
        tool.leaves(ANN);
        tool.person(ANN).complained = true;

        sync(tool).pull();

        assertThat(verdict(ANN)).isEqualTo(Verdict.OPTED_OUT);
        assertThat(suppressedFor(ANN)).isEqualTo(SuppressionReason.COMPLAINT);
    }

    @ParameterizedTest
    @EnumSource
    void L20_a_list_that_says_nothing_of_status_changes_no_decision(FakeTool.Kind kind) throws Exception {
        FakeTool tool = tool(kind);
        agrees(ANN);
        leavesHere(BOB, NEWS);
        for (String email : List.of(ANN, BOB, CAY)) {
            tool.subscribed(email);
            tool.leaves(email);
        }
        // After a change of the tool's schema the fields have other names.
        tool.answers = body -> body.replace("status\"", "state\"")
                .replace("emailBlacklisted", "emailBlocked")
                .replace("listUnsubscribed", "listsLeft");
        tool.log.clear();

        ListReport report = sync(tool).pull();

        assertThat(report.seen()).isEqualTo(3);
        assertThat(report.optOutsIn()).isZero();
        assertThat(List.of(verdict(ANN), verdict(BOB), verdict(CAY)))
                .containsExactly(Verdict.ALLOWED, Verdict.OPTED_OUT, Verdict.UNKNOWN);
    }

    @Test
    void a_block_of_everything_is_lifted_only_if_nothing_that_the_tool_sends_is_refused() throws Exception {
        FakeTool tool = tool(FakeTool.Kind.BREVO);
        tool.subscribed(ANN);
        leavesHere(ANN, NEWS);
        sync(tool).run(wanted(ANN));
        leavesHere(ANN, EVENTS);
        agrees(ANN);

        assertThat(syncs(tool).build().run(wanted(ANN)).leftToPerson()).isEqualTo(1);
        assertThat(syncs(tool).others(List.of(EVENTS)).build().run(wanted(ANN)).leftToPerson())
                .isEqualTo(1);
        assertThat(tool.mails(ANN)).isFalse();
        assertThat(syncs(tool).others(List.of()).build().run(wanted(ANN)).broughtBack())
                .isEqualTo(1);
        assertThat(tool.mails(ANN)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void more_than_was_expected_is_not_written_and_said(FakeTool.Kind kind) throws Exception {
        FakeTool tool = tool(kind);
        for (String email : List.of(ANN, BOB)) {
            tool.subscribed(email);
            leavesHere(email, NEWS);
        }
        agrees(CAY);

        ListReport report = syncs(tool).atMost(1, 0, 0).build().run(wanted(CAY));

        assertThat(report.held()).contains("2 of 2 members would leave").contains("1 people would come");
        assertThat(tool.log).allMatch(line -> line.startsWith("GET "));
    }

    @Test
    void while_the_ledger_is_being_restored_opt_outs_come_in_and_nothing_goes_out() throws Exception {
        FakeTool tool = tool(FakeTool.Kind.LISTMONK);
        agrees(ANN);
        tool.subscribed(BOB);
        tool.leaves(BOB);
        ledger.beginRestore();

        ListReport report = sync(tool).run(wanted(ANN));

        assertThat(report.held()).contains("cannot answer");
        assertThat(report.optOutsIn()).isEqualTo(1);
        assertThat(tool.mails(ANN)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void a_foreign_or_cut_answer_is_no_empty_list(FakeTool.Kind kind) throws Exception {
        FakeTool tool = tool(kind);
        tool.subscribed(ANN);
        MailListSync sync = sync(tool);
        for (String answer : List.of("{}", "[]", "{\"members\":[],\"contacts\":[],\"total_items\":3,\"count\":3}")) {
            tool.answers = body -> answer;

            assertThatThrownBy(sync::pull)
                    .isInstanceOfSatisfying(
                            ConnectorException.class, e -> assertThat(e.code()).isEqualTo("LIST_ANSWER"));
        }
    }

    @Test
    void F_703_marketing_waits_until_the_list_was_asked_lately() throws Exception {
        FakeTool tool = tool(FakeTool.Kind.LISTMONK);
        agrees(ANN);
        agrees(BOB);
        tool.subscribed(BOB);
        tool.leaves(BOB);
        ConsentPolicy policy = ConsentPolicy.defaults().withFreshness("listmonk/7", Duration.ofHours(1));
        try (ConsentLedger waiting = ConsentLedger.builder(store).policy(policy).open()) {
            assertThat(waiting.decide(key(ANN), NEWS).verdict()).isEqualTo(Verdict.HOLD);
            assertThat(waiting.decide(key(BOB), NEWS).allowed()).isFalse();

            sync(tool).pull();

            assertThat(waiting.decide(key(ANN), NEWS).verdict()).isEqualTo(Verdict.ALLOWED);
            assertThat(waiting.decide(key(BOB), NEWS).verdict()).isEqualTo(Verdict.OPTED_OUT);
        }
    }

    @Test
    void two_spellings_of_one_person_are_both_taken_off() throws Exception {
        FakeTool tool = tool(FakeTool.Kind.LISTMONK);
        tool.subscribed(ANN);
        tool.subscribed("ａnn@example.com");
        leavesHere(ANN, NEWS);

        assertThat(sync(tool).run(List.of()).optOutsOut()).isEqualTo(2);

        assertThat(tool.people.values()).noneMatch(FakeTool.Person::mailed);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("slow")
    void L19_in_any_history_the_tool_ends_as_the_ledger_decides_and_nobody_passes_through_subscribed(FakeTool.Kind kind)
            throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int history = 0; history < 12; history++) {
            play(kind, random, "seed " + seed + ", history " + history);
        }
    }

    private void play(FakeTool.Kind kind, Random random, String where) throws Exception {
        try (FakeTool tool = new FakeTool(kind);
                MailList list = tool.list()) {
            tool.forbidden = email -> verdict(email) != Verdict.ALLOWED;
            MailListSync sync = MailListSync.builder(store, ledger, list, NEWS)
                    .suppression(suppression)
                    .others(List.of())
                    .build();
            List<String> emails = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                emails.add("p" + i + "." + random.nextInt(1_000_000) + "@example.com");
            }
            List<String> lastLeft = new ArrayList<>();
            for (int step = 0; step < 25; step++) {
                String email = emails.get(random.nextInt(emails.size()));
                switch (random.nextInt(7)) {
                    case 0 -> {
                        leavesHere(email, NEWS);
                        lastLeft.add(email);
                    }
                    case 1 -> {
                        if (tool.mails(email)) {
                            tool.leaves(email);
                            lastLeft.add(email);
                        }
                    }
                    case 2 -> {
                        if (tool.mails(email)) {
                            tool.takenOff(email);
                            lastLeft.add(email);
                        }
                    }
                    case 3 -> {
                        sync.pull();
                        agrees(email);
                        lastLeft.remove(email);
                        lastLeft.removeIf(email::equals);
                    }
                    default -> {
                        spoil(tool, random);
                        try {
                            sync.run(wanted(emails.toArray(String[]::new)));
                        } catch (ConnectorException e) {
                            // What a spoiled run leaves is mended by the next.
                        }
                        tool.faults.clear();
                    }
                }
            }
            sync.run(wanted(emails.toArray(String[]::new)));
            sync.run(wanted(emails.toArray(String[]::new)));

            assertThat(tool.violations).as(where).isEmpty();
            for (String email : emails) {
                boolean left = lastLeft.contains(email);
                if (left) {
                    assertThat(verdict(email)).as(where + " " + email).isNotEqualTo(Verdict.ALLOWED);
                }
                boolean onlyPersonMay = kind == FakeTool.Kind.MAILCHIMP && tool.person(email).bySelf;
                assertThat(tool.mails(email))
                        .as(where + " " + email + " " + verdict(email))
                        .isEqualTo(verdict(email) == Verdict.ALLOWED && !onlyPersonMay);
            }
        }
    }

    private static void spoil(FakeTool tool, Random random) {
        if (random.nextBoolean()) {
            for (int i = random.nextInt(12); i > 0; i--) {
                tool.faults.add(FakeTool.Fault.NONE);
            }
            tool.faults.add(FakeTool.Fault.values()[random.nextInt(4)]);
        }
    }
}
