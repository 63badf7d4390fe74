package io.crmsdk.mapping;

import io.crmsdk.mapping.Type.Kind;
import io.crmsdk.model.PartialDate;
import io.crmsdk.model.VipLevel;
import io.crmsdk.quality.Division;
import io.crmsdk.quality.Judge;
import io.crmsdk.quality.Judges;
import io.crmsdk.quality.ResidentId;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The judges of {@code io.crmsdk.quality} as converters: for columns that people typed, one way only. */
final class JudgedConverters {
    private JudgedConverters() {}

    static void addTo(Map<String, Converters.Factory> map) {
        map.put("mobile", a -> judged(a, Judges.mobile(region(a)), null, Kind.PHONE));
        map.put("landline", a -> judged(a, Judges.landline(region(a)), a.option("city"), Kind.PHONE));
        map.put("clean-email", a -> plain(a, Judges.email(), Kind.EMAIL));
        map.put("resident-id", a -> plain(a, Judges.residentId().map(ResidentId::number), Kind.EXACT, Kind.ATTRIBUTE));
        map.put("credit-code", a -> plain(a, Judges.creditCode().map(code -> code.code()), Kind.EXACT, Kind.ATTRIBUTE));
        map.put("company", a -> plain(a, Judges.company(), Kind.TEXT));
        map.put("person-name", a -> plain(a, Judges.personName(), Kind.TEXT));
        map.put(
                "clean-money",
                a -> judged(a, Judges.money(a.needed("its currency")), null, Kind.MONEY, Kind.ATTRIBUTE));
        map.put("clean-date", JudgedConverters::date);
        map.put("birthday", a -> plain(a, Judges.birthday().map(PartialDate::of), Kind.DAY));
        map.put("moment", a -> judged(a, Judges.moment(zone(a)), null, Kind.INSTANT, Kind.ATTRIBUTE));
        map.put("vip", JudgedConverters::vip);
        map.put("code", JudgedConverters::code);
        map.put("postal-code", a -> plain(a, Judges.postalCode(), Kind.TEXT));
        map.put("division", a -> judged(a, Judges.division(level(a)).map(Division::name), a.option("city"), Kind.TEXT));
        map.put("clean-text", a -> limited(a, true));
        map.put("remark", a -> limited(a, false));
    }

    private static Bound plain(Arguments a, Judge<?> judge, Kind... kinds) {
        a.none();
        return judged(a, judge, null, kinds);
    }

    private static Bound judged(Arguments a, Judge<?> judge, @Nullable String city, Kind... kinds) {
        a.makes(kinds);
        if (a.conversion().converter().equals("landline")
                || a.conversion().converter().equals("division")) {
            a.only("city");
        } else {
            a.only();
        }
        return new Judging(a.conversion().converter(), judge, city);
    }

    private static String region(Arguments a) {
        String region = a.text(a.region() == null ? "" : a.region());
        if (!region.matches("[A-Z]{2}")) {
            throw new ConversionFault("ARGUMENT", a.conversion().converter() + " needs a region such as CN");
        }
        return region;
    }

    private static ZoneId zone(Arguments a) {
        String zone = a.text();
        if (zone == null) {
            throw new ConversionFault("NO_CONVENTION", "moment needs the zone in which the column is written");
        }
        try {
            return ZoneId.of(zone);
        } catch (java.time.DateTimeException e) {
            throw new ConversionFault("UNKNOWN_ZONE", "no zone is named " + zone);
        }
    }

    private static Bound date(Arguments a) {
        Judge<LocalDate> dates = Judges.date();
        return a.target().kind() == Kind.DAY
                ? plain(a, dates.map(PartialDate::of), Kind.DAY)
                : plain(a, dates, Kind.DATE, Kind.ATTRIBUTE);
    }

    private static Bound vip(Arguments a) {
        if (a.target().words() != VipLevel.class) {
            throw new ConversionFault("TYPE", "vip does not make " + a.target().text());
        }
        Map<String, VipLevel> words = new java.util.LinkedHashMap<>();
        a.table().forEach((word, level) -> words.put(word, (VipLevel) WordConverters.value(a.target(), level)));
        return judged(a, words.isEmpty() ? Judges.vip() : Judges.vip(words), null, Kind.WORD);
    }

    private static Bound code(Arguments a) {
        String width = a.text();
        return judged(
                a,
                width == null ? Judges.code() : Judges.code(a.number(width, 1, 40)),
                null,
                Kind.EXACT,
                Kind.TEXT,
                Kind.ATTRIBUTE);
    }

    private static Division.Level level(Arguments a) {
        String name = a.needed("a level: province, prefecture or county").toUpperCase(Locale.ROOT);
        for (Division.Level level : Division.Level.values()) {
            if (level.name().equals(name)) {
                return level;
            }
        }
        throw new ConversionFault("ARGUMENT", "no level is named " + name.toLowerCase(Locale.ROOT));
    }

    private static Bound limited(Arguments a, boolean dashesMeanNothing) {
        int most = a.target().longest() == 0 ? 8_000 : a.target().longest();
        String name = a.conversion().converter();
        return plain(
                a, dashesMeanNothing ? Judges.text(name, most) : Judges.remark(name, most), Kind.TEXT, Kind.ATTRIBUTE);
    }

    private static final class Judging extends Bound.OneWay {
        private final @Nullable String city;

        Judging(String name, Judge<?> judge, @Nullable String city) {
            super(name, judge);
            this.city = city;
        }

        /** Never asked: whatever has a judge is judged. */
        @Override
        Object get(String text) {
            throw new IllegalStateException(name + " judges cells");
        }

        @Override
        @Nullable
        String city() {
            return city;
        }
    }
}
