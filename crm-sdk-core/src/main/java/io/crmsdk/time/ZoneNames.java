package io.crmsdk.time;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Zones as people declare them. Names are those of the tz database as written there; nothing falls back to GMT, as
 * {@code java.util.TimeZone} does for {@code Asia/Beijing} and {@code UTC+8}.
 */
final class ZoneNames {
    private static final Pattern OFFSET =
            Pattern.compile("(?:UTC|GMT|UT)?([+-])([0-9]{1,2})(?::?([0-9]{2}))?", Pattern.CASE_INSENSITIVE);

    /** Abbreviations that are or were in use for several zones, or that name a season rather than a zone. */
    private static final Set<String> AMBIGUOUS = Set.of(
            "ACT", "ADT", "AEST", "AEDT", "AET", "AGT", "AMT", "AMST", "ART", "AST", "BDT", "BET", "BST", "BT", "CAT",
            "CCT", "CDT", "CNT", "COT", "CST", "CT", "CTT", "EAT", "ECT", "EDT", "EST", "ET", "GST", "HDT", "HST",
            "IDT", "IET", "IST", "MDT", "MIT", "MMT", "MST", "MT", "NDT", "NET", "NST", "NT", "PDT", "PLT", "PNT",
            "PRT", "PST", "PT", "PYT", "SLT", "SRT", "SST", "VST", "WAST", "WIT", "WST", "YST");

    private ZoneNames() {}

    static ZoneId declared(String name) {
        if (name.isEmpty()) {
            throw new TimeException(
                    TimeError.NO_ZONE, "zone= is empty; declare a zone such as Asia/Shanghai or +08:00");
        }
        if (AMBIGUOUS.contains(name.toUpperCase(Locale.ROOT))) {
            throw new TimeException(
                    TimeError.AMBIGUOUS_ZONE,
                    "zone " + name + " stands for several zones; declare one such as Asia/Shanghai or +08:00");
        }
        Matcher offset = OFFSET.matcher(name);
        return offset.matches() ? fixed(offset, name) : region(name);
    }

    private static ZoneId fixed(Matcher parts, String name) {
        String minutes = parts.group(3);
        int seconds = Wall.offset(
                parts.group(1).equals("-"),
                Integer.parseInt(parts.group(2)),
                minutes == null ? 0 : Integer.parseInt(minutes),
                name);
        return ZoneOffset.ofTotalSeconds(seconds);
    }

    private static ZoneId region(String name) {
        try {
            return name.equalsIgnoreCase("UTC") || name.equalsIgnoreCase("Z") ? ZoneOffset.UTC : ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new TimeException(
                    TimeError.UNKNOWN_ZONE,
                    "no zone is named " + shown(name) + "; declare one such as Asia/Shanghai or +08:00",
                    e);
        }
    }

    /** Names of zones are not personal, but what stands in their place may be. */
    private static String shown(String name) {
        boolean likeOne =
                name.length() <= 40 && name.chars().allMatch(c -> c < 127 && c > ' ' && !Character.isDigit(c));
        return likeOne ? name : Shape.of(name);
    }
}
