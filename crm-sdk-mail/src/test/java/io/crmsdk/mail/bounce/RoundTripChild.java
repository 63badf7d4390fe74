package io.crmsdk.mail.bounce;

import io.crmsdk.delivery.Channel;
import io.crmsdk.delivery.Delivery;
import io.crmsdk.delivery.DeliveryQuery;
import io.crmsdk.delivery.DeliveryState;
import io.crmsdk.delivery.Dispatch;
import io.crmsdk.delivery.DispatchRecipient;
import io.crmsdk.delivery.DoubtPolicy;
import io.crmsdk.delivery.EnqueueAnswer;
import io.crmsdk.delivery.Message;
import io.crmsdk.delivery.MessageKind;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.delivery.Outcome;
import io.crmsdk.delivery.WorkerOptions;
import io.crmsdk.delivery.Workers;
import io.crmsdk.mail.Email;
import io.crmsdk.mail.ReturnPath;
import io.crmsdk.mail.smtp.SmtpChannel;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.store.Store;
import io.crmsdk.suppression.SuppressionList;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Mails from the outbox to proof, in a process that stops for good at one step, to be killed there. */
final class RoundTripChild {
    /** What becomes of a mail to each of them once every report came. */
    static final Map<String, DeliveryState> EXPECTED = Map.of(
            "carol@inbox.test", DeliveryState.DELIVERED,
            "x@bounce.test", DeliveryState.BOUNCED,
            "x@full.test", DeliveryState.BOUNCED,
            "x@spam.test", DeliveryState.BOUNCED,
            "x@gone.test", DeliveryState.BOUNCED,
            "x@relay.test", DeliveryState.ACCEPTED,
            "team@inbox.test", DeliveryState.ACCEPTED,
            "x@defer.test", DeliveryState.BOUNCED,
            "nobody@inbox.test", DeliveryState.FAILED);

    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);

    private final String step;
    private final AtomicInteger left;

    private RoundTripChild(String stop) {
        String[] parts = stop.split(":");
        this.step = parts[0];
        this.left = new AtomicInteger(Integer.parseInt(parts[1]));
    }

    static ReturnPath returnPath(String mailbox) {
        return ReturnPath.at(EmailAddress.parse(mailbox + "@crm.test"), SECRET);
    }

    static Message mail(String to, String mailbox) {
        return Email.builder()
                .from("sender@crm.test", "Sender")
                .to(to)
                .subject("receipt")
                .text("paid")
                .envelopeFrom(EmailAddress.parse(mailbox + "@crm.test"))
                .build()
                .prepare(to)
                .attribute(SmtpChannel.DSN_NOTIFY, "SUCCESS,FAILURE,DELAY")
                .build();
    }

    static Map<String, DeliveryState> states(Outbox outbox) {
        Map<String, DeliveryState> states = new TreeMap<>();
        outbox.deliveries(DeliveryQuery.all())
                .forEach((Delivery delivery) -> states.put(delivery.recipient(), delivery.state()));
        return states;
    }

    /** Arguments: the store's file, the ports of SMTP and IMAPS, the trust store, mailbox, and {@code step:n} to stop at. */
    public static void main(String[] arguments) throws Exception {
        RoundTripChild child = new RoundTripChild(arguments[5]);
        String mailbox = arguments[4];
        Path trust = Path.of(arguments[3]);
        ReturnPath returnPath = returnPath(mailbox);
        try (Store store = Store.sqlite(Path.of(arguments[0]));
                SmtpChannel smtp = SmtpChannel.builder("smtp://localhost:" + arguments[1])
                        .returnPath(returnPath)
                        .trust(trust, "changeit")
                        .build();
                Outbox outbox = Outbox.builder(store)
                        .channel(child.stopping(smtp))
                        .suppression(SuppressionList.open(store))
                        .afterDoubt(MessageKind.TRANSACTIONAL, DoubtPolicy.repeatOnceAfter(Duration.ofSeconds(2)))
                        .build()) {
            for (String to : new TreeMap<>(EXPECTED).keySet()) {
                outbox.enqueue(mail(to, mailbox));
                child.at("enqueued");
            }
            ReportIntake intake = ReportIntake.builder(store, outbox)
                    .returnPath(returnPath)
                    .suppression(SuppressionList.open(store))
                    .build();
            try (Workers workers = outbox.startWorkers(WorkerOptions.builder()
                            .threads(1)
                            .claimBatch(1)
                            .nodeId("the-node")
                            .poll(Duration.ofMillis(50))
                            .build());
                    ReportMailbox reports = ReportMailbox.builder(
                                    "imaps://" + mailbox + ":secret@localhost:" + arguments[2], intake)
                            .trust(trust, "changeit")
                            .listener(report -> child.at("taken"))
                            .build()) {
                while (!states(outbox).equals(new TreeMap<>(EXPECTED))) {
                    reports.poll();
                    LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
                }
                reports.poll();
            }
        }
        say("DONE");
    }

    private void at(String reached) {
        if (reached.equals(step) && left.decrementAndGet() == 0) {
            say("AT " + step);
            while (true) {
                LockSupport.park();
            }
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private Channel stopping(SmtpChannel smtp) {
        return new Channel() {
            @Override
            public String name() {
                return smtp.name();
            }

            @Override
            public EnqueueAnswer.Reject validate(Message message) {
                return smtp.validate(message);
            }

            @Override
            public void send(Dispatch dispatch) throws Exception {
                smtp.send(new Stopping(dispatch));
            }
        };
    }

    /** Stops between what the channel does and what the outbox writes down of it. */
    private final class Stopping implements Dispatch {
        private final Dispatch dispatch;

        Stopping(Dispatch dispatch) {
            this.dispatch = dispatch;
        }

        @Override
        public Message message() {
            return dispatch.message();
        }

        @Override
        public String messageId() {
            return dispatch.messageId();
        }

        @Override
        public int attempt() {
            return dispatch.attempt();
        }

        @Override
        public List<DispatchRecipient> recipients() {
            return dispatch.recipients();
        }

        @Override
        public List<DispatchRecipient> recheck() {
            return dispatch.recheck();
        }

        @Override
        public void beginWindow() {
            at("before-window");
            dispatch.beginWindow();
            at("in-window");
        }

        @Override
        public void record(DispatchRecipient recipient, Outcome outcome) {
            at(outcome instanceof Outcome.Accepted ? "after-yes" : "after-no");
            dispatch.record(recipient, outcome);
            at("recorded");
        }
    }
}
