package io.crmsdk.time;

/** An offset as ISO 8601 writes it: {@code Z}, {@code +08}, {@code +0800}, {@code +08:00}. */
final class IsoOffset {
    private IsoOffset() {}

    /** Seconds east of UTC. */
    static int take(Scan scan, String value) {
        if (scan.takeAny("Zz") != '\0') {
            return 0;
        }
        char sign = scan.takeAny("+-");
        int hours = sign == '\0' ? -1 : scan.number(2);
        boolean more = scan.take(':') || scan.digitsAhead() > 0;
        int minutes = hours < 0 || !more ? 0 : scan.number(2);
        if (hours < 0 || minutes < 0) {
            throw TimeException.malformed("an offset such as Z, +08:00 or +0800", value);
        }
        return Wall.offset(sign == '-', hours, minutes, value);
    }
}
