package io.crmsdk.time;

import java.time.Instant;

/** The only class of the SDK that reads the wall clock. */
final class SystemTimeSource implements TimeSource {
    @Override
    public long wallMicros() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000L + now.getNano() / 1_000;
    }

    @Override
    public long wallMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }
}
