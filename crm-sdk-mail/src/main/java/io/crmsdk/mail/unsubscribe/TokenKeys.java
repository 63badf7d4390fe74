package io.crmsdk.mail.unsubscribe;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of one kind of link. A token of one kind is none of another, whatever it says: each kind derives keys of its
 * own. Thread-safe; shows no secret.
 */
final class TokenKeys {
    /** What a link is for. */
    enum Kind {
        /** Unsubscribes. */
        LEAVE("1", "unsubscribe"),
        /** Opens the preference page. */
        PREFERENCES("p1", "preferences"),
        /** Confirms a subscription. */
        CONFIRM("c1", "confirm");

        private final String mark;
        private final String purpose;

        Kind(String mark, String purpose) {
            this.mark = mark;
            this.purpose = purpose;
        }
    }

    /** Kept below what header lines (RFC 5322 §2.1.1) and mail programs carry. */
    private static final int MAX_SEALED = 1_600;

    private static final Pattern TOKEN = Pattern.compile("([a-z]?1)\\.([A-Za-z0-9_-]{1,16})\\.([A-Za-z0-9_-]{1,1600})");

    private final Kind kind;
    private final TokenKey current;
    private final Map<String, TokenKey> keys;

    TokenKeys(Kind kind, Map<String, byte[]> secrets, String brand) {
        this.kind = kind;
        Map<String, TokenKey> made = new LinkedHashMap<>();
        secrets.forEach((id, secret) -> made.put(id, new TokenKey(id, secret, kind.purpose, brand)));
        current = made.values().iterator().next();
        keys = Map.copyOf(made);
    }

    String seal(String text) {
        return kind.mark + "." + current.id() + "." + current.seal(text);
    }

    /** What a token says; null if it is not, to the last bit, one of this kind that one of these secrets made. */
    @Nullable
    String open(String token) {
        if (token.length() > MAX_SEALED) {
            return null;
        }
        Matcher matcher = TOKEN.matcher(token);
        if (!matcher.matches() || !matcher.group(1).equals(kind.mark)) {
            return null;
        }
        TokenKey key = keys.get(matcher.group(2));
        return key == null ? null : key.open(matcher.group(3));
    }

    @Override
    public String toString() {
        return "TokenKeys[" + kind + ", keys " + keys.keySet() + "]";
    }
}
