package io.crmsdk.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DispositionTest {
    private static final long DAY_US = 86_400_000_000L;

    private final RetryPolicy retry = RetryPolicy.defaults().withLimits(Duration.ofDays(2), 8);
    private final Disposition disposition = new Disposition(
            retry,
            Map.of(MessageKind.TRANSACTIONAL, DoubtPolicy.repeatOnceAfter(Duration.ofMinutes(5))),
            new Random(1));

    private static Row row(Random random) {
        Row.Claimed claimed = new Row.Claimed(
                "d.0",
                1 + random.nextInt(5),
                DeliveryState.QUEUED,
                null,
                1 + random.nextInt(10),
                random.nextInt(3),
                random.nextInt(2),
                random.nextInt(3),
                0,
                null);
        return new Row(claimed, "d", "li@example.com", 0);
    }

    @Test
    void after_a_doubt_nothing_but_a_yes_is_final() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int n = 0; n < 20_000; n++) {
            Row row = row(random);
            Transition transition = any(row, random);

            boolean doubted = transition.doubts() > 0;
            boolean honest = !doubted
                    || transition.to() == DeliveryState.UNCONFIRMED
                    || transition.to() == DeliveryState.ACCEPTED;

            assertThat(honest).as("seed " + seed + ": " + transition).isTrue();
        }
    }

    @Test
    void whatever_is_not_final_is_due_at_a_bounded_time_or_held_in_doubt() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int n = 0; n < 20_000; n++) {
            Transition transition = any(row(random), random);

            boolean known = transition.to().isFinal()
                    || transition.waitUs() <= 5 * DAY_US
                    || (transition.to() == DeliveryState.UNCONFIRMED && transition.waitUs() == Transition.HELD);

            assertThat(known).as("seed " + seed + ": " + transition).isTrue();
        }
    }

    private Transition any(Row row, Random random) {
        MessageKind kind = random.nextBoolean() ? MessageKind.MARKETING : MessageKind.TRANSACTIONAL;
        long now = random.nextLong(5 * DAY_US);
        List<Outcome> outcomes = List.of(
                new Outcome.Accepted(FakeChannel.reply("250 ok")),
                new Outcome.Refused("no", null),
                new Outcome.Unconfirmed("cut"),
                new Outcome.Deferred("later"),
                new Outcome.Deferred("much later", null, Duration.ofDays(random.nextInt(1_000_000))),
                new Outcome.Deferred("for ever", null, Duration.ofSeconds(Long.MAX_VALUE)));
        int choice = random.nextInt(outcomes.size() + 2);
        if (choice == outcomes.size()) {
            return disposition.stumbled(row, "bug");
        }
        if (choice == outcomes.size() + 1) {
            return disposition.surelyNotSent(row, DeliveryState.SUPPRESSED, "opted out", null);
        }
        return disposition.of(row, kind, outcomes.get(choice), now);
    }

    @Test
    void waits_double_up_to_the_ceiling_and_are_spread() {
        RetryPolicy policy = RetryPolicy.defaults();
        Random random = new Random(3);
        long minute = 60_000_000L;

        for (int attempt = 1; attempt <= 200; attempt++) {
            long longest = Math.min(60, 1L << Math.min(attempt - 1, 10)) * minute;
            long wait = policy.waitMicros(attempt, random);

            assertThat(wait).as("attempt " + attempt).isBetween(longest / 2, longest);
        }
        assertThat(policy.waitMicros(3, random)).isNotEqualTo(policy.waitMicros(3, random));
    }
}
