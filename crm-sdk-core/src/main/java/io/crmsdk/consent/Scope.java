package io.crmsdk.consent;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What a consent or an objection is about: a node in a tree whose root is everything.
 *
 * <p>The text form is a path such as {@code marketing/newsletter}; the root is written {@code all}. Case, width and blanks
 * around a word do not matter. A scope {@linkplain #covers covers} itself and all below it. The words are the host's own;
 * a host that sends by several channels usually starts each path with the channel. Immutable; equality by path.
 */
public final class Scope implements Comparable<Scope> {
    /** Everything: the root of the tree. */
    public static final Scope ALL = new Scope("");

    /** The most characters of the text form. */
    public static final int MAX_LENGTH = 200;

    private static final String ROOT = "all";

    private final String path;

    private Scope(String path) {
        this.path = path;
    }

    /**
     * Reads the text form.
     *
     * @param text words joined by {@code /}, or {@code all}; a leading {@code all/} means nothing more
     * @throws ConsentException {@code INVALID_SCOPE} if a word is empty or has control characters, or the whole is longer
     *     than {@value #MAX_LENGTH} characters
     */
    public static Scope of(String text) {
        String folded = fold(text);
        if (folded.equals(ROOT)) {
            return ALL;
        }
        StringBuilder path = new StringBuilder();
        for (String word : folded.split("/", -1)) {
            if (path.length() > 0) {
                path.append('/');
            }
            path.append(word(word));
        }
        if (path.length() > MAX_LENGTH) {
            throw invalid("longer than " + MAX_LENGTH + " characters");
        }
        String found = path.toString();
        return new Scope(found.startsWith(ROOT + "/") ? found.substring(ROOT.length() + 1) : found);
    }

    /** A scope whose text form this class wrote. */
    static Scope stored(String text) {
        return text.equals(ROOT) ? ALL : new Scope(text);
    }

    /** Lower-casing may leave NFKC and the other way round; twice is a fixed point. */
    private static String fold(String text) {
        String once = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        return Normalizer.normalize(once, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .strip();
    }

    private static String word(String word) {
        String bare = word.strip();
        if (bare.isEmpty()) {
            throw invalid("an empty word");
        }
        if (bare.chars().anyMatch(c -> Character.isISOControl(c) || c == '\u2028' || c == '\u2029')) {
            throw invalid("a control character");
        }
        return bare;
    }

    private static ConsentException invalid(String rule) {
        return new ConsentException("INVALID_SCOPE", "scope: expected words joined by /, got " + rule);
    }

    /**
     * The node of this word below this one.
     *
     * @throws ConsentException {@code INVALID_SCOPE} as {@link #of}
     */
    public Scope child(String word) {
        return of((path.isEmpty() ? ROOT : path) + "/" + word);
    }

    /** The node above; the root's is the root. */
    public Scope parent() {
        int cut = path.lastIndexOf('/');
        return cut < 0 ? ALL : new Scope(path.substring(0, cut));
    }

    /** Whether the other is this scope or below it. */
    public boolean covers(Scope other) {
        return path.isEmpty()
                || path.equals(other.path)
                || (other.path.startsWith(path) && other.path.charAt(path.length()) == '/');
    }

    /** The words of the path, none for the root. */
    public List<String> words() {
        return path.isEmpty() ? List.of() : List.of(path.split("/"));
    }

    @Override
    public int compareTo(Scope other) {
        return path.compareTo(other.path);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Scope that && path.equals(that.path);
    }

    @Override
    public int hashCode() {
        return Objects.hash(path);
    }

    /** The text form, which {@link #of} reads. */
    @Override
    public String toString() {
        return path.isEmpty() ? ROOT : path;
    }
}
