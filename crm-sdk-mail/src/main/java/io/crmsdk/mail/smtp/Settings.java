package io.crmsdk.mail.smtp;

import io.crmsdk.time.UtcClock;
import org.jspecify.annotations.Nullable;

/** All that a connection needs to know. Immutable. */
record Settings(
        Target target,
        @Nullable Tls tls,
        @Nullable Login login,
        @Nullable String heloName,
        SmtpTimeouts timeouts,
        boolean pipelining,
        boolean dsn,
        UtcClock clock) {}
