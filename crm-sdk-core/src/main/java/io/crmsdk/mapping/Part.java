package io.crmsdk.mapping;

import io.crmsdk.model.AttributeValue;
import io.crmsdk.model.Coded;
import io.crmsdk.model.Money;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One composite of the record that a mapping makes: which of its fields come from which slot, which are fixed by selectors,
 * which are parts of their own. Makes the composite from slots and takes it apart into slots. Not changed once the plan stands.
 */
final class Part {
    static final String ATTRIBUTES = "attributes";
    /** Stands in a slot for "there is no value", while Java's null stands for "nothing is known". */
    static final Object NULL = new Object();

    final Shape<?> shape;
    final CanonicalPath.@Nullable Step step;
    /** For each field the slot that fills it, or -1. */
    private final int[] slots;
    /** For each field without slot: a constant, a part, a list of parts, the attributes, or null. */
    private final @Nullable Object[] fixed;
    /** Whether a field's constant is a selector, by which the part is found again. */
    private final boolean[] selects;

    private final boolean[] required;
    /** Whether a field holds texts, of which none is the same as nothing. */
    private final boolean[] texts;

    private final Function<Object, @Nullable Object>[] getters;
    /** The slot of the outer record that holds the items; -1 unless this part is made once for each item. */
    private int items = -1;

    private int itemSlots;
    /** Fields that a slot fills, fields that hold parts, and slots without which the part cannot be: known once the plan stands. */
    private int[] filled = {};

    private int[] within = {};
    private int[] demanded = {};
    private int[] demandedWithin = {};
    private int[] selecting = {};
    /** What each selector demands; of a set of one word only the word. */
    private @Nullable Object[] demands = {};
    /** The field that ranks the composites of a list; -1 if there is none. */
    private int preference = -1;

    private String[] attributeKeys = {};
    private int[] attributeSlots = {};

