package io.crmsdk.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.ConsentPolicy;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.Rank;
import io.crmsdk.consent.Scope;
import io.crmsdk.delivery.Channel;
import io.crmsdk.delivery.DeliveryQuery;
import io.crmsdk.delivery.DeliveryState;
import io.crmsdk.delivery.Dispatch;
import io.crmsdk.delivery.DispatchRecipient;
import io.crmsdk.delivery.EnqueueAnswer;
import io.crmsdk.delivery.Evidence;
import io.crmsdk.delivery.Message;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.delivery.Outcome;
import io.crmsdk.delivery.WorkerOptions;
import io.crmsdk.delivery.Workers;
import io.crmsdk.store.Databases;
import io.crmsdk.store.Databases.Kind;
import io.crmsdk.store.Databases.TestDatabase;
import io.crmsdk.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What campaigns promise on every store. */
abstract class CampaignContract {
    private static final String SCOPE = "marketing/coupons";

    private final Kind kind;

    @TempDir
    Path folder;

    private final Counting channel = new Counting();
    private TestDatabase database;
    private Store store;
    private ConsentLedger ledger;
    private Outbox outbox;
    private Campaigns campaigns;

    CampaignContract(Kind kind) {
        this.kind = kind;
    }

    /** Says yes to all and counts by address. */
    private static final class Counting implements Channel {
        final Map<String, AtomicInteger> taken = new ConcurrentHashMap<>();

        @Override
        public String name() {
            return "counting";
        }

        @Override
        public EnqueueAnswer.@Nullable Reject validate(Message message) {
            return null;
        }

        @Override
        public void send(Dispatch dispatch) {
            dispatch.beginWindow();
            for (DispatchRecipient recipient : dispatch.recipients()) {
                taken.computeIfAbsent(recipient.address(), a -> new AtomicInteger())
                        .incrementAndGet();
                dispatch.record(
                        recipient,
                        new Outcome.Accepted(
                                new Evidence("mx", "250 ok", null, Instant.parse("2026-03-01T08:00:00Z"))));
            }
        }
    }

    @BeforeEach
    void open() throws Exception {
        database = Databases.open(kind, folder);
        store = database.store();
        ledger = ConsentLedger.builder(store)
                .policy(ConsentPolicy.defaults().withMinimum(Rank.ASSERTED))
                .open();
        outbox = Outbox.builder(store).channel(channel).consent(ledger).build();
        campaigns = Campaigns.builder(store, outbox).consent(ledger).build();
    }

    @AfterEach
    void close() {
        if (store != null) {
            outbox.close();
            store.close();
            database.close();
        }
    }

    private static String address(int n) {
        return "p" + n + "@example.com";
    }

    private static Iterator<CampaignMember> people(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(n -> new CampaignMember(address(n), Map.of("name", "P" + n)))
                .iterator();
    }

    private void agree(int from, int to) {
        ledger.recordAll(IntStream.range(from, to)
                .mapToObj(n -> ledger.system("crm")
                        .asserted("e" + n, "1", ContactKey.email(address(n)), Scope.of(SCOPE), null, null))
                .toList());
    }

    private static Message write(CampaignMember member, String key) {
        return Message.marketing(key, SCOPE)
                .to(member.address())
                .content("text/plain", "20 % off, " + member.fields().get("name"))
                .build();
    }

    private static CampaignSpec spec(String id) {
        return CampaignSpec.marketing(id, "vip", SCOPE).withCeiling(500).withWindow(20);
    }

    private CampaignProgress run(String id) {
        try (Workers workers = outbox.startWorkers(
                WorkerOptions.builder().threads(2).poll(Duration.ofMillis(10)).build())) {
            return await().atMost(60, TimeUnit.SECONDS)
                    .pollInterval(Duration.ofMillis(20))
                    .until(
                            () -> campaigns.step(id, CampaignContract::write),
                            progress -> progress.state().isFinal());
        }
    }

    private void finished(String id, int from, int to) {
        campaigns.prepare(spec(id), people(from, to));
        run(id);
    }

    @Test
    void everybody_gets_one_message_and_the_campaign_is_finished_when_none_is_open() {
        agree(0, 60);
        CampaignPreview preview = campaigns.prepare(spec("may"), people(0, 60));

        assertThat(preview.state()).isEqualTo(CampaignState.READY);
        assertThat(preview.members()).isEqualTo(60);
        assertThat(preview.samples()).hasSize(10);
        assertThat(outbox.deliveries(DeliveryQuery.all()))
                .as("nothing is queued by a preview")
                .isEmpty();

        CampaignProgress progress = run("may");
        assertThat(progress.state()).isEqualTo(CampaignState.FINISHED);
        assertThat(progress.done()).isEqualTo(60);
        assertThat(channel.taken)
                .hasSize(60)
                .allSatisfy((to, count) -> assertThat(count).hasValue(1));
    }

