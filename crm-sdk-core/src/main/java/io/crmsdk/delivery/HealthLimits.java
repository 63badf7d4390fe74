package io.crmsdk.delivery;

import java.time.Duration;

/**
 * From when on a {@linkplain OutboxHealth#findings(HealthLimits) health snapshot} says that somebody should look. Immutable.
 *
 * @param oldestDue how long a due delivery may wait for a worker
 * @param window how long an attempt may be between its last byte and the recorded answer
 * @param waiting how long a delivery may wait for its turn in its ordering key
 * @param silence how long a worker pool may be silent; its own lease, if that is longer
 * @param clockSkew how far the clocks of this machine and the database may be apart
 */
public record HealthLimits(
        Duration oldestDue, Duration window, Duration waiting, Duration silence, Duration clockSkew) {
    /**
     * Fifteen minutes for what is due; as long for a window, since a mail server may take ten for its last answer (RFC 5321 section
     * 4.5.3.2.6); an hour for a turn; two minutes of silence; ten seconds between the clocks.
     */
    public static HealthLimits defaults() {
        return new HealthLimits(
                Duration.ofMinutes(15),
                Duration.ofMinutes(15),
                Duration.ofHours(1),
                Duration.ofMinutes(2),
                Duration.ofSeconds(10));
    }

    /** The same with another limit for what is due. */
    public HealthLimits withOldestDue(Duration longest) {
        return new HealthLimits(longest, window, waiting, silence, clockSkew);
    }

    /** The same with another limit for windows. */
    public HealthLimits withWindow(Duration longest) {
        return new HealthLimits(oldestDue, longest, waiting, silence, clockSkew);
    }

    /** The same with another limit for turns. */
    public HealthLimits withWaiting(Duration longest) {
        return new HealthLimits(oldestDue, window, longest, silence, clockSkew);
    }

    /** The same with another limit for silence. */
    public HealthLimits withSilence(Duration longest) {
        return new HealthLimits(oldestDue, window, waiting, longest, clockSkew);
    }

    /** The same with another limit for the clocks. */
    public HealthLimits withClockSkew(Duration most) {
        return new HealthLimits(oldestDue, window, waiting, silence, most);
    }
}
