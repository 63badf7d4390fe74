package io.crmsdk.mail.bounce;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The fields of a header as they came, one character a byte; unfolded. */
final class MailHeader {
    private final List<String> names = new ArrayList<>();
    private final List<String> values = new ArrayList<>();

    void add(String name, String value) {
        names.add(name.toLowerCase(Locale.ROOT));
        values.add(value);
    }

    boolean isEmpty() {
        return names.isEmpty();
    }

    boolean has(String name) {
        return names.contains(name);
    }

    /** Returns the first value of a field, empty if there is none; {@code name} in lower case. */
    String first(String name) {
        int at = names.indexOf(name);
        return at < 0 ? "" : values.get(at);
    }

    List<String> all(String name) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equals(name)) {
                found.add(values.get(i));
            }
        }
        return found;
    }

    /** Returns the first value of a field as a person reads it: encoded words (RFC 2047) and bare bytes decoded. */
    String text(String name) {
        return MailText.ofHeader(first(name));
    }

    /** Returns {@code type/subtype} in lower case; empty if none is stated. */
    String mediaType() {
        String value = first("content-type");
        int end = value.indexOf(';');
        String type = (end < 0 ? value : value.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        int space = type.indexOf(' ');
        return space < 0 ? type : type.substring(0, space);
    }

    /** Returns a parameter of Content-Type, unquoted; null if it is absent. */
    @Nullable
    String parameter(String name) {
        return parameter(first("content-type"), name);
    }

    /** Parameters are read one after the other, since a quoted value may hold what looks like another one. */
    private static @Nullable String parameter(String value, String name) {
        int at = value.indexOf(';');
        while (at >= 0 && at < value.length()) {
            int equals = value.indexOf('=', at);
            if (equals < 0) {
                return null;
            }
            String key = value.substring(at + 1, equals).strip().toLowerCase(Locale.ROOT);
            int from = equals + 1;
            while (from < value.length() && value.charAt(from) <= ' ') {
                from++;
            }
            boolean quoted = from < value.length() && value.charAt(from) == '"';
            int end = quoted ? value.indexOf('"', from + 1) : value.indexOf(';', from);
            end = end < 0 ? value.length() : end;
            if (key.equals(name)) {
                return quoted
                        ? value.substring(from + 1, end)
                        : value.substring(from, end).strip();
            }
            at = quoted ? value.indexOf(';', end) : end;
        }
        return null;
    }
}
