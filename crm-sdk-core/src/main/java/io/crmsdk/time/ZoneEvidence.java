package io.crmsdk.time;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** One observation that bears on whether a system's declared zone is right. */
public sealed interface ZoneEvidence {
    /** What the system's stamp means by its declared convention. */
    Instant claimed();

    /** When it was observed. */
    Instant observed();

    /**
     * Our own write, read back: its created or modified stamp must lie between sending and answer.
     *
     * @param sent when the write was sent
     * @param received when its answer was there
     * @param serverDate the {@code Date} of that same answer; without it a wrong clock of ours cannot be told from a wrong
     *     declaration, and the pair raises suspicion only
     */
    record Canary(
            Instant sent,
            Instant received,
            Instant claimed,
            @Nullable Instant serverDate) implements ZoneEvidence {
        /** @throws IllegalArgumentException if the answer was there before the write was sent */
        public Canary {
            requireOrder(sent, received);
        }

        @Override
        public Instant observed() {
            return sent;
        }
    }

    /**
     * One event seen twice: in the system's stamp, and by us or in another system. The two must be views of the same event;
     * events that follow each other after a fixed delay look like a shift.
     *
     * @param notBefore when we looked last without seeing it, or when the other system says it happened
     * @param notAfter when we first saw it; equal to {@code notBefore} for the same event in two systems
     */
    record Sighting(Instant claimed, Instant notBefore, Instant notAfter) implements ZoneEvidence {
        /** @throws IllegalArgumentException if it was seen before we looked last */
        public Sighting {
            requireOrder(notBefore, notAfter);
        }

        /** The same event as another system stamped it. */
        public static Sighting inTwoSystems(Instant claimed, Instant elsewhere) {
            return new Sighting(claimed, elsewhere, elsewhere);
        }

        @Override
        public Instant observed() {
            return notBefore;
        }

        Duration pollInterval() {
            return Duration.between(notBefore, notAfter);
        }
    }

    /**
     * A modified stamp of any record, with the {@code Date} of the response that carried it: it cannot be later.
     *
     * @param serverDate the {@code Date} header
     */
    record Modified(Instant claimed, Instant serverDate) implements ZoneEvidence {
        @Override
        public Instant observed() {
            return serverDate;
        }
    }

    /** Parts of the year that are judged apart, because half of the mistakes concern daylight saving. */
    enum Season {
        /** 9 April to 23 September: no zone that matters changes its clocks. */
        SUMMER,
        /** 9 November to the end of February. */
        WINTER,
        /** The weeks in which zones change, each at its own date. */
        CHANGEOVER;

        /** The part of the year, by UTC. */
        public static Season of(Instant instant) {
            OffsetDateTime utc = instant.atOffset(ZoneOffset.UTC);
            int day = utc.getMonthValue() * 100 + utc.getDayOfMonth();
            if (day >= 409 && day <= 923) {
                return SUMMER;
            }
            return day >= 1109 || day <= 229 ? WINTER : CHANGEOVER;
        }
    }

    private static void requireOrder(Instant first, Instant second) {
        if (second.isBefore(first)) {
            throw new IllegalArgumentException("an interval ends after it began");
        }
    }
}
