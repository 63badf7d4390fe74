package io.crmsdk.mail.bounce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmsdk.consent.ConsentDecision;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.Scope;
import io.crmsdk.delivery.Channel;
import io.crmsdk.delivery.Delivery;
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
import io.crmsdk.mail.ReturnPath;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.store.Store;
import io.crmsdk.suppression.Suppression;
import io.crmsdk.suppression.SuppressionList;
import io.crmsdk.suppression.SuppressionReason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportIntakeTest {
    private static final ReturnPath RETURN_PATH = ReturnPath.at(
            EmailAddress.parse("bounce@shop.example"),
            "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8));

    @TempDir
    Path folder;

    private final YesChannel channel = new YesChannel();
    private Store store;
    private Outbox outbox;
    private ConsentLedger ledger;
    private SuppressionList suppression;
    private ReportIntake intake;

    /** Says yes to all, once the test lets it. */
    private static final class YesChannel implements Channel {
        private final CountDownLatch open = new CountDownLatch(1);
        private volatile boolean waits;

        @Override
        public String name() {
            return "yes";
        }

        @Override
        public EnqueueAnswer.@Nullable Reject validate(Message message) {
            return null;
        }

        @Override
        public void send(Dispatch dispatch) throws Exception {
            dispatch.beginWindow();
            if (waits) {
                open.await(20, TimeUnit.SECONDS);
            }
            for (DispatchRecipient recipient : dispatch.recipients()) {
                dispatch.record(
                        recipient,
                        new Outcome.Accepted(
                                new Evidence("mx", "250 ok", "q1", Instant.parse("2026-03-01T08:00:00Z"))));
            }
        }
    }

    @BeforeEach
    void open() {
        store = Store.sqlite(folder.resolve("crm.db"));
        ledger = ConsentLedger.open(store);
        suppression = SuppressionList.open(store);
        outbox = Outbox.builder(store)
                .channel(channel)
                .consent(ledger)
                .suppression(suppression)
                .build();
        intake = ReportIntake.builder(store, outbox)
                .returnPath(RETURN_PATH)
                .suppression(suppression)
                .consent(ledger, Scope.of("marketing"))
                .build();
    }

    @AfterEach
    void close() {
        outbox.close();
        store.close();
    }

    private Workers work() {
        return outbox.startWorkers(
                WorkerOptions.builder().threads(1).poll(Duration.ofMillis(20)).build());
    }

    private List<Delivery> sent(String key, String... to) {
        outbox.enqueue(
                Message.transactional(key).to(to).content("text/plain", "paid").build());
        try (Workers workers = work()) {
            return await().atMost(20, TimeUnit.SECONDS)
                    .until(
                            () -> outbox.deliveries(DeliveryQuery.all().key(key))
                                    .toList(),
                            all -> all.stream()
                                    .allMatch(delivery -> delivery.state().isFinal()));
        }
    }

    private DeliveryState state(Delivery delivery) {
        return outbox.delivery(delivery.id()).orElseThrow().state();
    }

    private static byte[] report(String arrivedAt, String envelopeId, String... recipients) {
        StringBuilder mail = new StringBuilder("Return-Path: <>\nDelivered-To: " + arrivedAt
                + "\nFrom: MAILER-DAEMON@mx.example.com\nTo: " + arrivedAt
                + "\nSubject: Undelivered Mail Returned to Sender\nContent-Type: multipart/report;"
                + " report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
                + "Reporting-MTA: dns; mx.example.com\n");
        if (!envelopeId.isEmpty()) {
            mail.append("Original-Envelope-Id: ").append(envelopeId).append('\n');
        }
        for (String recipient : recipients) {
            mail.append('\n').append(recipient).append('\n');
        }
        return mail.append("\n--b--\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String failed(String address, String status) {
        return "Final-Recipient: rfc822; " + address + "\nAction: failed\nStatus: " + status;
    }

    private static String action(String address, String action) {
        return "Final-Recipient: rfc822; " + address + "\nAction: " + action + "\nStatus: 2.0.0";
    }

    private SuppressionReason suppressed(String address) {
        return suppression
                .find(ContactKey.email(address))
                .map(Suppression::reason)
                .orElse(null);
    }

    @Test
    void a_report_is_joined_by_its_return_path_to_the_one_recipient_that_failed() {
        List<Delivery> sent = sent("1", "ann@example.com", "bob@example.com");
        String path = RETURN_PATH.of(sent.get(0).messageId()).wire();

        TakenReport taken = intake.take(report(path, "", failed("Bob@Example.com", "5.1.1")));

        assertThat(taken.outcome()).isEqualTo(TakenReport.Outcome.APPLIED);
        assertThat(taken.applied()).singleElement().satisfies(applied -> {
            assertThat(applied.recipient()).isEqualTo("bob@example.com");
            assertThat(applied.state()).isEqualTo(DeliveryState.BOUNCED);
            assertThat(applied.changed()).isTrue();
        });
        assertThat(state(sent.get(0))).isEqualTo(DeliveryState.ACCEPTED);
        assertThat(state(sent.get(1))).isEqualTo(DeliveryState.BOUNCED);
        assertThat(suppressed("bob@example.com")).isEqualTo(SuppressionReason.HARD_BOUNCE);
        assertThat(suppressed("ann@example.com")).isNull();
    }

    @Test
    void a_report_is_joined_by_its_envelope_id() {
        Delivery sent = sent("1", "ann@example.com").get(0);

        intake.take(report("bounce@shop.example", sent.messageId(), failed("ann@example.com", "5.2.2")));

        assertThat(state(sent)).isEqualTo(DeliveryState.BOUNCED);
        assertThat(suppressed("ann@example.com")).isNull();
    }

    @Test
    void F_604_a_report_about_nothing_that_was_sent_is_kept_and_suppresses_nobody() {
        Delivery sent = sent("1", "ann@example.com").get(0);

        TakenReport taken = intake.take(report("bounce@shop.example", "", failed("ann@example.com", "5.1.1")));

        assertThat(taken.outcome()).isEqualTo(TakenReport.Outcome.UNMATCHED);
        assertThat(state(sent)).isEqualTo(DeliveryState.ACCEPTED);
        assertThat(suppressed("ann@example.com")).isNull();
    }

    @Test
    void a_forged_return_path_joins_nothing() {
        Delivery sent = sent("1", "ann@example.com").get(0);
        ReturnPath other = ReturnPath.at(
                EmailAddress.parse("bounce@shop.example"),
                "another-secret-of-at-least-32-bytes".getBytes(StandardCharsets.UTF_8));

        assertThat(intake.take(report(other.of(sent.messageId()).wire(), "", failed("ann@example.com", "5.1.1")))
                        .outcome())
                .isEqualTo(TakenReport.Outcome.UNMATCHED);
        assertThat(state(sent)).isEqualTo(DeliveryState.ACCEPTED);
    }

    @Test
    void F_601_F_608_the_same_mail_again_changes_nothing_whatever_its_line_ends() {
        Delivery sent = sent("1", "ann@example.com").get(0);
        byte[] mail = report("b@shop.example", sent.messageId(), failed("ann@example.com", "5.1.1"));
        intake.take(mail);
        int history = outbox.delivery(sent.id()).orElseThrow().history().size();

        byte[] crlf =
                new String(mail, StandardCharsets.UTF_8).replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        assertThat(intake.take(mail).outcome()).isEqualTo(TakenReport.Outcome.KNOWN);
        assertThat(intake.take(crlf).outcome()).isEqualTo(TakenReport.Outcome.KNOWN);
        assertThat(outbox.delivery(sent.id()).orElseThrow().history()).hasSize(history);
        assertThat(suppression.history(ContactKey.email("ann@example.com"))).hasSize(1);
    }

    /** Both find each mail new; what it says is done once, and one of them counts it. */
    @Test
    void F_608_two_pollers_at_once_do_once_what_a_mail_says() throws Exception {
        List<Delivery> sent = new ArrayList<>();
        List<byte[]> mails = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Delivery one = sent("two-" + i, "ann" + i + "@example.com").get(0);
            sent.add(one);
            mails.add(report("b@shop.example", one.messageId(), failed("ann" + i + "@example.com", "5.1.1")));
        }
        Delivery alone = sent("alone", "alone@example.com").get(0);
        intake.take(report("b@shop.example", alone.messageId(), failed("alone@example.com", "5.1.1")));
        int history = outbox.delivery(alone.id()).orElseThrow().history().size();
        CyclicBarrier together = new CyclicBarrier(2);
        Callable<List<TakenReport.Outcome>> poller = () -> {
            List<TakenReport.Outcome> outcomes = new ArrayList<>();
            for (byte[] mail : mails) {
                together.await(20, TimeUnit.SECONDS);
                outcomes.add(intake.take(mail).outcome());
            }
            return outcomes;
        };

        List<TakenReport.Outcome> all = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (Future<List<TakenReport.Outcome>> one : threads.invokeAll(List.of(poller, poller))) {
                all.addAll(one.get());
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(all)
                .filteredOn(outcome -> outcome == TakenReport.Outcome.APPLIED)
                .hasSize(12);
        assertThat(all)
                .filteredOn(outcome -> outcome == TakenReport.Outcome.KNOWN)
                .hasSize(12);
        for (int i = 0; i < 12; i++) {
            assertThat(state(sent.get(i))).isEqualTo(DeliveryState.BOUNCED);
            assertThat(outbox.delivery(sent.get(i).id()).orElseThrow().history())
                    .hasSize(history);
            assertThat(suppression.history(ContactKey.email("ann" + i + "@example.com")))
                    .hasSize(1);
        }
    }

    @Test
    void F_611_relayed_expanded_and_delayed_claim_no_delivery() {
        for (String action : List.of("relayed", "expanded", "delayed")) {
            Delivery sent = sent(action, "ann@example.com").get(0);
            intake.take(report("b@shop.example", sent.messageId(), action("ann@example.com", action)));
            assertThat(state(sent)).as(action).isEqualTo(DeliveryState.ACCEPTED);
        }
        Delivery sent = sent("d", "ann@example.com").get(0);
        intake.take(report("b@shop.example", sent.messageId(), action("ann@example.com", "delivered")));
        assertThat(state(sent)).isEqualTo(DeliveryState.DELIVERED);
    }

    @Test
    void F_602_reports_in_any_order_lead_to_the_same_state() {
        Random random = new Random(7);
        for (int run = 0; run < 6; run++) {
            Delivery sent = sent("o" + run, "ann" + run + "@example.com").get(0);
            List<byte[]> reports = new ArrayList<>(List.of(
                    report("b@shop.example", sent.messageId(), action("ann" + run + "@example.com", "delayed")),
                    report("b@shop.example", sent.messageId(), action("ann" + run + "@example.com", "delivered")),
                    report("b@shop.example", sent.messageId(), failed("ann" + run + "@example.com", "5.2.2"))));
            Collections.shuffle(reports, random);
            reports.forEach(intake::take);
            assertThat(state(sent)).isEqualTo(DeliveryState.BOUNCED);
        }
    }

    @Test
    void F_603_a_report_that_comes_before_the_outcome_is_recorded_is_not_lost() {
        channel.waits = true;
        outbox.enqueue(Message.transactional("1")
                .to("ann@example.com")
                .content("text/plain", "paid")
                .build());
        try (Workers workers = work()) {
            Delivery sending = await().atMost(20, TimeUnit.SECONDS)
                    .until(
                            () -> outbox.deliveries(DeliveryQuery.all())
                                    .findFirst()
                                    .orElseThrow(),
                            delivery -> delivery.state() == DeliveryState.SENDING);
            intake.take(report("b@shop.example", sending.messageId(), failed("ann@example.com", "5.1.1")));
            channel.open.countDown();
            await().atMost(20, TimeUnit.SECONDS)
                    .until(() -> outbox.delivery(sending.id()).orElseThrow().history().stream()
                            .anyMatch(entry -> entry.state() == DeliveryState.ACCEPTED));
            assertThat(state(sending)).isEqualTo(DeliveryState.BOUNCED);
        }
    }

    @Test
    void F_610_automatic_replies_and_receipts_change_nothing() {
        Delivery sent = sent("1", "ann@example.com").get(0);
        String path = RETURN_PATH.of(sent.messageId()).wire();
        byte[] reply = ("Return-Path: <>\nFrom: ann@example.com\nTo: " + path
                        + "\nAuto-Submitted: auto-replied\nSubject: Out of office\n\nUser unknown until Monday.\n")
                .getBytes(StandardCharsets.UTF_8);

        TakenReport taken = intake.take(reply);

        assertThat(taken.applied()).isEmpty();
        assertThat(state(sent)).isEqualTo(DeliveryState.ACCEPTED);
        assertThat(suppressed("ann@example.com")).isNull();
    }

    @Test
    void F_613_a_complaint_whose_recipient_is_hidden_is_joined_and_opts_out() {
        Delivery sent = sent("1", "ann@example.com").get(0);
        byte[] complaint = ("From: feedback@isp.example\nTo: fbl@shop.example\nSubject: complaint\n"
                        + "Content-Type: multipart/report; report-type=feedback-report; boundary=a\n\n--a\n"
                        + "Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n\n--a\n"
                        + "Content-Type: message/rfc822\n\nReturn-Path: <"
                        + RETURN_PATH.of(sent.messageId()).wire()
                        + ">\nTo: undisclosed-recipients:;\n\nhello\n--a--\n")
                .getBytes(StandardCharsets.UTF_8);

        assertThat(intake.take(complaint).outcome()).isEqualTo(TakenReport.Outcome.APPLIED);
        assertThat(state(sent)).isEqualTo(DeliveryState.COMPLAINED);
        assertThat(suppressed("ann@example.com")).isEqualTo(SuppressionReason.COMPLAINT);
        assertThat(ledger.decide(ContactKey.email("ann@example.com"), Scope.of("marketing"))
                        .verdict())
                .isEqualTo(ConsentDecision.Verdict.OPTED_OUT);
    }

    @Test
    void a_wish_to_leave_needs_no_match() {
        byte[] wish = "From: Pia <pia@client.example>\nTo: unsubscribe@shop.example\nSubject: unsubscribe\n\n"
                .getBytes(StandardCharsets.UTF_8);

        assertThat(intake.take(wish).outcome()).isEqualTo(TakenReport.Outcome.APPLIED);
        assertThat(ledger.decide(ContactKey.email("pia@client.example"), Scope.of("marketing"))
                        .verdict())
                .isEqualTo(ConsentDecision.Verdict.OPTED_OUT);
    }

    @Test
    void an_intake_that_was_killed_half_way_is_made_whole_by_taking_the_mail_again() {
        Delivery sent = sent("1", "ann@example.com").get(0);
        byte[] mail = report("b@shop.example", sent.messageId(), failed("ann@example.com", "5.1.1"));
        // What is durable when the process dies after the mail was kept and the delivery settled, before the address
        // was suppressed.
        ReportIntake withoutList = ReportIntake.builder(store, outbox).build();
        new ReportBook(store).keep(ReportBook.key(mail), mail);
        withoutList.take("unrelated\n".getBytes(StandardCharsets.UTF_8));

        assertThat(intake.take(mail).outcome()).isEqualTo(TakenReport.Outcome.APPLIED);
        assertThat(state(sent)).isEqualTo(DeliveryState.BOUNCED);
        assertThat(suppressed("ann@example.com")).isEqualTo(SuppressionReason.HARD_BOUNCE);
    }
}