    Part(Shape<?> shape, CanonicalPath.@Nullable Step step) {
        this.shape = shape;
        this.step = step;
        int size = shape.fields.size();
        slots = new int[size];
        Arrays.fill(slots, -1);
        fixed = new Object[size];
        selects = new boolean[size];
        required = new boolean[size];
        texts = new boolean[size];
        for (int i = 0; i < size; i++) {
            required[i] = shape.fields.get(i).required();
            Type type = shape.fields.get(i).type();
            texts[i] = type != null && type.kind() == Type.Kind.TEXTS;
        }
        getters = getters(shape);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Function<Object, @Nullable Object>[] getters(Shape<?> shape) {
        Function<Object, @Nullable Object>[] getters = new Function[shape.fields.size()];
        for (int i = 0; i < getters.length; i++) {
            getters[i] = ((Shape.Field<Object>) shape.fields.get(i)).get();
        }
        return getters;
    }

    // ---- building the plan

    void fill(int field, int slot) {
        slots[field] = slot;
    }

    int slot(int field) {
        return slots[field];
    }

    @Nullable
    Object fixed(int field) {
        return fixed[field];
    }

    void fix(int field, Object value) {
        fixed[field] = value;
    }

    void select(int field, Object value) {
        fixed[field] = value;
        selects[field] = true;
    }

    @SuppressWarnings("unchecked")
    List<Part> parts(int field) {
        Object list = fixed[field];
        if (list == null) {
            list = new ArrayList<Part>(2);
            fixed[field] = list;
        }
        return (List<Part>) list;
    }

    @SuppressWarnings("unchecked")
    Map<String, Integer> attributeSlots(int field) {
        Object map = fixed[field];
        if (map == null) {
            map = new LinkedHashMap<String, Integer>();
            fixed[field] = map;
        }
        return (Map<String, Integer>) map;
    }

    void perItem(int slot) {
        items = slot;
    }

    int items() {
        return items;
    }

    int nextItemSlot() {
        return itemSlots++;
    }

    int itemSlots() {
        return itemSlots;
    }

    /** Ends the building: what is asked for each record is looked up once. */
    void freeze() {
        List<Integer> filling = new ArrayList<>();
        List<Integer> holding = new ArrayList<>();
        List<Integer> needed = new ArrayList<>();
        List<Integer> neededWithin = new ArrayList<>();
        for (int i = 0; i < slots.length; i++) {
            if (slots[i] >= 0) {
                filling.add(i);
                if (required[i] && fixed[i] == null) {
                    needed.add(slots[i]);
                }
            } else if (fixed[i] instanceof Part part) {
                holding.add(i);
                part.freeze();
                if (required[i]) {
                    neededWithin.add(i);
                }
            } else if (fixed[i] instanceof Map<?, ?> keys) {
                holding.add(i);
                attributeKeys = keys.keySet().toArray(new String[0]);
                attributeSlots =
                        keys.values().stream().mapToInt(slot -> (Integer) slot).toArray();
            } else if (fixed[i] instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof Part) {
                holding.add(i);
                list.forEach(each -> ((Part) each).freeze());
            } else if (required[i] && fixed[i] == null) {
                neededWithin.add(i);
            }
        }
        filled = ints(filling);
        within = ints(holding);
        demanded = ints(needed);
        demandedWithin = ints(neededWithin);
        selecting = IntStream.range(0, selects.length).filter(i -> selects[i]).toArray();
        demands = IntStream.of(selecting).mapToObj(i -> onlyWord(fixed[i])).toArray();
        preference = shape.index("preference");
    }

    private static @Nullable Object onlyWord(@Nullable Object demanded) {
        return demanded instanceof Set<?> words && words.size() == 1
                ? new OneOf(words.iterator().next())
                : demanded;
    }

    /** A word that must be among those of the composite. */
    private record OneOf(Object word) {}

    private static int[] ints(List<Integer> numbers) {
        return numbers.stream().mapToInt(number -> number).toArray();
    }

    // ---- making

    /** The value of a field; null if it is absent or null. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"
    }) // the shape and its makers are written side by side
    <V> @Nullable V get(@Nullable Object[] values, int field) {
        int slot = slots[field];
        if (slot >= 0) {
            Object value = values[slot];
            if (value != null) {
                return value == NULL ? null : (V) value;
            }
        }
        Object constant = fixed[field];
        return constant instanceof Part part ? (V) part.make(values) : (V) constant;
    }

    /** The value of a field without which the part is not made. */
    @SuppressWarnings("TypeParameterUnusedInFormals")
    <V> V need(@Nullable Object[] values, int field) {
        V value = get(values, field);
        return Objects.requireNonNull(value);
    }

    <V> V or(@Nullable Object[] values, int field, V otherwise) {
        V value = get(values, field);
        return value == null ? otherwise : value;
    }

    /** A text, empty if there is none. */
    String text(@Nullable Object[] values, int field) {
        return or(values, field, "");
    }

    /** The parts of a list that can be made. */
    @SuppressWarnings("unchecked")
    <V> List<V> list(@Nullable Object[] values, int field) {
        List<Part> parts = (List<Part>) fixed[field];
        if (parts == null) {
            return List.of();
        }
        Object only = null;
        List<Object> more = null;
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            if (part.items >= 0) {
                more = more == null ? started(only) : more;
                only = null;
                part.makeItems(values, more);
                continue;
            }
            Object made = part.make(values);
            if (made == null) {
                continue;
            }
            if (more != null) {
                more.add(made);
            } else if (only == null) {
                only = made;
            } else {
                more = started(only);
                more.add(made);
            }
        }
        return (List<V>) (more != null ? List.copyOf(more) : only == null ? List.of() : List.of(only));
    }

    private static List<Object> started(@Nullable Object first) {
        List<Object> list = new ArrayList<>();
        if (first != null) {
            list.add(first);
        }
        return list;
    }

    private void makeItems(@Nullable Object[] values, List<Object> into) {
        if (values[items] instanceof List<?> list) {
            for (Object item : list) {
                Object made = make((Object[]) item);
                if (made != null) {
                    into.add(made);
                }
            }
        }
    }

