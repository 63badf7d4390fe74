package io.crmsdk.mapping;

import io.crmsdk.quality.Judge;
import java.util.Arrays;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A converter with its arguments, bound to the field that it fills. Immutable and thread-safe. */
abstract class Bound {
    /** What a converter promises about the way back. */
    enum Promise {
        ISO,
        LENS,
        ONE_WAY
    }

    final String name;
    final Promise promise;
    /** What it writes where the vendor's type is not declared. */
    final VendorType writes;
    /** How it judges a cell of a sheet; null if a cell's text is read as any other. */
    final @Nullable Judge<?> judge;

    Bound(String name, Promise promise, VendorType writes) {
        this(name, promise, writes, null);
    }

    private Bound(String name, Promise promise, VendorType writes, @Nullable Judge<?> judge) {
        this.name = name;
        this.promise = promise;
        this.writes = writes;
        this.judge = judge;
    }

    /** Whether it takes the text as it is. */
    boolean isId() {
        return name.equals("id");
    }

    /** How many vendor fields it takes; more than one only if it says so. */
    boolean takes(int sources) {
        return sources == 1;
    }

    /** The value of one vendor field; null if it says that there is none. */
    abstract @Nullable Object get(String text);

    /** The value of several vendor fields, each null if absent, null or blank; at least one is there. */
    @Nullable
    Object get(@Nullable String[] texts) {
        String text = texts[0];
        return text == null ? null : get(text);
    }

    /** What to write to one vendor field that holds {@code old}. */
    abstract String put(@Nullable String old, Object value);

    /** What to write to several vendor fields. */
    @Nullable
    String[] put(@Nullable String[] old, Object value) {
        return new @Nullable String[] {put(old[0], value)};
    }

    /** The vendor field that holds the city of the row, for judges that want it; null if none. */
    @Nullable
    String city() {
        return null;
    }

    static <T> Bound iso(String name, VendorType writes, Function<String, T> get, Function<T, String> put) {
        return new Bound(name, Promise.ISO, writes) {
            @Override
            @Nullable
            Object get(String text) {
                return get.apply(text);
            }

            @Override
            @SuppressWarnings("unchecked")
            String put(@Nullable String old, Object value) {
                return put.apply((T) value);
            }
        };
    }

    /** Keeps the old text if it already means the value, else writes the usual one. */
    static <T> Bound keeping(String name, VendorType writes, Function<String, T> get, Function<T, String> usual) {
        return new Bound(name, Promise.LENS, writes) {
            @Override
            @Nullable
            Object get(String text) {
                return get.apply(text);
            }

            @Override
            @SuppressWarnings("unchecked")
            String put(@Nullable String old, Object value) {
                return old != null && value.equals(quietly(get, old)) ? old : usual.apply((T) value);
            }
        };
    }

    static <T> Bound lens(
            String name, VendorType writes, Function<String, T> get, BiFunction<@Nullable String, T, String> put) {
        return new Bound(name, Promise.LENS, writes) {
            @Override
            @Nullable
            Object get(String text) {
                return get.apply(text);
            }

            @Override
            @SuppressWarnings("unchecked")
            String put(@Nullable String old, Object value) {
                return put.apply(old, (T) value);
            }
        };
    }

    static <T> Bound oneWay(String name, Function<String, T> get) {
        return new OneWay(name) {
            @Override
            @Nullable
            Object get(String text) {
                return get.apply(text);
            }
        };
    }

    static <T> Bound of(Converter<T> converter) {
        if (converter instanceof Converter.Iso<T> iso) {
            return iso(iso.name(), VendorType.TEXT, iso.reading(), iso.writing());
        }
        if (converter instanceof Converter.Lens<T> lens) {
            return lens(lens.name(), VendorType.TEXT, lens.reading(), lens.writing());
        }
        return oneWay(converter.name(), converter::get);
    }

    static <T> @Nullable Object quietly(Function<String, T> get, String text) {
        try {
            return get.apply(text);
        } catch (RuntimeException e) {
            return null;
        }
    }

    /** A converter that takes several vendor fields together. */
    abstract static class Several extends Bound {
        private final int least;
        private final int most;

        Several(String name, Promise promise, VendorType writes, int least, int most) {
            super(name, promise, writes);
            this.least = least;
            this.most = most;
        }

        @Override
        boolean takes(int sources) {
            return sources >= least && sources <= most;
        }

        @Override
        @Nullable
        Object get(String text) {
            return get(new @Nullable String[] {text});
        }

        @Override
        String put(@Nullable String old, Object value) {
            String written = put(new @Nullable String[] {old}, value)[0];
            return written == null ? "" : written;
        }

        @Override
        abstract @Nullable Object get(@Nullable String[] texts);

        @Override
        @Nullable
        String[] put(@Nullable String[] old, Object value) {
            throw new IllegalStateException(name + " has no way back from " + Arrays.toString(new int[] {old.length}));
        }
    }

    /** A converter without way back. */
    abstract static class OneWay extends Bound {
        OneWay(String name) {
            super(name, Promise.ONE_WAY, VendorType.TEXT);
        }

        OneWay(String name, Judge<?> judge) {
            super(name, Promise.ONE_WAY, VendorType.TEXT, judge);
        }

        @Override
        String put(@Nullable String old, Object value) {
            throw new IllegalStateException(name + " has no way back");
        }
    }
}
