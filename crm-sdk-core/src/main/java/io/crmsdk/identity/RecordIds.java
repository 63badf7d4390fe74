package io.crmsdk.identity;

import java.security.SecureRandom;
import java.util.UUID;

/**
 * UUIDs of version 7 (RFC 9562 section 5.7) by the database's clock: new rows lie side by side in an index, and of two records
 * of one process the later has the greater id.
 */
final class RecordIds {
    private final SecureRandom random = new SecureRandom();
    private long lastMillis;
    private int counter;

    String next(long nowUs) {
        return new UUID(high(nowUs / 1000), random.nextLong() >>> 2 | 1L << 63).toString();
    }

    private synchronized long high(long now) {
        long millis = Math.max(now, lastMillis);
        counter = millis == lastMillis ? counter + 1 : random.nextInt(1 << 10);
        if (counter > 0xFFF) {
            counter = 0;
            millis = lastMillis + 1;
        }
        lastMillis = millis;
        return millis << 16 | 0x7000L | counter;
    }
}
