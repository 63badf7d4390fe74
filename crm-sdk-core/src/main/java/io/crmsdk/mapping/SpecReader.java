package io.crmsdk.mapping;

import io.crmsdk.internal.Suggestion;
import io.crmsdk.internal.TextNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Turns the tree of a file into a {@link MappingSpec}, and says everything that does not belong there. */
final class SpecReader {
    private static final Set<String> TOP = Set.of(
            "mapping",
            "record",
            "input",
            "system",
            "object",
            "region",
            "direction",
            "blank",
            "null",
            "clear",
            "nullWords",
            "doc",
            "vendor",
            "constants",
            "rules");
    private static final Set<String> RULE = Set.of(
            "name",
            "from",
            "to",
            "as",
            "direction",
            "when",
            "required",
            "default",
            "blank",
            "null",
            "clear",
            "onError",
            "owner",
            "tooLong",
            "sensitivity",
            "aliases",
            "variants",
            "doc");
    private static final Set<String> FIELD = Set.of("type", "length", "unit", "required", "writable", "values", "doc");
    private static final int MAX_RULES = 2_000;

    private final Problems problems;
    private final Places places;
    private final Set<String> converters;
    private @Nullable String part;

    private SpecReader(Problems problems, Places places, Set<String> converters) {
        this.problems = problems;
        this.places = places;
        this.converters = converters;
    }

    /** Null if the root is no block of keys. */
    static @Nullable MappingSpec read(
            String file, TextNode root, Problems problems, Places places, Set<String> converters) {
        SpecReader reader = new SpecReader(problems, places, converters);
        if (!(root instanceof TextNode.Block block)) {
            problems.add(root.line(), null, "MALFORMED", "expected a block of keys, got " + root.kind());
            return null;
        }
        return reader.spec(file, block);
    }

    private MappingSpec spec(String file, TextNode.Block top) {
        known(top, TOP);
        top.entries().forEach((key, node) -> places.key(key, node.line()));
        return new MappingSpec(
                text(top, "mapping", file),
                choice(top, "record", RecordType.class, RecordType.CUSTOMER),
                choice(top, "input", Input.class, Input.JSON) == Input.ROWS,
                optional(top, "system"),
                optional(top, "object"),
                optional(top, "region"),
                choice(
                        top,
                        "direction",
                        Direction.class,
                        choice(top, "input", Input.class, Input.JSON) == Input.ROWS ? Direction.IN : Direction.BOTH),
                choice(top, "blank", Absence.class, Absence.ABSENT),
                choice(top, "null", Absence.class, Absence.NULL),
                choice(top, "clear", Clearing.class, Clearing.NULL),
                texts(top, "nullWords"),
                optional(top, "doc"),
                vendor(top),
                table(top, "constants"),
                rules(top));
    }

    private enum Input {
        JSON,
        ROWS
    }

    private List<MappingRule> rules(TextNode.Block top) {
        List<MappingRule> rules = new ArrayList<>();
        TextNode node = top.entries().get("rules");
        if (node == null
                || node instanceof TextNode.Items items && items.items().isEmpty()) {
            problem(
                    node == null ? top : node,
                    "EMPTY_MAPPING",
                    "a mapping without rules would take nothing and empty everything");
            return rules;
        }
        if (!(node instanceof TextNode.Items items)) {
            problem(node, "MALFORMED", "rules is a list, got " + node.kind());
            return rules;
        }
        if (items.items().size() > MAX_RULES) {
            problem(
                    node,
                    "LIMIT_EXCEEDED",
                    "at most " + MAX_RULES + " rules, got " + items.items().size());
            return rules;
        }
        for (TextNode item : items.items()) {
            if (item instanceof TextNode.Block block) {
                MappingRule rule = rule(block);
                if (rule != null) {
                    rules.add(rule);
                    places.addRule(block.line());
                }
            } else {
                problem(item, "MALFORMED", "a rule is a block of keys, got " + item.kind());
            }
        }
        part = null;
        return rules;
    }

