package io.crmsdk.time;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;

/** How one convention reads and writes. Immutable. */
interface Form {
    /**
     * The moment or day that the text says.
     *
     * @param value without blanks around, not empty, of bounded length, not a word or number that no convention takes
     */
    ParsedTime read(String value, InstantSource now);

    /** The instant as text, cut to what the convention can hold. */
    String write(Instant instant);

    /** The day as text. */
    default String write(LocalDate date) {
        throw new TimeException(TimeError.NOT_WRITABLE, "this convention writes moments, not days");
    }
}
