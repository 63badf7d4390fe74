package io.crmsdk.delivery;

import io.crmsdk.CrmException;
import io.crmsdk.store.Store;
import io.crmsdk.store.StoreException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** The {@link Dispatch} that a channel works on; used by one worker thread. */
final class Attempt implements Dispatch {
    private final Message message;
    private final String messageId;
    private final int number;
    private final Map<DispatchRecipient, Row> open = new LinkedHashMap<>();
    private final Map<DispatchRecipient, Row> all;
    private final List<CompletableFuture<?>> written = new ArrayList<>();
    private final Store store;
    private final Gate gate;
    private final Ahead ahead;
    private final Recorder recorder;
    private final long leaseNanos;
    private boolean begun;
    private boolean withdrawn;

    Attempt(Claims.Work work, Store store, Gate gate, Recorder recorder, long leaseNanos) {
        Message message = work.message();
        List<Row> rows = work.rows();
        this.message = message;
        this.messageId = rows.get(0).messageId;
        this.number = rows.get(0).attempt;
        rows.forEach(row -> open.put(new DispatchRecipient(row.deliveryId, row.recipient), row));
        this.all = Map.copyOf(open);
        this.ahead = work.ahead();
        this.store = store;
        this.gate = gate;
        this.recorder = recorder;
        this.leaseNanos = leaseNanos;
    }

    @Override
    public Message message() {
        return message;
    }

    @Override
    public String messageId() {
        return messageId;
    }

    @Override
    public int attempt() {
        return number;
    }

    @Override
    public List<DispatchRecipient> recipients() {
        return List.copyOf(open.keySet());
    }

    @Override
    public List<DispatchRecipient> recheck() {
        if (open.values().stream().anyMatch(Row::isLost)) {
            throw lost("the lease was lost", null);
        }
        if (!open.isEmpty() && gate.applies(message)) {
            withdraw(refusals());
        }
        return recipients();
    }

    private Map<Row, Gate.Refusal> refusals() {
        try {
            return store.read(connection ->
                    gate.refusals(connection, message, List.copyOf(open.values()), store.nowMicros(connection)));
        } catch (StoreException e) {
            throw new DeliveryException(
                    "GATE_UNREADABLE",
                    "message " + message.key() + ": consent and expiry could not be read; nothing was sent, it is tried"
                            + " again",
                    e);
        }
    }

    private void withdraw(Map<Row, Gate.Refusal> refused) {
        open.values().removeIf(row -> {
            Gate.Refusal refusal = refused.get(row);
            if (refusal != null) {
                written.add(recorder.record(
                        row, message, window(), (disposition, now) -> refusal.transition(disposition, row)));
            }
            return refusal != null;
        });
    }

    @Override
    public void beginWindow() {
        if (begun) {
            return;
        }
        if (open.isEmpty()) {
            throw new IllegalStateException(
                    "message " + message.key() + ": no recipient is left to begin a window for");
        }
        if (!wasMarkedAhead()) {
            mark();
        }
        begun = true;
    }

    /** False if it was not, or so long ago that too much of the lease may be gone. */
    private boolean wasMarkedAhead() {
        CompletableFuture<Recorder.MarkResult> mark = ahead.mark();
        if (mark == null) {
            return false;
        }
        Recorder.MarkResult result;
        try {
            result = mark.get();
        } catch (ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            throw stopped(e);
        }
        result.lost().forEach(Row::lose);
        if (open.values().stream().anyMatch(Row::isLost)) {
            throw lost("another node took over", null);
        }
        if (System.nanoTime() - ahead.askedNanos() > leaseNanos / 3) {
            return false;
        }
        recorder.begun(message, List.copyOf(open.values()), result.atUs());
        return true;
    }

    private void mark() {
        try {
            recorder.awaitRoomForMark();
        } catch (InterruptedException e) {
            throw stopped(e);
        }
        long asked = System.nanoTime();
        Recorder.MarkResult result = await(recorder.mark(message, List.copyOf(open.values())));
        if (!result.refused().isEmpty()) {
            withdraw(result.refused());
            withdrawn = true;
            throw new RecipientWithdrawnException("message " + message.key() + ": "
                    + result.refused().size() + " recipients may no longer be addressed; nothing was sent");
        }
        if (!result.own()) {
            result.lost().forEach(Row::lose);
            throw lost("another node took over", null);
        }
        if (System.nanoTime() - asked > leaseNanos / 3) {
            throw lost("writing the mark took too much of the lease", null);
        }
    }

