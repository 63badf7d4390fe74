package io.crmsdk.followup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmsdk.delivery.DeliveryArchive;
import io.crmsdk.delivery.DeliveryQuery;
import io.crmsdk.delivery.Faults;
import io.crmsdk.delivery.Message;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.followup.FollowUpCase.Hold;
import io.crmsdk.followup.FollowUpCase.Kind;
import io.crmsdk.internal.Micros;
import io.crmsdk.store.Databases;
import io.crmsdk.store.Databases.TestDatabase;
import io.crmsdk.store.Store;
import io.crmsdk.time.UtcClock;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What follow-ups promise on every store. */
abstract class FollowUpContract {
    private static final CustomerZone ZONE =
            new CustomerZone(ZoneId.of("Asia/Shanghai"), CustomerZone.Gap.FORWARD, CustomerZone.Overlap.EARLIER);
    private static final long WEEK_US = Duration.ofDays(7).toNanos() / 1_000;

    private final Databases.Kind kind;
    private final List<FollowUps> opened = new ArrayList<>();

    @TempDir
    Path folder;

    private final Faults faults = new Faults();
    private TestDatabase database;
    private Store store;
    private Outbox outbox;

    FollowUpContract(Databases.Kind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void open() throws Exception {
        database = Databases.open(kind, folder);
        store = Store.builder(faults.around(database.dataSource())).build();
        outbox = Outbox.builder(store).channelElsewhere("mail").build();
    }

    @AfterEach
    void nothing_is_leased_or_leaked() throws Exception {
        if (store == null) {
            return; // this database cannot be had here: the test was skipped
        }
        opened.forEach(FollowUps::close);
        List<String> leased = database.rows("SELECT idem_key FROM crm_followup WHERE lease_us > 0");
        int inUse = database.connectionsInUse();
        outbox.close();
        store.close();
        database.close();

        assertThat(leased).isEmpty();
        assertThat(inUse).isZero();
    }

    private FollowUps with(FollowUp... definitions) {
        FollowUps.Builder builder = FollowUps.builder(store, outbox)
                .poll(Duration.ofMillis(10))
                .retryAfter(Duration.ofMillis(10))
                .callLimit(Duration.ofSeconds(5));
        for (FollowUp definition : definitions) {
            builder.definition(definition);
        }
        return opened(builder.build());
    }

    private FollowUps opened(FollowUps followUps) {
        opened.add(followUps);
        return followUps;
    }

    private static Step letter(String name, Delay delay) {
        return Step.message(name, delay, FollowUpContract::write);
    }

    private static Message write(Firing firing) {
        return Message.transactional(firing.key())
                .to(firing.data().getOrDefault("owner", "owner@example.com"))
                .content("text/plain", firing.step() + " about " + firing.subject())
                .build();
    }

    private static FollowUpStart start(String key) {
        return FollowUpStart.of(key, "quote", "quote/4711", ZONE);
    }

    private static FollowUpCase await(FollowUps followUps, String key, FollowUpState state) {
        return Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .pollInterval(10, TimeUnit.MILLISECONDS)
                .until(() -> followUps.find(key).orElseThrow(), found -> found.state() == state);
    }

    private static List<Kind> kinds(FollowUpCase found) {
        return found.history().stream().map(FollowUpCase.Entry::kind).toList();
    }

    private List<String> messages() {
        return outbox.deliveries(DeliveryQuery.all())
                .map(delivery -> delivery.key())
                .sorted()
                .toList();
    }

    /** As if all had been stored a week earlier. */
    private void aWeekPasses() throws Exception {
        database.execute("UPDATE crm_followup SET due_us = due_us - " + WEEK_US + ", base_us = base_us - " + WEEK_US
                + ", next_us = next_us - " + WEEK_US + " WHERE next_us < " + (Long.MAX_VALUE - 1));
    }

    @Test
    void steps_fire_in_order_once_each_and_their_messages_are_in_the_outbox() {
        FollowUps followUps = with(FollowUp.define("quote", 1)
                .step(letter("remind", Delay.none()))
                .step(letter("escalate", Delay.elapsed(Duration.ofMillis(50))))
                .build());
        followUps.startEngine();
        followUps.start(start("a"));

        FollowUpCase done = await(followUps, "a", FollowUpState.FINISHED);

        assertThat(kinds(done)).containsExactly(Kind.STARTED, Kind.FIRED, Kind.FIRED);
        assertThat(done.history()).noneMatch(FollowUpCase.Entry::late);
        assertThat(done.due()).isNull();
        assertThat(messages()).containsExactly("a/escalate", "a/remind");
        assertThat(followUps.health().counts()).isEmpty();
    }

    @Test
    void what_is_not_due_does_not_fire() throws Exception {
        FollowUps followUps = with(FollowUp.define("quote", 1)
                .calendar(WorkingCalendar.builder("days").build())
                .step(letter("remind", Delay.workingDays(3)))
                .build());
        followUps.startEngine();
        FollowUpCase stored = followUps.start(start("a"));
        Thread.sleep(200);

        assertThat(stored.state()).isEqualTo(FollowUpState.SCHEDULED);
        assertThat(followUps.find("a")).contains(stored);
        assertThat(messages()).isEmpty();
        assertThat(followUps.health().oldestDue()).isNull();
    }

    @Test
    void a_condition_that_is_met_at_the_due_time_ends_it() {
        FollowUps followUps = with(FollowUp.define("quote", 1)
                .unless(firing -> firing.subject().equals("quote/4711"))
                .step(letter("remind", Delay.none()))
                .build());
        followUps.start(start("a"));
        followUps.startEngine();

        assertThat(kinds(await(followUps, "a", FollowUpState.NOT_NEEDED)))
                .containsExactly(Kind.STARTED, Kind.NOT_NEEDED);
        assertThat(messages()).isEmpty();
    }

    @Test
    void F_910_a_condition_that_fails_is_asked_again_and_neither_fires_nor_is_lost() {
        AtomicInteger calls = new AtomicInteger();
        FollowUps followUps = with(FollowUp.define("quote", 1)
                .unless(firing -> {
                    if (calls.incrementAndGet() < 4) {
                        throw new IllegalStateException("li@example.com cannot be looked up");
                    }
                    return true;
                })
                .step(letter("remind", Delay.none()))
                .build());
        followUps.start(start("a"));
        followUps.startEngine();

        FollowUpCase done = await(followUps, "a", FollowUpState.NOT_NEEDED);

        assertThat(calls).hasValue(4);
        assertThat(kinds(done)).containsExactly(Kind.STARTED, Kind.FAILED, Kind.FAILED, Kind.NOT_NEEDED);
        assertThat(done.history().toString()).contains("IllegalStateException").doesNotContain("li@example.com");
        assertThat(messages()).isEmpty();
    }

    @Test
    void F_910_code_that_never_ends_or_throws_an_Error_stops_nobody_else() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        FollowUps followUps = opened(FollowUps.builder(store, outbox)
                .poll(Duration.ofMillis(10))
                .callLimit(Duration.ofMillis(100))
                .definition(FollowUp.define("quote", 1)
                        .step(Step.action("act", Delay.none(), firing -> {
                            if (firing.followUpKey().equals("hangs")) {
                                awaitUninterruptibly(go);
                            } else if (firing.followUpKey().equals("breaks")) {
                                throw new StackOverflowError();
                            }
                        }))
                        .build())
                .build());
        List.of("hangs", "breaks", "c", "d", "e", "f").forEach(key -> followUps.start(start(key)));
        followUps.startEngine();
        List.of("c", "d", "e", "f").forEach(key -> await(followUps, key, FollowUpState.FINISHED));

        Awaitility.await()
                .atMost(20, TimeUnit.SECONDS)
                .until(() -> followUps.health().failing() == 2);
        assertThat(followUps.health().stuckCallbacks()).isEqualTo(1);
        assertThat(followUps.find("hangs").orElseThrow().state()).isEqualTo(FollowUpState.SCHEDULED);
        go.countDown();
        Awaitility.await().until(() -> followUps.health().stuckCallbacks() == 0);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean done = false;
        while (!done) {
            try {
                latch.await();
                done = true;
            } catch (InterruptedException e) {
                done = latch.getCount() == 0; // this is the code that does not listen
            }
        }
    }

