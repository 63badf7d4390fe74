package io.crmsdk.quality;

import java.time.LocalDate;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a judge may know besides the cell: the day of judging and what the rest of the row and sheet says. Immutable.
 *
 * @param today the day of judging, for birthdays in the future; the caller takes it from its {@code UtcClock}
 * @param city city in the same row, from which a missing area code may be guessed; null if not known
 * @param series whether the value continues a run of consecutive rows that count up by one, as dragging a cell leaves it
 */
public record JudgeContext(LocalDate today, @Nullable String city, boolean series) {
    /** Checks that the day is there. */
    public JudgeContext {
        Objects.requireNonNull(today, "today");
    }

    /** Nothing is known but the day. */
    public static JudgeContext on(LocalDate today) {
        return new JudgeContext(today, null, false);
    }

    /** The same with the city of the row. */
    public JudgeContext withCity(@Nullable String newCity) {
        return new JudgeContext(today, newCity, series);
    }

    /** The same for a value that continues a series, or not. */
    public JudgeContext withSeries(boolean continuesSeries) {
        return new JudgeContext(today, city, continuesSeries);
    }
}
