package io.crmsdk.followup;

import io.crmsdk.delivery.EnqueueAnswer;
import io.crmsdk.delivery.Message;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.followup.FollowUpCase.Hold;
import io.crmsdk.followup.FollowUpCase.Kind;
import io.crmsdk.internal.LogThread;
import io.crmsdk.internal.Micros;
import io.crmsdk.store.Store;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out one claimed follow-up: asks the host, fires, moves it on. The host's code never runs within a transaction. */
final class Runner {
    private static final Logger LOG = LoggerFactory.getLogger(Runner.class);
    private static final Duration LONGEST_RETRY = Duration.ofHours(1);

    private final Store store;
    private final Outbox outbox;
    private final Book book;
    private final Map<String, FollowUp> definitions;
    private final Callbacks callbacks;
    private final String owner;
    private final long lateUs;
    private final long retryUs;
    private final LogThread log;

    Runner(
            Store store,
            Outbox outbox,
            Book book,
            Map<String, FollowUp> definitions,
            Callbacks callbacks,
            String owner,
            Duration lateAfter,
            Duration retryAfter,
            LogThread log) {
        this.store = store;
        this.outbox = outbox;
        this.book = book;
        this.definitions = definitions;
        this.callbacks = callbacks;
        this.owner = owner;
        this.lateUs = Micros.of(lateAfter);
        this.retryUs = Micros.of(retryAfter);
        this.log = log;
    }

    /** What was refused within a transaction, to roll it back. */
    private static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final String refusal;

