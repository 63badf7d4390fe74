package io.crmsdk.http;

import io.crmsdk.time.UtcClock;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One call on its way: turns, attempts, and the decision whether there may be another. Used by one thread. */
final class Sending {
    private static final int TURNS_AWAY = 20;

    /** What a gateway lends to each call. */
    record Parts(
            Wire wire,
            Destination destination,
            UtcClock clock,
            HttpLimits limits,
            AnswerJudge judge,
            HttpGateway.Pause pause,
            Authorization authorization,
            @Nullable Tokens tokens,
            Journal journal,
            HttpGateway.SkewNote skew) {}

    /** What an attempt came to, and how to go on if its call may be sent again. */
    private record Step(HttpOutcome outcome, Next next) {}

    private enum Next {
        /** This is the end. */
        STOP,
        /** At once, with another token. */
        RENEWED,
        /** When the destination's pause is over. */
        PAUSED,
        /** After a backoff, if the budget pays for it. */
        RETRY
    }

    private final Parts parts;
    private final HttpCall call;
    private final URI target;
    private final long start;
    private final long limit;
    private int attempts;
    private int tries;
    private int turnsAway;
    private boolean renewed;
    private @Nullable Boolean usable;

    Sending(Parts parts, HttpCall call, URI target) {
        this.parts = parts;
        this.call = call;
        this.target = target;
        this.start = parts.clock().nanos();
        this.limit = call.within().orElse(parts.limits().call()).toNanos();
    }

    HttpOutcome run() {
        parts.destination().called();
        if (!parts.destination().tryEnter()) {
            return notTaken("HTTP_OPEN", "the last calls to this destination failed", Destination.OPEN_FOR);
        }
        try {
            return attempts();
        } finally {
            parts.destination().leave(usable);
        }
    }

    private HttpOutcome attempts() {
        Step step = attempt();
        while (mayGoOn(step)) {
            step = sinceDoubt(step.outcome, attempt());
        }
        if (step.outcome instanceof HttpOutcome.Unknown) {
            parts.destination().unknown.increment();
        }
        return step.outcome;
    }

    /** Once an attempt may have been taken, a later one that was not proves nothing of it. */
    private Step sinceDoubt(HttpOutcome before, Step step) {
        if (!(before instanceof HttpOutcome.Unknown) || call.isSafe()) {
            return step;
        }
        if (step.outcome instanceof HttpOutcome.Refused refused) {
            String reason = "an earlier attempt may have been taken, this one was declined with status "
                    + refused.answer().status();
            return new Step(
                    new HttpOutcome.Unknown("HTTP_REFUSED_IN_DOUBT", reason, Optional.of(refused.answer())), Next.STOP);
        }
        return step.outcome instanceof HttpOutcome.NotTaken ? new Step(before, step.next) : step;
    }

    private boolean mayGoOn(Step step) {
        return switch (step.next) {
            case STOP -> false;
            case RENEWED -> true;
            case PAUSED ->
                ++turnsAway < TURNS_AWAY && left() > parts.destination().pauseNanos();
            case RETRY ->
                tries < parts.limits().attempts() && parts.destination().mayRetry() && backoff();
        };
    }

    private long left() {
        return limit - (parts.clock().nanos() - start);
    }

    private boolean backoff() {
        long nanos = parts.destination().backoff(tries).toNanos();
        return nanos < left() && spend(nanos);
    }

