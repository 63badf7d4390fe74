package io.crmsdk.time;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;

/** A declared zone, with what was declared for local times that it skipped or had twice. */
record LocalZone(ZoneId id, Gap gap, Overlap overlap) {
    /** What to do with a local time that was skipped. */
    enum Gap {
        REJECT,
        /** As java.time: later by the length of the gap. */
        FORWARD,
        /** The first moment after the gap. */
        NEXT
    }

    /** What to do with a local time that happened twice. */
    enum Overlap {
        REJECT,
        EARLIER,
        LATER
    }

    Instant resolve(LocalDateTime local, String value) {
        ZoneRules rules = id.getRules();
        List<ZoneOffset> offsets = rules.getValidOffsets(local);
        if (offsets.size() == 1) {
            return local.toInstant(offsets.get(0));
        }
        ZoneOffsetTransition transition = rules.getTransition(local);
        return offsets.isEmpty() ? inGap(local, transition, value) : inOverlap(local, transition, value);
    }

    private Instant inGap(LocalDateTime local, ZoneOffsetTransition transition, String value) {
        return switch (gap) {
            case FORWARD -> local.toInstant(transition.getOffsetBefore());
            case NEXT -> transition.getInstant();
            case REJECT ->
                throw TimeException.of(
                        TimeError.GAP, id + " skipped this time; declare gap=forward or gap=next to take it", value);
        };
    }

    private Instant inOverlap(LocalDateTime local, ZoneOffsetTransition transition, String value) {
        return switch (overlap) {
            case EARLIER -> local.toInstant(transition.getOffsetBefore());
            case LATER -> local.toInstant(transition.getOffsetAfter());
            case REJECT ->
                throw TimeException.of(
                        TimeError.OVERLAP,
                        id + " had this time twice; declare overlap=earlier or overlap=later to take it",
                        value);
        };
    }

    /** The local time to write, if reading it back gives the same moment. */
    LocalDateTime write(Instant instant) {
        LocalDateTime local = LocalDateTime.ofInstant(instant, id);
        String shown = local.toString();
        if (!resolve(local, shown).equals(instant)) {
            throw TimeException.of(
                    TimeError.OVERLAP, id + " had this time twice and the other one would be read back", shown);
        }
        return local;
    }
}