        RefusedException(String code) {
            super(code, null, false, false);
            this.refusal = code;
        }
    }

    void run(Row row, long nowUs) throws InterruptedException {
        FollowUp definition = Objects.requireNonNull(definitions.get(row.reference()), row.reference());
        boolean late = nowUs - row.dueUs() > lateUs;
        Firing firing = row.firing(nowUs, late);
        try {
            if (row.provisional() && !isDueForSure(definition, row)) {
                return;
            }
            boolean met =
                    callbacks.call("the condition", () -> definition.unless().isMet(firing));
            if (met) {
                record(row, Position.ended(row, FollowUpState.NOT_NEEDED), Kind.NOT_NEEDED, late, "");
            } else if (row.state() == FollowUpState.AWAITING_ANSWER) {
                timeOut(definition, row, late);
            } else {
                fire(definition, row, firing);
            }
        } catch (Callbacks.CallFailedException e) {
            failed(row, late, e);
        }
    }

    /** Days that are still not announced are not guessed: it is held. */
    private boolean isDueForSure(FollowUp definition, Row row) {
        Delay.Due due = row.recount(definition);
        book.inTransaction(connection -> {
            long nowUs = store.nowMicros(connection);
            if (due.provisional()) {
                if (book.hold(connection, row, Hold.CALENDAR_NOT_ANNOUNCED)) {
                    String detail =
                            "its due day is not announced in the calendar; bring a newer calendar, or release it";
                    book.note(connection, row.key(), Book.Line.of(Kind.HELD, row, false, owner, detail), nowUs);
                    log.write(() ->
                            LOG.warn("A follow-up of {} at step {} is held: {}", row.reference(), row.step(), detail));
                }
            } else if (book.recomputed(connection, row, due)) {
                Sweep.noteRecomputed(book, connection, row, due, owner, nowUs);
            }
            return true;
        });
        return false;
    }

    private void timeOut(FollowUp definition, Row row, boolean late) {
        String target = definition.step(row.step()).next().get(Answer.TIMED_OUT);
        book.inTransaction(connection -> {
            long nowUs = store.nowMicros(connection);
            if (book.move(connection, row, Position.behind(definition, row, target, nowUs), nowUs)) {
                book.note(connection, row.key(), Book.Line.of(Kind.TIMED_OUT, row, late, owner, ""), nowUs);
            }
            return true;
        });
    }

    private void fire(FollowUp definition, Row row, Firing firing)
            throws Callbacks.CallFailedException, InterruptedException {
        Step step = definition.step(row.step());
        Step.Letter letter = step.letter();
        Step.Action action = step.action();
        Message message = null;
        if (letter != null) {
            message = callbacks.call("the letter", () -> letter.write(firing));
            if (!message.key().equals(firing.key())) {
                throw new Callbacks.CallFailedException(
                        "the letter has another key than Firing.key(), so it could go out twice; nothing was sent",
                        null);
            }
        } else if (action != null) {
            callbacks.call("the action", () -> {
                action.run(firing);
                return true;
            });
        }
        try {
            if (commit(definition, row, step, firing.late(), message)) {
                outbox.wake();
            }
        } catch (RefusedException e) {
            refused(row, firing.late(), e.refusal);
        }
    }

    /** The message is in the outbox if and only if the follow-up has moved on. */
    private boolean commit(FollowUp definition, Row row, Step step, boolean late, @Nullable Message message) {
        return book.inTransaction(connection -> {
            long nowUs = store.nowMicros(connection);
            Delay deadline = step.deadline();
            Position to = deadline == null
                    ? Position.behind(definition, row, null, nowUs)
                    : Position.waiting(definition, row, deadline, nowUs);
            if (!book.move(connection, row, to, nowUs)) {
                return false;
            }
            String detail = message == null ? "" : messageId(outbox.enqueue(connection, message));
            Kind kind = deadline == null ? Kind.FIRED : Kind.ASKED;
            book.note(connection, row.key(), Book.Line.of(kind, row, late, owner, detail), nowUs);
            return message != null;
        });
    }

    private static String messageId(EnqueueAnswer answer) {
        if (answer instanceof EnqueueAnswer.Ack ack) {
            return ack.messageId() + (ack.duplicate() ? ", which was in the outbox already" : "");
        }
        throw new RefusedException(answer instanceof EnqueueAnswer.Reject reject ? reject.code() : "UNKNOWN");
    }

    private void refused(Row row, boolean late, String code) {
        if (code.equals(EnqueueAnswer.Reject.STORE_FAILED) || code.equals("UNKNOWN")) {
            failed(row, late, new Callbacks.CallFailedException("the outbox could not store it: " + code, null));
            return;
        }
        book.inTransaction(connection -> {
            if (book.hold(connection, row, Hold.REFUSED_BY_OUTBOX)) {
                String detail = "the outbox refused the message: " + code + "; mend the cause and release it";
                Book.Line line = Book.Line.of(Kind.HELD, row, late, owner, detail);
                book.note(connection, row.key(), line, store.nowMicros(connection));
                log.write(() ->
                        LOG.warn("A follow-up of {} at step {} is held: {}", row.reference(), row.step(), detail));
            }
            return true;
        });
    }

    private void record(Row row, Position to, Kind kind, boolean late, String detail) {
        book.inTransaction(connection -> {
            long nowUs = store.nowMicros(connection);
            if (book.move(connection, row, to, nowUs)) {
                book.note(connection, row.key(), Book.Line.of(kind, row, late, owner, detail), nowUs);
            }
            return true;
        });
    }

    /** Tried again for ever, ever more rarely; the history keeps the 1st, 2nd, 4th, 8th, ... failure. The cause's words may be personal. */
    private void failed(Row row, boolean late, Callbacks.CallFailedException failure) {
        int failures = row.failures() + 1;
        long waitUs = Math.min(Micros.of(LONGEST_RETRY), retryUs << Math.min(failures - 1, 20));
        boolean noted = Integer.bitCount(failures) == 1;
        if (noted) {
            log.write(() -> LOG.warn(
                    "A follow-up of {} at step {}: {}; failure {} in a row, tried again in {}",
                    row.reference(),
                    row.step(),
                    failure.getMessage(),
                    failures,
                    Duration.of(waitUs, ChronoUnit.MICROS)));
        }
        book.inTransaction(connection -> {
            long nowUs = store.nowMicros(connection);
            if (book.postpone(connection, row, failures, nowUs + waitUs) && noted) {
                String detail = failure.getMessage() + "; failure " + failures + " in a row, tried again";
                book.note(connection, row.key(), Book.Line.of(Kind.FAILED, row, late, owner, detail), nowUs);
            }
            return true;
        });
    }

    /** As if it had never been claimed. */
    void giveBack(Row row) {
        book.inTransaction(connection -> book.postpone(connection, row, row.failures(), row.dueUs()));
    }
}
