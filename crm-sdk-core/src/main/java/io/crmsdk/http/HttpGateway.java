package io.crmsdk.http;

import io.crmsdk.time.ClockSkew;
import io.crmsdk.time.SkewEstimate;
import io.crmsdk.time.UtcClock;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.jspecify.annotations.Nullable;

/**
 * The door to one HTTP service: every call through it is bounded in time and size, paced as the service asks, and ends in an
 * {@link HttpOutcome} that tells what the service surely did not do from what it may have done.
 *
 * <p>Redirects are not followed. Credentials go to the configured origin and nowhere else, over TLS unless
 * {@link Builder#plainHttpAllowed()} was said, and never to a private or loopback address unless
 * {@link Builder#privateNetworkAllowed()} was said, which is checked on the address that is connected to. What may have been
 * taken is repeated only if repeating does no harm ({@link HttpCall}), at most a tenth of all calls are retries, and a
 * request to wait holds back the whole destination. Share one gateway a service. Thread-safe.
 *
 * <pre>{@code
 * HttpGateway erp = HttpGateway.builder(URI.create("https://erp.example.com/api"))
 *         .authorization(Authorization.bearer(vault::token))
 *         .build();
 * HttpAnswer page = erp.send(HttpCall.get("/customers").query("limit", "200").expectingJson()).orThrow();
 * }</pre>
 */
public final class HttpGateway implements AutoCloseable {
    private final Origin origin;
    private final Sending.Parts parts;
    private final ClockSkew skew;

    private HttpGateway(Builder builder) {
        UtcClock clock = builder.clock;
        origin = Origin.of(builder.origin);
        skew = new ClockSkew();
        Wire wire = new Wire(origin, builder.limits, clock, builder.resolver(), builder.tls);
        Destination destination = new Destination(clock, builder.rate);
        parts = new Sending.Parts(
                wire,
                destination,
                clock,
                builder.limits,
                builder.judge,
                builder.pause,
                builder.authorization,
                builder.tokens(),
                new Journal(builder.listener, new JsonBody(builder.limits)),
                new SkewNote(skew, clock, origin.toString()));
    }

    /**
     * Starts a gateway to an origin.
     *
     * @param origin scheme, host, port, and a path below which all calls go, for example {@code https://erp.example.com/api}
     */
    public static Builder builder(URI origin) {
        return new Builder(origin);
    }

    /**
     * Sends a call, waits and repeats as far as is right, and tells what became of it. Blocks the calling thread for at most
     * the limit of a call. An interrupt ends waits early and stays set.
     *
     * @throws HttpException {@code HTTP_OTHER_ORIGIN} or {@code HTTP_CALL_INVALID} if the call leads elsewhere; nothing was
     *     sent
     */
    public HttpOutcome send(HttpCall call) {
        return new Sending(parts, call, origin.target(call.path())).run();
    }

    /** How far the service's clock is ahead of ours, from the {@code Date} of its answers; nothing before the first. */
    public Optional<SkewEstimate> skew() {
        return skew.estimate();
    }

    /** Counters since the start, and how the destination stands. */
    public HttpStats stats() {
        Destination all = parts.destination();
        return new HttpStats(
                all.calls.sum(),
                all.attempts.sum(),
                all.retries.sum(),
                all.retriesDenied.sum(),
                all.turnedAway.sum(),
                all.unknown.sum(),
                all.isOpen(),
                Duration.ofNanos(all.pauseNanos()));
    }

    /** Closes all connections, also those in use: their calls end as {@link HttpOutcome.Unknown}. */
    @Override
    public void close() {
        parts.wire().close();
        if (parts.tokens() != null) {
            parts.tokens().close();
        }
    }

    @Override
    public String toString() {
        return "HttpGateway[" + origin + "]";
    }

    /** How waits are spent; tests let a clock pass instead. */
    interface Pause {
        void spend(long nanos) throws InterruptedException;
    }

