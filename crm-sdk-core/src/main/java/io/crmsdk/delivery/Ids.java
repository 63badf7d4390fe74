package io.crmsdk.delivery;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * UUIDs of version 7 (RFC 9562 section 5.7): they sort by the time they were made, so new rows lie side by side in an
 * index. Within a millisecond a counter keeps the order. No decision rests on their time; it only bounds how far back a search reads.
 */
final class Ids implements Supplier<String> {
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private long lastMillis;
    private int counter;

    Ids(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public String get() {
        return new UUID(high(), (random.nextLong() >>> 2) | (1L << 63)).toString();
    }

    /** A text that sorts before every id made at a time or later, and after those made in an earlier millisecond. */
    static String before(Instant time) {
        return new UUID(Math.max(0, time.toEpochMilli()) << 16, 0).toString().substring(0, 13);
    }

    /** A short word that no two pools of the same node share; it is written often. */
    String mark() {
        return String.format(Locale.ROOT, "%010x", random.nextLong() & 0xFF_FFFF_FFFFL);
    }

    private synchronized long high() {
        long millis = Math.max(clock.instant().toEpochMilli(), lastMillis);
        counter = millis == lastMillis ? counter + 1 : random.nextInt(1 << 10);
        if (counter > 0xFFF) {
            counter = 0;
            millis = lastMillis + 1;
        }
        lastMillis = millis;
        return (millis << 16) | 0x7000L | counter;
    }
}
