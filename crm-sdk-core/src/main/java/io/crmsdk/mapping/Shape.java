package io.crmsdk.mapping;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One composite of the canonical model: its fields, how it is made from their values and how it is taken apart. Built once, by
 * {@link CanonicalSchema}; nothing is found by reflection.
 */
final class Shape<T> {
    /** Makes the composite from the values that its part finds in the slots. */
    interface Maker<T> {
        T make(Part part, @Nullable Object[] slots);
    }

    /**
     * One field.
     *
     * @param type what it holds; null if it is a composite
     * @param shape the composite; null if it is a value
     * @param list whether there are several of the composite
     * @param required whether the composite cannot be without it
     * @param fillable whether the vendor may set it; our own id is only ever written
     * @param get takes it from the composite
     */
    record Field<T>(
            String name,
            @Nullable Type type,
            @Nullable Shape<?> shape,
            boolean list,
            boolean required,
            boolean fillable,
            Sensitivity sensitivity,
            Function<T, @Nullable Object> get) {}

    final String name;
    final List<Field<T>> fields = new ArrayList<>();
    private @Nullable Maker<T> maker;

    Shape(String name) {
        this.name = name;
    }

    Shape<T> value(String field, Type type, Sensitivity sensitivity, Function<T, @Nullable Object> get) {
        fields.add(new Field<>(field, type, null, false, false, true, sensitivity, get));
        return this;
    }

    Shape<T> required(String field, Type type, Sensitivity sensitivity, Function<T, @Nullable Object> get) {
        fields.add(new Field<>(field, type, null, false, true, true, sensitivity, get));
        return this;
    }

    Shape<T> writeOnly(String field, Type type, Function<T, @Nullable Object> get) {
        fields.add(new Field<>(field, type, null, false, false, false, Sensitivity.OPEN, get));
        return this;
    }

    Shape<T> part(String field, Shape<?> shape, Function<T, @Nullable Object> get) {
        fields.add(new Field<>(field, null, shape, false, false, true, Sensitivity.OPEN, get));
        return this;
    }

    Shape<T> requiredPart(String field, Shape<?> shape, Function<T, @Nullable Object> get) {
        fields.add(new Field<>(field, null, shape, false, true, true, Sensitivity.OPEN, get));
        return this;
    }

    Shape<T> parts(String field, Shape<?> shape, Function<T, @Nullable Object> get) {
        fields.add(new Field<>(field, null, shape, true, false, true, Sensitivity.OPEN, get));
        return this;
    }

    Shape<T> made(Maker<T> how) {
        maker = how;
        return this;
    }

    T make(Part part, @Nullable Object[] slots) {
        Maker<T> how = maker;
        if (how == null) {
            throw new IllegalStateException("the shape " + name + " is not finished");
        }
        return how.make(part, slots);
    }

    /** Place of a field; -1 if there is none of that name. */
    int index(String field) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).name().equals(field)) {
                return i;
            }
        }
        return -1;
    }

    List<String> names() {
        return fields.stream().map(Field::name).toList();
    }
}
