package io.crmsdk.sync;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a plan would do, counted while it is made, with ten samples of each thing; memory does not grow with the plan. */
final class Tally {
    private static final int SAMPLES = 10;

    long linked;
    long creates;
    long updates;
    long archives;
    long blanked;
    long reassigned;
    long collapsed;
    long grants;
    long conflicts;
    long drifted;
    long swinging;
    long future;
    long seen;
    /** How many records a complete listing had; −1 if there was none. */
    long listed = -1;

    long listedBefore;
    /** How many records a complete listing of the target had; −1 if there was none. */
    long targetListed = -1;

    OptionalLong medianCreates = OptionalLong.empty();
    private final Map<Hold.Kind, List<String>> samples = new EnumMap<>(Hold.Kind.class);
    private final ValueCounts values = new ValueCounts();
    private final ChangeGuard guard;

    Tally(ChangeGuard guard) {
        this.guard = guard;
    }

    void created(String item, Fields fields) {
        creates++;
        sample(Hold.Kind.CREATES, item);
        boolean shared = false;
        for (String path : guard.telling()) {
            String value = fields.get(path);
            shared |= value != null
                    && !Fields.isEmptyValue(value)
                    && values.count(path + "=" + value) > guard.sameValue();
        }
        if (shared) {
            collapsed++;
            sample(Hold.Kind.COLLAPSED, item);
        }
    }

    void updated(String item, Fields changes, Fields before) {
        updates++;
        sample(Hold.Kind.UPDATES, item);
        if (changes.paths().stream().anyMatch(path -> changes.isEmptyAt(path) && isFilled(before.get(path)))) {
            blanked++;
            sample(Hold.Kind.BLANKED, item);
        }
        if (changes.paths().stream().anyMatch(guard.assigning()::contains)) {
            reassigned++;
            sample(Hold.Kind.REASSIGNED, item);
        }
    }

    private static boolean isFilled(@Nullable String value) {
        return value != null && !Fields.isEmptyValue(value);
    }

    void archived(String item) {
        archives++;
        sample(Hold.Kind.ARCHIVES, item);
    }

    void granted(String item) {
        grants++;
        sample(Hold.Kind.GRANT, item);
    }

    void inFuture(String item) {
        future++;
        sample(Hold.Kind.CLOCK, item);
    }

    long changes() {
        return creates + updates + archives;
    }

    private void sample(Hold.Kind kind, String item) {
        List<String> kept = samples.computeIfAbsent(kind, k -> new ArrayList<>());
        if (kept.size() < SAMPLES) {
            kept.add(item);
        }
    }

    List<String> samples(Hold.Kind kind) {
        return samples.getOrDefault(kind, List.of());
    }

    /**
     * Counts equal texts in 4 MiB, however many there are. A count may be too high if three hashes collide, which at a million
     * texts happens less than once in a billion.
     */
    static final class ValueCounts {
        private static final int BITS = 22;
        private byte[] cells = new byte[0];

        int count(String text) {
            if (cells.length == 0) {
                cells = new byte[1 << BITS];
            }
            long hash = hash(text);
            int least = 255;
            for (int i = 0; i < 3; i++) {
                hash = mix(hash + i);
                int cell = (int) (hash >>> (64 - BITS));
                if ((cells[cell] & 0xff) < 255) {
                    cells[cell]++;
                }
                least = Math.min(least, cells[cell] & 0xff);
            }
            return least;
        }

        private static long hash(String text) {
            long hash = 1125899906842597L;
            for (int i = 0; i < text.length(); i++) {
                hash = 31 * hash + text.charAt(i);
            }
            return hash;
        }

        private static long mix(long value) {
            long z = value + 0x9e3779b97f4a7c15L;
            z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
            z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
            return z ^ (z >>> 31);
        }
    }
}