    @Test
    void the_same_start_again_changes_nothing_and_another_under_its_key_is_refused_with_both_hashes() {
        FollowUps followUps = with(FollowUp.define("quote", 1)
                .step(letter("remind", Delay.days(1)))
                .build());
        FollowUpCase first = followUps.start(start("a").with(Map.of("owner", "x@example.com")));

        assertThat(followUps.start(start("a").with(Map.of("owner", "x@example.com"))))
                .isEqualTo(first);
        assertThatThrownBy(() -> followUps.start(start("a")))
                .isInstanceOfSatisfying(
                        FollowUpException.class, e -> assertThat(e.code()).isEqualTo("FOLLOWUP_KEY_CONFLICT"))
                .hasMessageMatching("(?s).*[0-9a-f]{64}.*[0-9a-f]{64}.*");
        assertThat(followUps.find("a")).contains(first);
    }

    @Test
    void F_203_a_start_in_a_transaction_that_rolls_back_never_was() throws Exception {
        FollowUps followUps = with(
                FollowUp.define("quote", 1).step(letter("remind", Delay.none())).build());
        followUps.startEngine();
        try (Connection connection = database.connection()) {
            assertThatThrownBy(() -> followUps.start(connection, start("a")))
                    .isInstanceOfSatisfying(
                            FollowUpException.class, e -> assertThat(e.code()).isEqualTo("CONNECTION_AUTOCOMMIT"));
            connection.setAutoCommit(false);
            followUps.start(connection, start("a"));
            connection.rollback();
            followUps.start(connection, start("b"));
            connection.commit();
            connection.setAutoCommit(true);
        }

        await(followUps, "b", FollowUpState.FINISHED);
        assertThat(followUps.find("a")).isEmpty();
        assertThat(messages()).containsExactly("b/remind");
    }

