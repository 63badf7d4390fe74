package io.crmsdk.mapping;

import io.crmsdk.mapping.Type.Kind;
import io.crmsdk.model.Coded;
import io.crmsdk.model.VipLevel;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A vendor's words and ours. An unknown word is carried where the field can carry it and refused where it cannot. */
final class WordConverters {
    private WordConverters() {}

    /** By a table of words. */
    static Bound enumeration(Arguments a) {
        a.only("out", "unknown");
        a.makes(Kind.WORD, Kind.CODED, Kind.TEXT, Kind.EXACT, Kind.ATTRIBUTE);
        Map<String, String> words = a.table();
        if (words.isEmpty()) {
            throw new ConversionFault("ENUM_IMAGE", "enum needs its table of words");
        }
        String unknown = a.option("unknown");
        if (unknown != null && (!unknown.equals("keep") || a.target().kind() == Kind.WORD)) {
            throw new ConversionFault(
                    "ARGUMENT",
                    "unknown is keep, for fields that can hold a foreign word; a coded field always keeps it");
        }
        Map<String, Object> in = new LinkedHashMap<>();
        Map<Object, String> out = new HashMap<>();
        words.forEach((word, image) -> {
            Object value = value(a.target(), image);
            in.put(word, value);
            out.putIfAbsent(value, word);
        });
        Map<String, String> extra = a.table("out");
        extra.forEach((image, word) -> out.put(value(a.target(), image), word));
        declaredWords(a, in);
        boolean exact = extra.isEmpty()
                && in.size() == out.size()
                && unknown == null
                && a.target().kind() != Kind.CODED;
        return new Words(exact, a.target(), Map.copyOf(in), Map.copyOf(out), unknown != null);
    }

    /** Every word that the vendor's field can hold must have an image, if the canonical field cannot carry foreign words. */
    private static void declaredWords(Arguments a, Map<String, Object> in) {
        VendorField field = a.fields().get(0);
        if (field == null) {
            return;
        }
        for (String word : field.values()) {
            if (!in.containsKey(word) && a.target().kind() == Kind.WORD) {
                throw new ConversionFault("ENUM_IMAGE", "the vendor's word " + word + " has no image");
            }
        }
        for (String word : in.keySet()) {
            if (!field.values().isEmpty() && !field.values().contains(word)) {
                throw new ConversionFault("ENUM_IMAGE", "the vendor's field has no word " + word);
            }
        }
    }

    /** By the constants' own names. */
    static Bound word(Arguments a) {
        a.none();
        a.only();
        a.makes(Kind.WORD, Kind.CODED, Kind.ATTRIBUTE);
        if (a.target().kind() == Kind.ATTRIBUTE) {
            return Bound.iso("word", VendorType.TEXT, Part.Word::new, Part.Word::text);
        }
        Map<String, Object> in = new HashMap<>();
        Map<Object, String> out = new HashMap<>();
        for (String name : names(a.target())) {
            Object value = value(a.target(), name);
            in.put(name, value);
            out.put(value, name);
        }
        return new Words(false, a.target(), in, out, false);
    }

    static List<String> names(Type target) {
        Class<? extends Enum<?>> words = target.words();
        return words == null
                ? List.of()
                : List.of(words.getEnumConstants()).stream().map(Enum::name).toList();
    }

    /** @throws ConversionFault {@code ENUM_IMAGE} if the field has no such constant */
    static Object value(Type target, String image) {
        return switch (target.kind()) {
            case WORD -> constant(target, image);
            case CODED -> coded(constant(target, image));
            case ATTRIBUTE -> new Part.Word(image);
            default -> image;
        };
    }

    private static Enum<?> constant(Type target, String image) {
        Class<? extends Enum<?>> words = target.words();
        if (words != null) {
            for (Enum<?> word : words.getEnumConstants()) {
                if (word.name().equals(image)) {
                    return word;
                }
            }
        }
        throw new ConversionFault(
                "ENUM_IMAGE", "no constant is named " + image + "; known are " + String.join(", ", names(target)));
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Object coded(Enum constant) {
        return Coded.of(constant);
    }

    /** Constants for which nothing can be written; empty if the way back is complete. */
    static List<String> withoutWord(Bound bound) {
        return bound instanceof Words words ? words.withoutWord() : List.of();
    }

    /** Every word that can be written; empty if the converter has no table. */
    static List<String> written(Bound bound) {
        return bound instanceof Words words ? List.copyOf(words.out.values()) : List.of();
    }

    private static final class Words extends Bound {
        private final Type target;
        private final Map<String, Object> in;
        private final Map<Object, String> out;
        private final Map<Object, String> byConstant = new HashMap<>();
        private final boolean keepsUnknown;

        Words(boolean exact, Type target, Map<String, Object> in, Map<Object, String> out, boolean keepsUnknown) {
            super("enum", exact ? Promise.ISO : Promise.LENS, VendorType.TEXT);
            this.target = target;
            this.in = in;
            this.out = out;
            this.keepsUnknown = keepsUnknown;
            out.forEach((value, word) -> {
                if (value instanceof Coded<?> coded && coded.known() != null) {
                    byConstant.put(coded.known(), word);
                }
            });
        }

        List<String> withoutWord() {
            return names(target).stream()
                    .filter(name -> !out.containsKey(value(target, name)))
                    .filter(name -> !name.equals(VipLevel.UNKNOWN.name()))
                    .toList();
        }

        @Override
        Object get(String text) {
            Object value = in.get(text);
            if (value == null) {
                value = in.get(text.strip());
            }
            return value != null ? value : foreign(text.strip());
        }

        private Object foreign(String text) {
            if (target.kind() == Kind.CODED) {
                return Coded.other(text);
            }
            if (keepsUnknown) {
                return target.kind() == Kind.ATTRIBUTE ? new Part.Word(text) : text;
            }
            throw new ConversionFault("UNKNOWN_WORD", "a word that the mapping does not know");
        }

        @Override
        String put(@Nullable String old, Object value) {
            if (old != null && value.equals(Bound.quietly(this::get, old))) {
                return old;
            }
            String word = value instanceof Coded<?> coded && coded.raw() == null && coded.known() != null
                    ? byConstant.get(coded.known())
                    : out.get(value);
            if (word != null) {
                return word;
            }
            if (value instanceof Coded<?> coded) {
                if (coded.raw() != null && (coded.known() == null || in.containsKey(coded.raw()))) {
                    return coded.raw();
                }
                String known = coded.known() == null ? null : out.get(coded(coded.known()));
                if (known != null) {
                    return known;
                }
            } else if (keepsUnknown) {
                return value instanceof Part.Word foreign ? foreign.text() : (String) value;
            }
            throw new ConversionFault("ENUM_IMAGE", "the vendor has no word for this value");
        }
    }
}
