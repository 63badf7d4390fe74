package io.crmsdk.delivery;

import static io.crmsdk.delivery.DeliveryState.ACCEPTED;
import static io.crmsdk.delivery.DeliveryState.CANCELLED;
import static io.crmsdk.delivery.DeliveryState.DEAD;
import static io.crmsdk.delivery.DeliveryState.DEFERRED;
import static io.crmsdk.delivery.DeliveryState.FAILED;
import static io.crmsdk.delivery.DeliveryState.QUEUED;
import static io.crmsdk.delivery.DeliveryState.UNCONFIRMED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people do to an outbox by hand, on whichever database the subclass opens. */
abstract class OperationsContract {
    private final FakeChannel channel = new FakeChannel();
    private final FakeConsent consent = new FakeConsent();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private DeliveryTestStore store;
    private Outbox outbox;

    abstract DeliveryTestStore open() throws Exception;

    @BeforeEach
    void open_the_outbox() throws Exception {
        store = open();
        outbox = Outbox.builder(store.store())
                .channel(channel)
                .consent(consent)
                .retry(RetryPolicy.defaults().withWaits(Duration.ofHours(1), Duration.ofHours(1)))
                .build();
        opened.add(outbox);
    }

    @AfterEach
    void close_everything() throws Exception {
        Collections.reverse(opened);
        for (AutoCloseable each : opened) {
            each.close();
        }
        if (store != null) {
            List<String> strangers = store.strings("SELECT d.id FROM crm_delivery d LEFT JOIN crm_delivery_queue q"
                    + " ON q.delivery_id = d.id WHERE (d.state IS NULL) = (q.state IS NULL)");
            store.close();
            assertThat(strangers).as("deliveries in no state or in two").isEmpty();
        }
    }

    private OutboxOperations eva() {
        return outbox.operations("eva");
    }

    private Workers start() {
        Workers workers = outbox.startWorkers(WorkerOptions.builder()
                .threads(2)
                .poll(Duration.ofMillis(20))
                .stopWithin(Duration.ofSeconds(5))
                .build());
        opened.add(workers);
        return workers;
    }

    private String enqueue(Message message) {
        EnqueueAnswer answer = outbox.enqueue(message);
        assertThat(answer).isInstanceOf(EnqueueAnswer.Ack.class);
        return ((EnqueueAnswer.Ack) answer).deliveryIds().get(0);
    }

    private static Message message(String key, String... to) {
        return Message.transactional(key)
                .to(to.length == 0 ? new String[] {"li@example.com"} : to)
                .content("text/plain", "您好, " + key)
                .attribute("envelope.from", "shop@example.com")
                .build();
    }

    private static Message marketing(String key) {
        return Message.marketing(key, "EMAIL/coupons")
                .to("li@example.com")
                .content("text/plain", "20 % off")
                .build();
    }

    private Delivery delivery(String id) {
        return outbox.delivery(id).orElseThrow();
    }

    private void awaitState(String id, DeliveryState state) {
        await().atMost(20, TimeUnit.SECONDS)
                .pollInterval(10, TimeUnit.MILLISECONDS)
                .untilAsserted(() -> assertThat(delivery(id).state())
                        .as(() -> delivery(id).history().toString())
                        .isEqualTo(state));
    }

    private void refuse(Dispatch dispatch) {
        dispatch.recipients()
                .forEach(to -> dispatch.record(to, new Outcome.Refused("no", FakeChannel.reply("550 no such user"))));
    }

