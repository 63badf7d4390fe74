package io.crmsdk.http;

import java.time.Duration;

/**
 * Bounds on what one call may cost. Immutable; derive others with the {@code with} methods.
 *
 * @param connect opening a connection, the handshake of TLS apart, which may take as long again
 * @param answer the longest silence while an answer is awaited or read
 * @param attempt one attempt from connecting to the last byte, however steadily bytes trickle in
 * @param call all attempts and the waits between them
 * @param attempts how often a repeatable call is sent at most
 * @param bodyBytes the largest body after inflation
 * @param jsonDepth how deep JSON may nest
 * @param connections how many calls run at once
 */
public record HttpLimits(
        Duration connect,
        Duration answer,
        Duration attempt,
        Duration call,
        int attempts,
        int bodyBytes,
        int jsonDepth,
        int connections) {
    /** Refuses what is not positive. */
    public HttpLimits {
        requirePositive("connect", connect);
        requirePositive("answer", answer);
        requirePositive("attempt", attempt);
        requirePositive("call", call);
        if (attempts < 1 || bodyBytes < 1 || jsonDepth < 1 || connections < 1) {
            throw new IllegalArgumentException(
                    "http limits: attempts, bodyBytes, jsonDepth, connections are at least 1");
        }
    }

    /** 10 s to connect, 30 s of silence, 60 s an attempt, 2 min a call, 4 attempts, 16 MiB, depth 100, 8 connections. */
    public static HttpLimits defaults() {
        return new HttpLimits(
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofMinutes(2),
                4,
                16 << 20,
                100,
                8);
    }

    /** The same with other times for one attempt. */
    public HttpLimits withTimes(Duration connect, Duration answer, Duration attempt) {
        return new HttpLimits(connect, answer, attempt, call, attempts, bodyBytes, jsonDepth, connections);
    }

    /** The same with another bound on a whole call. */
    public HttpLimits withCall(Duration call, int attempts) {
        return new HttpLimits(connect, answer, attempt, call, attempts, bodyBytes, jsonDepth, connections);
    }

    /** The same with other bounds on what is read. */
    public HttpLimits withSizes(int bodyBytes, int jsonDepth) {
        return new HttpLimits(connect, answer, attempt, call, attempts, bodyBytes, jsonDepth, connections);
    }

    /** The same with another number of connections. */
    public HttpLimits withConnections(int connections) {
        return new HttpLimits(connect, answer, attempt, call, attempts, bodyBytes, jsonDepth, connections);
    }

    private static void requirePositive(String what, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(what + ": expected a positive time, got " + value);
        }
    }
}