    @Test
    void after_a_week_without_an_engine_what_was_missed_fires_once_marked_late_and_the_next_step_counts_from_then()
            throws Exception {
        FollowUps followUps = with(FollowUp.define("quote", 1)
                .step(letter("remind", Delay.days(1)))
                .step(letter("escalate", Delay.days(1)))
                .build());
        followUps.start(start("a"));
        aWeekPasses();
        assertThat(followUps.health().oldestDue()).isGreaterThan(Duration.ofDays(5));
        with(FollowUp.define("quote", 1)
                        .step(letter("remind", Delay.days(1)))
                        .step(letter("escalate", Delay.days(1)))
                        .build())
                .startEngine();
        followUps.startEngine();
        Awaitility.await().until(() -> !messages().isEmpty());
        Thread.sleep(200);

        FollowUpCase found = followUps.find("a").orElseThrow();
        assertThat(messages()).as("the manager is not told in the same second").containsExactly("a/remind");
        assertThat(kinds(found)).containsExactly(Kind.STARTED, Kind.FIRED);
        assertThat(found.history().get(1).late()).isTrue();
        assertThat(found.step()).isEqualTo("escalate");
        assertThat(Duration.between(found.history().get(1).at(), found.due()))
                .isBetween(Duration.ofHours(23), Duration.ofHours(25));
    }

    private FollowUp asking() {
        return FollowUp.define("quote", 1)
                .step(Step.question("ask owner", Delay.none(), FollowUpContract::write, Delay.days(1))
                        .then(Answer.REFUSED, "tell sales"))
                .step(letter("ask manager", Delay.none()))
                .step(letter("tell sales", Delay.none()))
                .build();
    }

    @Test
    void a_question_waits_for_its_answer_and_a_yes_ends_it() {
        FollowUps followUps = with(asking());
        followUps.startEngine();
        followUps.start(start("a"));
        assertThat(await(followUps, "a", FollowUpState.AWAITING_ANSWER).due()).isNotNull();
        assertThat(followUps.answer("a", "tell sales", Answer.ANSWERED, "eva", ""))
                .isFalse();

        assertThat(followUps.answer("a", "ask owner", Answer.ANSWERED, "eva", "fine"))
                .isTrue();
        assertThat(followUps.answer("a", "ask owner", Answer.REFUSED, "tom", "no"))
                .isFalse();

        FollowUpCase done = followUps.find("a").orElseThrow();
        assertThat(done.state()).isEqualTo(FollowUpState.ANSWERED);
        assertThat(kinds(done)).containsExactly(Kind.STARTED, Kind.ASKED, Kind.ANSWERED);
        assertThat(done.history().get(2)).extracting("by", "detail").containsExactly("eva", "fine");
        assertThat(messages()).containsExactly("a/ask owner");
    }

    @Test
    void a_no_leads_where_the_definition_says_and_silence_to_the_next_step() throws Exception {
        FollowUps followUps = with(asking());
        followUps.startEngine();
        followUps.start(start("refused"));
        followUps.start(start("silent"));
        await(followUps, "refused", FollowUpState.AWAITING_ANSWER);
        await(followUps, "silent", FollowUpState.AWAITING_ANSWER);

        followUps.answer("refused", "ask owner", Answer.REFUSED, "tom", "too dear");
        FollowUpCase refused = await(followUps, "refused", FollowUpState.FINISHED);
        aWeekPasses();
        FollowUpCase silent = await(followUps, "silent", FollowUpState.FINISHED);

        assertThat(kinds(refused)).containsExactly(Kind.STARTED, Kind.ASKED, Kind.REFUSED, Kind.FIRED);
        assertThat(kinds(silent)).containsExactly(Kind.STARTED, Kind.ASKED, Kind.TIMED_OUT, Kind.FIRED, Kind.FIRED);
        assertThat(messages())
                .containsExactly(
                        "refused/ask owner",
                        "refused/tell sales",
                        "silent/ask manager",
                        "silent/ask owner",
                        "silent/tell sales");
    }

