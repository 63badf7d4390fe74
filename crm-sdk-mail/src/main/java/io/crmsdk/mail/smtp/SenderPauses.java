package io.crmsdk.mail.smtp;

import io.crmsdk.model.EmailAddress;
import io.crmsdk.time.UtcClock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Senders that a server refused: a matter of configuration, so their messages wait instead of failing by the thousand.
 * Thread-safe; remembers a bounded number.
 */
final class SenderPauses {
    private static final Logger LOG = LoggerFactory.getLogger(SmtpChannel.class);
    private static final int MOST = 1000;

    private final UtcClock clock;
    private final Map<String, Long> untilBySender = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST;
        }
    };

    SenderPauses(UtcClock clock) {
        this.clock = clock;
    }

    /** How long a sender still waits. */
    record Pause(Duration left) {}

    /** The sender's pause, or null. */
    synchronized @Nullable Pause pause(@Nullable EmailAddress sender) {
        Long until = untilBySender.get(key(sender));
        long left = until == null ? 0 : until - clock.nanos();
        return left > 0 ? new Pause(Duration.ofNanos(left)) : null;
    }

    /** Pauses a sender, and says so once until it was taken again. */
    synchronized void refused(@Nullable EmailAddress sender, Target target) {
        Long before = untilBySender.put(key(sender), clock.nanos() + Transaction.CONFIGURATION_WAIT.toNanos());
        if (before == null) {
            LOG.warn(
                    "{}: SMTP_SENDER_REFUSED: the server refuses mail from {}; its messages wait",
                    target,
                    sender == null ? "<>" : sender);
        }
    }

    private static String key(@Nullable EmailAddress sender) {
        return sender == null ? "" : sender.canonical();
    }
}
