package io.crmsdk.followup;

import io.crmsdk.time.TimeConvention;
import io.crmsdk.time.TimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;

/**
 * The zone by whose days and hours a follow-up counts, with what was declared for local times that it skips or has twice.
 *
 * @param zone a name of the tz database or a fixed offset
 * @param gap what becomes of a local time that the zone skipped
 * @param overlap which of the two instants a local time is that the zone had twice
 */
public record CustomerZone(ZoneId zone, Gap gap, Overlap overlap) {
    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

    /** Needs all parts. */
    public CustomerZone {
        Objects.requireNonNull(zone, "zone");
        Objects.requireNonNull(gap, "gap");
        Objects.requireNonNull(overlap, "overlap");
    }

    /** For a local time that was skipped. */
    public enum Gap {
        /** Later by the length of the gap: 02:30 becomes 03:30. */
        FORWARD,
        /** The first moment after the gap: 02:30 becomes 03:00. */
        NEXT
    }

    /** For a local time that there was twice. */
    public enum Overlap {
        /** The first one. */
        EARLIER,
        /** The second one. */
        LATER
    }

    /** The instant of a local time in this zone, to the second. */
    Instant at(LocalDateTime local) {
        return convention().parseInstant(LOCAL.format(local));
    }

    /** The door through which all foreign local times come, so that gaps and overlaps mean the same everywhere. */
    private TimeConvention convention() {
        try {
            return TimeConvention.of("local;zone=" + zone.getId() + ";gap=" + word(gap) + ";overlap=" + word(overlap));
        } catch (TimeException e) {
            throw new FollowUpException("FOLLOWUP_ZONE", "zone " + zone.getId() + " cannot be used: " + e.code(), e);
        }
    }

    private static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }

    /** Refuses a zone that could not be counted by, before anything is stored. */
    void check() {
        Objects.requireNonNull(convention());
    }

    LocalDateTime local(Instant instant) {
        return LocalDateTime.ofInstant(instant, zone);
    }
}
