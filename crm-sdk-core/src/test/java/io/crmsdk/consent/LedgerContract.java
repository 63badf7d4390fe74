package io.crmsdk.consent;

import static io.crmsdk.consent.ConsentDecision.Verdict.ALLOWED;
import static io.crmsdk.consent.ConsentDecision.Verdict.HOLD;
import static io.crmsdk.consent.ConsentDecision.Verdict.OPTED_OUT;
import static io.crmsdk.consent.ConsentDecision.Verdict.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crmsdk.store.Databases;
import io.crmsdk.store.Databases.Kind;
import io.crmsdk.store.Databases.TestDatabase;
import io.crmsdk.store.Store;
import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import io.crmsdk.time.HybridTimestamp;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a consent ledger promises, on whichever database the subclass names. */
abstract class LedgerContract {
    static final Scope NEWS = Scope.of("marketing/newsletter");
    static final Scope COUPONS = Scope.of("marketing/coupons");
    static final ContactKey LI = ContactKey.email("li.wang@yunfan.example");
    static final ContactKey ZHANG = ContactKey.email("zhang@yunfan.example");

    @TempDir
    Path folder;

    private final Kind kind;
    private TestDatabase database;
    private Store store;
    private ConsentLedger ledger;

    LedgerContract(Kind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void open_an_empty_ledger() throws Exception {
        database = Databases.open(kind, folder);
        store = database.store();
        ledger = open(ConsentPolicy.defaults().withMinimum(Rank.ASSERTED));
    }

    @AfterEach
    void the_chain_and_every_state_hold_and_no_connection_is_leaked() {
        List<String> findings = ledger.check().findings();
        int inUse = database.connectionsInUse();
        store.close();
        database.close();

        assertThat(findings).isEmpty();
        assertThat(inUse).as("connections not given back").isZero();
    }

    final ConsentLedger ledger() {
        return ledger;
    }

    final Store store() {
        return store;
    }

    final TestDatabase database() {
        return database;
    }

    final ConsentLedger open(ConsentPolicy policy) {
        return ConsentLedger.builder(store).policy(policy).open();
    }

    final OptOut no(ContactKey key, Scope scope) {
        return ledger.person("one-click").unsubscribe(key, scope, null);
    }

    final Grant claim(ContactKey key, Scope scope) {
        return ledger.system("crm").asserted(key.address(), scope.toString(), key, scope, null, null);
    }

    @Test
    void nobody_unknown_is_addressed() {
        ConsentDecision decision = ledger.decide(LI, NEWS);

        assertThat(decision.verdict()).isEqualTo(UNKNOWN);
        assertThat(decision.reason()).isEqualTo("NO_GRANT");
        assertThat(decision.allowed()).isFalse();
    }

    @Test
    void a_claim_counts_only_where_the_policy_takes_claims() {
        ledger.record(claim(LI, NEWS));

        assertThat(ledger.decide(LI, NEWS).verdict()).isEqualTo(ALLOWED);
        assertThat(ledger.decide(LI, COUPONS).verdict()).isEqualTo(UNKNOWN);
        assertThat(open(ConsentPolicy.defaults()).decide(LI, NEWS).reason()).isEqualTo("RANK_TOO_LOW");
    }

    @Test
    void an_opt_out_outlasts_every_claim_in_either_order() {
        ledger.record(claim(LI, NEWS));
        Recorded recorded = ledger.record(no(LI, Scope.of("marketing")));
        ledger.record(ledger.system("crm").asserted("again", "2", LI, NEWS, null, null));

        ConsentDecision decision = ledger.decide(LI, NEWS);
        assertThat(decision.verdict()).isEqualTo(OPTED_OUT);
        assertThat(decision.reason()).isEqualTo("UNSUBSCRIBE");
        assertThat(decision.events()).containsExactly(recorded.id());
        assertThat(decision.position()).isEqualTo(3);
        assertThat(ledger.decide(ZHANG, NEWS).verdict()).isEqualTo(UNKNOWN);
    }

    @Test
    void the_form_of_an_address_does_not_matter() {
        ledger.record(no(ContactKey.email(" Li.WANG@Yunfan.Example "), Scope.ALL));

        assertThat(ledger.decide(LI, NEWS).verdict()).isEqualTo(OPTED_OUT);
    }

    @Test
    void the_same_event_again_changes_nothing_and_the_same_id_with_other_content_is_refused() {
        ProviderWriter provider = ledger.provider("sendgrid");
        Recorded first = ledger.record(provider.unsubscribed("evt-1", LI, NEWS, null));
        Recorded again = ledger.record(provider.unsubscribed("evt-1", LI, NEWS, evidence("another look")));

        assertThat(again).isEqualTo(new Recorded(first.id(), 1, false));
        assertThatThrownBy(() -> ledger.record(provider.unsubscribed("evt-1", ZHANG, NEWS, null)))
                .isInstanceOf(ConsentException.class)
                .hasMessageContaining("EVENT_ID_REUSED");
        assertThat(ledger.decide(ZHANG, NEWS).verdict()).isEqualTo(UNKNOWN);
    }

    static ConsentEvidence evidence(String method) {
        return ConsentEvidence.builder().method(method).ip("192.0.2.7").build();
    }

    @Test
    void an_event_of_the_hosts_transaction_exists_if_and_only_if_that_commits() throws Exception {
        try (Connection connection = database.connection()) {
            connection.setAutoCommit(false);
            ledger.record(connection, no(LI, NEWS));
            assertThat(ledger.decide(connection, NEWS, List.of(LI)).get(LI).verdict())
                    .isEqualTo(OPTED_OUT);
            connection.rollback();
            connection.setAutoCommit(true);
        }

        assertThat(ledger.decide(LI, NEWS).verdict()).isEqualTo(UNKNOWN);

        store.inTransaction(connection -> ledger.record(connection, no(LI, NEWS)));
        assertThat(ledger.decide(LI, NEWS).verdict()).isEqualTo(OPTED_OUT);
    }

    @Test
    void a_connection_that_commits_by_itself_is_refused() throws Exception {
        try (Connection connection = database.connection()) {
            assertThatThrownBy(() -> ledger.record(connection, no(LI, NEWS)))
                    .hasMessageContaining("CONNECTION_AUTOCOMMIT");
        }
    }

    @Test
    void many_are_decided_at_once_each_by_itself() throws Exception {
        List<ContactKey> keys = IntStream.range(0, 700)
                .mapToObj(i -> ContactKey.email("p" + i + "@yunfan.example"))
                .toList();
        List<ConsentEvent> events = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            if (i % 3 != 0) {
                events.add(claim(keys.get(i), NEWS));
            }
            if (i % 5 == 0) {
                events.add(no(keys.get(i), Scope.ALL));
            }
        }
        ledger.recordAll(events);

        Map<ContactKey, ConsentDecision> decisions =
                store.inTransaction(connection -> ledger.decide(connection, NEWS, keys));

        for (int i = 0; i < keys.size(); i++) {
            ConsentDecision.Verdict expected = i % 5 == 0 ? OPTED_OUT : i % 3 == 0 ? UNKNOWN : ALLOWED;
            assertThat(decisions.get(keys.get(i)).verdict()).as("p" + i).isEqualTo(expected);
        }
    }