    private @Nullable MappingRule rule(TextNode.Block block) {
        part = null;
        String to = optional(block, "to");
        String name = optional(block, "name");
        part = name != null ? name : to;
        known(block, RULE);
        List<String> from = texts(block, "from");
        if (to == null || from.isEmpty()) {
            problem(block, "MALFORMED", "a rule needs from and to");
            return null;
        }
        MappingRule.Builder rule = MappingRule.of(from, to);
        if (name != null) {
            rule.name(name);
        }
        TextNode as = block.entries().get("as");
        if (as != null) {
            Conversion conversion = conversion(as);
            if (conversion != null) {
                rule.as(conversion);
            }
        }
        return details(rule, block);
    }

    private MappingRule details(MappingRule.Builder rule, TextNode.Block block) {
        Direction direction = maybe(block, "direction", Direction.class);
        if (direction != null) {
            rule.direction(direction);
        }
        if (block.entries().get("when") instanceof TextNode.Block conditions) {
            conditions
                    .entries()
                    .forEach((field, node) -> rule.when(field, list(node).toArray(new String[0])));
        } else if (block.entries().containsKey("when")) {
            problem(block, "MALFORMED", "when is a block of vendor fields and their values");
        }
        if (choice(block, "required", YesNo.class, YesNo.FALSE) == YesNo.TRUE) {
            rule.required();
        }
        String fallback = optional(block, "default");
        if (fallback != null) {
            rule.fallback(fallback);
        }
        Absence blank = maybe(block, "blank", Absence.class);
        if (blank != null) {
            rule.blank(blank);
        }
        Absence nulls = maybe(block, "null", Absence.class);
        if (nulls != null) {
            rule.nulls(nulls);
        }
        Clearing clearing = maybe(block, "clear", Clearing.class);
        if (clearing != null) {
            rule.clearing(clearing);
        }
        OwnerPolicy owner = maybe(block, "owner", OwnerPolicy.class);
        if (owner != null) {
            rule.owner(owner);
        }
        Sensitivity sensitivity = maybe(block, "sensitivity", Sensitivity.class);
        if (sensitivity != null) {
            rule.sensitivity(sensitivity);
        }
        String doc = optional(block, "doc");
        if (doc != null) {
            rule.doc(doc);
        }
        variants(rule, block);
        return rule.onError(choice(block, "onError", OnError.class, OnError.REJECT_FIELD))
                .tooLong(choice(block, "tooLong", TooLong.class, TooLong.REJECT))
                .aliases(texts(block, "aliases").toArray(new String[0]))
                .build();
    }

    private enum YesNo {
        TRUE,
        FALSE
    }

    private void variants(MappingRule.Builder rule, TextNode.Block block) {
        TextNode node = block.entries().get("variants");
        if (node == null) {
            return;
        }
        if (!(node instanceof TextNode.Items items)) {
            problem(node, "MALFORMED", "variants is a list of from and as");
            return;
        }
        for (TextNode item : items.items()) {
            if (!(item instanceof TextNode.Block variant)) {
                problem(item, "MALFORMED", "a variant is from and as");
                continue;
            }
            known(variant, Set.of("from", "as"));
            String from = optional(variant, "from");
            TextNode as = variant.entries().get("as");
            Conversion conversion = as == null ? null : conversion(as);
            if (from == null || conversion == null) {
                problem(item, "MALFORMED", "a variant needs from and as");
            } else {
                rule.variant(from, conversion);
            }
        }
    }

    /** {@code email}, {@code {time: rfc3339}} or {@code {part: ",", index: 0}}: the key that is a converter is the name. */
    private @Nullable Conversion conversion(TextNode node) {
        if (node instanceof TextNode.Scalar name) {
            return Conversion.of(name.text());
        }
        if (!(node instanceof TextNode.Block block) || block.entries().isEmpty()) {
            problem(node, "MALFORMED", "as is a converter or a converter with its argument");
            return null;
        }
        List<String> names =
                block.entries().keySet().stream().filter(converters::contains).toList();
        if (names.size() != 1) {
            problem(
                    node,
                    "UNKNOWN_CONVERTER",
                    "expected one converter, got "
                            + (names.isEmpty() ? "none of the known ones" : String.join(" and ", names)));
            return null;
        }
        String name = names.get(0);
        Map<String, Object> options = new TreeMap<>();
        block.entries().forEach((key, value) -> {
            if (!key.equals(name)) {
                options.put(key, argument(value));
            }
        });
        TextNode main = block.entries().get(name);
        return Conversion.of(name, main == null ? null : argument(main), options);
    }