    @Test
    void an_address_written_in_two_ways_is_one_member_and_what_is_no_address_is_counted() {
        agree(1, 2);
        CampaignPreview preview = campaigns.prepare(
                spec("may"),
                List.of(
                                CampaignMember.of("p1@example.com"),
                                CampaignMember.of(" P1@EXAMPLE.com"),
                                CampaignMember.of("nobody"))
                        .iterator());

        assertThat(preview.members()).isEqualTo(1);
        assertThat(preview.duplicates()).isEqualTo(1);
        assertThat(preview.unreadable()).isEqualTo(1);
        assertThat(preview.withoutConsent()).isZero();
    }

    @Test
    void F_706_an_audience_over_the_ceiling_stops_and_asks() {
        CampaignPreview preview = campaigns.prepare(spec("may").withCeiling(10), people(0, 50));

        assertThat(preview.state()).isEqualTo(CampaignState.HELD);
        assertThat(preview.held())
                .singleElement()
                .satisfies(why -> assertThat(why).contains("50", "ceiling is 10"));
        assertThatThrownBy(() -> campaigns.step("may", CampaignContract::write))
                .isInstanceOf(CampaignException.class)
                .hasMessageContaining("CAMPAIGN_STATE");
        assertThat(outbox.deliveries(DeliveryQuery.all())).isEmpty();
    }

    @Test
    void F_706_a_rule_that_selects_almost_everybody_stops_and_asks() {
        CampaignPreview preview = campaigns.prepare(spec("may").withBase(100, 0.5), people(0, 95));

        assertThat(preview.state()).isEqualTo(CampaignState.HELD);
        assertThat(preview.held().get(0)).contains("95 of 100 people", "95 % of all");
    }

    @Test
    void F_706_an_inverted_rule_stops_and_asks_also_if_the_number_looks_right() {
        agree(0, 60);
        finished("may", 0, 30);

        CampaignPreview june = campaigns.prepare(spec("june"), people(30, 60));

        assertThat(june.state()).isEqualTo(CampaignState.HELD);
        assertThat(june.before()).isEqualTo(30);
        assertThat(june.shared()).isZero();
        assertThat(june.held().get(0)).contains("only 0", "wrong way round");
    }

    @Test
    void F_706_an_audience_that_grew_by_a_leap_stops_and_asks() {
        agree(0, 30);
        finished("may", 0, 30);

        assertThat(campaigns.prepare(spec("june"), people(0, 200)).held().get(0))
                .contains("reach 200", "reached 30");
        assertThat(campaigns.prepare(spec("july"), people(0, 33)).held()).isEmpty();
    }

    @Test
    void F_706_a_first_run_of_many_with_nothing_to_compare_it_with_stops_and_asks() {
        CampaignSpec unlimited = CampaignSpec.marketing("may", "new", SCOPE);

        assertThat(campaigns.prepare(unlimited, people(0, 1_001)).held().get(0)).contains("nothing to compare");
    }

