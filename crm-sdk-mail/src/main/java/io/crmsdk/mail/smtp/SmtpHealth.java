package io.crmsdk.mail.smtp;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a channel stands with its server at one moment.
 *
 * @param server host and port
 * @param open connections, busy and idle
 * @param idle connections that wait for the next message
 * @param allowed how many connections may be open now; below the configured number after the server asked for less
 * @param pausedFor why nothing is sent at present, or null; starts with a stable code
 * @param pausedLeft how long the pause still lasts; zero if there is none
 * @param unsafe what was switched off that protects a mail on its way, in words; empty as it should be
 */
public record SmtpHealth(
        String server,
        int open,
        int idle,
        int allowed,
        @Nullable String pausedFor,
        Duration pausedLeft,
        List<String> unsafe) {
    /** Copies the list. */
    public SmtpHealth {
        unsafe = List.copyOf(unsafe);
    }
}