    private Object argument(TextNode node) {
        if (node instanceof TextNode.Block block) {
            return texts(block);
        }
        return node instanceof TextNode.Items ? list(node) : ((TextNode.Scalar) node).text();
    }

    private Map<String, VendorField> vendor(TextNode.Block top) {
        Map<String, VendorField> fields = new TreeMap<>();
        TextNode node = top.entries().get("vendor");
        if (node == null) {
            return fields;
        }
        if (!(node instanceof TextNode.Block block) || block.entries().size() != 1) {
            problem(node, "MALFORMED", "vendor holds either fields or schema");
            return fields;
        }
        known(block, Set.of("fields", "schema"));
        if (block.entries().get("fields") instanceof TextNode.Block declared) {
            declared.entries().forEach((path, value) -> fields.put(path, field(path, value)));
        } else if (block.entries().get("schema") instanceof TextNode.Block schema) {
            schema(schema, "", true, fields);
        } else {
            problem(node, "MALFORMED", "fields and schema are blocks of keys");
        }
        return fields;
    }

    private VendorField field(String path, TextNode node) {
        part = path;
        if (node instanceof TextNode.Scalar type) {
            VendorType known = constant(type, VendorType.class, type.text());
            part = null;
            return new VendorField(path, known, 0, LengthUnit.CHARACTERS, false, true, List.of(), null);
        }
        if (!(node instanceof TextNode.Block block)) {
            problem(node, "MALFORMED", "a field is a type or a block of keys, got " + node.kind());
            part = null;
            return VendorField.of(path, VendorType.TEXT);
        }
        known(block, FIELD);
        VendorField field = new VendorField(
                path,
                maybe(block, "type", VendorType.class),
                length(block, "length"),
                choice(block, "unit", LengthUnit.class, LengthUnit.CHARACTERS),
                choice(block, "required", YesNo.class, YesNo.FALSE) == YesNo.TRUE,
                choice(block, "writable", YesNo.class, YesNo.TRUE) == YesNo.TRUE,
                texts(block, "values"),
                optional(block, "doc"));
        part = null;
        return field;
    }

    /** The part of JSON Schema that describes a record: properties, items, type, maxLength, readOnly, enum, required. */
    private void schema(TextNode.Block schema, String prefix, boolean demanded, Map<String, VendorField> fields) {
        List<String> required = texts(schema, "required");
        TextNode properties = schema.entries().get("properties");
        if (properties instanceof TextNode.Block block) {
            block.entries().forEach((name, node) -> {
                String path = prefix.isEmpty() ? VendorPath.quote(name) : prefix + "." + VendorPath.quote(name);
                property(node, path, demanded && required.contains(name), fields);
            });
            return;
        }
        problem(schema, "MALFORMED", "a schema of a record has properties");
    }

    private void property(TextNode node, String path, boolean required, Map<String, VendorField> fields) {
        if (!(node instanceof TextNode.Block block)) {
            problem(node, "MALFORMED", "a property is a block of keys");
            return;
        }
        if (block.entries().containsKey("properties")) {
            schema(block, path, required, fields);
            return;
        }
        TextNode items = block.entries().get("items");
        if (items != null) {
            property(items, path + "[*]", false, fields);
            return;
        }
        List<String> types = texts(block, "type").stream()
                .filter(type -> !type.equals("null"))
                .toList();
        VendorType type = types.isEmpty() ? null : schemaType(block, types.get(0), optional(block, "format"));
        boolean readOnly = choice(block, "readOnly", YesNo.class, YesNo.FALSE) == YesNo.TRUE;
        fields.put(
                path,
                new VendorField(
                        path,
                        type,
                        length(block, "maxLength"),
                        LengthUnit.CHARACTERS,
                        required,
                        !readOnly,
                        texts(block, "enum"),
                        optional(block, "description")));
    }