    private Recorder.MarkResult await(CompletableFuture<Recorder.MarkResult> mark) {
        try {
            return mark.get();
        } catch (ExecutionException e) {
            throw lost("the mark could not be committed", e.getCause());
        } catch (InterruptedException e) {
            throw stopped(e);
        }
    }

    private LeaseLostException stopped(InterruptedException e) {
        Thread.currentThread().interrupt();
        return lost("the worker is being stopped", e);
    }

    /** How far this attempt came, for an outcome that is recorded now. */
    private Recorder.Window window() {
        if (begun) {
            return Recorder.Window.BEGUN;
        }
        return ahead.mark() == null ? Recorder.Window.NONE : Recorder.Window.ONLY_MARKED;
    }

    private LeaseLostException lost(String why, @Nullable Throwable cause) {
        return new LeaseLostException(
                "attempt " + number + " of message " + message.key() + ": " + why + "; nothing was sent", cause);
    }

    @Override
    public void record(DispatchRecipient recipient, Outcome outcome) {
        if (!all.containsKey(recipient)) {
            throw new IllegalArgumentException("delivery " + recipient.deliveryId() + " is not part of this dispatch");
        }
        boolean claimsWindow = outcome instanceof Outcome.Accepted || outcome instanceof Outcome.Unconfirmed;
        if (claimsWindow && !begun) {
            throw new IllegalStateException(
                    "message " + message.key() + ": " + outcome.getClass().getSimpleName()
                            + " before beginWindow() was called; this is an error of the channel");
        }
        Row row = open.remove(recipient);
        if (row != null) {
            written.add(recorder.record(
                    row, message, window(), (disposition, now) -> disposition.of(row, message.kind(), outcome, now)));
        }
    }

    /** Gives back whoever's destination is paused, until that is over; the others stay. */
    void park(Map<String, OutboxPause> paused) {
        open.values().removeIf(row -> {
            String destination = Pauses.destinationOf(row.recipient);
            OutboxPause pause = paused.get(destination);
            if (pause != null) {
                String detail = "given back: " + destination + " is paused by " + pause.by();
                written.add(recorder.record(
                        row,
                        message,
                        window(),
                        (disposition, now) -> disposition.givenBack(row, detail, Transition.PARKED)));
            }
            return pause != null;
        });
    }

    /** Nothing was tried: the rows are due again after the wait, and the attempt does not count. */
    void giveBack(String detail, long waitUs) {
        for (Row row : open.values()) {
            written.add(recorder.record(
                    row, message, window(), (disposition, now) -> disposition.givenBack(row, detail, waitUs)));
        }
        open.clear();
    }

    /** Settles whoever has no outcome after the channel returned; {@code broken} is what it threw, or null. */
    void end(@Nullable Throwable broken) {
        for (DispatchRecipient recipient : recipients()) {
            Row row = open.remove(recipient);
            if (row != null) {
                written.add(recorder.record(row, message, window(), decisionFor(row, broken)));
            }
        }
    }

    private Recorder.Decision decisionFor(Row row, @Nullable Throwable broken) {
        String detail = broken == null ? "the channel returned without an outcome" : Texts.causeOf(broken);
        if (begun) {
            return (disposition, now) ->
                    disposition.of(row, message.kind(), new Outcome.Unconfirmed("broke in the window: " + detail), now);
        }
        if (withdrawn) {
            return (disposition, now) ->
                    disposition.givenBack(row, "broken off before the window: another recipient was withdrawn", 0);
        }
        if (isFault(broken)) {
            return (disposition, now) -> disposition.stumbled(row, detail);
        }
        return (disposition, now) ->
                disposition.of(row, message.kind(), new Outcome.Deferred("broke before the window: " + detail), now);
    }

    /** An error in the channel or in this message, as opposed to a network or server that failed. */
    private static boolean isFault(@Nullable Throwable broken) {
        return broken == null
                || broken instanceof Error
                || (broken instanceof RuntimeException && !(broken instanceof CrmException));
    }

    /** Completes once every outcome of this attempt is in the store, or the pool gave up writing it. */
    CompletableFuture<Void> written() {
        return CompletableFuture.allOf(written.toArray(CompletableFuture[]::new))
                .exceptionally(gaveUp -> null);
    }
}