    private static void assertRefused(String code, ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void a_refused_delivery_is_sent_again_and_the_audit_says_who_when_what_and_why() {
        channel.doing(this::refuse);
        String id = enqueue(message("a"));
        start();
        awaitState(id, FAILED);
        channel.doing(channel::accept);

        eva().replay(id, CopyRisk.NONE, "they made room");
        awaitState(id, ACCEPTED);

        assertThat(channel.takenByKey).containsEntry("a", 1);
        assertThat(delivery(id).possibleDuplicate()).isFalse();
        assertThat(delivery(id).history())
                .extracting(HistoryEntry::node, HistoryEntry::detail)
                .contains(tuple("eva", "sent again: they made room"));
        assertThat(eva().audit(id)).singleElement().satisfies(action -> {
            assertThat(action.kind()).isEqualTo(OperatorAction.Kind.REPLAY);
            assertThat(action.by()).isEqualTo("eva");
            assertThat(action.why()).isEqualTo("they made room");
            assertThat(action.before()).isEqualTo(FAILED);
            assertThat(action.after()).isEqualTo(QUEUED);
            assertThat(action.at()).isNotNull();
        });
    }

    @Test
    void a_delivery_that_was_given_up_has_its_limits_anew_when_it_is_sent_again() {
        Outbox impatient = Outbox.builder(store.store())
                .channel(channel)
                .retry(RetryPolicy.defaults()
                        .withWaits(Duration.ofHours(1), Duration.ofHours(1))
                        .withLimits(Duration.ofDays(5), 1))
                .build();
        opened.add(impatient);
        channel.doing(dispatch -> {
            throw new IOException("down");
        });
        String id = enqueue(message("a"));
        opened.add(impatient.startWorkers(
                WorkerOptions.builder().poll(Duration.ofMillis(20)).build()));
        awaitState(id, FAILED);
        channel.doing(channel::accept);

        impatient.operations("eva").replay(id, CopyRisk.NONE, "their server is back");
        awaitState(id, ACCEPTED);

        assertThat(delivery(id).attempts()).isEqualTo(2);
    }

    @Test
    void what_a_server_took_is_never_sent_again() {
        String id = enqueue(message("a"));
        start();
        awaitState(id, ACCEPTED);

        assertRefused("REPLAY_ALREADY_TAKEN", () -> eva().replay(id, CopyRisk.ACCEPTED, "again"));
        assertRefused("REPLAY_ALREADY_TAKEN", () -> eva().replace(id, message("b"), CopyRisk.ACCEPTED, "other words"));

        assertThat(channel.takenByKey).containsOnlyKeys("a").containsEntry("a", 1);
        assertThat(eva().audit()).isEmpty();
        assertThat(outbox.deliveries(DeliveryQuery.all())).hasSize(1);
    }

    @Test
    void what_is_in_doubt_is_sent_again_only_if_a_copy_is_accepted_and_shows_as_a_possible_duplicate() {
        channel.doing(dispatch -> {
            dispatch.beginWindow();
            throw new IOException("cut");
        });
        String id = enqueue(marketing("a"));
        start();
        awaitState(id, UNCONFIRMED);
        channel.doing(channel::accept);

        assertRefused("REPLAY_COPY_POSSIBLE", () -> eva().replay(id, CopyRisk.NONE, "go"));
        assertThat(delivery(id).state()).isEqualTo(UNCONFIRMED);
        assertThat(eva().audit()).isEmpty();

        eva().replay(id, CopyRisk.ACCEPTED, "rather twice than never");
        awaitState(id, ACCEPTED);

        assertThat(delivery(id).possibleDuplicate()).isTrue();
        assertThat(eva().audit()).extracting(OperatorAction::after).containsExactly(UNCONFIRMED);
    }

    @Test
    void a_refusal_of_the_copy_does_not_deny_the_first_attempt() {
        channel.doing(dispatch -> {
            dispatch.beginWindow();
            throw new IOException("cut");
        });
        String id = enqueue(marketing("a"));
        Workers workers = start();
        awaitState(id, UNCONFIRMED);
        channel.doing(this::refuse);

        eva().replay(id, CopyRisk.ACCEPTED, "rather twice than never");
        await().until(() -> delivery(id).attempts() == 2 && workers.awaitIdle(Duration.ofSeconds(1)));

        assertThat(delivery(id).state()).isEqualTo(UNCONFIRMED);
        assertThat(outbox.health().held()).isEqualTo(1);
    }

    @Test
    void a_replay_does_not_overrule_somebody_who_said_no() {
        consent.optedOut.add("li@example.com");
        String id = enqueue(marketing("a"));
        start();
        awaitState(id, DeliveryState.SUPPRESSED);

        eva().replay(id, CopyRisk.ACCEPTED, "they surely want it");
        await().until(() -> delivery(id).history().size() > 3);

        awaitState(id, DeliveryState.SUPPRESSED);
        assertThat(channel.taken).isEmpty();
    }

    @Test
    void what_leaves_at_this_moment_cannot_be_sent_again() throws Exception {
        CountDownLatch inWindow = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        channel.doing(dispatch -> {
            dispatch.beginWindow();
            inWindow.countDown();
            go.await();
            channel.take(dispatch);
            channel.yes(dispatch);
        });
        String id = enqueue(message("a"));
        start();
        inWindow.await();

        assertRefused("REPLAY_IN_WINDOW", () -> eva().replay(id, CopyRisk.ACCEPTED, "faster"));
        go.countDown();

        awaitState(id, ACCEPTED);
        assertThat(channel.takenByKey).containsEntry("a", 1);
    }

    @Test
    void what_waits_for_another_try_goes_now() {
        channel.doing(dispatch -> {
            throw new IOException("down");
        });
        String id = enqueue(message("a"));
        assertRefused("REPLAY_NOT_NEEDED", () -> eva().replay(id, CopyRisk.NONE, "now"));
        start();
        awaitState(id, DEFERRED);
        channel.doing(channel::accept);

        eva().replay(id, CopyRisk.NONE, "their server is back");

        awaitState(id, ACCEPTED);
        assertThat(channel.takenByKey).containsEntry("a", 1);
    }

    @Test
    void an_expired_message_is_not_sent_again_but_may_be_replaced_by_a_later_one() throws Exception {
        String id = enqueue(message("a"));
        store.execute("UPDATE crm_message SET expires_us = 1");
        start();
        awaitState(id, DeliveryState.EXPIRED);

        assertRefused("REPLAY_EXPIRED", () -> eva().replay(id, CopyRisk.NONE, "now"));
    }

    @Test
    void a_corrected_message_takes_the_place_of_a_refused_one() {
        channel.doing(this::refuse);
        EnqueueAnswer.Ack old = (EnqueueAnswer.Ack) outbox.enqueue(message("a", "lli@example.com", "wang@example.com"));
        String id = old.deliveryIds().get(0);
        start();
        awaitState(id, FAILED);
        channel.doing(channel::accept);

        Message wrong = eva().message(id);
        assertThat(wrong.recipients()).containsExactly("lli@example.com");
        Message corrected = wrong.rewrite("a, corrected").to("li@example.com").build();
        EnqueueAnswer.Ack fresh = (EnqueueAnswer.Ack) eva().replace(id, corrected, CopyRisk.NONE, "a letter too many");

        awaitState(fresh.deliveryIds().get(0), ACCEPTED);
        assertThat(channel.taken).containsExactly("li@example.com");
        assertThat(delivery(id).state()).isEqualTo(CANCELLED);
        assertThat(eva().audit(id)).singleElement().satisfies(action -> {
            assertThat(action.kind()).isEqualTo(OperatorAction.Kind.REPLACE);
            assertThat(action.detail()).isEqualTo(fresh.messageId());
        });
        Message sent = eva().message(fresh.deliveryIds().get(0));
        assertThat(new String(sent.content(), StandardCharsets.UTF_8)).isEqualTo("您好, a");
        assertThat(sent.attributes()).isEqualTo(wrong.attributes());

        assertRefused("REPLAY_REPLACED", () -> eva().replay(id, CopyRisk.ACCEPTED, "this one, too"));
        EnqueueAnswer again = eva().replace(id, corrected, CopyRisk.NONE, "pressed twice");
        assertThat(again)
                .isInstanceOfSatisfying(
                        EnqueueAnswer.Ack.class,
                        ack -> assertThat(ack.duplicate()).isTrue());
        assertThat(eva().audit(id)).hasSize(1);
    }

    @Test
    void a_correction_that_is_refused_withdraws_nothing() {
        String id = enqueue(message("a"));

        EnqueueAnswer answer = eva().replace(
                        id, eva().message(id).rewrite("b").to("not-an-address").build(), CopyRisk.NONE, "typing error");

        assertThat(answer).isInstanceOf(EnqueueAnswer.Reject.class);
        assertThat(delivery(id).state()).isEqualTo(QUEUED);
        assertRefused("REPLACE_SAME_KEY", () -> eva().replace(id, message("a"), CopyRisk.NONE, "same"));
        assertThat(eva().audit()).isEmpty();
    }

    @Test
    void a_replaced_delivery_in_doubt_does_not_leave_beside_its_replacement_once_it_is_found_unsent() {
        channel.doing(dispatch -> {
            dispatch.beginWindow();
            throw new IOException("cut");
        });
        String id = enqueue(message("a"));
        start();
        awaitState(id, UNCONFIRMED);
        channel.doing(channel::accept);
        assertRefused("REPLAY_COPY_POSSIBLE", () -> eva().replace(id, message("b"), CopyRisk.NONE, "other words"));

        EnqueueAnswer.Ack fresh = (EnqueueAnswer.Ack) eva().replace(id, message("b"), CopyRisk.ACCEPTED, "other words");
        awaitState(fresh.deliveryIds().get(0), ACCEPTED);
        assertThat(delivery(id).nextAttempt()).isNull();
        eva().settle(id, Confirmation.Verdict.NOT_SENT, FakeChannel.reply("not in the log"), "looked at the log");

        assertThat(delivery(id).state()).isEqualTo(CANCELLED);
        assertThat(channel.takenByKey).containsOnlyKeys("b");
        assertThat(eva().audit(id))
                .extracting(OperatorAction::kind)
                .containsExactly(OperatorAction.Kind.REPLACE, OperatorAction.Kind.SETTLE);
    }

    @Test
    void a_delivery_that_was_set_aside_goes_out_once_its_cause_is_mended() {
        channel.doing(dispatch -> {
            throw new StackOverflowError("deep");
        });
        Outbox strict = Outbox.builder(store.store())
                .channel(channel)
                .retry(RetryPolicy.defaults().withStumbles(1))
                .build();
        opened.add(strict);
        String id = enqueue(message("a"));
        opened.add(strict.startWorkers(
                WorkerOptions.builder().poll(Duration.ofMillis(20)).build()));
        awaitState(id, DEAD);
        channel.doing(channel::accept);

        strict.operations("eva").replay(id, CopyRisk.NONE, "mended");

        awaitState(id, ACCEPTED);
    }

    @Test
    void a_withdrawal_by_hand_is_in_the_audit_and_one_that_came_too_late_is_not() {
        String id = enqueue(message("a"));

        assertThat(eva().cancel(id, "they rang")).isTrue();
        assertThat(eva().cancel(id, "again")).isFalse();

        assertThat(eva().audit()).singleElement().satisfies(action -> {
            assertThat(action.kind()).isEqualTo(OperatorAction.Kind.CANCEL);
            assertThat(action.before()).isEqualTo(QUEUED);
            assertThat(action.after()).isEqualTo(CANCELLED);
        });
    }

    @Test
    void a_paused_outbox_stores_and_claims_nothing_until_it_is_resumed() throws Exception {
        start();
        OutboxPause pause = eva().pause("their server is being moved");
        assertThat(outbox.operations("li").pause("me, too")).isEqualTo(pause);
        Thread.sleep(100); // five polls
        String id = enqueue(message("a"));
        Thread.sleep(100);

        assertThat(delivery(id).state()).isEqualTo(QUEUED);
        assertThat(channel.attempts).isEmpty();
        assertThat(outbox.paused()).contains(pause);

        assertThat(outbox.operations("li").resume("moved")).isTrue();
        assertThat(outbox.operations("li").resume("moved")).isFalse();
        awaitState(id, ACCEPTED);
        assertThat(eva().audit())
                .extracting(OperatorAction::kind, OperatorAction::by)
                .containsExactly(tuple(OperatorAction.Kind.PAUSE, "eva"), tuple(OperatorAction.Kind.RESUME, "li"));
    }

    @Test
    void what_was_claimed_before_a_pause_is_given_back_and_what_is_in_its_window_ends() throws Exception {
        CountDownLatch inWindow = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        channel.doing(dispatch -> {
            dispatch.beginWindow();
            inWindow.countDown();
            go.await();
            channel.take(dispatch);
            channel.yes(dispatch);
        });
        List<String> ids = new ArrayList<>();
        for (int n = 0; n < 5; n++) {
            ids.add(enqueue(message("m" + n)));
        }
        Workers workers = outbox.startWorkers(
                WorkerOptions.builder().threads(1).poll(Duration.ofMillis(20)).build());
        opened.add(workers);
        inWindow.await();
        eva().pause("stop");
        Thread.sleep(200); // ten polls
        go.countDown();

        await().until(() -> outbox.health().counts().equals(Map.of(QUEUED, 4L)));
        assertThat(store.strings("SELECT delivery_id FROM crm_delivery_queue WHERE lease_us > 0"))
                .isEmpty();
        assertThat(channel.taken).hasSize(1);
        eva().resume("go");
        ids.forEach(id -> awaitState(id, ACCEPTED));
        assertThat(channel.takenByKey.values()).containsOnly(1);
    }

    @Test
    void a_paused_destination_gets_nothing_and_all_others_go_on_until_it_is_resumed() {
        OutboxPause pause = eva().pauseDestination("Example.COM", "their postmaster asked us to");
        assertThat(outbox.operations("li").pauseDestination("example.com", "me, too"))
                .isEqualTo(pause);
        String kept = enqueue(message("kept"));
        String elsewhere = enqueue(message("elsewhere", "wang@sub.example.com"));
        EnqueueAnswer.Ack both =
                (EnqueueAnswer.Ack) outbox.enqueue(message("both", "chen@EXAMPLE.com", "wang@example.org"));
        start();
        awaitState(elsewhere, ACCEPTED);
        awaitState(both.deliveryIds().get(1), ACCEPTED);
        await().untilAsserted(() -> assertThat(outbox.health().parked()).isEqualTo(2));

        assertThat(delivery(kept).state()).isEqualTo(QUEUED);
        assertThat(delivery(kept).attempts()).isZero();
        assertThat(delivery(kept).history())
                .last()
                .extracting(HistoryEntry::detail)
                .isEqualTo("given back: example.com is paused by eva");
        assertThat(outbox.pausedDestinations()).containsOnlyKeys("example.com").containsValue(pause);
        assertThat(outbox.health().findings(HealthLimits.defaults()))
                .singleElement()
                .extracting(HealthFinding::code)
                .isEqualTo("DESTINATION_PAUSED");

        assertThat(outbox.operations("li").resumeDestination("example.com", "mended"))
                .isTrue();
        assertThat(outbox.operations("li").resumeDestination("example.com", "mended"))
                .isFalse();
        awaitState(kept, ACCEPTED);
        awaitState(both.deliveryIds().get(0), ACCEPTED);
        assertThat(delivery(kept).attempts()).isEqualTo(1);
        assertThat(channel.taken)
                .containsExactlyInAnyOrder(
                        "li@example.com", "wang@sub.example.com", "chen@EXAMPLE.com", "wang@example.org");
        assertThat(eva().audit())
                .extracting(OperatorAction::kind, OperatorAction::by, OperatorAction::detail)
                .containsExactly(
                        tuple(OperatorAction.Kind.PAUSE, "eva", "destination example.com"),
                        tuple(OperatorAction.Kind.RESUME, "li", "destination example.com"));
    }

    @Test
    void what_a_pause_of_a_destination_left_behind_is_found_by_any_worker_and_can_be_withdrawn_meanwhile()
            throws Exception {
        List<String> ids = new ArrayList<>();
        for (int n = 0; n < 1_100; n++) {
            ids.add(enqueue(message("m" + n, n + "@example.com")));
        }
        eva().pauseDestination("example.com", "stop");
        Workers first = start();
        await().atMost(1, TimeUnit.MINUTES).until(() -> outbox.health().parked() == ids.size());
        first.close();
        assertThat(eva().cancel(ids.get(0), "they rang")).isTrue();
        // As if the process that ended the pause had died before it could let anybody go.
        store.execute("DELETE FROM crm_delivery_destination_pause");

        start();

        await().atMost(1, TimeUnit.MINUTES).until(() -> outbox.health().counts().isEmpty());
        assertThat(channel.taken).hasSize(1_099).doesNotHaveDuplicates().doesNotContain("0@example.com");
    }

    @Test
    void F_114_what_waited_for_the_end_of_a_pause_before_a_restore_is_held_like_what_was_due() {
        eva().pauseDestination("example.com", "stop");
        String id = enqueue(message("a"));
        start().close();
        Workers workers = start();
        await().until(() -> outbox.health().parked() == 1);
        workers.close();
        store.store().markRestored(null);

        start();

        assertThat(delivery(id).state()).isEqualTo(UNCONFIRMED);
        assertThat(outbox.health().held()).isEqualTo(1);
        assertThat(channel.attempts).isEmpty();
    }

    @Test
    void what_is_no_destination_cannot_be_paused() {
        assertThatThrownBy(() -> eva().pauseDestination("li@example.com", "x")).hasMessageContaining("destination");
        assertThatThrownBy(() -> eva().pauseDestination(" ", "x")).hasMessageContaining("destination");
        eva().pauseDestination("bücher.example", "x");

        assertThat(outbox.pausedDestinations()).containsOnlyKeys("xn--bcher-kva.example");
        assertThat(Pauses.destinationOf("li@BÜCHER.example")).isEqualTo("xn--bcher-kva.example");
        assertThat(Pauses.destinationOf("+8613800000000")).isEmpty();
    }

    @Test
    void an_action_without_a_name_or_a_reason_is_refused() {
        String id = enqueue(message("a"));

        assertThatThrownBy(() -> outbox.operations(" ")).hasMessageContaining("by");
        assertThatThrownBy(() -> eva().cancel(id, "\n")).hasMessageContaining("why");
        assertRefused("UNKNOWN_DELIVERY", () -> eva().replay("nothing.0", CopyRisk.NONE, "x"));

        assertThat(delivery(id).state()).isEqualTo(QUEUED);
    }
}
