package io.crmsdk.consent;

import static io.crmsdk.consent.ConsentDecision.Verdict.ALLOWED;
import static io.crmsdk.consent.ConsentDecision.Verdict.HOLD;
import static io.crmsdk.consent.ConsentDecision.Verdict.OPTED_OUT;
import static io.crmsdk.consent.ConsentDecision.Verdict.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmsdk.store.Databases;
import io.crmsdk.store.Databases.Kind;
import io.crmsdk.store.Databases.TestDatabase;
import io.crmsdk.store.Store;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
}