    private boolean spend(long nanos) {
        try {
            parts.pause().spend(nanos);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Step attempt() {
        HttpOutcome kept = awaitTurn();
        if (kept != null) {
            return new Step(kept, Next.STOP);
        }
        String token;
        Map<String, String> credentials;
        try {
            token = parts.tokens() == null ? null : parts.tokens().current();
            credentials =
                    token == null ? parts.authorization().headers(draft()) : Map.of("Authorization", "Bearer " + token);
        } catch (HttpException e) {
            return new Step(notTaken(e.code(), String.valueOf(e.getMessage()), null), Next.STOP);
        }
        return judged(exchange(credentials), token);
    }

    private RequestSigner.Draft draft() {
        byte[] body = call.body();
        return new RequestSigner.Draft(
                call.method(),
                target,
                call.headers(),
                body == null ? new byte[0] : body,
                parts.clock().instant());
    }

    /** Waits for the pause and the rate; gives the outcome if that would take longer than the call may. */
    private @Nullable HttpOutcome awaitTurn() {
        long rate = parts.destination().reserveNanos();
        for (long wait = Math.max(rate, pause()); wait > 0; wait = pause()) {
            if (wait >= left() || !spend(wait)) {
                return notTaken("HTTP_BUSY", "the destination is to be left alone for longer", Duration.ofNanos(wait));
            }
        }
        return left() > 0 ? null : notTaken("HTTP_BUSY", "no time was left for an attempt", null);
    }

    private long pause() {
        return parts.destination().pauseNanos();
    }

    private Exchange exchange(Map<String, String> credentials) {
        attempts++;
        parts.destination().attempts.increment();
        long began = parts.clock().nanos();
        Exchange exchange = parts.wire().send(call, target, credentials, Duration.ofNanos(left()));
        Duration took = Duration.ofNanos(parts.clock().nanos() - began);
        if (exchange instanceof Exchange.Reply reply) {
            parts.skew().of(reply);
        }
        parts.journal().attempted(call, attempts, exchange, took);
        return exchange;
    }

    private Step judged(Exchange exchange, @Nullable String token) {
        if (exchange instanceof Exchange.Reply reply) {
            return judged(reply.answer(), token);
        }
        Exchange.Lost lost = (Exchange.Lost) exchange;
        tries++;
        usable = false;
        if (lost.onTheWire()) {
            return unknown(lost.code(), lost.reason(), lost.head());
        }
        Next next = lost.code().equals("HTTP_PRIVATE_ADDRESS") ? Next.STOP : Next.RETRY;
        return new Step(notTaken(lost.code(), lost.reason(), null), next);
    }

    private Step judged(HttpAnswer answer, @Nullable String token) {
        Verdict verdict = verdict(answer);
        Duration delay = verdict.delay().or(() -> RetryAfter.of(answer)).orElse(null);
        if (verdict.kind() == Verdict.Kind.BUSY) {
            usable = null;
            return turnedAway(answer, delay);
        }
        usable = verdict.kind() != Verdict.Kind.FAULTED;
        if (usable) {
            parts.destination().served();
        }
        return switch (verdict.kind()) {
            case ACCEPTED -> accepted(answer);
            case REFUSED, BUSY -> new Step(new HttpOutcome.Refused(answer), Next.STOP);
            case UNAUTHORIZED -> unauthorized(answer, token);
            case FAULTED -> faulted(answer, delay);
        };
    }

    private Verdict verdict(HttpAnswer answer) {
        try {
            return parts.judge().judge(answer);
        } catch (RuntimeException e) {
            throw new HttpException("HTTP_JUDGE", "the gateway's judge failed on an answer", true, e);
        }
    }

    private Step accepted(HttpAnswer answer) {
        boolean bodiless = answer.status() == 204 || answer.status() == 205 || answer.status() == 304;
        if (call.isJsonExpected() && !bodiless && (answer.isEmpty() || !answer.isJson())) {
            tries++;
            return unknown(
                    "HTTP_BODY_UNEXPECTED", "accepted, but without the JSON that proves it", Optional.of(answer));
        }
        return new Step(new HttpOutcome.Accepted(answer), Next.STOP);
    }

    private Step turnedAway(HttpAnswer answer, @Nullable Duration delay) {
        Duration pause = parts.destination().pause(delay);
        parts.journal().paused(pause);
        HttpOutcome outcome =
                new HttpOutcome.NotTaken("HTTP_BUSY", "the service asked to wait", retryAt(pause), Optional.of(answer));
        return new Step(outcome, Next.PAUSED);
    }

    private Step unauthorized(HttpAnswer answer, @Nullable String token) {
        HttpOutcome outcome = new HttpOutcome.NotTaken(
                "HTTP_UNAUTHORIZED", "the service did not take the credentials", Optional.empty(), Optional.of(answer));
        if (token != null && parts.tokens() != null) {
            parts.tokens().rejected(token);
        }
        boolean again = token != null && !renewed;
        renewed = true;
        return new Step(outcome, again ? Next.RENEWED : Next.STOP);
    }

    private Step faulted(HttpAnswer answer, @Nullable Duration delay) {
        tries++;
        if (delay != null) {
            parts.journal().paused(parts.destination().hold(delay));
        }
        return unknown("HTTP_FAULT", "the service failed with status " + answer.status(), Optional.of(answer));
    }

    private Step unknown(String code, String reason, Optional<HttpAnswer> answer) {
        boolean again = call.isRepeatable(parts.clock().read().wall());
        return new Step(new HttpOutcome.Unknown(code, reason, answer), again ? Next.RETRY : Next.STOP);
    }

    private HttpOutcome.NotTaken notTaken(String code, String reason, @Nullable Duration wait) {
        Optional<Instant> at = wait == null ? Optional.empty() : retryAt(wait);
        return new HttpOutcome.NotTaken(code, reason, at, Optional.empty());
    }

    private Optional<Instant> retryAt(Duration wait) {
        return Optional.of(parts.clock().instant().plus(wait));
    }
}
