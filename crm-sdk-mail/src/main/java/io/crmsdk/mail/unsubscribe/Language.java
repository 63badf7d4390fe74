package io.crmsdk.mail.unsubscribe;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What pages are written in. */
enum Language {
    ENGLISH("en", "English"),
    CHINESE("zh-CN", "中文");

    /** Browsers send less; what is longer is not looked at. */
    private static final int MAX_HEADER = 1_000;

    private final String tag;
    private final String ownName;

    Language(String tag, String ownName) {
        this.tag = tag;
        this.ownName = ownName;
    }

    String tag() {
        return tag;
    }

    /** What its speakers call it. */
    String ownName() {
        return ownName;
    }

    Locale locale() {
        return Locale.forLanguageTag(tag);
    }

    Language other() {
        return this == ENGLISH ? CHINESE : ENGLISH;
    }

    static Language of(Locale locale) {
        return locale.getLanguage().equals("zh") ? CHINESE : ENGLISH;
    }

    /** The one that the reader likes best by an {@code Accept-Language} (RFC 9110 §12.5.4), or the other argument. */
    static Language accepted(String header, Language otherwise) {
        Language found = header.isBlank() || header.length() > MAX_HEADER ? null : best(header);
        return found == null ? otherwise : found;
    }

    private static @Nullable Language best(String header) {
        List<Locale.LanguageRange> ranges;
        try {
            ranges = Locale.LanguageRange.parse(header);
        } catch (IllegalArgumentException e) {
            // Not by the rules: as if nothing had been said.
            return null;
        }
        for (Locale.LanguageRange range : ranges) {
            String first = range.getRange().split("-", 2)[0];
            if (range.getWeight() > 0 && first.equals("zh")) {
                return CHINESE;
            }
            if (range.getWeight() > 0 && first.equals("en")) {
                return ENGLISH;
            }
        }
        return null;
    }
}
