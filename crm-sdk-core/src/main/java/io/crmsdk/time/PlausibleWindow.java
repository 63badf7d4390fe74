package io.crmsdk.time;

import java.time.Duration;
import java.time.Instant;

/**
 * Between which instants the values of a field can lie: the only defence against seconds declared as milliseconds, and
 * against clocks that are years off. What lies outside belongs in quarantine, not in the data.
 *
 * @param earliest the first plausible instant
 * @param ahead how far beyond the present values may lie; negative if they must be older
 */
public record PlausibleWindow(Instant earliest, Duration ahead) {
    private static final Instant YEAR_1990 = Instant.parse("1990-01-01T00:00:00Z");

    /** For stamps of events: 1990 to a day from now. */
    public static PlausibleWindow events() {
        return new PlausibleWindow(YEAR_1990, Duration.ofDays(1));
    }

    /** For appointments, due times and ends of contracts: 1990 to so far from now. */
    public static PlausibleWindow upcoming(Duration ahead) {
        return new PlausibleWindow(YEAR_1990, ahead);
    }

    /** Whether a value is plausible at a present; both ends belong to the window. */
    public boolean contains(Instant value, Instant now) {
        return !value.isBefore(earliest) && !value.isAfter(now.plus(ahead));
    }

    /**
     * The value, if it is plausible.
     *
     * @throws TimeException with {@link TimeError#IMPLAUSIBLE} if it is not
     */
    public Instant require(Instant value, Instant now) {
        if (!contains(value, now)) {
            throw new TimeException(
                    TimeError.IMPLAUSIBLE,
                    "expected " + earliest + " to " + now.plus(ahead) + ", got the year "
                            + value.toString().substring(0, value.toString().indexOf('-', 1))
                            + "; check the unit that was declared");
        }
        return value;
    }
}
