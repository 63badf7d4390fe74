package io.crmsdk.mapping;

import io.crmsdk.mapping.Type.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Several values in one text, and one text in several fields. */
final class TextConverters {
    private TextConverters() {}

    /** Values joined by a separator, such as a multi-select picklist. */
    static Bound list(Arguments a) {
        a.only();
        a.makes(Kind.TEXTS, Kind.ATTRIBUTE);
        String separator = a.text(";");
        if (separator.isEmpty()) {
            throw new ConversionFault("ARGUMENT", "list needs a separator");
        }
        return joined("list", separator);
    }

    /** One text of several lines. */
    static Bound lines(Arguments a) {
        a.none();
        a.only();
        a.makes(Kind.TEXTS);
        return joined("lines", "\n");
    }

    private static Bound joined(String name, String separator) {
        return Bound.keeping(
                name,
                VendorType.TEXT,
                text -> {
                    List<String> values = new ArrayList<>();
                    for (String value : Converters.split(text, separator)) {
                        String bare = value.strip();
                        if (!bare.isEmpty()) {
                            values.add(bare);
                        }
                    }
                    return List.copyOf(values);
                },
                (List<String> values) -> {
                    for (String value : values) {
                        if (value.contains(separator)) {
                            throw new ConversionFault("SEPARATOR", "a value holds the separator");
                        }
                    }
                    return String.join(separator, values);
                });
    }

    /** One of several values in one text, such as {@code province,city,district}; the other parts stay. */
    static Bound part(Arguments a) {
        a.only("index", "of");
        a.makes(Kind.TEXT, Kind.ATTRIBUTE);
        String separator = a.needed("the separator");
        int index = a.number(Objects.requireNonNullElse(a.option("index"), ""), 0, 20);
        int of = a.option("of") == null ? 0 : a.number(Objects.requireNonNull(a.option("of")), index + 1, 21);
        return new Bound("part", Bound.Promise.LENS, VendorType.TEXT) {
            @Override
            @Nullable
            Object get(String text) {
                List<String> parts = Converters.split(text, separator);
                if (of > 0 && parts.size() > of) {
                    throw new ConversionFault("MALFORMED", "expected at most " + of + " parts");
                }
                String part = index < parts.size() ? parts.get(index).strip() : "";
                return part.isEmpty() ? null : part;
            }

            @Override
            String put(@Nullable String old, Object value) {
                if (((String) value).contains(separator)) {
                    throw new ConversionFault("SEPARATOR", "the value holds the separator");
                }
                if (old != null && value.equals(get(old))) {
                    return old;
                }
                List<String> parts =
                        old == null ? new ArrayList<>() : new ArrayList<>(Converters.split(old, separator));
                while (parts.size() <= index) {
                    parts.add("");
                }
                parts.set(index, (String) value);
                return String.join(separator, parts);
            }
        };
    }

    /** One text that continues over several fields, such as the four names of a business partner. */
    static Bound join(Arguments a) {
        a.only();
        a.makes(Kind.TEXT, Kind.ATTRIBUTE);
        String separator = a.text(" ");
        List<@Nullable VendorField> fields = a.fields();
        return new Bound.Several("join", Bound.Promise.LENS, VendorType.TEXT, 2, Converters.mostSources()) {
            @Override
            @Nullable
            Object get(@Nullable String[] texts) {
                StringBuilder out = new StringBuilder();
                for (String text : texts) {
                    if (text != null && !text.isBlank()) {
                        out.append(out.isEmpty() ? "" : separator).append(text.strip());
                    }
                }
                return out.isEmpty() ? null : out.toString();
            }

            @Override
            @Nullable
            String[] put(@Nullable String[] old, Object value) {
                return value.equals(get(old)) ? old : spread((String) value, separator, fields);
            }
        };
    }

    /** Fills field after field; breaks only where reading back puts the same text together again. */
    private static @Nullable String[] spread(String text, String separator, List<@Nullable VendorField> fields) {
        @Nullable String[] out = new @Nullable String[fields.size()];
        String rest = text;
        for (int i = 0; i < out.length && !rest.isEmpty(); i++) {
            VendorField field = fields.get(i);
            int limit = field == null || field.length() == 0 ? Integer.MAX_VALUE : field.length();
            LengthUnit unit = field == null ? LengthUnit.CHARACTERS : field.unit();
            int end = unit.fitting(rest, limit);
            if (end < rest.length()) {
                end = breakBefore(rest, end, separator);
                if (end <= 0) {
                    throw new ConversionFault("LENGTH", "no place to break the text within " + limit);
                }
            }
            out[i] = rest.substring(0, end);
            rest = end >= rest.length() ? "" : rest.substring(end + separator.length());
        }
        if (!rest.isEmpty()) {
            throw new ConversionFault("LENGTH", "longer than all fields together");
        }
        return out;
    }

    private static int breakBefore(String text, int most, String separator) {
        if (!separator.isEmpty()) {
            int at = text.lastIndexOf(separator, most);
            while (at > 0 && !clean(text, at, at + separator.length())) {
                at = text.lastIndexOf(separator, at - 1);
            }
            return at;
        }
        int at = most;
        while (at > 0 && !clean(text, at, at)) {
            at = text.offsetByCodePoints(at, -1);
        }
        return at;
    }

    /** Whether neither side of a break begins or ends with a blank, which the vendor would lose. */
    private static boolean clean(String text, int end, int start) {
        return end > 0
                && start < text.length()
                && !Character.isWhitespace(text.charAt(end - 1))
                && !Character.isWhitespace(text.charAt(start));
    }
}