    Map<String, AttributeValue> attributes(@Nullable Object[] values) {
        if (attributeKeys.length == 0) {
            return Map.of();
        }
        Map<String, AttributeValue> attributes = new LinkedHashMap<>();
        for (int i = 0; i < attributeKeys.length; i++) {
            Object value = values[attributeSlots[i]];
            if (value != null && value != NULL) {
                attributes.put(attributeKeys[i], attribute(value));
            }
        }
        return attributes;
    }

    /** The composite; null if no slot says anything about it or a field is missing without which it cannot be. */
    @Nullable
    Object make(@Nullable Object[] values) {
        // What has all that is demanded has something.
        return complete(values) && (demanded.length > 0 || present(values)) ? shape.make(this, values) : null;
    }

    private boolean complete(@Nullable Object[] values) {
        for (int slot : demanded) {
            if (values[slot] == null || values[slot] == NULL) {
                return false;
            }
        }
        for (int field : demandedWithin) {
            if (get(values, field) == null) {
                return false;
            }
        }
        return true;
    }

    /** The first field without which the composite cannot be made and that has no value; null if it can be made. */
    @Nullable
    String missing(@Nullable Object[] values) {
        for (int i = 0; i < slots.length; i++) {
            if (required[i] && get(values, i) == null) {
                return shape.fields.get(i).name();
            }
        }
        return null;
    }

    /** Whether a slot has something for it. */
    boolean present(@Nullable Object[] values) {
        for (int field : filled) {
            Object value = values[slots[field]];
            if (value != null && value != NULL) {
                return true;
            }
        }
        for (int field : within) {
            if (presentWithin(fixed[field], values)) {
                return true;
            }
        }
        return false;
    }

    private static boolean presentWithin(@Nullable Object within, @Nullable Object[] values) {
        if (within instanceof Part part) {
            return part.present(values);
        }
        if (within instanceof List<?> parts) {
            for (Object each : parts) {
                if (each instanceof Part part
                        && (part.items >= 0 ? values[part.items] != null : part.present(values))) {
                    return true;
                }
            }
        }
        return false;
    }

    // ---- taking apart

    /** Puts the fields of a composite into their slots; of an absent one nothing. */
    void explode(@Nullable Object composite, @Nullable Object[] into) {
        if (composite == null) {
            return;
        }
        for (int field : filled) {
            Object value = field(composite, field);
            into[slots[field]] = texts[field] && isEmpty(value) ? null : value;
        }
        for (int field : within) {
            Object inside = fixed[field];
            Object inner = field(composite, field);
            if (inside instanceof Part part) {
                part.explode(inner != null && part.fits(inner) ? inner : null, into);
            } else if (inside instanceof List<?> parts && inner instanceof List<?> items) {
                for (int i = 0; i < parts.size(); i++) {
                    ((Part) parts.get(i)).explodeFrom(items, into);
                }
            } else if (inner instanceof Map<?, ?> attributes) {
                explodeAttributes(attributes, into);
            }
        }
    }

    private static boolean isEmpty(@Nullable Object value) {
        return value instanceof List<?> list && list.isEmpty();
    }

    private void explodeFrom(List<?> list, @Nullable Object[] into) {
        if (items >= 0) {
            List<Object> exploded = new ArrayList<>(list.size());
            for (Object item : list) {
                @Nullable Object[] fields = new Object[itemSlots];
                explode(item, fields);
                exploded.add(fields);
            }
            into[items] = exploded;
            return;
        }
        explode(pick(list), into);
    }

    private @Nullable Object pick(List<?> list) {
        if (step != null && step.index() >= 0) {
            return step.index() < list.size() ? list.get(step.index()) : null;
        }
        if (step != null && step.primary()) {
            return first(list);
        }
        for (int i = 0; i < list.size(); i++) {
            Object item = list.get(i);
            if (fits(item)) {
                return item;
            }
        }
        return null;
    }

