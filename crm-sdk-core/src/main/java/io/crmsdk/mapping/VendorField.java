package io.crmsdk.mapping;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is declared about one field of a vendor's record. Immutable; equality by value.
 *
 * @param path where it is, for example {@code properties.email}
 * @param type what it holds; null if not declared
 * @param length longest text; 0 if not declared
 * @param unit in what the length is counted
 * @param required whether the vendor refuses a new record without it
 * @param writable whether the vendor takes a value for it
 * @param values the words it may hold; empty if not declared
 * @param doc for people; null if absent
 */
public record VendorField(
        String path,
        @Nullable VendorType type,
        int length,
        LengthUnit unit,
        boolean required,
        boolean writable,
        List<String> values,
        @Nullable String doc) {
    /** Copies the words. */
    public VendorField {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(unit, "unit");
        values = List.copyOf(values);
        if (length < 0) {
            throw new IllegalArgumentException("a length is 0 or more, got " + length);
        }
    }

    /** A writable field of this type. */
    public static VendorField of(String path, VendorType type) {
        return new VendorField(path, type, 0, LengthUnit.CHARACTERS, false, true, List.of(), null);
    }

    /** The same with a longest text, in code points. */
    public VendorField longest(int newLength) {
        return new VendorField(path, type, newLength, unit, required, writable, values, doc);
    }

    /** The same, counted in another unit. */
    public VendorField countedIn(LengthUnit newUnit) {
        return new VendorField(path, type, length, newUnit, required, writable, values, doc);
    }

    /** The same, without which the vendor refuses a new record. */
    public VendorField asRequired() {
        return new VendorField(path, type, length, unit, true, writable, values, doc);
    }

    /** The same, which the vendor sets itself. */
    public VendorField readOnly() {
        return new VendorField(path, type, length, unit, required, false, values, doc);
    }

    /** The same with the words that it may hold. */
    public VendorField oneOf(String... words) {
        return new VendorField(path, type, length, unit, required, writable, List.of(words), doc);
    }
}
