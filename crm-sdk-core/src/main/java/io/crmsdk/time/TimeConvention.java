package io.crmsdk.time;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How one field of one system writes time, as declared by whoever knows; nothing is ever guessed.
 *
 * <p>A declaration is a name and its options, joined by semicolons:
 *
 * <ul>
 *   <li>{@code rfc3339}: as in RFC 3339, offset mandatory; {@code ixdtf}: the same with the suffixes of RFC 9557
 *   <li>{@code iso;zone=Z}: ISO 8601, basic or extended; an offset in the value wins, else the zone, if declared
 *   <li>{@code local;zone=Z}: local text, year first, also in Chinese and full-width writing; {@code order=mdy} or
 *       {@code dmy} for day and month before the year; an offset in the value is an error
 *   <li>{@code date}: a day, which stays a day; also with {@code order}
 *   <li>{@code epoch-s}, {@code epoch-ms}, {@code epoch-us}, {@code epoch-ns}: a count since 1970; {@code epoch-auto}:
 *       unit by 10, 13, 16 or 19 digits
 *   <li>{@code excel1900;zone=Z}, {@code excel1904;zone=Z}: a spreadsheet's day count, which is local time
 *   <li>{@code http}: the three forms of RFC 9110 section 5.6.7; {@code mail}: RFC 5322 section 3.3 with its obsolete forms
 *   <li>{@code dotnet-json}: {@code /Date(1718094600000+0800)/}
 *   <li>{@code abap;zone=Z}: 14 digits, with or without fraction
 * </ul>
 *
 * <p>Wherever a zone may be declared, {@code gap=reject|forward|next} and {@code overlap=reject|earlier|later} say what
 * becomes of local times that the zone skipped or had twice; both are {@code reject} by default, {@code forward} is later by
 * the length of the gap and {@code next} the first moment after it. A zone is a name of the tz database or an offset
 * ({@code +08:00}, {@code GMT+8}); abbreviations such as {@code CST} are refused. {@code digits=0…9} on {@code rfc3339},
 * {@code ixdtf}, {@code iso} and {@code local} fixes how many fraction digits are written; local time is otherwise written
 * without a fraction.
 *
 * <p>In every convention: blanks around a value are ignored; fractions are cut after nine digits, never rounded;
 * {@code 24:00:00} is the end of its day; a leap second is taken only at 23:59:60 UTC on 30 June or 31 December and held at
 * second 59; offsets reach to ±14:00 and years from 0001 to 9999 in UTC; scientific notation is refused.
 *
 * <p>Immutable and thread-safe. Two conventions are equal if their declarations are.
 */
public final class TimeConvention {
    private static final int LONGEST_VALUE = 512;
    private static final Pattern SCIENTIFIC = Pattern.compile("[+-]?[0-9]+([.,][0-9]*)?[eE][+-]?[0-9]+");
    private static final Pattern ENDLESS = Pattern.compile("[+-]?infinity", Pattern.CASE_INSENSITIVE);

    private final String declaration;
    private final Form form;

    private TimeConvention(String declaration, Form form) {
        this.declaration = declaration;
        this.form = form;
    }

    /**
     * Reads a declaration, for example {@code local;zone=Asia/Shanghai}.
     *
     * @throws TimeException with {@link TimeError#BAD_CONVENTION} if name, option or choice is unknown, given twice or out of
     *     place; {@link TimeError#NO_ZONE} if the convention needs a zone and has none; {@link TimeError#UNKNOWN_ZONE},
     *     {@link TimeError#AMBIGUOUS_ZONE} or {@link TimeError#OUT_OF_RANGE} for the zone itself
     */
    public static TimeConvention of(String declaration) {
        Declaration declared = Declaration.parse(declaration);
        return new TimeConvention(declared.canonical(), declared.form());
    }

    /**
     * Reads a value.
     *
     * @param value as the system wrote it; null is {@link TimeError#MISSING}
     * @throws TimeException with the {@link TimeError} that says why not
     */
    public ParsedTime parse(@Nullable String value) {
        return parse(value, UtcClock.system());
    }

