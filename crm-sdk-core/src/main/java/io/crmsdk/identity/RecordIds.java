package io.crmsdk.identity;

import java.security.SecureRandom;
import java.util.UUID;

/** UUIDs of version 7 (RFC 9562 section 5.7) by the database's clock: new rows lie side by side in an index. */
final class RecordIds {
    private final SecureRandom random = new SecureRandom();

    String next(long nowUs) {
        long high = nowUs / 1000 << 16 | 0x7000L | random.nextInt(1 << 12);
        return new UUID(high, random.nextLong() >>> 2 | 1L << 63).toString();
    }
}