    @Test
    void what_is_cancelled_while_the_host_is_asked_does_not_fire() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        FollowUps followUps = with(FollowUp.define("quote", 1)
                .unless(firing -> {
                    asked.countDown();
                    go.await();
                    return false;
                })
                .step(letter("remind", Delay.none()))
                .build());
        followUps.start(start("a"));
        followUps.startEngine();
        asked.await();

        assertThat(followUps.cancel("a", "eva", "ordered by phone")).isTrue();
        go.countDown();
        followUps.close();

        FollowUpCase cancelled = followUps.find("a").orElseThrow();
        assertThat(cancelled.state()).isEqualTo(FollowUpState.CANCELLED);
        assertThat(kinds(cancelled)).containsExactly(Kind.STARTED, Kind.CANCELLED);
        assertThat(messages()).isEmpty();
        assertThat(followUps.cancel("a", "eva", "again")).isFalse();
        assertThatThrownBy(() -> followUps.cancel("nobody", "eva", ""))
                .isInstanceOfSatisfying(
                        FollowUpException.class, e -> assertThat(e.code()).isEqualTo("FOLLOWUP_UNKNOWN"));
    }

    @Test
    void F_908_a_version_that_an_engine_does_not_know_is_held_and_reported_until_one_comes_that_does() {
        FollowUp old =
                FollowUp.define("quote", 1).step(letter("remind", Delay.none())).build();
        FollowUp renewed = FollowUp.define("quote", 2)
                .step(letter("remind twice", Delay.none()))
                .build();
        FollowUps before = with(old);
        FollowUps after = with(old, renewed);
        FollowUpCase stored = after.start(start("a"));
        before.startEngine();

        FollowUpCase held = await(before, "a", FollowUpState.HELD);
        assertThat(stored.version()).isEqualTo(2);
        assertThat(held.held()).isEqualTo(Hold.UNKNOWN_DEFINITION);
        assertThat(before.health().heldFor()).containsEntry(Hold.UNKNOWN_DEFINITION, 1L);
        assertThat(before.health().unknownDefinitions()).isEqualTo(1);
        assertThat(before.list(FollowUpState.HELD, 10)).containsExactly(held);
        assertThat(before.release("a", "eva", "")).isFalse();

        after.startEngine();
        FollowUpCase done = await(after, "a", FollowUpState.FINISHED);
        assertThat(kinds(done)).containsExactly(Kind.STARTED, Kind.HELD, Kind.RELEASED, Kind.FIRED);
        assertThat(messages()).containsExactly("a/remind twice");
    }

    @Test
    void F_908_open_follow_ups_keep_version_and_due_time_over_an_upgrade_and_a_changed_shape_is_not_guessed() {
        FollowUp old = FollowUp.define("quote", 1)
                .step(letter("remind", Delay.days(2)))
                .build();
        FollowUps before = with(old);
        FollowUpCase stored = before.start(start("a"));
        FollowUp renewed =
                FollowUp.define("quote", 2).step(letter("other", Delay.none())).build();
        FollowUps after = with(old, renewed);
        after.startEngine();

        assertThat(after.start(start("a")))
                .as("the same start after the upgrade")
                .isEqualTo(stored);
        FollowUps changed = with(FollowUp.define("quote", 1)
                .step(letter("remind", Delay.days(9)))
                .build());
        assertThat(changed.health().unknownDefinitions()).isEqualTo(1);
    }

    private static FollowUp counting(WorkingCalendar calendar) {
        return FollowUp.define("quote", 1)
                .calendar(calendar)
                .step(letter("remind", Delay.workingDays(3)))
                .build();
    }

    @Test
    void a_due_time_in_a_year_that_is_not_announced_is_provisional_and_computed_again_when_it_is() {
        WorkingCalendar now = WorkingCalendar.builder("c").announced(2059).build();
        WorkingCalendar later = now.toBuilder()
                .announced(2060)
                .off(LocalDate.parse("2060-01-01"), "New Year")
                .build();
        FollowUps before = with(counting(now));
        Instant quoted = Instant.parse("2059-12-31T01:00:00Z"); // a Wednesday
        FollowUpCase stored = before.start(start("a").from(quoted));
        before.startEngine();
        assertThat(stored.provisional()).isTrue();
        assertThat(stored.due()).isEqualTo(Instant.parse("2060-01-05T01:00:00Z"));
        assertThat(before.health().provisional()).isEqualTo(1);
        assertThat(before.find("a")).contains(stored);

        FollowUps after = with(counting(later));
        after.startEngine();

        FollowUpCase sure = after.find("a").orElseThrow();
        assertThat(sure.provisional()).isFalse();
        assertThat(sure.due()).isEqualTo(Instant.parse("2060-01-06T01:00:00Z"));
        assertThat(kinds(sure)).containsExactly(Kind.STARTED, Kind.RECOMPUTED);
        assertThat(sure.history().get(1).detail()).contains("2060-01-05T01:00:00Z");
    }

    @Test
    void what_would_be_due_by_days_not_announced_is_held_until_they_are_or_somebody_decides() {
        WorkingCalendar unknown = WorkingCalendar.builder("c").announced(2000).build();
        FollowUps before = with(counting(unknown));
        Instant quoted = Instant.parse("2020-03-02T01:00:00Z");
        before.start(start("waits").from(quoted));
        before.start(start("decided").from(quoted));
        before.startEngine();
        assertThat(await(before, "waits", FollowUpState.HELD).held()).isEqualTo(Hold.CALENDAR_NOT_ANNOUNCED);
        await(before, "decided", FollowUpState.HELD);
        assertThat(messages()).isEmpty();

        assertThat(before.release("decided", "eva", "it was a plain week")).isTrue();
        await(before, "decided", FollowUpState.FINISHED);
        assertThat(messages()).containsExactly("decided/remind");
        with(counting(unknown.toBuilder().announced(2020).announced(2021).build()))
                .startEngine();
        FollowUpCase done = await(before, "waits", FollowUpState.FINISHED);
        assertThat(kinds(done)).containsExactly(Kind.STARTED, Kind.HELD, Kind.RECOMPUTED, Kind.FIRED);
        assertThat(messages()).containsExactly("decided/remind", "waits/remind");
    }

    @Test
    void F_302_two_engines_carry_out_each_step_once() {
        Map<String, AtomicInteger> actions = new ConcurrentHashMap<>();
        FollowUp definition = FollowUp.define("quote", 1)
                .step(Step.action(
                        "act",
                        Delay.none(),
                        firing -> actions.computeIfAbsent(firing.key(), key -> new AtomicInteger())
                                .incrementAndGet()))
                .step(letter("remind", Delay.none()))
                .build();
        FollowUps one = with(definition);
        FollowUps other = with(definition);
        for (int n = 0; n < 40; n++) {
            one.start(start("k" + n));
        }
        one.startEngine();
        other.startEngine();
        Awaitility.await()
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> one.list(FollowUpState.FINISHED, 100).size() == 40);

        assertThat(actions).hasSize(40);
        assertThat(actions.values()).allMatch(count -> count.get() == 1);
        assertThat(messages()).hasSize(40).doesNotHaveDuplicates();
        assertThat(one.list(FollowUpState.FINISHED, 100))
                .allMatch(done -> kinds(done).equals(List.of(Kind.STARTED, Kind.FIRED, Kind.FIRED)));
    }

    @Test
    void what_the_outbox_refuses_is_held_with_its_code_and_goes_on_when_released() {
        AtomicInteger tries = new AtomicInteger();
        FollowUps followUps = with(FollowUp.define("quote", 1)
                .step(Step.message(
                        "remind",
                        Delay.none(),
                        firing -> Message.transactional(firing.key())
                                .to("owner@example.com")
                                .content("text/plain", "x")
                                .channel(tries.incrementAndGet() == 1 ? "telex" : "mail")
                                .build()))
                .build());
        followUps.start(start("a"));
        followUps.startEngine();

        FollowUpCase held = await(followUps, "a", FollowUpState.HELD);
        assertThat(held.held()).isEqualTo(Hold.REFUSED_BY_OUTBOX);
        assertThat(held.history().get(1).detail()).contains("NO_CHANNEL");
        assertThat(messages()).isEmpty();
        followUps.release("a", "eva", "channel named");
        await(followUps, "a", FollowUpState.FINISHED);
        assertThat(messages()).containsExactly("a/remind");
    }

    @Test
    void a_letter_under_another_key_could_go_out_twice_and_is_not_taken() {
        AtomicInteger tries = new AtomicInteger();
        FollowUps followUps = with(FollowUp.define("quote", 1)
                .step(Step.message(
                        "remind",
                        Delay.none(),
                        firing -> Message.transactional(tries.incrementAndGet() == 1 ? "constant" : firing.key())
                                .to("owner@example.com")
                                .content("text/plain", "x")
                                .build()))
                .build());
        followUps.start(start("a"));
        followUps.startEngine();

        assertThat(kinds(await(followUps, "a", FollowUpState.FINISHED)))
                .containsExactly(Kind.STARTED, Kind.FAILED, Kind.FIRED);
        assertThat(messages()).containsExactly("a/remind");
    }

    @Test
    void F_114_what_was_due_before_a_restore_is_held_and_not_fired_again_blindly() {
        FollowUp definition =
                FollowUp.define("quote", 1).step(letter("remind", Delay.none())).build();
        FollowUps followUps = with(definition);
        followUps.start(start("a"));
        store.markRestored(null);
        followUps.startEngine();

        assertThat(await(followUps, "a", FollowUpState.HELD).held()).isEqualTo(Hold.RESTORED);
        assertThat(messages()).isEmpty();
        followUps.release("a", "eva", "the owner has no mail of it");
        await(followUps, "a", FollowUpState.FINISHED);
        with(definition).startEngine();
        assertThat(messages()).containsExactly("a/remind");
    }

    @Test
    void F_304_F_305_due_times_go_by_the_databases_clock_and_a_host_cannot_state_another() {
        FollowUps followUps = with(FollowUp.define("quote", 1)
                .step(letter("remind", Delay.days(1)))
                .build());
        Instant before = databaseNow();

        FollowUpCase stored = followUps.start(start("a"));

        assertThat(Duration.between(before, stored.due())).isBetween(Duration.ofHours(23), Duration.ofHours(25));
        assertThat(stored.history().get(0).at()).isBetween(before, databaseNow());
    }

    @ParameterizedTest
    @EnumSource(
            value = Answer.class,
            names = {"ANSWERED", "REFUSED"})
    void an_answer_given_where_the_definition_is_not_known_is_kept_until_an_engine_comes_that_knows_it(Answer answer)
            throws Exception {
        FollowUps first = with(asking());
        first.startEngine();
        first.start(start("a"));
        await(first, "a", FollowUpState.AWAITING_ANSWER);
        first.close();
        FollowUps elsewhere =
                opened(FollowUps.builder(store, outbox).definitionsElsewhere().build());

        assertThat(elsewhere.answer("a", "ask owner", answer, "eva", "by phone"))
                .isTrue();
        assertThat(elsewhere.answer("a", "ask owner", Answer.ANSWERED, "tom", "me, too"))
                .isFalse();
        assertThat(first.answer("a", "ask owner", Answer.ANSWERED, "tom", "me, too"))
                .isFalse();
        assertThat(elsewhere.find("a").orElseThrow().state()).isEqualTo(FollowUpState.AWAITING_ANSWER);
        aWeekPasses();
        FollowUps other = with(
                FollowUp.define("other", 1).step(letter("remind", Delay.none())).build());
        other.startEngine();
        FollowUps after = with(asking());
        after.startEngine();

        boolean yes = answer == Answer.ANSWERED;
        FollowUpCase done = await(after, "a", yes ? FollowUpState.ANSWERED : FollowUpState.FINISHED);
        assertThat(kinds(done))
                .isEqualTo(
                        yes
                                ? List.of(Kind.STARTED, Kind.ASKED, Kind.ANSWERED)
                                : List.of(Kind.STARTED, Kind.ASKED, Kind.REFUSED, Kind.FIRED));
        assertThat(done.history().get(2)).extracting("by", "detail").containsExactly("eva", "by phone");
        assertThat(messages()).isEqualTo(yes ? List.of("a/ask owner") : List.of("a/ask owner", "a/tell sales"));
    }

    @Test
    void F_114_an_answer_that_was_kept_before_a_restore_is_held_and_still_counts_when_released() {
        FollowUps first = with(asking());
        first.startEngine();
        first.start(start("a"));
        await(first, "a", FollowUpState.AWAITING_ANSWER);
        first.close();
        FollowUps elsewhere =
                opened(FollowUps.builder(store, outbox).definitionsElsewhere().build());
        elsewhere.answer("a", "ask owner", Answer.ANSWERED, "eva", "by phone");
        store.markRestored(null);
        FollowUps after = with(asking());
        after.startEngine();

        assertThat(await(after, "a", FollowUpState.HELD).held()).isEqualTo(Hold.RESTORED);
        elsewhere.release("a", "eva", "nothing went out");

        await(after, "a", FollowUpState.ANSWERED);
    }

    @Test
    void an_instance_without_definitions_only_looks_and_decides() {
        FollowUps known = with(FollowUp.define("quote", 1)
                .step(letter("remind", Delay.days(1)))
                .build());
        FollowUpCase stored = known.start(start("a"));
        FollowUps elsewhere =
                opened(FollowUps.builder(store, outbox).definitionsElsewhere().build());

        assertThat(elsewhere.find("a")).contains(stored);
        assertThat(elsewhere.list(FollowUpState.SCHEDULED, 10)).containsExactly(stored);
        assertThat(elsewhere.health().unknownDefinitions()).isEqualTo(1);
        assertThatThrownBy(elsewhere::startEngine).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> elsewhere.start(start("b")))
                .isInstanceOfSatisfying(
                        FollowUpException.class, e -> assertThat(e.code()).isEqualTo("FOLLOWUP_UNKNOWN_DEFINITION"));
        assertThat(elsewhere.cancel("a", "eva", "ordered")).isTrue();
        assertThat(known.find("a").orElseThrow().state()).isEqualTo(FollowUpState.CANCELLED);
    }

    @ParameterizedTest
    @EnumSource(Faults.Cut.class)
    void F_206_a_step_whose_line_is_lost_while_it_is_recorded_is_in_the_outbox_once(Faults.Cut where) {
        FollowUp definition = FollowUp.define("quote", 1)
                .step(letter("remind", Delay.none()))
                .step(letter("escalate", Delay.none()))
                .build();
        FollowUps followUps = opened(FollowUps.builder(store, outbox)
                .definition(definition)
                .poll(Duration.ofMillis(10))
                .callLimit(Duration.ofMillis(500))
                .lease(Duration.ofSeconds(2))
                .build());
        followUps.start(start("a"));
        faults.cut("UPDATE crm_followup SET state", where);
        followUps.startEngine();
        Awaitility.await()
                .atMost(20, TimeUnit.SECONDS)
                .until(() -> followUps.health().engineFailures() >= 1);

        faults.mend();
        FollowUpCase done = await(followUps, "a", FollowUpState.FINISHED);

        assertThat(kinds(done)).containsExactly(Kind.STARTED, Kind.FIRED, Kind.FIRED);
        assertThat(messages()).containsExactly("a/escalate", "a/remind");
    }

    @Test
    void F_303_engines_of_hosts_whose_clocks_are_hours_apart_fire_by_the_databases_clock_and_once() throws Exception {
        Map<String, AtomicInteger> actions = new ConcurrentHashMap<>();
        FollowUp definition = FollowUp.define("quote", 1)
                .step(Step.action(
                        "act",
                        Delay.none(),
                        firing -> actions.computeIfAbsent(firing.key(), key -> new AtomicInteger())
                                .incrementAndGet()))
                .step(letter("remind", Delay.none()))
                .step(letter("escalate", Delay.elapsed(Duration.ofHours(4))))
                .build();
        List<FollowUps> hosts = new ArrayList<>();
        for (int hours : new int[] {-8, 8}) {
            Outbox there = Outbox.builder(store)
                    .channelElsewhere("mail")
                    .clock(() -> UtcClock.system().instant().plus(Duration.ofHours(hours)))
                    .build();
            hosts.add(opened(FollowUps.builder(store, there)
                    .poll(Duration.ofMillis(10))
                    .callLimit(Duration.ofSeconds(5))
                    .definition(definition)
                    .build()));
        }
        for (int n = 0; n < 30; n++) {
            hosts.get(n % 2).start(start("k" + n));
        }
        hosts.forEach(FollowUps::startEngine);
        Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> messages().size() == 30);
        Thread.sleep(100); // ten polls

        assertThat(actions).hasSize(30);
        assertThat(actions.values()).allMatch(count -> count.get() == 1);
        assertThat(messages()).hasSize(30).allMatch(key -> key.endsWith("/remind"));
        assertThat(hosts.get(0).list(FollowUpState.SCHEDULED, 100))
                .hasSize(30)
                .allMatch(each -> each.step().equals("escalate"))
                .noneMatch(each -> each.history().stream().anyMatch(FollowUpCase.Entry::late));
    }

    @Test
    void F_911_a_log_that_blocks_holds_up_no_follow_up() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        PrintStream before = System.err;
        System.setErr(new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        blocked.countDown();
                        awaitUninterruptibly(release);
                    }
                },
                true,
                StandardCharsets.UTF_8));
        try {
            FollowUps followUps = with(FollowUp.define("quote", 1)
                    .unless(firing -> {
                        if (firing.followUpKey().equals("fails")) {
                            throw new IllegalStateException("not now");
                        }
                        return false;
                    })
                    .step(letter("remind", Delay.none()))
                    .build());
            followUps.start(start("fails"));
            followUps.startEngine();
            blocked.await();
            followUps.start(start("a"));
            await(followUps, "a", FollowUpState.FINISHED);

            assertThat(release.getCount()).as("the log still blocks").isEqualTo(1);
            followUps.cancel("fails", "eva", "enough");
        } finally {
            System.setErr(before);
            release.countDown();
        }
    }

    @Test
    void a_listener_hears_of_every_line_after_its_commit_and_what_it_throws_stops_nothing() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        FollowUps followUps = opened(FollowUps.builder(store, outbox)
                .poll(Duration.ofMillis(10))
                .definition(FollowUp.define("quote", 1)
                        .step(letter("remind", Delay.none()))
                        .step(letter("escalate", Delay.days(1)))
                        .build())
                .listener((key, entry) -> {
                    heard.add(key + " " + entry.kind() + " " + entry.step() + " by " + entry.by());
                    throw new IllegalStateException("a listener that fails");
                })
                .build());
        FollowUpEngine engine = followUps.startEngine();
        try (Connection connection = database.connection()) {
            connection.setAutoCommit(false);
            followUps.start(connection, start("of the host"));
            connection.rollback();
            connection.setAutoCommit(true);
        }
        followUps.start(start("a"));
        Awaitility.await().until(() -> heard.size() == 2);
        followUps.cancel("a", "eva", "ordered");

        Awaitility.await().until(() -> heard.size() == 3);
        assertThat(heard)
                .containsExactly(
                        "a STARTED remind by host",
                        "a FIRED remind by " + engine.node(),
                        "a CANCELLED escalate by eva");
        Awaitility.await().until(() -> followUps.health().listenerFailures() == 3);
    }

    @Test
    void F_215_what_ended_long_ago_is_archived_and_taken_out_beside_what_goes_on() throws Exception {
        FollowUps followUps = with(
                FollowUp.define("quote", 1).step(letter("remind", Delay.none())).build());
        followUps.startEngine();
        for (int n = 0; n < 230; n++) {
            followUps.start(start("old" + n).with(Map.of("owner", "eva@example.com")));
        }
        Awaitility.await()
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> followUps.list(FollowUpState.FINISHED, 1_000).size() == 230);
        database.execute("UPDATE crm_followup SET ended_us = ended_us - " + WEEK_US);
        database.execute("UPDATE crm_followup SET ended_us = ended_us - " + WEEK_US + " WHERE idem_key = 'old0'");
        followUps.start(start("fresh"));
        await(followUps, "fresh", FollowUpState.FINISHED);
        List<String> kept = new ArrayList<>();
        DeliveryArchive broken = archive(lines -> {
            throw new IOException("no room");
        });

        assertThatThrownBy(() -> followUps.retain(Duration.ofDays(2), Duration.ofMinutes(1), broken))
                .isInstanceOf(IOException.class);
        assertThat(followUps.list(FollowUpState.FINISHED, 1_000)).hasSize(231);
        assertThat(followUps.retain(Duration.ofDays(2), Duration.ZERO, archive(kept::addAll)))
                .isEqualTo(new FollowUpRetention(0, false));
        FollowUpRetention done = followUps.retain(Duration.ofDays(2), Duration.ofMinutes(1), archive(lines -> {
            kept.addAll(lines);
            // Meanwhile somebody takes out the same, and one of them begins anew.
            if (kept.size() == lines.size()) {
                database.execute("DELETE FROM crm_followup_event WHERE followup_key = 'old0'");
                database.execute("DELETE FROM crm_followup WHERE idem_key = 'old0'");
                followUps.start(start("old0").with(Map.of("owner", "eva@example.com")));
            }
        }));

        assertThat(done).isEqualTo(new FollowUpRetention(230, true));
        assertThat(kept).hasSize(230).doesNotHaveDuplicates();
        assertThat(kept.get(0))
                .contains("\"followup\":\"old0\"", "\"owner\":\"eva@example.com\"", "\"kind\":\"FIRED\"");
        assertThat(await(followUps, "old0", FollowUpState.FINISHED)
                        .history()
                        .get(1)
                        .detail())
                .as("the outbox still knows what it was told")
                .contains("in the outbox already");
        assertThat(followUps.list(FollowUpState.FINISHED, 1_000))
                .extracting(FollowUpCase::key)
                .containsExactlyInAnyOrder("fresh", "old0");
        assertThat(database.rows("SELECT DISTINCT followup_key FROM crm_followup_event"))
                .containsExactlyInAnyOrder("fresh", "old0");
        assertThatThrownBy(() -> followUps.retain(Duration.ofHours(1), Duration.ofMinutes(1), broken))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** What an archive does with lines. */
    @FunctionalInterface
    private interface Keeping {
        void keep(List<String> lines) throws Exception;
    }

    private static DeliveryArchive archive(Keeping keeping) {
        return new DeliveryArchive() {
            @Override
            public String name() {
                return "test";
            }

            @Override
            public void keep(List<String> lines) throws IOException {
                try {
                    keeping.keep(lines);
                } catch (IOException e) {
                    throw e;
                } catch (Exception e) {
                    throw new IOException(e);
                }
            }
        };
    }

    private Instant databaseNow() {
        return Micros.instant(store.read(store::nowMicros));
    }
}