    private @Nullable VendorType schemaType(TextNode.Block block, String type, @Nullable String format) {
        return switch (type) {
            case "string" ->
                "date".equals(format)
                        ? VendorType.DATE
                        : "date-time".equals(format) ? VendorType.TIME : VendorType.TEXT;
            case "integer" -> VendorType.INTEGER;
            case "number" -> "double".equals(format) || "float".equals(format) ? VendorType.DOUBLE : VendorType.DECIMAL;
            case "boolean" -> VendorType.BOOLEAN;
            default -> {
                problem(block, "TYPE", "no field has the type " + type);
                yield null;
            }
        };
    }

    private int length(TextNode.Block block, String key) {
        String text = optional(block, key);
        if (text == null) {
            return 0;
        }
        if (!text.matches("[1-9][0-9]{0,8}")) {
            problem(block, "CONFIG", key + " is a whole number from 1, got " + text);
            return 0;
        }
        return Integer.parseInt(text);
    }

    private void known(TextNode.Block block, Set<String> keys) {
        block.entries().forEach((key, node) -> {
            if (!keys.contains(key)) {
                problem(
                        node,
                        "UNKNOWN_KEY",
                        "no key is named " + key + Suggestion.of(key, keys) + "; known here are "
                                + String.join(", ", sorted(keys)));
            }
        });
    }

    private static List<String> sorted(Set<String> keys) {
        return keys.stream().sorted().toList();
    }

    private String text(TextNode.Block block, String key, String otherwise) {
        String text = optional(block, key);
        return text == null ? otherwise : text;
    }

    private @Nullable String optional(TextNode.Block block, String key) {
        TextNode node = block.entries().get(key);
        if (node == null) {
            return null;
        }
        if (node instanceof TextNode.Scalar scalar) {
            return scalar.text();
        }
        problem(node, "MALFORMED", key + " is a text, got " + node.kind());
        return null;
    }

    /** A list of texts, or one text. */
    private List<String> texts(TextNode.Block block, String key) {
        TextNode node = block.entries().get(key);
        return node == null ? List.of() : list(node);
    }

    private List<String> list(TextNode node) {
        if (node instanceof TextNode.Scalar one) {
            return List.of(one.text());
        }
        List<String> texts = new ArrayList<>();
        if (node instanceof TextNode.Items items) {
            for (TextNode item : items.items()) {
                if (item instanceof TextNode.Scalar scalar) {
                    texts.add(scalar.text());
                } else {
                    problem(item, "MALFORMED", "expected a text, got " + item.kind());
                }
            }
        } else {
            problem(node, "MALFORMED", "expected a text or a list of texts, got " + node.kind());
        }
        return texts;
    }

    private Map<String, String> table(TextNode.Block top, String key) {
        TextNode node = top.entries().get(key);
        if (node == null) {
            return Map.of();
        }
        if (node instanceof TextNode.Block block) {
            return texts(block);
        }
        problem(node, "MALFORMED", key + " is a block of keys, got " + node.kind());
        return Map.of();
    }

    private Map<String, String> texts(TextNode.Block block) {
        Map<String, String> texts = new LinkedHashMap<>();
        block.entries().forEach((key, node) -> {
            if (node instanceof TextNode.Scalar scalar) {
                texts.put(key, scalar.text());
            } else {
                problem(node, "MALFORMED", key + " is a text, got " + node.kind());
            }
        });
        return texts;
    }

    private <E extends Enum<E>> E choice(TextNode.Block block, String key, Class<E> words, E otherwise) {
        E found = maybe(block, key, words);
        return found == null ? otherwise : found;
    }

    private <E extends Enum<E>> @Nullable E maybe(TextNode.Block block, String key, Class<E> words) {
        TextNode node = block.entries().get(key);
        String text = optional(block, key);
        return node == null || text == null ? null : constant(node, words, text);
    }

    private <E extends Enum<E>> @Nullable E constant(TextNode node, Class<E> words, String text) {
        String name = text.toUpperCase(Locale.ROOT).replace('-', '_');
        for (E word : words.getEnumConstants()) {
            if (word.name().equals(name)) {
                return word;
            }
        }
        problem(
                node,
                "CONFIG",
                "expected one of "
                        + String.join(
                                ", ",
                                Arrays.stream(words.getEnumConstants())
                                        .map(SpecReader::spelt)
                                        .toList())
                        + ", got " + text);
        return null;
    }

    static String spelt(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private void problem(TextNode at, String code, String message) {
        problems.add(at.line(), part, code, message);
    }
}
