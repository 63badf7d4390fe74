package io.crmsdk.benchmarks.outbox;

import io.crmsdk.delivery.Channel;
import io.crmsdk.delivery.Dispatch;
import io.crmsdk.delivery.DispatchRecipient;
import io.crmsdk.delivery.EnqueueAnswer;
import io.crmsdk.delivery.Evidence;
import io.crmsdk.delivery.Message;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.delivery.Outcome;
import io.crmsdk.delivery.WorkerOptions;
import io.crmsdk.delivery.Workers;
import io.crmsdk.store.Store;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;

/** The outbox of this project, with mark, evidence and history. */
final class OutboxContender implements Contender {
    private final Outbox outbox;
    private Workers workers;

    OutboxContender(DataSource source) {
        outbox = Outbox.builder(Store.builder(source).build())
                .channel(new HandlerChannel())
                .build();
    }

    Outbox outbox() {
        return outbox;
    }

    @Override
    public void enqueue(List<String> keys) {
        List<Message> messages = keys.stream()
                .map(key -> Message.transactional(key)
                        .to("li@example.com")
                        .content("message/rfc822", Handled.content(key).getBytes(StandardCharsets.UTF_8))
                        .build())
                .toList();
        for (EnqueueAnswer answer : outbox.enqueueAll(messages)) {
            if (!(answer instanceof EnqueueAnswer.Ack)) {
                throw new IllegalStateException(answer.toString());
            }
        }
    }

    @Override
    public void start() {
        workers = outbox.startWorkers(
                WorkerOptions.builder().threads(WORKERS).claimBatch(500).build());
    }

    @Override
    public void stop() throws InterruptedException {
        if (workers != null) {
            workers.awaitIdle(Duration.ofSeconds(10));
            workers.close();
        }
        workers = null;
    }

    private static final class HandlerChannel implements Channel {
        private final Evidence evidence =
                new Evidence("mx.example.com", "250 2.0.0 Ok: queued as 1", "1", Instant.EPOCH);

        @Override
        public String name() {
            return "handler";
        }

        @Override
        public EnqueueAnswer.Reject validate(Message message) {
            return null;
        }

        @Override
        public void send(Dispatch dispatch) {
            dispatch.beginWindow();
            Handled.handle(new String(dispatch.message().content(), StandardCharsets.UTF_8));
            for (DispatchRecipient recipient : dispatch.recipients()) {
                dispatch.record(recipient, new Outcome.Accepted(evidence));
            }
        }
    }
}
