package io.crmsdk.mail.bounce;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Finds addresses in words of servers. They are taken as they stand there: reports also name addresses that are no good. */
final class MailAddresses {
    private static final int LONGEST = 320;

    private MailAddresses() {}

    /** An address and where it stands in a line. */
    record Found(String address, int from, int to) {}

    static List<Found> in(String line) {
        List<Found> found = new ArrayList<>();
        int at = line.indexOf('@');
        while (at >= 0) {
            int from = at;
            if (from > 0 && line.charAt(from - 1) == '"') {
                from = Math.max(line.lastIndexOf('"', from - 2), 0);
            } else {
                while (from > 0 && isLocal(line.charAt(from - 1))) {
                    from--;
                }
            }
            int to = at + 1;
            while (to < line.length() && isDomain(line.charAt(to))) {
                to++;
            }
            while (to > at + 1 && (line.charAt(to - 1) == '.' || line.charAt(to - 1) == '-')) {
                to--;
            }
            while (from < at && "'=.`{}".indexOf(line.charAt(from)) >= 0 && !line.startsWith("=?", from)) {
                from++;
            }
            int equals = line.lastIndexOf('=', at);
            if (equals > from
                    && line.substring(from, equals).toLowerCase(Locale.ROOT).matches(".*(smtp|rcpt|to)")) {
                from = equals + 1; // dda:SMTP=ann@example.com
            }
            if (from < at && to - from <= LONGEST && isHost(line, at + 1, to)) {
                found.add(new Found(line.substring(from, to), from, to));
            }
            at = line.indexOf('@', Math.max(to, at + 1));
        }
        return found;
    }

    private static boolean isLocal(char c) {
        return c > ' ' && c < 0x7F && "<>()[]:;@\\,\"".indexOf(c) < 0 || c >= 0x80 && Character.isLetterOrDigit(c);
    }

    private static boolean isDomain(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '.'
                || c == '-'
                || c == '_'
                || c >= 0x80 && Character.isLetterOrDigit(c);
    }

    private static boolean isHost(String line, int from, int to) {
        return to > from && Character.isLetterOrDigit(line.charAt(from)) && line.indexOf("..", from) != from;
    }

    /** Returns the first address of a value of a header; empty if there is none. */
    static String first(String value) {
        int open = value.lastIndexOf('<');
        int close = open < 0 ? -1 : value.indexOf('>', open);
        if (open >= 0 && close > open && value.indexOf('@', open) > open) {
            return value.substring(open + 1, close).strip();
        }
        List<Found> found = in(value);
        return found.isEmpty() ? "" : found.get(0).address();
    }

    static List<String> all(String value) {
        return in(value).stream().map(Found::address).toList();
    }

    static boolean isAddress(String text) {
        List<Found> found = in(text);
        return found.size() == 1 && found.get(0).from() == 0 && found.get(0).to() == text.length();
    }

    static String domain(String address) {
        return address.substring(address.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
    }

    static String key(String address) {
        return address.toLowerCase(Locale.ROOT);
    }
}
