package io.crmsdk.examples.cli;

import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.ConsentPolicy;
import io.crmsdk.consent.Rank;
import io.crmsdk.delivery.DeliveryChange;
import io.crmsdk.delivery.DeliveryListener;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.delivery.OutboxPause;
import io.crmsdk.delivery.WorkerOptions;
import io.crmsdk.delivery.Workers;
import io.crmsdk.mail.smtp.SmtpChannel;
import io.crmsdk.store.Store;
import io.crmsdk.suppression.SuppressionList;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code crm worker}: sends what is due until it is stopped, or until nothing is due. */
@Command(
        name = "worker",
        description = "Sends what is due. SIGTERM stops it in bounded time; kill it and start it again at any moment.",
        mixinStandardHelpOptions = true)
final class WorkerCommand implements Callable<Integer> {
    private static final Duration LOOK = Duration.ofSeconds(5);

    @Mixin
    private Output output = new Output();

    @Mixin
    private StoreOption store = new StoreOption();

    @Option(
            names = "--smtp",
            required = true,
            paramLabel = "URL",
            description = "smtp://[user:pass@]host:port (STARTTLS required unless ?tls=none), smtps://")
    private String smtp = "";

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "4",
            description = "Attempts at once; ${DEFAULT-VALUE}.")
    private int workers;

    @Option(
            names = "--consent-minimum",
            paramLabel = "RANK",
            description = "least kind of grant for marketing: ASSERTED, SUBMITTED or CONFIRMED; CONFIRMED if absent")
    private @Nullable Rank minimum;

    @Option(names = "--until-idle", description = "End when nothing is due and nothing is in hand.")
    private boolean untilIdle;

    @Option(names = "--events", paramLabel = "FILE", description = "Write each change to this file, too.")
    private @Nullable Path events;

    @Override
    public Integer call() throws IOException, InterruptedException {
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Thread onSignal = new Thread(() -> awaitStop(stop, stopped), "crm-worker-stop");
        Runtime.getRuntime().addShutdownHook(onSignal);
        try (Store opened = store.open();
                ConsentLedger ledger =
                        ConsentLedger.builder(opened).policy(policy()).open();
                SmtpChannel channel =
                        SmtpChannel.builder(smtp).connections(workers).build();
                Lines listener = new Lines(output, events);
                Outbox outbox = Outbox.builder(opened)
                        .channel(channel)
                        .consent(ledger)
                        .suppression(SuppressionList.open(opened))
                        .listener(listener)
                        .build();
                Workers pool = outbox.startWorkers(
                        WorkerOptions.builder().threads(workers).build())) {
            return work(outbox, pool, stop);
        } finally {
            stopped.countDown();
        }
    }

    private ConsentPolicy policy() {
        ConsentPolicy policy = ConsentPolicy.defaults();
        return minimum == null ? policy : policy.withMinimum(minimum);
    }

    private int work(Outbox outbox, Workers pool, CountDownLatch stop) throws InterruptedException {
        while (stop.getCount() > 0) {
            if (!untilIdle) {
                stop.await();
            } else if (pool.awaitIdle(LOOK)) {
                return idle(outbox);
            } else if (outbox.paused().isPresent()) {
                output.say("paused: " + outbox.paused().map(OutboxPause::why).orElse(""));
                return Exit.HELD;
            }
        }
        return Exit.DONE;
    }

    /** What waits for the end of a pause is not due, but it is not done either. */
    private int idle(Outbox outbox) {
        long parked = outbox.health().parked();
        if (parked > 0) {
            output.say(parked + " deliveries wait for the end of a pause of "
                    + outbox.pausedDestinations().keySet());
        }
        return parked > 0 ? Exit.HELD : Exit.DONE;
    }

    /** Lets the main thread close everything before the process ends. */
    private static void awaitStop(CountDownLatch stop, CountDownLatch stopped) {
        stop.countDown();
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes changes as lines; called by one thread of the outbox. */
    private static final class Lines implements DeliveryListener, AutoCloseable {
        private final @Nullable JsonLines out;
        private final @Nullable PrintStream file;
        private final @Nullable JsonLines copy;

        Lines(Output output, @Nullable Path events) throws IOException {
            out = output.isJson() || events == null ? output.lines() : null;
            file = events == null
                    ? null
                    : new PrintStream(new FileOutputStream(events.toFile(), true), false, StandardCharsets.UTF_8);
            copy = file == null ? null : new JsonLines(file);
        }

        @Override
        public void onAttempt(DeliveryChange change) {
            write(change, true);
        }

        @Override
        public void onChange(DeliveryChange change) {
            write(change, false);
        }

        private void write(DeliveryChange change, boolean begins) {
            if (out != null) {
                out.write(DeliveryLines.change(change, begins));
            }
            if (copy != null) {
                copy.write(DeliveryLines.change(change, begins));
            }
        }

        @Override
        public void close() {
            if (file != null) {
                file.close();
            }
        }
    }
}
