package io.crmsdk.time;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** RFC 9557: RFC 3339 with a zone and tags in brackets. No tag is known here, so a critical one is always an error. */
record Ixdtf(int digits) implements Form {
    private static final Pattern TAG = Pattern.compile("(!?)([a-z_][a-z_0-9-]*)=([A-Za-z0-9]+(?:-[A-Za-z0-9]+)*)");
    private static final Pattern ZONE = Pattern.compile(
            "!?([A-Za-z._][A-Za-z._0-9+-]*(?:/[A-Za-z._][A-Za-z._0-9+-]*)*" + "|[+-][0-9]{2}:[0-9]{2})");

    @Override
    public ParsedTime read(String value, InstantSource now) {
        Scan scan = new Scan(value);
        Rfc3339.Moment moment = Rfc3339.moment(scan, value);
        for (boolean first = true; !scan.atEnd(); first = false) {
            String suffix = suffix(scan, value);
            Matcher tag = TAG.matcher(suffix);
            if (tag.matches()) {
                requireElective(tag, value);
            } else {
                requireZone(suffix, first, moment, value);
            }
        }
        return new ParsedTime.OfInstant(moment.instant());
    }

    private static String suffix(Scan scan, String value) {
        String rest = scan.rest();
        int end = rest.indexOf(']');
        if (!rest.startsWith("[") || end < 0) {
            throw TimeException.malformed("RFC 3339 followed by suffixes in brackets", value);
        }
        scan.back(scan.position() + end + 1);
        return rest.substring(1, end);
    }

    private static void requireElective(Matcher tag, String value) {
        if (tag.group(1).equals("!")) {
            throw TimeException.of(TimeError.UNKNOWN_CRITICAL_TAG, "a critical tag that is not known", value);
        }
    }

    private static void requireZone(String suffix, boolean first, Rfc3339.Moment moment, String value) {
        Matcher zone = ZONE.matcher(suffix);
        if (!first || !zone.matches()) {
            throw TimeException.malformed("one zone first, then tags as key=value", value);
        }
        requireConsistent(ZoneNames.declared(zone.group(1)), moment, value);
    }

    /** An offset that the zone did not have is never guessed at; Z and -00:00 say nothing of the zone. */
    private static void requireConsistent(ZoneId zone, Rfc3339.Moment moment, String value) {
        Integer offset = moment.offset();
        if (offset == null) {
            return;
        }
        if (offsetAt(zone.getRules(), moment.instant()).getTotalSeconds() != offset) {
            throw TimeException.of(
                    TimeError.INCONSISTENT_ZONE, "the zone did not have this offset at that time", value);
        }
    }

    private static ZoneOffset offsetAt(ZoneRules rules, Instant instant) {
        try {
            return rules.getOffset(instant);
        } catch (DateTimeException e) {
            throw new TimeException(TimeError.OUT_OF_RANGE, "the zone has no rules for that time", e);
        }
    }

    @Override
    public String write(Instant instant) {
        return Digits.instant(instant, digits);
    }
}