    /** Feeds what {@code Date} headers tell to the skew probe and to the clock. */
    record SkewNote(ClockSkew skew, UtcClock clock, String source) {
        void of(Exchange.Reply reply) {
            HttpAnswer answer = reply.answer();
            answer.date().ifPresent(date -> {
                skew.observe(new ClockSkew.Probe(reply.sent(), reply.wallReceived(), date, answer.isCached()));
                skew.estimate().ifPresent(estimate -> clock.checked(source, estimate));
            });
        }
    }

    /** Collects what a gateway is built from; not thread-safe. */
    public static final class Builder {
        private final URI origin;
        private Authorization authorization = Authorization.none();
        private HttpLimits limits = HttpLimits.defaults();
        private UtcClock clock = UtcClock.system();
        private AnswerJudge judge = AnswerJudge.byStatus();
        private HttpListener listener = new HttpListener() {};
        private Pause pause = TimeUnit.NANOSECONDS::sleep;
        private Destination.@Nullable Rate rate;
        private @Nullable SSLContext tls;
        private @Nullable DnsResolver names;
        private boolean privateAllowed;
        private boolean plainAllowed;

        private Builder(URI origin) {
            this.origin = Objects.requireNonNull(origin, "origin");
        }

        /** How to prove who is calling; nobody by default. */
        public Builder authorization(Authorization authorization) {
            this.authorization = Objects.requireNonNull(authorization, "authorization");
            return this;
        }

        /** Bounds on time and size; {@link HttpLimits#defaults()} if not said. */
        public Builder limits(HttpLimits limits) {
            this.limits = Objects.requireNonNull(limits, "limits");
            return this;
        }

        /** The clock; the system's by default. It is told what {@code Date} headers say of it. */
        public Builder clock(UtcClock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /** How this service tells success from failure where its status does not. */
        public Builder judge(AnswerJudge judge) {
            this.judge = Objects.requireNonNull(judge, "judge");
            return this;
        }

        /** Who hears of every attempt. */
        public Builder listener(HttpListener listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /** At most so many attempts in so long, for services that share their limit with other programs. */
        public Builder rate(int calls, Duration per) {
            if (calls < 1 || per.isNegative() || per.isZero()) {
                throw new IllegalArgumentException("rate: expected at least one call in a positive time");
            }
            this.rate = new Destination.Rate(calls, per);
            return this;
        }

        /** Trusts what this context trusts, for services with a certificate of their own authority. */
        public Builder tls(SSLContext tls) {
            this.tls = Objects.requireNonNull(tls, "tls");
            return this;
        }

        /** Lets the origin be on loopback or a private network, for services in the host's own house. */
        public Builder privateNetworkAllowed() {
            this.privateAllowed = true;
            return this;
        }

        /** Lets the origin be {@code http:}: everybody on the way reads and changes what goes over it. */
        public Builder plainHttpAllowed() {
            this.plainAllowed = true;
            return this;
        }

        Builder pause(Pause pause) {
            this.pause = pause;
            return this;
        }

        Builder names(DnsResolver names) {
            this.names = names;
            return this;
        }

        private DnsResolver resolver() {
            return names == null ? new AddressGuard(privateAllowed) : names;
        }

        private @Nullable Tokens tokens() {
            Authorization.OAuth oauth = authorization.oauth();
            if (oauth == null) {
                return null;
            }
            URI endpoint = oauth.endpoint();
            Origin at = Origin.of(URI.create(endpoint.toString().split("[?#]", 2)[0]));
            requireEncrypted(at);
            HttpLimits small = limits.withSizes(1 << 20, 20).withConnections(1);
            return new Tokens(oauth, at, new Wire(at, small, clock, resolver(), tls), clock, limits.attempt());
        }

        private void requireEncrypted(Origin at) {
            if (!at.isEncrypted() && !plainAllowed) {
                throw HttpException.misuse("HTTP_NOT_ENCRYPTED", at + " is not encrypted, which was not allowed");
            }
        }

        /**
         * The gateway. Nothing is connected yet.
         *
         * @throws HttpException {@code HTTP_ORIGIN_INVALID} or {@code HTTP_NOT_ENCRYPTED}
         */
        public HttpGateway build() {
            requireEncrypted(Origin.of(origin));
            return new HttpGateway(this);
        }
    }
}
