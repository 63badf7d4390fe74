package io.crmsdk.delivery;

import java.time.Duration;

/**
 * How long finished messages stay in the store. Immutable; derive others with the {@code with} methods.
 *
 * @param messages how long after its last delivery became final a message stays, at least a day: longer than bounces and
 *     complaints take to come in
 * @param keys how long after it was enqueued the key of a message is recognised, at least as long as {@code messages}; after that
 *     the same key is a new message
 * @param batch how many messages are taken out with one commit, 1 to 10,000
 * @param atMost after which time a run ends although there is more, between two batches
 */
public record Retention(Duration messages, Duration keys, int batch, Duration atMost) {
    /** Refuses times that would forget what is still needed. */
    public Retention {
        if (messages.compareTo(Duration.ofDays(1)) < 0) {
            throw new IllegalArgumentException("retention: messages stay at least a day, got " + messages);
        }
        if (keys.compareTo(messages) < 0) {
            throw new IllegalArgumentException(
                    "retention: keys stay at least as long as messages, got " + keys + " and " + messages);
        }
        if (batch < 1 || batch > 10_000) {
            throw new IllegalArgumentException("retention: expected a batch of 1 to 10,000, got " + batch);
        }
        if (atMost.isNegative()) {
            throw new IllegalArgumentException("retention: expected a time that is not negative, got " + atMost);
        }
    }

    /** Ninety days for messages, a year for their keys, 200 with one commit, ten minutes a run. */
    public static Retention defaults() {
        return new Retention(Duration.ofDays(90), Duration.ofDays(365), 200, Duration.ofMinutes(10));
    }

    /** The same with other times to stay. */
    public Retention withTimes(Duration messages, Duration keys) {
        return new Retention(messages, keys, batch, atMost);
    }

    /** The same with other bounds for one commit and one run. */
    public Retention withBounds(int batch, Duration atMost) {
        return new Retention(messages, keys, batch, atMost);
    }
}
