package io.crmsdk.mapping;

import io.crmsdk.internal.Suggestion;
import io.crmsdk.model.Money;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds canonical paths in the schema and gives each its slot, building the parts on the way. */
final class Assembly {
    private static final Pattern ATTRIBUTE_KEY =
            Pattern.compile("[\\p{L}\\p{N}_-]{1,64}(\\.[\\p{L}\\p{M}\\p{N}_-]{1,64}){1,3}");

    private final Part root;
    private final @Nullable String system;
    private final @Nullable String object;
    private final String instance;
    private final Map<String, Target> targets = new HashMap<>();
    private int slots;

    Assembly(MappingSpec spec, String instance) {
        this.root = new Part(CanonicalSchema.of(spec.record()), null);
        this.system = spec.system();
        this.object = spec.object();
        this.instance = instance;
    }

    Part root() {
        return root;
    }

    int slots() {
        return slots;
    }

    /** @throws ConversionFault if there is no such field */
    Target target(CanonicalPath path) {
        String text = path.toString();
        Target known = targets.get(text);
        if (known == null) {
            known = find(path, text);
            targets.put(text, known);
        }
        return known;
    }

    private Target find(CanonicalPath path, String text) {
        Part part = root;
        Part items = null;
        for (int i = 0; i < path.steps().size(); i++) {
            CanonicalPath.Step step = path.steps().get(i);
            int index = part.shape.index(step.name());
            if (index < 0) {
                throw fault("no " + part.shape.name + " has a field " + step.name()
                        + Suggestion.of(step.name(), part.shape.names()) + "; known are "
                        + String.join(", ", part.shape.names()));
            }
            Shape.Field<?> field = part.shape.fields.get(index);
            boolean last = i == path.steps().size() - 1;
            Type type = field.type();
            if (CanonicalSchema.ATTRIBUTE.equals(type)) {
                return attribute(part, index, path, i, text);
            }
            if (type != null) {
                if (!last || !plain(step)) {
                    throw fault(step.name() + " is a value; nothing can stand behind it");
                }
                return leaf(part, index, text, items);
            }
            if (last) {
                throw fault(step.name() + " is a part; name one of its fields: " + String.join(", ", inner(field)));
            }
            part = child(part, index, field, step);
            items = step.each() ? newItems(part, items) : items;
        }
        throw fault("an empty path");
    }

    private static List<String> inner(Shape.Field<?> field) {
        Shape<?> shape = field.shape();
        return shape == null ? List.of() : shape.names();
    }

    private static boolean plain(CanonicalPath.Step step) {
        return !step.each()
                && !step.primary()
                && step.index() < 0
                && step.keys().isEmpty();
    }

    private Part newItems(Part part, @Nullable Part outer) {
        if (outer != null) {
            throw fault("only one [*] in a path");
        }
        if (part.items() < 0) {
            part.perItem(slots++);
        }
        return part;
    }

    private Target leaf(Part part, int index, String text, @Nullable Part items) {
        Shape.Field<?> field = part.shape.fields.get(index);
        Type type = field.type();
        if (type == null) {
            throw fault(field.name() + " is no value");
        }
        if (part.slot(index) < 0) {
            part.fill(index, items == null ? slots++ : items.nextItemSlot());
        }
        return new Target(text, part.slot(index), type, field.sensitivity(), field.fillable(), items);
    }

    private Target attribute(Part part, int index, CanonicalPath path, int from, String text) {
        List<String> names = new ArrayList<>();
        for (CanonicalPath.Step step :
                path.steps().subList(from + 1, path.steps().size())) {
            names.add(step.name());
        }
        String key = String.join(".", names);
        if (!ATTRIBUTE_KEY.matcher(key).matches()) {
            throw fault("an attribute is attributes.namespace.name of letters, digits, '_' and '-'");
        }
        int slot = part.attributeSlots(index).computeIfAbsent(key, ignored -> slots++);
        return new Target(text, slot, CanonicalSchema.ATTRIBUTE, Sensitivity.PERSONAL, true, null);
    }

    private Part child(Part part, int index, Shape.Field<?> field, CanonicalPath.Step step) {
        if (field.list()) {
            if (plain(step) && step.keys().isEmpty() && !selectable(field)) {
                throw fault("say which of the " + field.name() + ": for example " + field.name() + "[primary], "
                        + field.name() + "[0], " + field.name() + "[*] or by a field");
            }
            List<Part> parts = part.parts(index);
            for (Part each : parts) {
                if (step.equals(each.step)) {
                    return each;
                }
            }
            Part made = made(field, step);
            parts.add(made);
            return made;
        }
        if (step.each() || step.primary() || step.index() >= 0) {
            throw fault("there is only one " + field.name());
        }
        if (part.fixed(index) instanceof Part existing) {
            if (!step.equals(existing.step)) {
                throw fault("two different selections of the one " + field.name());
            }
            return existing;
        }
        Part made = made(field, step);
        part.fix(index, made);
        return made;
    }

    /** External ids may be named without selector: system and object of the mapping select them. */
    private boolean selectable(Shape.Field<?> field) {
        Shape<?> shape = field.shape();
        return shape != null && shape.index("object") >= 0 && object != null;
    }

    private Part made(Shape.Field<?> field, CanonicalPath.Step step) {
        Shape<?> shape = field.shape();
        if (shape == null) {
            throw fault(field.name() + " is no part");
        }
        Part part = new Part(shape, step);
        step.keys().forEach((key, value) -> {
            int index = shape.index(key);
            Type type = index < 0 ? null : shape.fields.get(index).type();
            if (type == null) {
                throw fault("no " + shape.name + " has a field " + key + " to select by");
            }
            part.select(index, constant(type, value));
        });
        if (step.primary() && shape.index("preference") >= 0) {
            part.fix(shape.index("preference"), 1);
        }
        defaulted(part, step, "system", system);
        defaulted(part, step, "object", object);
        defaulted(part, step, "instance", shape.index("object") >= 0 ? instance : null);
        return part;
    }

    private static void defaulted(Part part, CanonicalPath.Step step, String field, @Nullable String value) {
        int index = part.shape.index(field);
        if (index >= 0 && value != null && !step.keys().containsKey(field)) {
            part.select(index, value);
        }
    }

    /** A value that stands in the mapping itself: of a selector, a constant or a default. */
    static Object constant(Type type, String text) {
        return switch (type.kind()) {
            case TEXT, EXACT -> text;
            case ATTRIBUTE -> text;
            case WORD, CODED -> WordConverters.value(type, text);
            case WORDS -> {
                List<Object> words = new ArrayList<>();
                for (String word : Converters.split(text, "+")) {
                    words.add(WordConverters.value(
                            Type.word(java.util.Objects.requireNonNull(type.words())), word.strip()));
                }
                yield Set.copyOf(words);
            }
            case INTEGER -> {
                if (!text.matches("[0-9]{1,9}")) {
                    throw fault("expected a whole number, got " + text);
                }
                yield Integer.valueOf(text);
            }
            case BOOLEAN -> {
                if (!text.equals("true") && !text.equals("false")) {
                    throw fault("expected true or false, got " + text);
                }
                yield Boolean.valueOf(text);
            }
            case DECIMAL -> new BigDecimal(text);
            case CURRENCY -> Money.currency(text);
            default -> throw new ConversionFault("TYPE", "a constant cannot be " + type.text());
        };
    }

    private static ConversionFault fault(String message) {
        return new ConversionFault("UNKNOWN_PATH", message);
    }
}