    @Test
    void an_approval_binds_the_audience_that_was_looked_at() {
        agree(0, 50);
        CampaignPreview preview = campaigns.prepare(spec("may").withCeiling(10), people(0, 50));
        CampaignPreview other = campaigns.prepare(spec("june").withCeiling(10), people(0, 51));

        assertThatThrownBy(() -> campaigns.approve("may", other.hash(), "eva", "checked"))
                .isInstanceOf(CampaignException.class)
                .hasMessageContaining("CAMPAIGN_HASH");
        campaigns.approve("may", preview.hash(), "eva", "spring sale, checked with Tom");

        assertThat(run("may").done()).isEqualTo(50);
        assertThat(campaigns.history("may"))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("APPROVED by eva"));
    }

    @Test
    void only_a_window_waits_in_the_outbox_at_once_and_its_change_holds_from_the_next_step() {
        agree(0, 100);
        campaigns.prepare(spec("may"), people(0, 100));

        assertThat(campaigns.step("may", CampaignContract::write).open()).isEqualTo(20);
        assertThat(campaigns.step("may", CampaignContract::write).open()).isEqualTo(20);
        campaigns.window("may", 35);
        assertThat(campaigns.step("may", CampaignContract::write).open()).isEqualTo(35);
        assertThat(campaigns.progress("may").waiting()).isEqualTo(65);
    }

    @Test
    void a_pause_takes_back_at_once_what_has_not_left_and_nobody_gets_two() {
        agree(0, 60);
        campaigns.prepare(spec("may"), people(0, 60));
        campaigns.step("may", CampaignContract::write);

        assertThat(campaigns.pause("may", "eva", "wrong picture")).isEqualTo(20);
        assertThat(outbox.deliveries(DeliveryQuery.all()))
                .allMatch(delivery -> delivery.state() == DeliveryState.CANCELLED);
        assertThatThrownBy(() -> campaigns.step("may", CampaignContract::write)).isInstanceOf(CampaignException.class);
        assertThat(campaigns.progress("may")).satisfies(progress -> {
            assertThat(progress.state()).isEqualTo(CampaignState.PAUSED);
            assertThat(progress.waiting()).isEqualTo(60);
            assertThat(progress.detail()).isEqualTo("wrong picture");
        });

        campaigns.resume("may", "eva", "mended");
        assertThat(run("may").done()).isEqualTo(60);
        assertThat(channel.taken)
                .hasSize(60)
                .allSatisfy((to, count) -> assertThat(count).hasValue(1));
    }

    @Test
    void a_pause_that_died_half_way_loses_nobody() {
        agree(0, 30);
        campaigns.prepare(spec("may"), people(0, 30));
        campaigns.step("may", CampaignContract::write);
        // What is durable when the process dies after it withdrew some messages and before it noted that.
        CampaignBook book = new CampaignBook(store);
        store.inTransaction(connection -> {
            book.move(connection, "may", CampaignState.PAUSED, "", 1);
            book.taking(connection, "may");
            return true;
        });
        outbox.deliveries(DeliveryQuery.all())
                .limit(7)
                .toList()
                .forEach(one -> outbox.cancel(one.id(), "eva", "pause"));

        campaigns.resume("may", "eva", "again");
        assertThat(run("may").done()).isEqualTo(30);
        assertThat(channel.taken)
                .hasSize(30)
                .allSatisfy((to, count) -> assertThat(count).hasValue(1));
    }

    @Test
    void a_cancelled_campaign_sends_nothing_more() {
        agree(0, 60);
        campaigns.prepare(spec("may"), people(0, 60));
        campaigns.step("may", CampaignContract::write);

        assertThat(campaigns.cancel("may", "eva", "wrong list")).isEqualTo(20);
        assertThat(campaigns.step("may", CampaignContract::write).state()).isEqualTo(CampaignState.CANCELLED);
        assertThat(channel.taken).isEmpty();
        assertThatThrownBy(() -> campaigns.resume("may", "eva", "no")).isInstanceOf(CampaignException.class);
    }

    @Test
    void who_left_meanwhile_gets_nothing() {
        agree(0, 30);
        campaigns.prepare(spec("may"), people(0, 30));
        ledger.record(ledger.person("link").unsubscribe(ContactKey.email(address(3)), Scope.ALL, null));

        assertThat(run("may").done()).isEqualTo(30);
        assertThat(channel.taken).hasSize(29).doesNotContainKey(address(3));
    }

    @Test
    void a_member_whose_message_cannot_be_written_does_not_hold_up_the_others() {
        agree(0, 30);
        campaigns.prepare(spec("may"), people(0, 30));
        CampaignProgress progress;
        try (Workers workers = outbox.startWorkers(
                WorkerOptions.builder().threads(1).poll(Duration.ofMillis(10)).build())) {
            progress = await().atMost(60, TimeUnit.SECONDS)
                    .pollInterval(Duration.ofMillis(20))
                    .until(
                            () -> campaigns.step("may", (member, key) -> {
                                if (member.address().equals(address(5))) {
                                    throw new IllegalStateException("no picture");
                                }
                                return write(member, key);
                            }),
                            each -> each.state().isFinal());
        }
        assertThat(progress.failed()).isEqualTo(1);
        assertThat(progress.done()).isEqualTo(30);
        assertThat(channel.taken).hasSize(29);
    }

    @Test
    void a_writer_that_writes_to_somebody_else_stops_the_step() {
        agree(0, 30);
        campaigns.prepare(spec("may"), people(0, 30));

        assertThatThrownBy(() -> campaigns.step(
                        "may",
                        (member, key) -> Message.marketing(key, SCOPE)
                                .to("a@example.com", "b@example.com")
                                .content("text/plain", "x")
                                .build()))
                .isInstanceOf(CampaignException.class)
                .hasMessageContaining("CAMPAIGN_MESSAGE");
        assertThat(outbox.deliveries(DeliveryQuery.all())).isEmpty();
    }

    @Test
    void an_id_is_used_once() {
        campaigns.prepare(spec("may"), people(0, 3));

        assertThatThrownBy(() -> campaigns.prepare(spec("may"), people(0, 3)))
                .isInstanceOf(CampaignException.class)
                .hasMessageContaining("CAMPAIGN_EXISTS");
        assertThatThrownBy(() -> campaigns.progress("june"))
                .isInstanceOf(CampaignException.class)
                .hasMessageContaining("CAMPAIGN_UNKNOWN");
    }

    @Test
    void nothing_of_a_person_shows_in_texts() {
        Map<String, String> fields = new HashMap<>(Map.of("name", "Lee"));
        assertThat(new CampaignMember("ann.lee@example.com", fields).toString()).doesNotContain("ann.lee", "Lee]");
        assertThat(campaigns.prepare(spec("may"), people(0, 3)).toString()).doesNotContain("p1@");
    }
}
