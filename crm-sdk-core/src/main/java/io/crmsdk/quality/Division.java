package io.crmsdk.quality;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An administrative division of China: a province, a prefecture or a county, by its code in GB/T 2260.
 *
 * <p>The table is of 2023-06-30. Divisions come and go every year, so a code or name that is not in it is a reason to look,
 * not to refuse. Immutable; equality by value.
 *
 * @param code 2 digits for a province, 4 for a prefecture, 6 for a county
 * @param name full name with its suffix, for example {@code 杭州市}
 */
public record Division(String code, String name) {
    /** How far down a division stands. */
    public enum Level {
        /** Province, municipality, autonomous or special administrative region. */
        PROVINCE,
        /** Prefecture: most cities. */
        PREFECTURE,
        /** County, district of a city, county-level city, banner. */
        COUNTY
    }

    private static final Pattern SUFFIX =
            Pattern.compile("(?:特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|省|市|地区|盟|自治州|自治县|自治旗|林区|特区|矿区|县|区|旗)$");
    private static final Pattern PEOPLES = Pattern.compile(
            "(?:壮族|回族|维吾尔族?|朝鲜族|土家族|苗族|藏族|羌族|彝族|布依族|侗族|哈尼族|傣族|白族|景颇族|傈僳族|蒙古族?|柯尔克孜|哈萨克族?|满族|瑶族|畲族|黎族|水族|仡佬族|土族|撒拉族|拉祜族|佤族|纳西族|怒族|独龙族|各族|裕固族|保安族|东乡族|毛南族|仫佬族|达斡尔族?|鄂温克族?|鄂伦春|锡伯|塔吉克|布朗族|普米族)+$");

    private static final Map<String, Division> BY_CODE = new LinkedHashMap<>();
    private static final Map<String, List<Division>> BY_BARE_NAME = new HashMap<>();

    static {
        for (String[] row : Tables.read("divisions.tsv")) {
            Division division = new Division(row[0], row[1]);
            BY_CODE.put(division.code(), division);
            BY_BARE_NAME
                    .computeIfAbsent(bareName(division.name()), name -> new ArrayList<>())
                    .add(division);
        }
    }

    /** The division with a code of 2, 4 or 6 digits; a code of six digits that ends in zeros names its prefecture or province. */
    public static Optional<Division> ofCode(String code) {
        String shortened = code.matches("\\d{2}0000") ? code.substring(0, 2) : code;
        shortened = shortened.matches("\\d{4}00") ? shortened.substring(0, 4) : shortened;
        return Optional.ofNullable(BY_CODE.get(shortened));
    }

    /** All divisions of one level with this name, whose suffix may be missing; several for names such as {@code 鼓楼}. */
    public static List<Division> named(String name, Level level) {
        List<Division> all = BY_BARE_NAME.getOrDefault(bareName(name), List.of());
        List<Division> exact = all.stream()
                .filter(division -> division.level() == level && division.name().equals(name))
                .toList();
        return exact.isEmpty()
                ? all.stream().filter(division -> division.level() == level).toList()
                : exact;
    }

    /** A name without blanks and without suffix such as {@code 省}, {@code 市}, {@code 自治州}; never shortened to nothing. */
    public static String bareName(String name) {
        String plain = Spelling.withoutBlanks(Normalizer.normalize(name, Normalizer.Form.NFKC));
        String stripped = SUFFIX.matcher(plain).replaceFirst("");
        String bare = stripped.equals(plain) ? plain : PEOPLES.matcher(stripped).replaceFirst("");
        return bare.codePointCount(0, bare.length()) >= 2 ? bare : plain;
    }

    /** How far down this division stands. */
    public Level level() {
        return switch (code.length()) {
            case 2 -> Level.PROVINCE;
            case 4 -> Level.PREFECTURE;
            default -> Level.COUNTY;
        };
    }

    /** The division above: for districts of municipalities the municipality; empty for a province. */
    public Optional<Division> parent() {
        for (int length = code.length() - 2; length >= 2; length -= 2) {
            Division above = BY_CODE.get(code.substring(0, length));
            if (above != null) {
                return Optional.of(above);
            }
        }
        return Optional.empty();
    }

    /** Whether this division lies in the other, or is it. */
    public boolean isWithin(Division other) {
        return code.startsWith(other.code);
    }

    /** Whether some division above this one, or itself, has this name, whose suffix may be missing. */
    boolean isWithinNamed(@Nullable String place) {
        if (place == null || place.isBlank()) {
            return true;
        }
        String wanted = bareName(place);
        for (Optional<Division> at = Optional.of(this);
                at.isPresent();
                at = at.get().parent()) {
            if (bareName(at.get().name()).equals(wanted)) {
                return true;
            }
        }
        return false;
    }
}