    /** L16, F-701, G6: whoever hands over within a transaction has a later opt-out wait for its end. */
    @Test
    void an_opt_out_waits_for_a_hand_over_that_has_begun_and_every_later_one_sees_it() throws Exception {
        ledger.record(claim(LI, NEWS));
        CompletableFuture<Recorded> optOut;
        try (Connection connection = database.connection()) {
            connection.setAutoCommit(false);
            assertThat(ledger.decide(connection, NEWS, List.of(LI)).get(LI).allowed())
                    .isTrue();

            optOut = CompletableFuture.supplyAsync(() -> ledger.record(no(LI, NEWS)));
            assertThatThrownBy(() -> optOut.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            connection.commit();
            connection.setAutoCommit(true);
        }
        optOut.get(20, TimeUnit.SECONDS);

        assertThat(store.inTransaction(connection -> ledger.decide(connection, NEWS, List.of(LI)))
                        .get(LI)
                        .verdict())
                .isEqualTo(OPTED_OUT);
    }

    /** L16 from the other side: a hand-over that meets an opt-out in the making waits for it, and sees it. */
    @Test
    void a_hand_over_waits_for_an_opt_out_that_is_being_committed_and_sees_it() throws Exception {
        ledger.record(claim(LI, NEWS));
        CompletableFuture<ConsentDecision> handOver;
        try (Connection connection = database.connection()) {
            connection.setAutoCommit(false);
            ledger.record(connection, no(LI, NEWS));

            handOver = CompletableFuture.supplyAsync(() -> store.inTransaction(
                    other -> ledger.decide(other, NEWS, List.of(LI)).get(LI)));
            assertThatThrownBy(() -> handOver.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            connection.commit();
            connection.setAutoCommit(true);
        }

        assertThat(handOver.get(20, TimeUnit.SECONDS).verdict()).isEqualTo(OPTED_OUT);
    }

    @Test
    void two_ledgers_on_one_store_see_each_other_at_once() {
        ConsentLedger other = open(ConsentPolicy.defaults().withMinimum(Rank.ASSERTED));
        other.record(claim(LI, NEWS));
        assertThat(ledger.decide(LI, NEWS).allowed()).isTrue();

        other.record(no(LI, NEWS));
        assertThat(ledger.decide(LI, NEWS).verdict()).isEqualTo(OPTED_OUT);
    }

    @Test
    void writers_at_the_same_time_leave_one_chain_without_gaps() throws Exception {
        List<CompletableFuture<Void>> writers = IntStream.range(0, 4)
                .mapToObj(w -> CompletableFuture.runAsync(() -> IntStream.range(0, 15)
                        .forEach(i -> ledger.record(no(ContactKey.email("w" + (i % 3) + "@yunfan.example"), NEWS)))))
                .toList();
        for (CompletableFuture<Void> writer : writers) {
            writer.get(60, TimeUnit.SECONDS);
        }

        assertThat(database.rows("SELECT COUNT(*), MIN(position), MAX(position) FROM crm_consent_event"))
                .containsExactly("60|1|60");
    }

    /** L17 */
    @Test
    void an_event_of_a_newer_version_is_kept_byte_for_byte_and_stops_its_key() throws Exception {
        ledger.record(claim(LI, NEWS));
        String body = "{\"v\":1,\"kind\":\"pause\",\"id\":\"x:1\",\"keys\":[\""
                + ledger.hashed(LI).text()
                + "\"],\"until\":{\"year\":2031},\"scope\":\"marketing\",\"source\":\"person:app\"}";
        Draft event = Draft.of(EventCodec.read(body), body, null);
        store.inTransaction(connection -> ledger.unite(connection, List.of(event)));

        assertThat(ledger.decide(LI, NEWS).verdict()).isEqualTo(OPTED_OUT);
        assertThat(ledger.decide(LI, NEWS).reason()).isEqualTo("UNKNOWN_EVENT");
        assertThat(database.rows("SELECT body FROM crm_consent_event WHERE id = 'x:1'"))
                .containsExactly(body);
    }

    @Test
    void staff_lifts_its_own_block_and_two_persons_a_legal_one() {
        ledger.record(claim(LI, NEWS));
        StaffWriter staff = ledger.staff("chen");
        OptOut block = staff.block(Set.of(LI), Scope.ALL, evidence("decision 7"));
        OptOut law = staff.legalBlock(Set.of(LI), Scope.ALL, evidence("court order"));
        ledger.recordAll(List.of(block, law));

        assertThatThrownBy(() -> staff.release(law, evidence("mistake"))).hasMessageContaining("NOT_RELEASABLE");
        assertThatThrownBy(() -> staff.legalRelease(law, " Chen ", evidence("over")))
                .hasMessageContaining("SECOND_PERSON_NEEDED");
        ledger.record(staff.release(block, evidence("over")));
        assertThat(ledger.decide(LI, NEWS).reason()).isEqualTo("LEGAL_BLOCK");

        ledger.record(staff.legalRelease(law, "zhao", evidence("over")));
        assertThat(ledger.decide(LI, NEWS).allowed()).isTrue();
    }

    @Test
    void only_a_legal_block_of_everything_stops_an_owed_message() throws Exception {
        ledger.recordAll(List.of(
                no(LI, Scope.ALL), ledger.staff("chen").legalBlock(Set.of(ZHANG), Scope.ALL, evidence("order"))));

        List<ConsentDecision> owed = store.inTransaction(connection -> ledger.decide(
                connection, List.of(ConsentQuestion.transactional(LI), ConsentQuestion.transactional(ZHANG))));

        assertThat(owed.get(0).allowed()).isTrue();
        assertThat(owed.get(1).reason()).isEqualTo("LEGAL_BLOCK");
    }

    /** R6 */
    @Test
    void a_state_that_was_altered_by_hand_is_not_believed() throws Exception {
        ledger.recordAll(List.of(claim(LI, NEWS), no(LI, NEWS)));
        List<String> good = database.rows("SELECT state, seal FROM crm_consent_key");
        database.execute("UPDATE crm_consent_key SET state = '1'");

        assertThat(ledger.decide(LI, NEWS).verdict()).isEqualTo(HOLD);
        assertThat(ledger.decide(LI, NEWS).reason()).isEqualTo("LEDGER_UNREADABLE");
        assertThat(ledger.check().findings()).isNotEmpty();

        assertThat(good).hasSize(1);
        ledger.rebuild();
        assertThat(ledger.decide(LI, NEWS).verdict()).isEqualTo(OPTED_OUT);
    }

    /** F-703: news of a tool that are too old mean that nobody is mailed. */
    @Test
    void marketing_waits_while_the_news_of_a_tool_are_too_old() {
        ledger.record(claim(LI, NEWS));
        ConsentLedger strict = open(
                ConsentPolicy.defaults().withMinimum(Rank.ASSERTED).withFreshness("mailchimp", Duration.ofHours(1)));

        assertThat(strict.decide(LI, NEWS).reason()).isEqualTo("SOURCE_TOO_OLD");
        assertThat(strict.decide(LI, NEWS).verdict()).isEqualTo(HOLD);
        strict.pulled("mailchimp");
        assertThat(strict.decide(LI, NEWS).allowed()).isTrue();
    }

    @Test
    void another_pepper_is_refused() {
        assertThatThrownBy(
                        () -> ConsentLedger.builder(store).pepper(new byte[32]).open())
                .hasMessageContaining("PEPPER_WRONG");
    }

    @Test
    void an_opt_out_counts_for_the_whole_family_of_an_address_where_the_policy_says_so() {
        ContactKey tagged = ContactKey.email("Li.Wang+shop@gmail.com");
        ContactKey plain = ContactKey.email("liwang@googlemail.com");
        ConsentLedger wide =
                open(ConsentPolicy.defaults().withMinimum(Rank.ASSERTED).withWideSuppression());
        ledger.recordAll(List.of(claim(tagged, NEWS), claim(plain, NEWS)));
        assertThat(wide.decide(plain, NEWS).allowed()).isTrue();

        ledger.record(no(tagged, NEWS));

        assertThat(ledger.decide(plain, NEWS).allowed()).isTrue();
        assertThat(wide.decide(plain, NEWS).verdict()).isEqualTo(OPTED_OUT);
        ContactKey late = ContactKey.email("l.iwang@gmail.com");
        ledger.record(claim(late, NEWS));
        assertThat(wide.decide(late, NEWS).verdict()).isEqualTo(OPTED_OUT);
    }

    private final KeyPair issuerKeys = ConsentIssuer.newKeys();

    private ConsentLedger trusting() {
        return ConsentLedger.builder(store)
                .trustIssuer(issuerKeys.getPublic())
                .witness(folder.resolve("witness"))
                .open();
    }

    @Test
    void a_person_who_confirms_from_the_mailbox_is_allowed_again() {
        ConsentLedger trusting = trusting();
        ConsentIssuer issuer = ConsentIssuer.builder(trusting, issuerKeys).build();
        ledger.record(no(LI, Scope.of("marketing")));
        Challenge challenge = issuer.challenge(ChallengeRequest.doubleOptIn(LI, NEWS));

        assertThat(trusting.decide(LI, NEWS).verdict()).isEqualTo(OPTED_OUT);
        assertThat(issuer.confirm(challenge.token(), "GET", evidence("link scanner"))
                        .outcome())
                .isEqualTo(Confirmation.Outcome.NOT_A_POST);
        assertThat(trusting.decide(LI, NEWS).verdict()).isEqualTo(OPTED_OUT);

        Confirmation first = issuer.confirm(challenge.token(), "POST", evidence("button"));
        Confirmation again = issuer.confirm(challenge.token(), "POST", evidence("button, twice"));

        assertThat(first.outcome()).isEqualTo(Confirmation.Outcome.CONFIRMED);
        assertThat(again.outcome()).isEqualTo(Confirmation.Outcome.ALREADY_CONFIRMED);
        assertThat(trusting.decide(LI, NEWS).reason()).isEqualTo("CONFIRMED");
        assertThat(trusting.decide(LI, COUPONS).verdict()).isEqualTo(OPTED_OUT);
    }

    /** L6, L13 */
    @Test
    void an_opt_out_between_question_and_answer_stays_open_and_so_does_an_old_link_clicked_again() {
        ConsentLedger trusting = trusting();
        ConsentIssuer issuer = ConsentIssuer.builder(trusting, issuerKeys).build();
        Challenge early = issuer.challenge(ChallengeRequest.doubleOptIn(LI, NEWS));
        ledger.record(no(LI, NEWS));
        issuer.confirm(early.token(), "POST", evidence("button"));
        assertThat(trusting.decide(LI, NEWS).verdict()).isEqualTo(OPTED_OUT);

        Challenge informed = issuer.challenge(ChallengeRequest.doubleOptIn(LI, NEWS));
        issuer.confirm(informed.token(), "POST", evidence("button"));
        assertThat(trusting.decide(LI, NEWS).allowed()).isTrue();

        ledger.record(no(LI, NEWS));
        assertThat(trusting.decide(LI, NEWS).verdict()).isEqualTo(OPTED_OUT);
        issuer.confirm(informed.token(), "POST", evidence("old confirmation again"));
        assertThat(trusting.decide(LI, NEWS).verdict()).isEqualTo(OPTED_OUT);
    }

    @Test
    void an_answer_counts_only_in_its_time_and_only_as_it_was_signed() throws Exception {
        ConsentIssuer issuer = ConsentIssuer.builder(trusting(), issuerKeys).build();
        Challenge later = issuer.challenge(ChallengeRequest.doubleOptIn(LI, NEWS)
                .notBefore(Duration.ofHours(1))
                .within(Duration.ofHours(2)));
        assertThat(issuer.confirm(later.token(), "POST", evidence("button")).outcome())
                .isEqualTo(Confirmation.Outcome.TOO_EARLY);
        assertThat(issuer.confirm(later.token() + "x", "POST", evidence("button"))
                        .outcome())
                .isEqualTo(Confirmation.Outcome.UNKNOWN_TOKEN);
        assertThat(issuer.confirm("nothing", "POST", evidence("button")).outcome())
                .isEqualTo(Confirmation.Outcome.UNKNOWN_TOKEN);

        Challenge altered = issuer.challenge(ChallengeRequest.doubleOptIn(LI, NEWS));
        database.execute("UPDATE crm_consent_challenge SET scope = 'all'");
        assertThat(issuer.confirm(altered.token(), "POST", evidence("button")).outcome())
                .isEqualTo(Confirmation.Outcome.NOT_SIGNED);

        Challenge over =
                issuer.challenge(ChallengeRequest.doubleOptIn(ZHANG, NEWS).within(Duration.ofMillis(1)));
        await().until(() ->
                issuer.confirm(over.token(), "POST", evidence("button")).outcome() != Confirmation.Outcome.CONFIRMED);
        assertThatThrownBy(() -> ChallengeRequest.doubleOptIn(LI, NEWS).within(Duration.ofDays(8)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void no_challenge_is_issued_that_no_answer_could_satisfy() {
        ConsentLedger trusting = trusting();
        ConsentIssuer issuer = ConsentIssuer.builder(trusting, issuerKeys).build();
        ledger.record(ledger.person("letter").object(Set.of(new SubjectKey("17"), LI), null));

        assertThatThrownBy(() -> issuer.challenge(ChallengeRequest.preferencePage(LI, Scope.ALL)))
                .hasMessageContaining("CHALLENGE_IN_VAIN")
                .hasMessageContaining("OBJECTION");
        Challenge named = issuer.challenge(ChallengeRequest.preferencePage(LI, NEWS));
        issuer.confirm(named.token(), "POST", evidence("page"));
        assertThat(trusting.decide(LI, NEWS).allowed()).isTrue();
        assertThat(trusting.decide(LI, COUPONS).reason()).isEqualTo("OBJECTION");

        ledger.record(ledger.provider("esp").complained("c1", ZHANG, Scope.ALL, null));
        assertThatThrownBy(() -> issuer.challenge(
                        ChallengeRequest.doubleOptIn(ZHANG, NEWS).onBehalf()))
                .hasMessageContaining("COMPLAINT");
    }

    @Test
    void nobody_but_a_trusted_issuer_brings_in_a_confirmed_grant() {
        ConsentLedger trusting = trusting();
        ConsentIssuer issuer = ConsentIssuer.builder(trusting, issuerKeys).build();
        Challenge challenge = issuer.challenge(ChallengeRequest.doubleOptIn(LI, NEWS));
        Grant grant = Grant.confirmed(challenge, challenge.source(), null);

        assertThatThrownBy(() -> ledger.record(grant)).hasMessageContaining("GRANT_NOT_PROVEN");
        assertThatThrownBy(() -> ConsentIssuer.builder(ledger, issuerKeys).build())
                .hasMessageContaining("ISSUER_NOT_TRUSTED");
        Grant forged = Grant.confirmed(challenge.signed(challenge.signature()), "person:preference page", null);
        assertThatThrownBy(() -> trusting.record(forged)).hasMessageContaining("GRANT_NOT_PROVEN");
        assertThat(trusting.record(grant).fresh()).isTrue();
    }

    @Test
    void the_opt_outs_of_connected_tools_are_taken_over_before_the_question() {
        ConsentLedger trusting = trusting();
        ConsentIssuer issuer = ConsentIssuer.builder(trusting, issuerKeys)
                .pullFirst(() -> poll(trusting, true, null))
                .build();
        Challenge challenge = issuer.challenge(ChallengeRequest.doubleOptIn(LI, NEWS));
        issuer.confirm(challenge.token(), "POST", evidence("button"));

        assertThat(challenge.frontier()).hasSize(1);
        assertThat(trusting.decide(LI, NEWS).allowed()).isTrue();
    }

    private List<Recorded> poll(ConsentLedger by, boolean optedOut, String version) {
        return store.inTransaction(connection ->
                by.observe(connection, "mailchimp", "list-7", NEWS, List.of(new PolledStatus(LI, optedOut, version))));
    }

    private List<Recorded> wrote(boolean optedOut) {
        return store.inTransaction(connection ->
                ledger.wrote(connection, "mailchimp", "list-7", NEWS, List.of(new PolledStatus(LI, optedOut, null))));
    }

    /** L14, L19 */
    @Test
    void what_was_written_to_a_list_here_is_no_act_there_unless_the_ledger_knows_of_none() {
        assertThat(wrote(true)).as("nobody said so here").hasSize(1);
        wrote(false);
        assertThat(poll(ledger, true, null))
                .as("a no after ours was taken back")
                .hasSize(1);
        assertThat(wrote(true)).isEmpty();
        assertThat(poll(ledger, true, null)).isEmpty();
    }

    /** L14 */
    @Test
    void looking_at_a_list_again_adds_nothing_and_a_new_no_there_is_a_new_one_here() {
        ConsentLedger trusting = trusting();
        ConsentIssuer issuer = ConsentIssuer.builder(trusting, issuerKeys).build();
        assertThat(poll(ledger, false, null)).isEmpty();
        assertThat(poll(ledger, true, null)).hasSize(1);
        for (int i = 0; i < 5; i++) {
            assertThat(poll(ledger, true, null)).isEmpty();
        }
        issuer.confirm(issuer.challenge(ChallengeRequest.doubleOptIn(LI, NEWS)).token(), "POST", evidence("button"));
        assertThat(poll(ledger, true, null)).isEmpty();
        assertThat(trusting.decide(LI, NEWS).allowed()).isTrue();

        poll(ledger, false, null);
        assertThat(trusting.decide(LI, NEWS).allowed()).isTrue();
        assertThat(poll(ledger, true, "2026-03-01T08:00:00Z")).hasSize(1);
        assertThat(trusting.decide(LI, NEWS).verdict()).isEqualTo(OPTED_OUT);
        assertThat(poll(ledger, true, "2026-03-02T08:00:00Z")).hasSize(1);
    }

    /** R9, F-704: the old address stays suppressed and the new one is. */
    @Test
    void an_opt_out_follows_its_person_to_a_new_address() {
        ledger.recordAll(List.of(no(LI, NEWS), claim(ZHANG, NEWS)));
        List<Recorded> carried = store.inTransaction(connection -> ledger.addressReplaced(connection, LI, ZHANG));

        assertThat(carried).hasSize(1);
        assertThat(store.inTransaction(connection -> ledger.addressReplaced(connection, LI, ZHANG))
                        .get(0)
                        .fresh())
                .isFalse();
        assertThat(ledger.decide(ZHANG, NEWS).verdict()).isEqualTo(OPTED_OUT);
        assertThat(ledger.decide(LI, NEWS).verdict()).isEqualTo(OPTED_OUT);
        ConsentLedger stated = open(ConsentPolicy.defaults().withoutCarryingOptOuts());
        ContactKey third = ContactKey.email("third@yunfan.example");
        List<Recorded> none = store.inTransaction(connection -> stated.addressReplaced(connection, LI, third));
        assertThat(none).isEmpty();
    }

    /** L9, R8, F-704 */
    @Test
    void what_a_customer_said_holds_for_every_contact_while_it_is_theirs() {
        SubjectKey customer = new SubjectKey("17");
        ledger.recordAll(List.of(claim(LI, NEWS), claim(ZHANG, NEWS)));
        relate(customer, LI, true);
        ledger.record(ledger.person("letter").object(Set.of(customer), null));
        assertThat(ledger.decide(LI, NEWS).reason()).isEqualTo("OBJECTION");
        assertThat(ledger.decide(ZHANG, NEWS).allowed()).isTrue();

        relate(customer, ZHANG, true);
        assertThat(ledger.decide(ZHANG, NEWS).reason()).isEqualTo("OBJECTION");
        relate(customer, ZHANG, true);
        relate(customer, ZHANG, false);
        assertThat(ledger.decide(ZHANG, NEWS).allowed()).isTrue();
        assertThat(ledger.decide(LI, NEWS).reason()).isEqualTo("OBJECTION");
    }

    private void relate(SubjectKey customer, ContactKey contact, boolean link) {
        store.inTransaction(connection -> {
            if (link) {
                ledger.link(connection, customer, List.of(contact));
            } else {
                ledger.unlink(connection, customer, List.of(contact));
            }
            return customer;
        });
    }

    /** L12, R10 */
    @Test
    void an_erased_person_stays_suppressed_and_nothing_personal_remains() throws Exception {
        // Nothing that a hash could happen to have.
        SubjectKey customer = new SubjectKey("customer-zq4711");
        ledger.record(ledger.person("one-click").unsubscribe(LI, Scope.ALL, evidence("from 192.0.2.7")));
        ledger.record(ledger.person("letter").object(Set.of(customer), evidence("letter")));
        store.inTransaction(connection -> {
            ledger.erase(connection, List.of(LI, customer), "ticket 9");
            return customer;
        });

        for (String table : List.of("event", "entry", "key", "evidence", "link", "challenge", "poll")) {
            assertThat(String.join("\n", database.rows("SELECT * FROM crm_consent_" + table)))
                    .doesNotContain("yunfan", "192.0.2.7", "zq4711");
        }
        ledger.record(claim(LI, NEWS));
        assertThat(ledger.decide(LI, NEWS).verdict()).isEqualTo(OPTED_OUT);
    }

    @Test
    void a_person_is_exported_with_the_proof_of_every_event() throws Exception {
        ledger.record(ledger.person("one-click").unsubscribe(LI, NEWS, evidence("one-click POST")));
        ledger.record(no(ZHANG, NEWS));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ledger.exportPerson(List.of(LI), out);

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("\"reason\":\"UNSUBSCRIBE\"", "\"method\":\"one-click POST\"", "\"recordedAt\":\"20")
                .startsWith("[{\"position\":1,")
                .doesNotContain("\"position\":2,");
    }

    /** L8, R7, F-114: yesterday's backup comes back, and no opt-out since is forgotten. */
    @Test
    void a_ledger_that_is_behind_its_witness_holds_marketing_until_it_was_united_with_its_copy() throws Exception {
        ConsentLedger watched = ConsentLedger.builder(store)
                .policy(ConsentPolicy.defaults().withMinimum(Rank.ASSERTED))
                .witness(folder.resolve("witness"))
                .open();
        watched.record(claim(LI, NEWS));
        watched.record(claim(ZHANG, NEWS));
        poll(watched, true, null);
        watched.record(claim(LI, COUPONS));
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        watched.export(0, copy);
        loseTheLastEvents(2);

        ConsentLedger restored = ConsentLedger.builder(store)
                .policy(ConsentPolicy.defaults().withMinimum(Rank.ASSERTED))
                .witness(folder.resolve("witness"))
                .open();
        assertThat(restored.held()).isTrue();
        assertThat(restored.decide(ZHANG, NEWS).reason()).isEqualTo("LEDGER_BEHIND_WITNESS");
        assertThat(restored.decide(LI, NEWS).verdict()).isEqualTo(HOLD);

        assertThat(restored.unite(new ByteArrayInputStream(copy.toByteArray()))).isEqualTo(2);
        assertThat(restored.unite(new ByteArrayInputStream(copy.toByteArray()))).isZero();
        assertThat(poll(restored, true, null)).hasSize(1);
        restored.finishRestore("chen", "copy of today and mailchimp");

        assertThat(restored.decide(LI, NEWS).verdict()).isEqualTo(OPTED_OUT);
        assertThat(restored.decide(ZHANG, NEWS).allowed()).isTrue();
        assertThat(ConsentLedger.builder(store)
                        .witness(folder.resolve("witness"))
                        .open()
                        .held())
                .isFalse();
        assertThatThrownBy(() -> restored.finishRestore("chen", "again")).hasMessageContaining("NO_RESTORE");
    }

    /** What a restored backup looks like: everything after a position is gone, and the states are those of then. */
    private void loseTheLastEvents(int count) throws Exception {
        store.inTransaction(connection -> {
            Head end = Head.lock(connection, Dialect.of(store));
            long keep = end.position() - count;
            List<String> last =
                    database.rows("SELECT id, chain, stamp FROM crm_consent_event WHERE position = " + keep);
            String[] words = last.get(0).split("\\|");
            for (String table : List.of("event", "entry", "evidence")) {
                Sql.update(connection, "DELETE FROM crm_consent_" + table + " WHERE position > ?", keep);
            }
            Sql.update(connection, "DELETE FROM crm_consent_poll");
            new Head(keep, words[0], words[1], HybridTimestamp.parse(words[2]), 1, false).write(connection);
            return end;
        });
        new Rebuilder(store).run();
    }

    /** Remakes the states without a word in the ledger. */
    private record Rebuilder(Store store) {
        void run() {
            store.inTransaction(connection -> {
                Dialect dialect = Dialect.of(store);
                new KeyTable(dialect, new Pepper(Foundation.lay(connection, dialect, null)))
                        .rebuildAll(connection, Head.read(connection, dialect).position());
                return store;
            });
        }
    }

    /** R6: a running process sees for itself that its ledger went backwards. */
    @Test
    void a_ledger_that_goes_backwards_under_a_running_process_holds_marketing() throws Exception {
        ledger.record(claim(ZHANG, NEWS));
        ledger.record(no(LI, NEWS));
        assertThat(ledger.decide(ZHANG, NEWS).allowed()).isTrue();
        loseTheLastEvents(1);

        assertThat(ledger.decide(ZHANG, NEWS).verdict()).isEqualTo(HOLD);
        assertThat(ledger.held()).isTrue();
        assertThat(open(ConsentPolicy.defaults().withMinimum(Rank.ASSERTED))
                        .decide(ZHANG, NEWS)
                        .verdict())
                .isEqualTo(HOLD);
    }

    @Test
    void a_view_asks_for_a_contact_once_and_never_overlooks_what_another_process_committed() {
        ConsentLedger other = open(ConsentPolicy.defaults().withMinimum(Rank.ASSERTED));
        ledger.recordAll(List.of(claim(LI, NEWS), claim(ZHANG, NEWS)));
        store.read(connection -> {
            ConsentView before = ledger.view(connection);
            assertThat(before.decide(LI, NEWS).allowed()).isTrue();
            assertThat(before.decide(ZHANG, NEWS).allowed()).isTrue();
            return before;
        });

        other.record(no(LI, NEWS));

        store.read(connection -> {
            ConsentView after = ledger.view(connection);
            assertThat(after.decide(LI, NEWS).verdict()).isEqualTo(OPTED_OUT);
            assertThat(after.decide(ZHANG, NEWS).allowed()).isTrue();
            assertThat(after.position()).isEqualTo(3);
            return after;
        });
    }

    /** L2, L18, L22: whatever is recorded, in whatever batches and by whichever process, the decisions are those of the set. */
    @Test
    void random_histories_are_decided_as_the_set_of_their_events() throws Exception {
        long first = new Random().nextLong();
        for (long seed = first; seed < first + 12; seed++) {
            history(seed);
        }
    }

    private void history(long seed) throws Exception {
        Random random = new Random(seed);
        String run = Long.toHexString(seed);
        List<ContactKey> contacts = List.of(
                ContactKey.email("a" + run + "@gmail.com"),
                ContactKey.email("a" + run + "+tag@gmail.com"),
                ContactKey.email("b" + run + "@yunfan.example"));
        SubjectKey subject = new SubjectKey("s" + run);
        List<ConsentLedger> processes =
                List.of(ledger, open(ConsentPolicy.defaults().withMinimum(Rank.ASSERTED)));
        Set<ConsentEvent> all = new LinkedHashSet<>();
        Set<ContactKey> linked = new LinkedHashSet<>();
        for (int step = 0; step < 8; step++) {
            ConsentLedger process = processes.get(random.nextInt(2));
            List<ConsentEvent> batch = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                batch.add(randomEvent(random, contacts, subject, all));
            }
            all.addAll(batch);
            process.recordAll(batch);
            ContactKey moving = contacts.get(random.nextInt(contacts.size()));
            boolean link = random.nextBoolean();
            relate(subject, moving, link);
            if (link) {
                linked.add(moving);
            } else {
                linked.remove(moving);
            }
            compare(seed, contacts, subject, linked, all);
        }
    }

    private ConsentEvent randomEvent(
            Random random, List<ContactKey> contacts, SubjectKey subject, Set<ConsentEvent> all) {
        ContactKey contact = contacts.get(random.nextInt(contacts.size()));
        Scope scope = Events.SCOPES.get(random.nextInt(Events.SCOPES.size()));
        List<OptOut> known = all.stream()
                .filter(OptOut.class::isInstance)
                .map(OptOut.class::cast)
                .toList();
        return switch (random.nextInt(7)) {
            case 0 -> no(contact, scope);
            case 1 -> ledger.person("letter").object(Set.of(subject), null);
            case 2 -> ledger.staff("chen").block(Set.of(contact), scope, evidence("why"));
            case 3, 4 ->
                ledger.system("crm").asserted(contact.address(), "" + random.nextInt(), contact, scope, null, null);
            default ->
                known.isEmpty()
                        ? ledger.staff("chen").asserted(contact, scope, null)
                        : known.get(random.nextInt(known.size())).reason().equals(OptOutReason.STAFF_BLOCK)
                                ? ledger.staff("chen")
                                        .release(
                                                known.stream()
                                                        .filter(each ->
                                                                each.reason().equals(OptOutReason.STAFF_BLOCK))
                                                        .findFirst()
                                                        .orElseThrow(),
                                                evidence("over"))
                                : known.get(random.nextInt(known.size()));
        };
    }

    private void compare(
            long seed, List<ContactKey> contacts, SubjectKey subject, Set<ContactKey> linked, Set<ConsentEvent> all) {
        ConsentPolicy policy = ConsentPolicy.defaults().withMinimum(Rank.ASSERTED);
        store.read(connection -> {
            ConsentView view = ledger.view(connection);
            for (ContactKey contact : contacts) {
                Set<ConsentKey> keys = linked.contains(contact) ? Set.of(contact, subject) : Set.of(contact);
                for (Scope scope : Events.SCOPES) {
                    ConsentDecision expected = Effective.decide(all, keys, scope, policy, Events.NOW);

                    assertThat(ledger.decide(contact, scope).verdict())
                            .as("seed " + seed + "L, " + scope)
                            .isEqualTo(expected.verdict());
                    assertThat(view.decide(contact, scope).verdict())
                            .as("view, seed " + seed + "L, " + scope)
                            .isEqualTo(expected.verdict());
                }
            }
            return view;
        });
    }
}
