package io.crmsdk.time;

/** What a host offers of time: a wall clock that may do anything, and a monotonic counter. */
interface TimeSource {
    /** Microseconds since 1970, cut. */
    long wallMicros();

    /** Milliseconds since 1970, cut. */
    long wallMillis();

    /** Monotonic nanoseconds. */
    long nanos();
}