    /** The one with the best preference, or the first where there is no preference. */
    private @Nullable Object first(List<?> list) {
        if (list.size() == 1) {
            return list.get(0);
        }
        Object best = null;
        int bestRank = Integer.MAX_VALUE;
        for (Object item : list) {
            int rank = preference >= 0 && field(item, preference) instanceof Integer stated ? stated : 101;
            if (rank < bestRank) {
                best = item;
                bestRank = rank;
            }
        }
        return best;
    }

    /** Whether a composite has what the selectors demand. */
    private boolean fits(Object composite) {
        for (int i = 0; i < selecting.length; i++) {
            if (!agrees(demands[i], field(composite, selecting[i]))) {
                return false;
            }
        }
        return true;
    }

    private static boolean agrees(@Nullable Object demanded, @Nullable Object found) {
        if (demanded instanceof String || demanded == found) {
            return Objects.equals(demanded, found);
        }
        if (demanded instanceof OneOf one) {
            return found instanceof Set<?> has && has.contains(one.word());
        }
        if (demanded instanceof Coded<?> word && found instanceof Coded<?> other) {
            return word.known() != null ? word.known() == other.known() : word.equals(other);
        }
        if (demanded instanceof Set<?> words) {
            return found instanceof Set<?> has && has.containsAll(words);
        }
        return Objects.equals(demanded, found);
    }

    private @Nullable Object field(Object composite, int field) {
        return getters[field].apply(composite);
    }

    private void explodeAttributes(Map<?, ?> attributes, @Nullable Object[] into) {
        for (int i = 0; i < attributeKeys.length; i++) {
            Object value = attributes.get(attributeKeys[i]);
            into[attributeSlots[i]] = value == null ? null : plain((AttributeValue) value);
        }
    }

    /** The typed value for what a converter made. */
    static AttributeValue attribute(Object value) {
        if (value instanceof String text) {
            return AttributeValue.of(text);
        }
        if (value instanceof BigInteger number) {
            return new AttributeValue.IntegerValue(number);
        }
        if (value instanceof BigDecimal number) {
            return AttributeValue.of(number);
        }
        if (value instanceof Money money) {
            return AttributeValue.of(money);
        }
        if (value instanceof Boolean yes) {
            return AttributeValue.of((boolean) yes);
        }
        if (value instanceof LocalDate date) {
            return AttributeValue.of(date);
        }
        if (value instanceof Instant instant) {
            return AttributeValue.of(instant);
        }
        if (value instanceof Word word) {
            return new AttributeValue.EnumValue(word.text());
        }
        if (value instanceof List<?> list) {
            return new AttributeValue.ListValue(
                    list.stream().map(Part::attribute).toList());
        }
        throw new IllegalStateException(
                "no attribute holds a " + value.getClass().getSimpleName());
    }

    /** What a converter works with; the opposite of {@link #attribute}. */
    static Object plain(AttributeValue value) {
        if (value instanceof AttributeValue.TextValue text) {
            return text.value();
        }
        if (value instanceof AttributeValue.IntegerValue number) {
            return number.value();
        }
        if (value instanceof AttributeValue.DecimalValue number) {
            return number.value();
        }
        if (value instanceof AttributeValue.MoneyValue money) {
            return money.value();
        }
        if (value instanceof AttributeValue.BooleanValue yes) {
            return yes.value();
        }
        if (value instanceof AttributeValue.DateValue date) {
            return date.value();
        }
        if (value instanceof AttributeValue.InstantValue instant) {
            return instant.value();
        }
        if (value instanceof AttributeValue.EnumValue word) {
            return new Word(word.value());
        }
        if (value instanceof AttributeValue.ListValue list) {
            return list.values().stream().map(Part::plain).toList();
        }
        return ((AttributeValue.RefValue) value).value();
    }

    /** A word from a vendor's list, told apart from free text. */
    record Word(String text) {}
}