    /**
     * Reads a value, with the clock that decides the century of two-digit years in the obsolete form of {@code http}; no
     * other convention looks at it.
     *
     * @param value as the system wrote it; null is {@link TimeError#MISSING}
     * @throws TimeException with the {@link TimeError} that says why not
     */
    public ParsedTime parse(@Nullable String value, InstantSource now) {
        if (form instanceof Rfc3339 && value != null) {
            Instant common = Rfc3339.common(value);
            if (common != null) {
                return new ParsedTime.OfInstant(common);
            }
        }
        return form.read(accepted(value), now);
    }

    /**
     * Reads a moment.
     *
     * @throws TimeException as {@link #parse(String)}, and {@link TimeError#DATE_ONLY} if the convention is {@code date}
     */
    public Instant parseInstant(@Nullable String value) {
        if (parse(value) instanceof ParsedTime.OfInstant moment) {
            return moment.instant();
        }
        throw new TimeException(TimeError.DATE_ONLY, "a day has no instant; declare a convention for moments");
    }

    /**
     * Reads a day.
     *
     * @throws TimeException as {@link #parse(String)}, and {@link TimeError#MALFORMED} if the convention is not {@code date}
     */
    public LocalDate parseDate(@Nullable String value) {
        if (parse(value) instanceof ParsedTime.OfDate day) {
            return day.date();
        }
        throw new TimeException(TimeError.MALFORMED, "a moment has no day until its zone is chosen; declare date");
    }

    private static String accepted(@Nullable String value) {
        String text = value == null ? "" : LocalText.strip(value);
        if (text.isEmpty()) {
            throw new TimeException(TimeError.MISSING, "the value is empty");
        }
        if (text.length() > LONGEST_VALUE) {
            throw TimeException.malformed("at most " + LONGEST_VALUE + " characters", text);
        }
        char last = text.charAt(text.length() - 1);
        if (last >= '0' && last <= '9' && SCIENTIFIC.matcher(text).matches()) {
            throw TimeException.of(
                    TimeError.PRECISION_LOST, "scientific notation has lost digits; export the field as text", text);
        }
        if ((last == 'y' || last == 'Y') && ENDLESS.matcher(text).matches()) {
            throw TimeException.of(TimeError.SENTINEL, "a word that stands for no particular time", text);
        }
        return text;
    }

    /**
     * Writes a moment as the system expects it, cut to what the convention can hold: whole seconds for {@code epoch-s},
     * {@code local}, {@code abap}, {@code http} and {@code mail}, milliseconds for {@code epoch-ms}, {@code dotnet-json} and
     * spreadsheets. {@link #asWritten} tells what will be read back.
     *
     * @throws TimeException with {@link TimeError#OVERLAP} if the zone had this local time twice and the convention would
     *     read back the other one or refuse it; {@link TimeError#OUT_OF_RANGE} outside the years that can be read;
     *     {@link TimeError#NOT_WRITABLE} for {@code date} and {@code epoch-auto}
     */
    public String format(Instant instant) {
        Instant bounded = Wall.inRange(instant.getEpochSecond(), instant.getNano(), "");
        return form.write(bounded);
    }

    /**
     * Writes a day as the system expects it.
     *
     * @throws TimeException with {@link TimeError#NOT_WRITABLE} unless the convention is {@code date};
     *     {@link TimeError#OUT_OF_RANGE} outside the years 0001 to 9999
     */
    public String format(LocalDate date) {
        return form.write(Wall.inRange(date, ""));
    }

    /** Writes what was read: {@link #format(Instant)} or {@link #format(LocalDate)}. */
    public String format(ParsedTime time) {
        return time instanceof ParsedTime.OfDate day
                ? format(day.date())
                : format(((ParsedTime.OfInstant) time).instant());
    }

    /**
     * What remains of a moment after it was written and read back; compare with this, not with the moment itself.
     *
     * @throws TimeException as {@link #format(Instant)}
     */
    public Instant asWritten(Instant instant) {
        return parseInstant(format(instant));
    }

    /** The convention's own form of its declaration: options in fixed order, defaults left out. */
    public String declaration() {
        return declaration;
    }

    /** The declared zone's name or offset, if one was declared. */
    public Optional<String> zone() {
        for (String part : declaration.split(";", -1)) {
            if (part.startsWith("zone=")) {
                return Optional.of(part.substring("zone=".length()));
            }
        }
        return Optional.empty();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TimeConvention that && declaration.equals(that.declaration);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(declaration);
    }

    /** As {@link #declaration()}. */
    @Override
    public String toString() {
        return declaration;
    }
}
