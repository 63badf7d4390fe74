package io.crmsdk.mapping;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a rule tells its converter, and what the converter must know about both ends.
 *
 * @param conversion name and arguments as stated
 * @param target what the canonical field holds
 * @param region the mapping's default for phone numbers; null if none
 * @param fields what is declared of the rule's vendor fields, in order; null where nothing is
 * @param tooLong what becomes of texts that do not fit
 */
record Arguments(
        Conversion conversion,
        Type target,
        @Nullable String region,
        List<@Nullable VendorField> fields,
        TooLong tooLong) {
    /** @throws ConversionFault if an option is not one of these */
    void only(String... options) {
        Set<String> known = Set.of(options);
        for (String option : conversion.options().keySet()) {
            if (!known.contains(option)) {
                throw new ConversionFault(
                        "ARGUMENT",
                        conversion.converter() + " has no option " + option
                                + (known.isEmpty()
                                        ? ""
                                        : "; known are "
                                                + String.join(
                                                        ", ",
                                                        known.stream().sorted().toList())));
            }
        }
    }

    /** @throws ConversionFault if there is a main argument */
    void none() {
        if (conversion.argument() != null) {
            throw new ConversionFault("ARGUMENT", conversion.converter() + " takes no argument");
        }
    }

    /** The main argument as text, or null. */
    @Nullable
    String text() {
        Object argument = conversion.argument();
        if (argument == null || argument instanceof String) {
            return (String) argument;
        }
        throw new ConversionFault("ARGUMENT", conversion.converter() + " takes one text");
    }

    String text(String otherwise) {
        String text = text();
        return text == null ? otherwise : text;
    }

    String needed(String what) {
        String text = text();
        if (text == null || text.isEmpty()) {
            throw new ConversionFault("ARGUMENT", conversion.converter() + " needs " + what);
        }
        return text;
    }

    @Nullable
    String option(String name) {
        Object value = conversion.options().get(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw new ConversionFault("ARGUMENT", name + " of " + conversion.converter() + " is one text");
    }

    int number(String text, int least, int most) {
        if (!text.matches("[0-9]{1,7}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw new ConversionFault(
                    "ARGUMENT",
                    conversion.converter() + " takes a number from " + least + " to " + most + ", got " + text);
        }
        return Integer.parseInt(text);
    }

    /** An option that is a list, or one text; empty if it is not there. */
    @SuppressWarnings("unchecked")
    List<String> list(String name) {
        Object value = conversion.options().get(name);
        if (value instanceof String text) {
            return List.of(text);
        }
        if (value instanceof Map) {
            throw new ConversionFault("ARGUMENT", name + " of " + conversion.converter() + " is a list");
        }
        return value == null ? List.of() : (List<String>) value;
    }

    /** The main argument as a table; empty if there is none. */
    Map<String, String> table() {
        return table(conversion.argument(), conversion.converter());
    }

    /** An option that is a table; empty if it is not there. */
    Map<String, String> table(String name) {
        return table(conversion.options().get(name), name + " of " + conversion.converter());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> table(@Nullable Object value, String what) {
        if (value == null) {
            return Map.of();
        }
        if (value instanceof Map) {
            return (Map<String, String>) value;
        }
        throw new ConversionFault("ARGUMENT", what + " is a table of the vendor's words and ours");
    }

    /** @throws ConversionFault if the canonical field holds none of these kinds */
    void makes(Type.Kind... kinds) {
        for (Type.Kind kind : kinds) {
            if (target.kind() == kind) {
                return;
            }
        }
        throw new ConversionFault("TYPE", conversion.converter() + " does not make " + target.text());
    }
}
