package io.crmsdk.followup;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.MonthDay;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which days are worked: days off in every week, named days off, and days that are worked although they fall on such a day.
 *
 * <p>Where a government announces each year's days late in the year before, as in China, a year that is not announced yet is not
 * guessed: every answer that depends on it is {@linkplain WorkingDate#provisional() provisional}. So is one that depends on the last
 * ten days of a year whose successor is not announced, since that announcement may move them. Immutable and thread-safe.
 */
public final class WorkingCalendar {
    private static final MonthDay MOVED_BY_NEXT_YEAR = MonthDay.of(12, 22);
    private static final int LONGEST = 100_000;

    private final String name;
    private final Set<DayOfWeek> daysOff;
    private final Map<LocalDate, String> off;
    private final Map<LocalDate, String> worked;
    private final @Nullable Set<Integer> announced;

    private WorkingCalendar(Builder builder) {
        name = builder.name;
        daysOff = Set.copyOf(builder.daysOff);
        off = Map.copyOf(builder.off);
        worked = Map.copyOf(builder.worked);
        announced = builder.announced == null ? null : Set.copyOf(builder.announced);
    }

    /** What is known of a day. */
    public enum Day {
        /** It is worked. */
        WORKING,
        /** It is not worked. */
        OFF,
        /** It is not announced yet, or may still be moved by an announcement. */
        NOT_ANNOUNCED
    }

    /**
     * A day that was reached by counting working days.
     *
     * @param date the day
     * @param provisional whether a day that was counted or passed over is {@link Day#NOT_ANNOUNCED}; such days were taken as in an
     *     ordinary week
     */
    public record WorkingDate(LocalDate date, boolean provisional) {
        /** Needs the day. */
        public WorkingDate {
            Objects.requireNonNull(date, "date");
        }
    }

    /** Starts a calendar whose Saturdays and Sundays are off. */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /**
     * China's working days with its days off and days worked in exchange, for the years that were announced when this version was made:
     * 2019 to 2026. Source: the yearly notices of the General Office of the State Council, listed in the resource {@code china.tsv}. For
     * a year announced since, {@link Builder#read(Path)} a newer file of the same form into {@link #toBuilder()}.
     */
    public static WorkingCalendar china() {
        return China.CALENDAR;
    }

    /** The name, which follow-ups keep. */
    public String name() {
        return name;
    }

    /** A builder that begins with this calendar's name and days. */
    public Builder toBuilder() {
        Builder builder = new Builder(name);
        builder.daysOff.clear();
        builder.daysOff.addAll(daysOff);
        builder.off.putAll(off);
        builder.worked.putAll(worked);
        builder.announced = announced == null ? null : new HashSet<>(announced);
        return builder;
    }

    /** What is known of a day. */
    public Day day(LocalDate date) {
        if (!isKnown(date)) {
            return Day.NOT_ANNOUNCED;
        }
        return isWorked(date) ? Day.WORKING : Day.OFF;
    }

    /** The name of a day off, or of what a day is worked in exchange for; null if it is as in every week, or if it has no name. */
    public @Nullable String nameOf(LocalDate date) {
        String named = off.get(date);
        return named == null ? worked.get(date) : named;
    }

    /**
     * Counts working days: 1 is the first working day after {@code from}, whatever {@code from} is; 0 is {@code from} itself if it is
     * worked, else the first working day after it.
     *
     * @param days 0 to 10,000
     * @throws IllegalArgumentException for other numbers, or if there is no such day within 100,000 days
     */
    public WorkingDate plus(LocalDate from, int days) {
        if (days < 0 || days > 10_000) {
            throw new IllegalArgumentException("working days: expected 0 to 10000, got " + days);
        }
        LocalDate date = from;
        boolean known = days > 0 || isKnown(from);
        int left = days == 0 && !isWorked(from) ? 1 : days;
        for (int walked = 0; left > 0; walked++) {
            if (walked == LONGEST) {
                throw new IllegalArgumentException("calendar " + name + " has no working day after " + date);
            }
            date = date.plusDays(1);
            known &= isKnown(date);
            left -= isWorked(date) ? 1 : 0;
        }
        return new WorkingDate(date, !known);
    }

    private boolean isWorked(LocalDate date) {
        return worked.containsKey(date) || (!daysOff.contains(date.getDayOfWeek()) && !off.containsKey(date));
    }

    private boolean isKnown(LocalDate date) {
        if (announced == null) {
            return true;
        }
        boolean mayMove = !MonthDay.from(date).isBefore(MOVED_BY_NEXT_YEAR);
        return announced.contains(date.getYear()) && (!mayMove || announced.contains(date.getYear() + 1));
    }

    @Override
    public String toString() {
        return "WorkingCalendar[" + name + ", " + off.size() + " days off, " + worked.size() + " worked]";
    }

    /** Read when it is first asked for. */
    private static final class China {
        static final WorkingCalendar CALENDAR = read();

        private static WorkingCalendar read() {
            try (InputStream in = WorkingCalendar.class.getResourceAsStream("china.tsv")) {
                if (in == null) {
                    throw new IllegalStateException("the SDK's own table china.tsv is missing from its jar");
                }
                return builder("china")
                        .read(new InputStreamReader(in, StandardCharsets.UTF_8))
                        .build();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Collects a {@link WorkingCalendar}; not thread-safe. Of two statements about a day the later one holds. */
    public static final class Builder {
        private final String name;
        private final Set<DayOfWeek> daysOff = EnumSet.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY);
        private final Map<LocalDate, String> off = new HashMap<>();
        private final Map<LocalDate, String> worked = new HashMap<>();
        private @Nullable Set<Integer> announced;

        private Builder(String name) {
            this.name = FollowUp.word("calendar", name, 40);
        }

        /**
         * The days off of every week, instead of Saturday and Sunday.
         *
         * @throws IllegalArgumentException if no day of the week is left
         */
        public Builder weekend(DayOfWeek... days) {
            Set<DayOfWeek> stated = EnumSet.noneOf(DayOfWeek.class);
            stated.addAll(Set.of(days));
            if (stated.size() == DayOfWeek.values().length) {
                throw new IllegalArgumentException("calendar " + name + ": expected a day that is worked, got none");
            }
            daysOff.clear();
            daysOff.addAll(stated);
            return this;
        }

        /** A day off. */
        public Builder off(LocalDate date, String name) {
            worked.remove(date);
            off.put(Objects.requireNonNull(date, "date"), Objects.requireNonNull(name, "name"));
            return this;
        }

        /** A day that is worked, whatever day of the week it is. */
        public Builder worked(LocalDate date, String name) {
            off.remove(date);
            worked.put(Objects.requireNonNull(date, "date"), Objects.requireNonNull(name, "name"));
            return this;
        }

        /** Says that this year's days are all here; from the first such call on, other years are {@link Day#NOT_ANNOUNCED}. */
        public Builder announced(int year) {
            if (announced == null) {
                announced = new HashSet<>();
            }
            announced.add(year);
            return this;
        }

        /**
         * Adds the days and years of a file in UTF-8: lines {@code year<TAB>2027<TAB>source} and {@code
         * 2027-01-01<TAB>off|work<TAB>name}; lines that begin with {@code #} are ignored.
         *
         * @throws FollowUpException {@code FOLLOWUP_CALENDAR} if a line has another form or the file cannot be read
         */
        public Builder read(Path file) {
            try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                return read(reader);
            } catch (IOException e) {
                throw new FollowUpException(
                        "FOLLOWUP_CALENDAR", "calendar " + name + ": " + file + " cannot be read", e);
            }
        }

        private Builder read(Reader reader) throws IOException {
            BufferedReader lines = new BufferedReader(reader);
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank() && !line.startsWith("#")) {
                    take(line.split("\t", 3), number);
                }
            }
            return this;
        }

        private void take(String[] parts, int number) {
            try {
                if (parts.length == 3 && parts[0].equals("year")) {
                    announced(Integer.parseInt(parts[1]));
                    return;
                }
                if (parts.length == 3 && parts[1].equals("off")) {
                    off(LocalDate.parse(parts[0]), parts[2]);
                    return;
                }
                if (parts.length == 3 && parts[1].equals("work")) {
                    worked(LocalDate.parse(parts[0]), parts[2]);
                    return;
                }
            } catch (DateTimeException | NumberFormatException e) {
                throw wrong(number, e);
            }
            throw wrong(number, null);
        }

        private FollowUpException wrong(int number, @Nullable Exception cause) {
            return new FollowUpException(
                    "FOLLOWUP_CALENDAR",
                    "calendar " + name + ", line " + number
                            + ": expected year<TAB>number<TAB>source or date<TAB>off|work<TAB>name; correct the line",
                    cause);
        }

        /** The calendar. */
        public WorkingCalendar build() {
            return new WorkingCalendar(this);
        }
    }
}
