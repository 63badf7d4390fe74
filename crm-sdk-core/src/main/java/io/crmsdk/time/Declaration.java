package io.crmsdk.time;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;

/** A declaration taken apart: a known name and only options that belong to it. */
final class Declaration {
    private static final List<String> ZONED = List.of("zone", "gap", "overlap");
    private static final Map<String, List<String>> OPTIONS = Map.ofEntries(
            Map.entry("rfc3339", List.of("digits")),
            Map.entry("ixdtf", List.of("digits")),
            Map.entry("iso", List.of("zone", "gap", "overlap", "digits")),
            Map.entry("local", List.of("zone", "gap", "overlap", "order", "digits")),
            Map.entry("date", List.of("order")),
            Map.entry("epoch-s", List.of()),
            Map.entry("epoch-ms", List.of()),
            Map.entry("epoch-us", List.of()),
            Map.entry("epoch-ns", List.of()),
            Map.entry("epoch-auto", List.of()),
            Map.entry("excel1900", ZONED),
            Map.entry("excel1904", ZONED),
            Map.entry("http", List.of()),
            Map.entry("mail", List.of()),
            Map.entry("dotnet-json", List.of()),
            Map.entry("abap", ZONED));
    private static final Set<String> DEFAULTS = Set.of("gap=reject", "overlap=reject");

    private final String name;
    private final Map<String, String> options;

    private Declaration(String name, Map<String, String> options) {
        this.name = name;
        this.options = options;
    }

    static Declaration parse(String text) {
        String[] parts = text.split(";", -1);
        String name = parts[0].strip();
        List<String> known = OPTIONS.get(name);
        if (known == null) {
            throw bad("no convention is named " + Shape.of(name) + "; known are " + String.join(", ", names()));
        }
        Map<String, String> given = new LinkedHashMap<>();
        for (String part : Arrays.asList(parts).subList(1, parts.length)) {
            add(given, part.strip(), name, known);
        }
        return new Declaration(name, given);
    }

    private static List<String> names() {
        return OPTIONS.keySet().stream().sorted().toList();
    }

    private static void add(Map<String, String> given, String part, String name, List<String> known) {
        int equals = part.indexOf('=');
        String key = equals < 0 ? part : part.substring(0, equals).strip();
        if (equals < 0 || !known.contains(key)) {
            throw bad(name + " has " + (known.isEmpty() ? "no options" : "the options " + String.join(", ", known))
                    + ", written as key=value; got " + Shape.of(part));
        }
        if (given.put(key, part.substring(equals + 1).strip()) != null) {
            throw bad(key + " is declared twice");
        }
    }

    String canonical() {
        StringJoiner text = new StringJoiner(";").add(name);
        for (String key : OPTIONS.getOrDefault(name, List.of())) {
            String value = options.get(key);
            if (value != null && !DEFAULTS.contains(key + "=" + value)) {
                text.add(key + "=" + value);
            }
        }
        return text.toString();
    }

    Form form() {
        return switch (name) {
            case "rfc3339" -> new Rfc3339(digits());
            case "ixdtf" -> new Ixdtf(digits());
            case "iso" -> new Iso8601(optionalZone(), digits());
            case "local" -> new LocalText(zone(), order(), Math.max(0, digits()));
            case "date" -> new DayText(order());
            case "excel1900" -> ExcelSerial.from1900(zone());
            case "excel1904" -> ExcelSerial.from1904(zone());
            case "http" -> new HttpDate();
            case "mail" -> new MailDate();
            case "dotnet-json" -> new DotnetJson();
            case "abap" -> new AbapTimestamp(zone());
            default -> Epoch.of(name);
        };
    }

    private LocalZone zone() {
        return optionalZone()
                .orElseThrow(() -> new TimeException(
                        TimeError.NO_ZONE,
                        name + " needs a zone; declare for example " + name + ";zone=Asia/Shanghai"));
    }

    private Optional<LocalZone> optionalZone() {
        LocalZone.Gap gap = choice("gap", LocalZone.Gap.class).orElse(LocalZone.Gap.REJECT);
        LocalZone.Overlap overlap = choice("overlap", LocalZone.Overlap.class).orElse(LocalZone.Overlap.REJECT);
        return Optional.ofNullable(options.get("zone"))
                .map(zone -> new LocalZone(ZoneNames.declared(zone), gap, overlap));
    }

    private Optional<DayOrder> order() {
        return choice("order", DayOrder.class);
    }

    /** Fraction digits to write, or −1 for as many as there are. */
    private int digits() {
        String digits = options.getOrDefault("digits", "-1");
        if (!options.containsKey("digits") || digits.matches("[0-9]")) {
            return Integer.parseInt(digits);
        }
        throw bad("digits is 0 to 9");
    }

    private <E extends Enum<E>> Optional<E> choice(String key, Class<E> type) {
        String given = options.get(key);
        if (given == null) {
            return Optional.empty();
        }
        for (E constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(given)) {
                return Optional.of(constant);
            }
        }
        throw bad(key + " is one of " + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT));
    }

    private static TimeException bad(String message) {
        return new TimeException(TimeError.BAD_CONVENTION, message);
    }
}
