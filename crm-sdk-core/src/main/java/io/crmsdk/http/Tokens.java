package io.crmsdk.http;

import io.crmsdk.time.ClockSkew;
import io.crmsdk.time.UtcClock;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The access token of a gateway: renewed early and by one thread while the others wait, left alone for a while after the
 * endpoint failed.
 *
 * <p>Its age is measured by the monotonic counter, never by comparing clocks. A new token that the service refuses at once
 * counts as a failure, so that a thousand calls do not fetch a thousand tokens. Thread-safe.
 */
final class Tokens implements AutoCloseable {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration EARLY = Duration.ofSeconds(60);
    private static final Duration YOUNG = Duration.ofSeconds(5);
    private static final Duration TOLERATED_SKEW = Duration.ofMinutes(1);

    private final Authorization.OAuth oauth;
    private final Wire wire;
    private final Origin origin;
    private final UtcClock clock;
    private final Duration within;
    private final ClockSkew skew = new ClockSkew();

    private @Nullable String token;
    private long obtained;
    private long renewAfter;
    private long expiresAfter;
    private int failures;
    private long pausedSince;

    Tokens(Authorization.OAuth oauth, Origin origin, Wire wire, UtcClock clock, Duration within) {
        this.oauth = oauth;
        this.origin = origin;
        this.wire = wire;
        this.clock = clock;
        this.within = within;
    }

    /**
     * A token that is good by all we know.
     *
     * @throws HttpException if there is none
     */
    synchronized String current() {
        long age = clock.nanos() - obtained;
        if (token != null && age < renewAfter) {
            return token;
        }
        boolean usable = token != null && age < expiresAfter;
        if (failures > 0 && clock.nanos() - pausedSince < pause().toNanos()) {
            return usable ? Objects.requireNonNull(token) : refuse("HTTP_TOKEN_PAUSED", "left alone after a failure");
        }
        try {
            return renew();
        } catch (HttpException e) {
            failed();
            if (usable) {
                return Objects.requireNonNull(token);
            }
            throw e;
        }
    }

    /** The service did not take this token. */
    synchronized void rejected(String refused) {
        if (!refused.equals(token)) {
            return;
        }
        token = null;
        if (clock.nanos() - obtained < YOUNG.toNanos()) {
            failed();
        }
    }

    private void failed() {
        failures++;
        pausedSince = clock.nanos();
    }

    Duration pause() {
        return failures >= 7 ? LONGEST_PAUSE : FIRST_PAUSE.multipliedBy(1L << Math.max(0, failures - 1));
    }

    private String renew() {
        Duration corrected = skew.correction(TOLERATED_SKEW);
        HttpAnswer answer = ask(corrected);
        TokenReply reply = TokenReply.of(answer);
        boolean wrongClock = oauth.grant() instanceof Authorization.Grant.Jwt
                && reply.token() == null
                && differs(corrected, skew.correction(TOLERATED_SKEW));
        if (wrongClock) {
            answer = ask(skew.correction(TOLERATED_SKEW));
            reply = TokenReply.of(answer);
        }
        if (answer.status() != 200 || reply.token() == null || reply.token().isBlank()) {
            return refuse("HTTP_TOKEN_REFUSED", "answered " + answer.status() + " with " + reply.shown());
        }
        return keep(reply, reply.token());
    }

    private static boolean differs(Duration used, Duration measured) {
        return used.minus(measured).abs().compareTo(TOLERATED_SKEW) > 0;
    }

    private String keep(TokenReply reply, String fresh) {
        if (oauth.grant() instanceof Authorization.Grant.Refresh refresh && reply.refresh() != null) {
            refresh.tokens().replaced(reply.refresh());
        }
        long seconds = reply.lifetime().orElse(Long.MAX_VALUE / 2_000_000_000L);
        if (seconds <= 0) {
            return refuse("HTTP_TOKEN_EXPIRED", "gave a token that is already expired");
        }
        long early = Math.min(EARLY.toSeconds(), seconds / 2);
        expiresAfter = Math.min(seconds, Long.MAX_VALUE / 2_000_000_000L) * 1_000_000_000L;
        renewAfter = expiresAfter - early * 1_000_000_000L;
        obtained = clock.nanos();
        token = fresh;
        failures = 0;
        return fresh;
    }

    private HttpAnswer ask(Duration correction) {
        HttpCall call = HttpCall.of("POST", oauth.endpoint().toString())
                .form(fields(correction))
                .header("Accept", "application/json");
        URI target = origin.target(call.path());
        Exchange exchange = wire.send(call, target, clientHeader(), within);
        if (exchange instanceof Exchange.Reply reply) {
            note(reply);
            return reply.answer();
        }
        Exchange.Lost lost = (Exchange.Lost) exchange;
        throw new HttpException("HTTP_TOKEN_UNAVAILABLE", message(lost.reason()), false, lost.cause());
    }

    private void note(Exchange.Reply reply) {
        HttpAnswer answer = reply.answer();
        answer.date().ifPresent(date -> {
            Instant received = reply.wallReceived();
            skew.observe(new ClockSkew.Probe(reply.sent(), received, date, answer.isCached()));
        });
    }

    private Map<String, String> clientHeader() {
        if (oauth.clientId() == null || oauth.secret() == null || oauth.secretInBody()) {
            return Map.of();
        }
        String basic = Authorization.basicValue(oauth.clientId(), oauth.secret().get());
        return Map.of("Authorization", basic);
    }

    private Map<String, String> fields(Duration correction) {
        Map<String, String> fields = new LinkedHashMap<>();
        Authorization.Grant grant = oauth.grant();
        if (grant instanceof Authorization.Grant.Refresh refresh) {
            fields.put("grant_type", "refresh_token");
            fields.put("refresh_token", refresh.tokens().current());
        } else if (grant instanceof Authorization.Grant.Jwt jwt) {
            fields.put("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
            Instant now = clock.read().wall().plus(correction);
            fields.put("assertion", Jwt.of(jwt, now, UUID.randomUUID().toString()));
        } else {
            fields.put("grant_type", "client_credentials");
        }
        putClient(fields);
        fields.putAll(oauth.parameters());
        return fields;
    }

    private void putClient(Map<String, String> fields) {
        boolean inHeader = oauth.secret() != null && !oauth.secretInBody();
        if (oauth.clientId() == null || inHeader) {
            return;
        }
        fields.put("client_id", oauth.clientId());
        if (oauth.secret() != null) {
            fields.put("client_secret", oauth.secret().get());
        }
    }

    private String refuse(String code, String what) {
        throw new HttpException(code, message(what), false, null);
    }

    private String message(String what) {
        return "the token endpoint at " + origin + ": " + what;
    }

    @Override
    public void close() {
        wire.close();
    }
}
