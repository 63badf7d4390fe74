package io.crmsdk.delivery;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A channel that does what the test says, and keeps its own book of what "the server" took. */
final class FakeChannel implements Channel {
    /** What to do with one dispatch. */
    @FunctionalInterface
    interface Script {
        void run(Dispatch dispatch) throws Exception;
    }

    final List<String> taken = new CopyOnWriteArrayList<>();
    final List<Integer> attempts = new CopyOnWriteArrayList<>();
    final Map<String, Integer> takenByKey = new ConcurrentHashMap<>();
    volatile @Nullable String pausedFor;
    private volatile Script script;

    FakeChannel() {
        this.script = this::accept;
    }

    FakeChannel doing(Script script) {
        this.script = script;
        return this;
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public @Nullable String paused() {
        return pausedFor;
    }

    @Override
    public EnqueueAnswer.@Nullable Reject validate(Message message) {
        return message.recipients().contains("not-an-address")
                ? new EnqueueAnswer.Reject(message.key(), "BAD_ADDRESS", "no at sign")
                : null;
    }

    @Override
    public void send(Dispatch dispatch) throws Exception {
        attempts.add(dispatch.attempt());
        script.run(dispatch);
    }

    /** The ordinary course: window, server takes it, says yes. */
    void accept(Dispatch dispatch) {
        dispatch.beginWindow();
        take(dispatch);
        yes(dispatch);
    }

    void take(Dispatch dispatch) {
        for (DispatchRecipient recipient : dispatch.recipients()) {
            taken.add(recipient.address());
            takenByKey.merge(dispatch.message().key(), 1, Integer::sum);
        }
    }

    void yes(Dispatch dispatch) {
        for (DispatchRecipient recipient : dispatch.recipients()) {
            dispatch.record(recipient, new Outcome.Accepted(reply("250 2.0.0 Ok: queued as 4711")));
        }
    }

    static Evidence reply(String line) {
        return new Evidence("mx.example.com", line, "4711", Instant.parse("2026-03-01T10:15:30.123456Z"));
    }
}
