package io.crmsdk.mapping;

import io.crmsdk.model.Coded;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.model.Money;
import io.crmsdk.model.PartialDate;
import io.crmsdk.model.PhoneNumber;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Currency;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a canonical field holds.
 *
 * @param kind which kind of value
 * @param words the constants of a {@link Kind#WORD} or {@link Kind#CODED}, else null
 * @param longest most code points of a text; 0 for no text
 */
record Type(Kind kind, @Nullable Class<? extends Enum<?>> words, int longest) {
    enum Kind {
        /** A text, NFC and trimmed. */
        TEXT(String.class),
        /** An identifier, character for character. */
        EXACT(String.class),
        EMAIL(EmailAddress.class),
        PHONE(PhoneNumber.class),
        URL(URI.class),
        INTEGER(Integer.class),
        DECIMAL(BigDecimal.class),
        MONEY(Money.class),
        CURRENCY(Currency.class),
        BOOLEAN(Boolean.class),
        /** A date of which parts may be unknown. */
        DAY(PartialDate.class),
        DATE(LocalDate.class),
        INSTANT(Instant.class),
        /** One of a closed set of constants. */
        WORD(Enum.class),
        /** A constant or a foreign word. */
        CODED(Coded.class),
        /** Several texts. */
        TEXTS(List.class),
        /** Several constants. */
        WORDS(List.class),
        /** Anything that an attribute can hold. */
        ATTRIBUTE(Object.class),
        /** What a vendor's field says about consent; never part of a record. */
        CONSENT(ConsentSignal.class);

        final Class<?> java;

        Kind(Class<?> java) {
            this.java = java;
        }
    }

    /** What a host's converter may make of an attribute. */
    private static final Set<Class<?>> ATTRIBUTES = Set.of(
            String.class,
            BigInteger.class,
            BigDecimal.class,
            Money.class,
            Boolean.class,
            LocalDate.class,
            Instant.class);

    static Type of(Kind kind) {
        return new Type(kind, null, 0);
    }

    static Type text(int longest) {
        return new Type(Kind.TEXT, null, longest);
    }

    static Type exact(int longest) {
        return new Type(Kind.EXACT, null, longest);
    }

    static Type word(Class<? extends Enum<?>> words) {
        return new Type(Kind.WORD, words, 0);
    }

    static Type coded(Class<? extends Enum<?>> words) {
        return new Type(Kind.CODED, words, 255);
    }

    static Type words(Class<? extends Enum<?>> words) {
        return new Type(Kind.WORDS, words, 0);
    }

    /** Whether a converter that makes values of this class can serve. */
    boolean takes(Class<?> made) {
        return switch (kind) {
            case ATTRIBUTE -> ATTRIBUTES.contains(made);
            case WORD -> made == words;
            case CONSENT, TEXTS, WORDS, CODED -> false;
            default -> kind.java.isAssignableFrom(made);
        };
    }

    boolean isText() {
        return kind == Kind.TEXT || kind == Kind.EXACT || kind == Kind.ATTRIBUTE;
    }

    boolean isTime() {
        return kind == Kind.INSTANT;
    }

    boolean isMoney() {
        return kind == Kind.MONEY || kind == Kind.DECIMAL;
    }

    /** For messages. */
    String text() {
        String name = SpecReader.spelt(kind);
        return words == null ? name : name + " of " + words.getSimpleName();
    }
}
