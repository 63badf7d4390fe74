package io.crmsdk.model;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.Phonenumber;
import io.crmsdk.Redaction;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A phone number: its international form if it could be read with certainty, and always what was written.
 *
 * <p>{@link #parse} knows the world's numbering plans and refuses what they alone would turn into somebody else's number:
 * letters, masked digits, spreadsheet numbers, two numbers in one text. Immutable; equality by value;
 * {@link #toString()} is masked.
 */
public final class PhoneNumber {
    /** What a number is by its numbering plan. */
    public enum Kind {
        /** Reaches one person's mobile. */
        MOBILE,
        /** Has an area code. */
        LANDLINE,
        /** The plan does not tell mobile and landline apart. */
        LANDLINE_OR_MOBILE,
        /** A service, such as 400 and 800 numbers; takes no text messages. */
        SERVICE,
        /** None of these, or the number could not be read. */
        OTHER
    }

    private static final String FIELD = "phones.number";
    private static final int MAX_RAW = 100;
    private static final PhoneNumberUtil PLANS = PhoneNumberUtil.getInstance();
    private static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{1,14}");
    private static final Pattern EXTENSION = Pattern.compile("[0-9]{1,8}");

    private final String raw;
    private final @Nullable String e164;
    private final @Nullable String extension;
    /** Follows from {@link #e164}; null if it was not asked yet when this was made. */
    private final @Nullable Kind kind;

    private PhoneNumber(String raw, @Nullable String e164, @Nullable String extension, @Nullable Kind kind) {
        this.raw = raw;
        this.e164 = e164;
        this.extension = extension;
        this.kind = kind;
    }

    /**
     * Reads a number by the plan of its country code or else of {@code region}.
     *
     * <p>Widths, blanks, brackets, dots and hyphens do not matter; an extension may follow {@code 转}, {@code 分机},
     * {@code ext}, {@code x}, {@code #} or, after a Chinese landline, a hyphen.
     *
     * @param text what was written
     * @param region ISO 3166-1 alpha-2 of the country whose numbers may be written without country code, for example
     *     {@code CN}
     * @throws ModelException {@code INVALID_PHONE}, {@code MASKED}, {@code SCIENTIFIC_NOTATION}, {@code PRECISION} (a
     *     decimal point as left by a spreadsheet) or {@code AMBIGUOUS_PHONE} (two numbers)
     */
    public static PhoneNumber parse(String text, String region) {
        Objects.requireNonNull(region, "region");
        PhoneText written = PhoneText.read(text, region);
        Phonenumber.PhoneNumber number;
        try {
            number = PLANS.parse(written.number(), region);
        } catch (NumberParseException e) {
            throw new ModelException("INVALID_PHONE", FIELD, "not a phone number", e);
        }
        PhoneNumberUtil.PhoneNumberType type = PLANS.getNumberType(number);
        if (type == PhoneNumberUtil.PhoneNumberType.UNKNOWN) {
            throw new ModelException(
                    "INVALID_PHONE", FIELD, "no such number in the plan of +" + number.getCountryCode());
        }
        String extension = written.extension();
        if (extension == null && number.hasExtension()) {
            extension = number.getExtension();
        }
        return checked(text, PLANS.format(number, PhoneNumberUtil.PhoneNumberFormat.E164), extension, kind(type));
    }

    /** As {@link #parse}, empty instead of an exception. */
    public static Optional<PhoneNumber> tryParse(String text, String region) {
        try {
            return Optional.of(parse(text, region));
        } catch (ModelException e) {
            return Optional.empty();
        }
    }

    /**
     * A number that is already in international form; only the form is checked, not whether the plan has it.
     *
     * @param e164 {@code +} and at most 15 digits, optionally followed by {@code ;ext=} and digits (RFC 3966)
     * @throws ModelException {@code INVALID_PHONE} otherwise
     */
    public static PhoneNumber ofE164(String e164) {
        int tail = e164.indexOf(";ext=");
        return tail < 0 ? of(e164, e164, null) : of(e164, e164.substring(0, tail), e164.substring(tail + 5));
    }

    /**
     * A number from its parts; only their form is checked.
     *
     * @param raw what was written
     * @param e164 {@code +} and at most 15 digits, or null if it could not be read
     * @param extension 1 to 8 digits, or null
     * @throws ModelException {@code INVALID_PHONE} if a part has not that form
     */
    public static PhoneNumber of(String raw, @Nullable String e164, @Nullable String extension) {
        return checked(raw, e164, extension, null);
    }

    private static PhoneNumber checked(
            String raw, @Nullable String e164, @Nullable String extension, @Nullable Kind kind) {
        if (raw.length() > MAX_RAW) {
            throw new ModelException("INVALID_PHONE", FIELD, "more than " + MAX_RAW + " characters");
        }
        if (e164 != null && !matches(E164, e164)) {
            throw new ModelException("INVALID_PHONE", FIELD, "expected + and at most 15 digits");
        }
        if (extension != null && !matches(EXTENSION, extension)) {
            throw new ModelException("INVALID_PHONE", FIELD, "an extension is 1 to 8 digits");
        }
        return new PhoneNumber(Text.required(FIELD, raw, MAX_RAW), e164, extension, kind);
    }

    /**
     * Keeps what was written of a number that could not be read.
     *
     * @throws ModelException if it is blank, longer than 100 characters or holds control characters
     */
    public static PhoneNumber unread(String raw) {
        return of(raw, null, null);
    }

    /** What was written. */
    public String raw() {
        return raw;
    }

    /** {@code +} and at most 15 digits without extension; null if the number could not be read. */
    public @Nullable String e164() {
        return e164;
    }

    /** The extension, 1 to 8 digits; null if there is none. */
    public @Nullable String extension() {
        return extension;
    }

    /** Whether there is an international form. */
    public boolean valid() {
        return e164 != null;
    }

    /** The international form with its extension, for example {@code +862162345678;ext=8001}; null if there is none. */
    public @Nullable String text() {
        return e164 == null || extension == null ? e164 : e164 + ";ext=" + extension;
    }

    /** What the number is by its numbering plan. */
    public Kind kind() {
        if (kind != null) {
            return kind;
        }
        if (e164 == null) {
            return Kind.OTHER;
        }
        try {
            return kind(PLANS.getNumberType(PLANS.parse(e164, null)));
        } catch (NumberParseException e) {
            return Kind.OTHER;
        }
    }

    private static Kind kind(PhoneNumberUtil.PhoneNumberType type) {
        return switch (type) {
            case MOBILE -> Kind.MOBILE;
            case FIXED_LINE -> Kind.LANDLINE;
            case FIXED_LINE_OR_MOBILE -> Kind.LANDLINE_OR_MOBILE;
            case TOLL_FREE, SHARED_COST, PREMIUM_RATE, UAN -> Kind.SERVICE;
            default -> Kind.OTHER;
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PhoneNumber that
                && raw.equals(that.raw)
                && Objects.equals(e164, that.e164)
                && Objects.equals(extension, that.extension);
    }

    @Override
    public int hashCode() {
        return Objects.hash(raw, e164, extension);
    }

    /** Masked: {@code +86***80}. */
    @Override
    public String toString() {
        return Redaction.phone(e164 != null ? e164 : raw);
    }

    private static boolean matches(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.matches();
    }
}
