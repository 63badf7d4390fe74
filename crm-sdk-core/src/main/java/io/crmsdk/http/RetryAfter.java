package io.crmsdk.http;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * RFC 9110 section 10.2.3: seconds or a date. A date is measured against the answer's own {@code Date}, so that neither clock
 * has to be right. What no service can mean is no answer at all: negative, in the past, beyond a day, several at once,
 * anything else.
 */
final class RetryAfter {
    static final Duration LONGEST = Duration.ofDays(1);

    private RetryAfter() {}

    static Optional<Duration> of(HttpAnswer answer) {
        List<String> values = answer.headers("Retry-After");
        if (values.size() != 1) {
            return Optional.empty();
        }
        String value = values.get(0).strip();
        Optional<Duration> delay = isDigits(value) ? seconds(value) : date(value, answer);
        return delay.filter(d -> !d.isNegative() && d.compareTo(LONGEST) <= 0);
    }

    private static boolean isDigits(String value) {
        return !value.isEmpty() && value.length() < 10 && value.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static Optional<Duration> seconds(String value) {
        return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
    }

    private static Optional<Duration> date(String value, HttpAnswer answer) {
        Instant now = answer.date().orElse(answer.received());
        return HttpAnswer.httpDate(value).map(at -> Duration.between(now, at));
    }
}
