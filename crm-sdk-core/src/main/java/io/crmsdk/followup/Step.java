package io.crmsdk.followup;

import io.crmsdk.delivery.Message;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happens in a follow-up, so long after the one before it: a message, an action of the host, or a question with a deadline.
 * Immutable and thread-safe if the host's code is.
 *
 * <p>The delay counts from the follow-up's anchor for the first step, and for a later one from the instant at which the step before it
 * really ended: after a downtime nobody is escalated over the head of somebody who was reminded a second ago.
 */
public final class Step {
    private final String name;
    private final Delay delay;
    private final @Nullable Letter letter;
    private final @Nullable Action action;
    private final @Nullable Delay deadline;
    private final Map<Answer, String> next;

    private Step(
            String name,
            Delay delay,
            @Nullable Letter letter,
            @Nullable Action action,
            @Nullable Delay deadline,
            Map<Answer, String> next) {
        this.name = FollowUp.word("step", name, 40);
        this.delay = Objects.requireNonNull(delay, "delay");
        this.letter = letter;
        this.action = action;
        this.deadline = deadline;
        this.next = next;
    }

    /** Writes the message of a firing. May be called more than once for one firing; never within a transaction. */
    @FunctionalInterface
    public interface Letter {
        /**
         * The message, whose key should be {@link Firing#key()}.
         *
         * @throws Exception if it cannot be written now: it is tried again later
         */
        Message write(Firing firing) throws Exception;
    }

    /** Something that the host does itself. */
    @FunctionalInterface
    public interface Action {
        /**
         * Does it, at least once for each {@link Firing#key()}: after a crash it is called again with the same key.
         *
         * @throws Exception if it was not done: it is tried again later
         */
        void run(Firing firing) throws Exception;
    }

    /** A message, put into the outbox in the transaction that moves the follow-up on: exactly once. */
    public static Step message(String name, Delay delay, Letter letter) {
        return new Step(name, delay, Objects.requireNonNull(letter), null, null, Map.of());
    }

    /** An action of the host, at least once. */
    public static Step action(String name, Delay delay, Action action) {
        return new Step(name, delay, null, Objects.requireNonNull(action), null, Map.of());
    }

    /**
     * A question that waits for an answer until so long after it was put. Unless {@link #then} says otherwise, a yes ends the follow-up as
     * {@link FollowUpState#ANSWERED}, a no as {@link FollowUpState#REFUSED}, and silence leads to the next step.
     *
     * @param letter asks, as a message in the outbox
     */
    public static Step question(String name, Delay delay, Letter letter, Delay deadline) {
        return new Step(name, delay, Objects.requireNonNull(letter), null, Objects.requireNonNull(deadline), Map.of());
    }

    /**
     * The same question, which leads to a later step of the definition after this outcome.
     *
     * @throws IllegalStateException if it is no question
     */
    public Step then(Answer outcome, String step) {
        if (deadline == null) {
            throw new IllegalStateException("step " + name + " asks nothing, so there is no answer to it");
        }
        Map<Answer, String> more = new EnumMap<>(Answer.class);
        more.putAll(next);
        more.put(outcome, step);
        return new Step(name, delay, letter, action, deadline, more);
    }

    /** The name, unique in its definition. */
    public String name() {
        return name;
    }

    Delay delay() {
        return delay;
    }

    @Nullable
    Letter letter() {
        return letter;
    }

    @Nullable
    Action action() {
        return action;
    }

    /** Null unless it is a question. */
    @Nullable
    Delay deadline() {
        return deadline;
    }

    Map<Answer, String> next() {
        return next;
    }

    /** What a stored follow-up relies on. */
    String shape() {
        String kind = letter == null ? "action" : "message";
        return name + "|" + kind + "|" + delay + "|" + (deadline == null ? "" : deadline) + "|" + new TreeMap<>(next);
    }

    @Override
    public String toString() {
        return "Step[" + name + ", after " + delay + "]";
    }
}
