package io.crmsdk.mail.bounce;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What enhanced status codes mean by themselves (RFC 3463, RFC 5248 and the registry of IANA), before any words are looked at. */
final class StatusReasons {
    private static final Map<String, BounceReason> REASONS = new HashMap<>();

    static {
        put(BounceReason.HAS_MOVED, "4.1.6", "5.1.6", "5.7.17", "5.7.18");
        put(BounceReason.REJECTED, "4.1.7", "4.1.8", "5.1.7", "5.1.8");
        put(
                BounceReason.SYSTEM_ERROR,
                "4.1.9",
                "4.3.3",
                "4.3.5",
                "4.4.3",
                "4.5.3",
                "4.5.5",
                "5.1.9",
                "5.3.0",
                "5.3.3",
                "5.3.5",
                "5.4.3",
                "5.5.4",
                "5.5.5");
        put(BounceReason.SUSPEND, "4.2.1", "5.7.13");
        put(BounceReason.MAILBOX_FULL, "4.2.2", "5.2.2");
        put(BounceReason.EXCEED_LIMIT, "4.2.3", "5.2.3");
        put(BounceReason.FILTERED, "4.2.4", "5.1.4", "5.2.0", "5.2.1", "5.2.4");
        put(BounceReason.SYSTEM_FULL, "4.3.1", "4.4.5", "5.3.1");
        put(BounceReason.NOT_ACCEPT, "4.3.2", "5.1.10", "5.3.2", "5.7.27");
        put(BounceReason.EXPIRED, "4.4.1", "4.4.7");
        put(BounceReason.NETWORK_ERROR, "4.4.2", "4.4.4", "4.4.6", "4.4.8", "5.4.0");
        put(
                BounceReason.CONTENT_ERROR,
                "4.6.0",
                "4.6.2",
                "4.6.5",
                "5.6.0",
                "5.6.1",
                "5.6.2",
                "5.6.3",
                "5.6.5",
                "5.6.6",
                "5.6.7",
                "5.6.8",
                "5.6.9");
        put(BounceReason.BLOCKED, "4.7.1", "4.7.2");
        put(
                BounceReason.SECURITY_ERROR,
                "4.7.5",
                "4.7.6",
                "4.7.7",
                "4.7.12",
                "4.7.15",
                "5.7.0",
                "5.7.1",
                "5.7.2",
                "5.7.3",
                "5.7.4",
                "5.7.5",
                "5.7.6",
                "5.7.7",
                "5.7.8",
                "5.7.9",
                "5.7.10",
                "5.7.11",
                "5.7.14",
                "5.7.15",
                "5.7.19",
                "5.7.30");
        put(BounceReason.MESSAGE_TOO_BIG, "4.7.16", "5.3.4", "5.7.16");
        put(
                BounceReason.AUTH_FAILURE,
                "4.7.24",
                "4.7.26",
                "5.7.20",
                "5.7.21",
                "5.7.22",
                "5.7.23",
                "5.7.24",
                "5.7.26",
                "5.7.29");
        put(BounceReason.REQUIRE_PTR, "4.7.25", "5.7.25");
        put(BounceReason.USER_UNKNOWN, "5.1.0", "5.1.1", "5.1.3");
        put(BounceReason.HOST_UNKNOWN, "5.1.2", "5.4.4", "5.4.310");
        put(BounceReason.SYNTAX_ERROR, "5.5.2", "5.5.6");
        put(BounceReason.TOO_MANY_CONNECTIONS, "5.5.3");
        put(BounceReason.SPAM_DETECTED, "5.7.28");
    }

    private StatusReasons() {}

    private static void put(BounceReason reason, String... codes) {
        for (String code : codes) {
            REASONS.put(code, reason);
        }
    }

    /** Returns what a code means; null if by itself it means nothing certain. */
    static @Nullable BounceReason of(String status) {
        return REASONS.get(status);
    }
}
