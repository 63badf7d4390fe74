package io.crmsdk.time;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A time of day: {@code 16:30:05}, {@code 4:30 PM}, {@code 下午4:30}, {@code 16时30分05秒}, {@code 16点半}. */
final class ClockText {
    private static final String EXPECTED = "a time of day such as HH:mm:ss";

    /** A word for a part of the day: from the hours it may stand with to what is added to them. */
    private enum PartOfDay {
        AM(1, 12, "上午", "AM", "A.M."),
        PM(1, 12, "下午", "PM", "P.M."),
        BEFORE_DAWN(0, 6, "凌晨"),
        MORNING(4, 11, "早上", "早晨", "清晨"),
        NOON(11, 14, "中午"),
        EVENING(17, 23, "晚上", "傍晚");

        private final int from;
        private final int to;
        private final List<String> words;

        PartOfDay(int from, int to, String... words) {
            this.from = from;
            this.to = to;
            this.words = List.of(words);
        }

        /** The hour of 24, or −1 if this word does not go with that hour. */
        int hour(int said) {
            int hour = switch (this) {
                case AM -> said == 12 ? 0 : said;
                case PM -> said < 12 ? said + 12 : said;
                case BEFORE_DAWN -> said == 12 ? 0 : said;
                case MORNING -> said;
                case NOON -> said < 11 ? said + 12 : said;
                case EVENING -> said < 12 ? said + 12 : said;
            };
            boolean twelve = this == AM || this == PM;
            return twelve ? inside(said, hour) : inside(hour, hour);
        }

        private int inside(int judged, int hour) {
            return judged >= from && judged <= to ? hour : -1;
        }
    }

    private ClockText() {}

    static Wall take(Scan scan, LocalDate date, String value) {
        PartOfDay before = takePart(scan);
        scan.spaces();
        int said = scan.upToTwoDigits();
        if (said < 0) {
            throw TimeException.malformed(EXPECTED, value);
        }
        Wall wall = scan.take(':') ? colons(scan, date, said, value) : units(scan, date, said, value);
        scan.spaces();
        PartOfDay after = takePart(scan);
        if (before != null && after != null) {
            throw TimeException.malformed(EXPECTED, value);
        }
        return inPart(wall, before != null ? before : after, said, value);
    }

    private static Wall inPart(Wall wall, @Nullable PartOfDay part, int said, String value) {
        if (part == null) {
            return wall;
        }
        int hour = part.hour(said);
        if (hour < 0) {
            throw TimeException.malformed("an hour that goes with the part of the day", value);
        }
        return Wall.of(wall.date(), hour, wall.minute(), wall.second(), wall.nano(), value);
    }

    private static Wall colons(Scan scan, LocalDate date, int hour, String value) {
        int minute = scan.number(2);
        boolean seconds = scan.take(':');
        int second = seconds ? scan.number(2) : 0;
        int nano = seconds && scan.takeAny(".,") != '\0' ? scan.fraction() : 0;
        if (minute < 0 || second < 0 || nano < 0) {
            throw TimeException.malformed(EXPECTED, value);
        }
        return Wall.of(date, hour, minute, second, nano, value);
    }

    private static Wall units(Scan scan, LocalDate date, int hour, String value) {
        scan.spaces();
        if (scan.takeAny("时時点點") == '\0') {
            throw TimeException.malformed(EXPECTED, value);
        }
        if (scan.take('半')) {
            return Wall.of(date, hour, 30, 0, 0, value);
        }
        int minute = unit(scan, "整正", "分", value);
        int second = unit(scan, "", "秒", value);
        return Wall.of(date, hour, minute, second, 0, value);
    }

    /** A number with its unit; a word for nought, or nothing, is nought. */
    private static int unit(Scan scan, String nought, String unit, String value) {
        if (scan.takeAny(nought) != '\0') {
            return 0;
        }
        int start = scan.position();
        scan.spaces();
        if (scan.digitsAhead() == 0) {
            scan.back(start);
            return 0;
        }
        int number = scan.upToTwoDigits();
        scan.spaces();
        if (number < 0 || !scan.take(unit)) {
            throw TimeException.malformed(EXPECTED, value);
        }
        return number;
    }

    /** The part of the day whose word is next, or null. */
    private static @Nullable PartOfDay takePart(Scan scan) {
        for (PartOfDay part : PartOfDay.values()) {
            for (String word : part.words) {
                if (scan.takeIgnoringCase(word)) {
                    return part;
                }
            }
        }
        return null;
    }
}
