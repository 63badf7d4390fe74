package io.crmsdk.sync;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What counts as the same on both sides, without asking who changed it. A value that the target stores otherwise than it was given
 * is the same as long as both sides hold what they held when they agreed; a field that only a person may grant is compared as it
 * stands. Not thread-safe.
 */
final class Comparison {
    private final Setup setup;
    private final Map<String, Boolean> words = new HashMap<>();

    Comparison(Setup setup) {
        this.setup = setup;
    }

    /** In pairs that go both ways, only what the source has words for; the rest is the target's own affair. */
    Fields spoken(Fields fields) {
        return setup.bothWays() ? fields.only(path -> words.computeIfAbsent(path, this::hasWord)) : fields;
    }

    private boolean hasWord(String path) {
        Fields probe = Fields.builder().put(path, Fields.EMPTY).build();
        return !setup.translation().toSource(probe).isEmpty();
    }

    /** What of a source's record has to be found at the target. */
    Fields ours(Fields ours) {
        return ours.only(path -> counts(path) && !ours.isEmptyAt(path));
    }

    /**
     * What a target's record says, each value in the form in which the source holds it if both agreed on that. Where this and
     * {@link #ours} are equal, nothing differs; the other way round it need not be so.
     *
     * @param wanted the paths that the source speaks of
     */
    Fields theirs(Fields theirs, @Nullable Link link, Predicate<String> wanted) {
        Fields.Builder said = Fields.builder();
        Fields spoken = spoken(theirs);
        for (String path : spoken.paths()) {
            String value = counts(path) && wanted.test(path) ? asAgreed(path, spoken.get(path), link) : null;
            if (value != null && !Fields.isEmptyValue(value)) {
                said.put(path, value);
            }
        }
        return said.build();
    }

    private @Nullable String asAgreed(String path, @Nullable String value, @Nullable Link link) {
        if (link == null || setup.grants().containsKey(path)) {
            return value;
        }
        String agreed = link.targetBase().get(path);
        return agreed != null && Diff.isSame(agreed, value) ? link.sourceBase().get(path) : value;
    }

    private boolean counts(String path) {
        return setup.bothWays()
                || setup.grants().containsKey(path)
                || setup.policies().getOrDefault(path, setup.usual()) != FieldPolicy.TARGET_OWNS;
    }

    /**
     * The paths at which two records say different things, except those of {@link #optedOut}.
     *
     * @param link what they agreed on; null if they are not linked
     */
    Set<String> differing(Fields ours, Fields theirs, @Nullable Link link) {
        Fields spoken = spoken(theirs);
        Set<String> paths = new TreeSet<>(ours.paths());
        if (setup.bothWays()) {
            paths.addAll(spoken.paths());
        }
        paths.removeIf(path -> !counts(path) || isSame(path, ours.get(path), spoken.get(path), link));
        paths.removeAll(optedOut(ours, theirs).keySet());
        return paths;
    }

    private boolean isSame(String path, @Nullable String ours, @Nullable String theirs, @Nullable Link link) {
        if (Diff.isSame(ours, theirs)) {
            return true;
        }
        if (ours == null) {
            return setup.policies().getOrDefault(path, setup.usual()) == FieldPolicy.SOURCE_OWNS
                    || (link != null && Diff.isSame(theirs, link.targetBase().get(path)));
        }
        if (link == null || setup.grants().containsKey(path)) {
            return false;
        }
        String agreed = link.targetBase().get(path);
        return agreed != null
                && Diff.isSame(theirs, agreed)
                && Diff.isSame(ours, link.sourceBase().get(path));
    }

    /** The paths at which one side grants what the other says no to, with the side that says no. */
    Map<String, Side> optedOut(Fields ours, Fields theirs) {
        Map<String, Side> found = new TreeMap<>();
        setup.grants().forEach((path, grant) -> {
            String here = ours.get(path);
            String there = theirs.get(path);
            if (isSaid(here) && isSaid(there) && grant.equals(here) != grant.equals(there)) {
                found.put(path, grant.equals(here) ? Side.TARGET : Side.SOURCE);
            }
        });
        return found;
    }

    private static boolean isSaid(@Nullable String value) {
        return value != null && !Fields.isEmptyValue(value);
    }
}
