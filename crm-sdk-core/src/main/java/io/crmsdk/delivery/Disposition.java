package io.crmsdk.delivery;

import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides what an outcome means for a delivery. Pure but for the random wait.
 *
 * <p>The one rule behind all of it: once an attempt is unconfirmed, nothing short of a yes or a settlement may claim that
 * the message was not taken. So a refusal, an expiry or a withdrawn consent after a doubt leaves the delivery unconfirmed.
 */
final class Disposition {
    private final RetryPolicy retry;
    private final Map<MessageKind, DoubtPolicy> afterDoubt;
    private final RandomGenerator random;

    Disposition(RetryPolicy retry, Map<MessageKind, DoubtPolicy> afterDoubt, RandomGenerator random) {
        this.retry = retry;
        this.afterDoubt = Map.copyOf(afterDoubt);
        this.random = random;
    }

    Transition of(Row row, MessageKind kind, Outcome outcome, long nowUs) {
        if (outcome instanceof Outcome.Accepted accepted) {
            return Transition.of(row, DeliveryState.ACCEPTED, "", accepted.evidence(), 0);
        }
        if (outcome instanceof Outcome.Refused refused) {
            return surelyNotSent(row, DeliveryState.FAILED, refused.reason(), refused.evidence());
        }
        if (outcome instanceof Outcome.Deferred deferred) {
            return deferred(row, deferred, nowUs);
        }
        return unconfirmed(row, kind, ((Outcome.Unconfirmed) outcome).reason());
    }

    private Transition deferred(Row row, Outcome.Deferred deferred, long nowUs) {
        if (retry.isGivenUp(row.tries(), nowUs - row.bornUs)) {
            String detail = "given up after " + row.tries() + " attempts: " + deferred.reason();
            return surelyNotSent(row, DeliveryState.FAILED, detail, deferred.evidence());
        }
        if (row.doubts > 0 && row.repeats() > 0) {
            return held(row, "the repeat was deferred: " + deferred.reason(), deferred.evidence());
        }
        long wait = wait(row, deferred);
        DeliveryState to = row.doubts > 0 ? DeliveryState.UNCONFIRMED : DeliveryState.DEFERRED;
        return Transition.of(row, to, deferred.reason(), deferred.evidence(), wait);
    }

    /** The generator may be any of the host's, so it is never used by two threads at once. */
    private long backoff(Row row) {
        synchronized (random) {
            return retry.waitMicros(row.tries(), random);
        }
    }

    private long wait(Row row, Outcome.Deferred deferred) {
        long backoff = backoff(row);
        if (deferred.retryAfter() == null) {
            return backoff;
        }
        // A server that asks for a wait beyond the lifetime gets the lifetime: then it is tried or given up, not
        // forgotten.
        long longest = Math.max(RetryPolicy.micros(retry.lifetime()), RetryPolicy.micros(retry.ceiling()));
        boolean absurd = deferred.retryAfter().compareTo(retry.lifetime()) > 0;
        return Math.max(backoff, absurd ? longest : RetryPolicy.micros(deferred.retryAfter()));
    }

    private Transition unconfirmed(Row row, MessageKind kind, String reason) {
        DoubtPolicy policy = afterDoubt.getOrDefault(kind, DoubtPolicy.hold());
        boolean repeat = policy.repeatAfter() != null && row.repeats() == 0;
        long wait = repeat && policy.repeatAfter() != null ? RetryPolicy.micros(policy.repeatAfter()) : Transition.HELD;
        return Transition.of(row, DeliveryState.UNCONFIRMED, reason, null, wait).withDoubts(row.doubts + 1);
    }

    /** Suppressed, expired, refused: final unless an earlier attempt is in doubt. */
    Transition surelyNotSent(Row row, DeliveryState to, String detail, @Nullable Evidence evidence) {
        return row.doubts == 0
                ? Transition.of(row, to, detail, evidence, 0)
                : held(row, to + " at this attempt, an earlier one stays unconfirmed: " + detail, evidence);
    }

    private static Transition held(Row row, String detail, @Nullable Evidence evidence) {
        return Transition.of(row, DeliveryState.UNCONFIRMED, detail, evidence, Transition.HELD);
    }

    /** Handling broke in a way that no server caused, and nothing was sent. */
    Transition stumbled(Row row, String detail) {
        int stumbles = row.stumbles + 1;
        if (stumbles >= retry.stumbles()) {
            return surelyNotSent(row, DeliveryState.DEAD, "set aside after " + stumbles + " stumbles: " + detail, null)
                    .withStumbles(stumbles);
        }
        DeliveryState to = row.doubts > 0 ? DeliveryState.UNCONFIRMED : DeliveryState.DEFERRED;
        return Transition.of(row, to, detail, null, backoff(row)).withStumbles(stumbles);
    }

    /** Given back through no fault of its own, in the state in which it was claimed; the attempt does not count. */
    Transition givenBack(Row row, String detail, long waitUs) {
        return Transition.of(row, row.stateBefore, detail, null, waitUs).uncounted();
    }
}
