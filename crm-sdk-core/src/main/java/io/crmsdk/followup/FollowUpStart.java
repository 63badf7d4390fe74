package io.crmsdk.followup;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What starts a follow-up. Immutable; {@code toString} shows neither subject nor data.
 *
 * @param key the host's own stable name for it, 1 to 150 characters: started twice, it is there once
 * @param definition the definition's name; the highest registered version of it is taken
 * @param subject what it is about, for example {@code quote/4711}, 1 to 200 characters
 * @param zone by whose days and hours it counts
 * @param anchor the instant from which the first step counts, cut to microseconds; null for the database's present
 * @param data small things for the host's code, at most 16,000 characters in all; ids rather than personal values
 */
public record FollowUpStart(
        String key,
        String definition,
        String subject,
        CustomerZone zone,
        @Nullable Instant anchor,
        Map<String, String> data) {
    private static final int MOST_DATA = 16_000;

    /**
     * Copies the data.
     *
     * @throws IllegalArgumentException if a part is blank or too long
     */
    public FollowUpStart {
        FollowUp.word("key", key, 150);
        FollowUp.word("definition", definition, 40);
        FollowUp.word("subject", subject, 200);
        Objects.requireNonNull(zone, "zone");
        anchor = anchor == null ? null : anchor.truncatedTo(ChronoUnit.MICROS);
        data = Map.copyOf(data);
        int length = data.entrySet().stream()
                .mapToInt(each -> each.getKey().length() + each.getValue().length())
                .sum();
        if (length > MOST_DATA || data.toString().indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "data: expected at most " + MOST_DATA + " characters without NUL, got " + length);
        }
    }

    /** A start that counts from the database's present and holds no data. */
    public static FollowUpStart of(String key, String definition, String subject, CustomerZone zone) {
        return new FollowUpStart(key, definition, subject, zone, null, Map.of());
    }

    /** The same, counted from this instant. */
    public FollowUpStart from(Instant anchor) {
        return new FollowUpStart(key, definition, subject, zone, anchor, data);
    }

    /** The same with data. */
    public FollowUpStart with(Map<String, String> data) {
        return new FollowUpStart(key, definition, subject, zone, anchor, data);
    }

    /** What a second start under the same key is compared by; a version is no part of it, or an upgrade would break repeats. */
    String hash() {
        return FollowUp.sha256(definition + "\n" + subject + "\n" + zone + "\n" + anchor + "\n" + new TreeMap<>(data));
    }

    @Override
    public String toString() {
        return "FollowUpStart[" + key + ", " + definition + "]";
    }
}
