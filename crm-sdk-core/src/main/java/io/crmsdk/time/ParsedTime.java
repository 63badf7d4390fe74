package io.crmsdk.time;

import java.time.Instant;
import java.time.LocalDate;

/** What a foreign value turned out to be: a moment or a day, never one made up from the other. */
public sealed interface ParsedTime {
    /** A moment, with up to nine fraction digits as the value had them. */
    record OfInstant(Instant instant) implements ParsedTime {
        /** The moment in ISO form, UTC. */
        @Override
        public String toString() {
            return instant.toString();
        }
    }

    /** A day of the calendar, without any zone. */
    record OfDate(LocalDate date) implements ParsedTime {
        /** The day in ISO form after {@code DATE:}. */
        @Override
        public String toString() {
            return "DATE:" + date;
        }
    }
}
