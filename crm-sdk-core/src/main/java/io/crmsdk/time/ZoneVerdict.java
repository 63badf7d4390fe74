package io.crmsdk.time;

import java.time.Duration;
import java.util.List;

/** What the evidence so far says of a declared zone. */
public sealed interface ZoneVerdict {
    /** The declaration fits. */
    record Fits() implements ZoneVerdict {}

    /**
     * Nothing can be said.
     *
     * @param reason why not, for people
     */
    record Undecided(String reason) implements ZoneVerdict {}

    /**
     * The server's {@code Date} does not fit our clock, so nothing is said of the zone.
     *
     * @param by server minus ours, roughly
     */
    record ClocksDisagree(Duration by) implements ZoneVerdict {}

    /**
     * Canaries say that the declaration is wrong, but too few to change anything.
     *
     * @param quarterHours claimed minus true, in quarters of an hour
     * @param evidence what says so
     */
    record Suspected(int quarterHours, List<ZoneEvidence> evidence) implements ZoneVerdict {
        /** Copies the list. */
        public Suspected {
            evidence = List.copyOf(evidence);
        }
    }

    /**
     * The declaration is wrong. Quarantine the mapping, or read again from the kept raw text under the right declaration;
     * never shift stored instants.
     *
     * @param quarterHours claimed minus true, in quarters of an hour: 32 if local time of UTC+8 was read as UTC
     * @param season the part of the year that the evidence is from
     * @param seasonal true if another part of the year was found to have another shift, or none: a mistake with daylight
     *     saving
     * @param evidence what says so
     */
    record Shifted(int quarterHours, ZoneEvidence.Season season, boolean seasonal, List<ZoneEvidence> evidence)
            implements ZoneVerdict {
        /** Copies the list. */
        public Shifted {
            evidence = List.copyOf(evidence);
        }

        /** Claimed minus true. */
        public Duration shift() {
            return Duration.ofMinutes(15L * quarterHours);
        }
    }

    /**
     * A stamp from the future: the declared zone lies too far west, or the stamp is not what it is taken for.
     *
     * @param ahead how far beyond the server's own time
     * @param evidence the stamp
     */
    record Impossible(Duration ahead, ZoneEvidence.Modified evidence) implements ZoneVerdict {}
}
