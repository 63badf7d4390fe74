package io.crmsdk.mail.smtp;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * How long each step of a hand-over may take; every wait has an end.
 *
 * <p>Immutable; derive others with the {@code with} methods. A wait that ends before the final dot defers the message; one
 * that ends after it leaves the message unconfirmed, which is why that limit is long.
 *
 * @param connect for the TCP connection to one address of the server
 * @param greeting for the server's first line
 * @param tls for the TLS handshake
 * @param command for the reply to one command, and to {@code DATA}
 * @param body for the server to take the next part of the body
 * @param finalDot for the reply to the final dot; RFC 5321 §4.5.3.2.6 asks for at least ten minutes
 * @param attempt for everything before the final dot together, so that a server that trickles cannot hold a worker
 * @param acquire for a connection to become free
 */
public record SmtpTimeouts(
        Duration connect,
        Duration greeting,
        Duration tls,
        Duration command,
        Duration body,
        Duration finalDot,
        Duration attempt,
        Duration acquire) {
    /** Refuses limits that are not positive. */
    public SmtpTimeouts {
        Map.of(
                        "connect", connect,
                        "greeting", greeting,
                        "tls", tls,
                        "command", command,
                        "body", body,
                        "finalDot", finalDot,
                        "attempt", attempt,
                        "acquire", acquire)
                .forEach(SmtpTimeouts::requirePositive);
    }

    /**
     * 30 s to connect, for TLS and for a free connection, five minutes for the greeting and each command, three for a part
     * of the body, ten for the final dot (RFC 5321 §4.5.3.2), ten for all that comes before it.
     */
    public static SmtpTimeouts defaults() {
        return new SmtpTimeouts(
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                Duration.ofMinutes(3),
                Duration.ofMinutes(10),
                Duration.ofMinutes(10),
                Duration.ofSeconds(30));
    }

    /** The same with another limit for connecting. */
    public SmtpTimeouts withConnect(Duration connect) {
        return new SmtpTimeouts(connect, greeting, tls, command, body, finalDot, attempt, acquire);
    }

    /** The same with another limit for the greeting. */
    public SmtpTimeouts withGreeting(Duration greeting) {
        return new SmtpTimeouts(connect, greeting, tls, command, body, finalDot, attempt, acquire);
    }

    /** The same with another limit for the TLS handshake. */
    public SmtpTimeouts withTls(Duration tls) {
        return new SmtpTimeouts(connect, greeting, tls, command, body, finalDot, attempt, acquire);
    }

    /** The same with another limit for each command. */
    public SmtpTimeouts withCommand(Duration command) {
        return new SmtpTimeouts(connect, greeting, tls, command, body, finalDot, attempt, acquire);
    }

    /** The same with another limit for a part of the body. */
    public SmtpTimeouts withBody(Duration body) {
        return new SmtpTimeouts(connect, greeting, tls, command, body, finalDot, attempt, acquire);
    }

    /** The same with another limit for the final dot; a shorter one makes more messages unconfirmed. */
    public SmtpTimeouts withFinalDot(Duration finalDot) {
        return new SmtpTimeouts(connect, greeting, tls, command, body, finalDot, attempt, acquire);
    }

    /** The same with another limit for everything before the final dot. */
    public SmtpTimeouts withAttempt(Duration attempt) {
        return new SmtpTimeouts(connect, greeting, tls, command, body, finalDot, attempt, acquire);
    }

    /** The same with another limit for getting a connection. */
    public SmtpTimeouts withAcquire(Duration acquire) {
        return new SmtpTimeouts(connect, greeting, tls, command, body, finalDot, attempt, acquire);
    }

    private static void requirePositive(String name, Duration value) {
        Objects.requireNonNull(value, name);
        if (value.isNegative() || value.isZero() || value.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(name + ": expected more than zero and at most a day, got " + value);
        }
    }
}
