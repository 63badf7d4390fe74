package io.crmsdk.http;

import io.crmsdk.time.TestClock;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A gateway on loopback whose waits let a test clock pass instead of the tester's time. */
final class GatewayFixture {
    final TestClock clock = TestClock.at("2026-03-01T10:00:00Z");
    final List<Duration> waits = Collections.synchronizedList(new ArrayList<>());

    HttpGateway.Builder to(URI origin) {
        return HttpGateway.builder(origin)
                .privateNetworkAllowed()
                .plainHttpAllowed()
                .clock(clock)
                .pause(nanos -> {
                    waits.add(Duration.ofNanos(nanos));
                    clock.advance(
                            Duration.ofNanos(nanos).plusNanos(999).truncatedTo(java.time.temporal.ChronoUnit.MICROS));
                });
    }

    static HttpLimits quick() {
        return HttpLimits.defaults()
                .withTimes(Duration.ofSeconds(2), Duration.ofMillis(400), Duration.ofMillis(900))
                .withSizes(1 << 20, 50);
    }

    static String code(HttpOutcome outcome) {
        if (outcome instanceof HttpOutcome.Unknown unknown) {
            return "UNKNOWN " + unknown.code();
        }
        if (outcome instanceof HttpOutcome.NotTaken notTaken) {
            return "NOT_TAKEN " + notTaken.code();
        }
        String kind = outcome instanceof HttpOutcome.Accepted ? "ACCEPTED " : "REFUSED ";
        return kind + outcome.said().orElseThrow().status();
    }
}
