package io.crmsdk.mapping;

import io.crmsdk.internal.Suggestion;
import io.crmsdk.mapping.Type.Kind;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.model.Money;
import io.crmsdk.model.PartialDate;
import io.crmsdk.model.PhoneNumber;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The converters that a file can name: ours, and those that a host registers. Immutable. */
final class Converters {
    /** Binds a converter to its arguments, or says why it cannot be. */
    interface Factory {
        /** @throws ConversionFault if the arguments or the target do not fit */
        Bound bind(Arguments arguments);
    }

    private static final int MOST_SOURCES = 8;
    private static final Pattern WHOLE = Pattern.compile("([+-]?[0-9]{1,60})(\\.0{1,20})?");
    private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}");
    private static final Pattern EXPONENT = Pattern.compile("[+-]?[0-9]+([.,][0-9]*)?[eE][+-]?[0-9]+");
    private static final Map<String, Factory> OURS = ours();

    private final Map<String, Factory> factories;

    private Converters(Map<String, Factory> factories) {
        this.factories = factories;
    }

    static Converters ours(Collection<? extends Converter<?>> hosts) {
        if (hosts.isEmpty()) {
            return new Converters(OURS);
        }
        Map<String, Factory> all = new TreeMap<>(OURS);
        for (Converter<?> host : hosts) {
            if (all.put(host.name(), arguments -> host(host, arguments)) != null) {
                throw new IllegalArgumentException("two converters are named " + host.name());
            }
        }
        return new Converters(all);
    }

    private static Bound host(Converter<?> host, Arguments arguments) {
        arguments.none();
        arguments.only();
        if (!arguments.target().takes(host.type())) {
            throw new ConversionFault(
                    "TYPE",
                    host.name() + " makes " + host.type().getSimpleName() + ", the field holds "
                            + arguments.target().text());
        }
        return Bound.of(host);
    }

    Set<String> names() {
        return factories.keySet();
    }

    /** @throws ConversionFault if there is no such converter or it does not fit */
    Bound bind(Arguments arguments) {
        Factory factory = factories.get(arguments.conversion().converter());
        if (factory == null) {
            throw new ConversionFault(
                    "UNKNOWN_CONVERTER",
                    "no converter is named " + arguments.conversion().converter()
                            + Suggestion.of(arguments.conversion().converter(), factories.keySet()) + "; known are "
                            + String.join(", ", factories.keySet()));
        }
        return factory.bind(arguments);
    }

    /** What a rule does that names no converter. */
    static Conversion usual(Type target, boolean rows, @Nullable String region) {
        String name = switch (target.kind()) {
            case TEXT, ATTRIBUTE -> rows ? "clean-text" : "text";
            case EXACT -> rows ? "code" : "id";
            case EMAIL -> rows ? "clean-email" : "email";
            case PHONE -> "phone";
            case URL -> "url";
            case INTEGER -> "integer";
            case DECIMAL -> "decimal";
            case CURRENCY -> "currency";
            case BOOLEAN -> "boolean";
            case DAY -> rows ? "birthday" : "partial-date";
            case DATE -> rows ? "clean-date" : "date";
            case CODED -> "word";
            case TEXTS -> "list";
            case WORD -> rows && target.words() == io.crmsdk.model.VipLevel.class ? "vip" : "word";
            case INSTANT ->
                throw new ConversionFault(
                        "NO_CONVENTION",
                        "a moment needs its convention: as: {time: …}, as: {split-time: …} or as: {moment: …}");
            case MONEY ->
                throw new ConversionFault(
                        "NO_CURRENCY",
                        "money needs its currency: as: {money: CNY}, or the currency's field as second from");
            case CONSENT ->
                throw new ConversionFault(
                        "NO_POLARITY",
                        "an opt-out needs its polarity: as: {opt-out: yes-means-opted-out} or what it is");
            case WORDS -> throw new ConversionFault("TYPE", "set this field by a selector, not by a rule");
        };
        return Conversion.of(name);
    }

    private static Map<String, Factory> ours() {
        Map<String, Factory> map = new TreeMap<>();
        map.put("text", Converters::text);
        map.put("id", Converters::id);
        map.put("salesforce-id", Converters::salesforceId);
        map.put("email", Converters::email);
        map.put("phone", Converters::phone);
        map.put("url", Converters::url);
        map.put("integer", Converters::integer);
        map.put("decimal", Converters::decimal);
        map.put("money", MoneyConverter::bind);
        map.put("currency", Converters::currency);
        map.put("boolean", Converters::bool);
        map.put("date", TimeConverters::date);
        map.put("partial-date", Converters::partialDate);
        map.put("time", TimeConverters::time);
        map.put("split-time", TimeConverters::splitTime);
        map.put("enum", WordConverters::enumeration);
        map.put("word", WordConverters::word);
        map.put("language", Converters::language);
        map.put("list", TextConverters::list);
        map.put("lines", TextConverters::lines);
        map.put("part", TextConverters::part);
        map.put("join", TextConverters::join);
        map.put("opt-out", OptOutConverter::bind);
        JudgedConverters.addTo(map);
        return Collections.unmodifiableMap(map);
    }

    private static Bound text(Arguments a) {
        a.none();
        a.only();
        a.makes(Kind.TEXT, Kind.EXACT, Kind.ATTRIBUTE);
        return new Bound("text", Bound.Promise.LENS, VendorType.TEXT) {
            @Override
            Object get(String text) {
                return stripped(text);
            }

            @Override
            String put(@Nullable String old, Object value) {
                return old != null && value.equals(old.strip()) ? old : (String) value;
            }
        };
    }

    private static Bound keepingText(String name, Function<String, String> get) {
        return Bound.keeping(name, VendorType.TEXT, get, value -> value);
    }

    private static @Nullable String strippedOrNull(String text) {
        String bare = text.strip();
        return bare.isEmpty() ? null : bare;
    }

    static String stripped(String text) {
        String bare = strippedOrNull(text);
        if (bare == null) {
            throw new ConversionFault("BLANK", "only blanks");
        }
        return bare;
    }

    /** Character for character; a number only if all its digits are there. */
    private static Bound id(Arguments a) {
        a.none();
        a.only();
        a.makes(Kind.TEXT, Kind.EXACT, Kind.ATTRIBUTE);
        return new Bound("id", Bound.Promise.ISO, VendorType.TEXT) {
            @Override
            Object get(String text) {
                return exact(text);
            }

            @Override
            String put(@Nullable String old, Object value) {
                return (String) value;
            }
        };
    }

    static String exact(String text) {
        if (looksLikeNumber(text) && EXPONENT.matcher(text).matches()) {
            throw new ConversionFault(
                    "PRECISION", "a number in exponent form has lost digits; export the field as text");
        }
        return text;
    }

    /** Whether there is nothing in a text but what numbers are made of; most ids have a letter and need no closer look. */
    private static boolean looksLikeNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && "eE.,+-".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    /** The 15 characters that tell upper from lower case become the 18 that need not. */
    private static Bound salesforceId(Arguments a) {
        a.none();
        a.only();
        a.makes(Kind.EXACT);
        return keepingText("salesforce-id", SalesforceId::eighteen);
    }

    private static Bound email(Arguments a) {
        a.none();
        a.only();
        a.makes(Kind.EMAIL);
        return Bound.keeping(
                "email", VendorType.TEXT, (String text) -> EmailAddress.parse(text.strip()), EmailAddress::raw);
    }

    private static Bound phone(Arguments a) {
        a.only();
        a.makes(Kind.PHONE);
        String region = a.text(a.region() == null ? "ZZ" : a.region());
        if (!region.matches("[A-Z]{2}")) {
            throw new ConversionFault("ARGUMENT", "a region is two upper-case letters such as CN, got " + region);
        }
        return new Bound("phone", Bound.Promise.LENS, VendorType.TEXT) {
            @Override
            Object get(String text) {
                return PhoneNumber.parse(text.strip(), region);
            }

            /** The old text stays if it is the same number, however it is written. */
            @Override
            String put(@Nullable String old, Object value) {
                PhoneNumber number = (PhoneNumber) value;
                if (old != null
                        && PhoneNumber.tryParse(old.strip(), region)
                                .filter(was -> same(was, number))
                                .isPresent()) {
                    return old;
                }
                boolean readable = PhoneNumber.tryParse(number.raw().strip(), region)
                        .filter(was -> same(was, number))
                        .isPresent();
                return readable || number.text() == null ? number.raw() : number.text();
            }
        };
    }

    private static boolean same(PhoneNumber one, PhoneNumber other) {
        return one.text() == null ? one.equals(other) : one.text().equals(other.text());
    }

    private static Bound url(Arguments a) {
        a.none();
        a.only();
        a.makes(Kind.URL);
        return Bound.keeping("url", VendorType.TEXT, Converters::uri, URI::toString);
    }

    /** What people type as a website often lacks its scheme; what is no web address is refused. */
    private static URI uri(String text) {
        String bare = text.strip();
        String lower = bare.toLowerCase(Locale.ROOT);
        boolean absolute = lower.startsWith("http://") || lower.startsWith("https://");
        if (!absolute
                && (bare.contains("://") || bare.startsWith("//") || lower.matches("[a-z][a-z0-9+.-]*:(?![0-9]).*"))) {
            throw new ConversionFault("UNSAFE_URL", "expected an http or https address");
        }
        try {
            URI uri = new URI(absolute ? bare : "https://" + bare);
            if (uri.getHost() == null || !uri.getHost().contains(".")) {
                throw new ConversionFault("UNSAFE_URL", "an address names a host");
            }
            return uri;
        } catch (URISyntaxException e) {
            throw new ConversionFault("UNSAFE_URL", "not a web address");
        }
    }

    private static Bound integer(Arguments a) {
        a.none();
        a.only();
        a.makes(Kind.INTEGER, Kind.ATTRIBUTE, Kind.EXACT);
        return switch (a.target().kind()) {
            case INTEGER ->
                Bound.keeping(
                        "integer",
                        VendorType.INTEGER,
                        text -> isShortNumber(text)
                                ? Integer.valueOf(text)
                                : whole(text).intValueExact(),
                        (Integer n) -> n.toString());
            default -> Bound.keeping("integer", VendorType.INTEGER, Converters::whole, BigInteger::toString);
        };
    }

    /** Up to nine bare digits, as nearly all whole numbers are. */
    private static boolean isShortNumber(String text) {
        return text.length() <= 9 && !text.isEmpty() && digits(text, 0) == text.length();
    }

    private static BigInteger whole(String text) {
        String bare = text.strip();
        if (isDecimal(bare, 0)) {
            return new BigInteger(bare.charAt(0) == '+' ? bare.substring(1) : bare);
        }
        var matcher = WHOLE.matcher(bare);
        if (!matcher.matches()) {
            throw number(text, "a whole number");
        }
        String digits = matcher.group(1);
        return new BigInteger(digits.startsWith("+") ? digits.substring(1) : digits);
    }

    static BigDecimal exactDecimal(String text) {
        String bare = text.strip();
        if (!isDecimal(bare, 60)) {
            throw number(text, "a decimal number");
        }
        return new BigDecimal(bare);
    }

    /** Whether a text is a sign, 1 to 60 digits and, if allowed, a point with so many more: no exponent, no group, no blank. */
    static boolean isDecimal(String text, int fraction) {
        int at = !text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
        int whole = digits(text, at);
        if (whole == at || whole - at > 60) {
            return false;
        }
        if (whole == text.length()) {
            return true;
        }
        if (fraction == 0 || text.charAt(whole) != '.') {
            return false;
        }
        int end = digits(text, whole + 1);
        return end == text.length() && end > whole + 1 && end - whole - 1 <= fraction;
    }

    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }

    private static ConversionFault number(String text, String expected) {
        return EXPONENT.matcher(text.strip()).matches()
                ? new ConversionFault(
                        "PRECISION", "a number in exponent form has lost digits; export the field as text")
                : new ConversionFault("MALFORMED", "expected " + expected + " in plain digits");
    }

    private static Bound decimal(Arguments a) {
        a.none();
        a.only();
        a.makes(Kind.DECIMAL, Kind.ATTRIBUTE);
        return Bound.keeping("decimal", VendorType.DECIMAL, Converters::exactDecimal, BigDecimal::toPlainString);
    }

    private static Bound currency(Arguments a) {
        a.none();
        a.only();
        a.makes(Kind.CURRENCY);
        return Bound.iso("currency", VendorType.TEXT, Money::currency, java.util.Currency::getCurrencyCode);
    }

    private static Bound bool(Arguments a) {
        a.only();
        a.makes(Kind.BOOLEAN, Kind.ATTRIBUTE);
        Map<String, String> words = a.table().isEmpty() ? Map.of("true", "true", "false", "false") : a.table();
        String yes = first(words, "true");
        String no = first(words, "false");
        for (String image : words.values()) {
            if (!image.equals("true") && !image.equals("false")) {
                throw new ConversionFault("ENUM_IMAGE", "the images of boolean are true and false, got " + image);
            }
        }
        Map<String, String> exact = Map.copyOf(words);
        Function<String, Boolean> get = text -> {
            String image = exact.get(text.strip());
            if (image == null) {
                throw new ConversionFault("TYPE", "none of the declared spellings of true and false");
            }
            return image.equals("true");
        };
        return Bound.keeping(
                "boolean",
                a.table().isEmpty() ? VendorType.BOOLEAN : VendorType.TEXT,
                get,
                (Boolean value) -> value ? yes : no);
    }

    private static String first(Map<String, String> words, String image) {
        for (Map.Entry<String, String> word : words.entrySet()) {
            if (word.getValue().equals(image)) {
                return word.getKey();
            }
        }
        throw new ConversionFault("ENUM_IMAGE", "no word stands for " + image);
    }

    private static Bound partialDate(Arguments a) {
        a.none();
        a.only();
        a.makes(Kind.DAY);
        return Bound.keeping(
                "partial-date", VendorType.DATE, (String text) -> PartialDate.parse(text.strip()), PartialDate::text);
    }

    /** {@code zh_CN} and {@code zh-CN} are the same; the argument says which one the vendor writes. */
    private static Bound language(Arguments a) {
        a.only();
        a.makes(Kind.TEXT);
        String style = a.text("hyphen");
        if (!style.equals("hyphen") && !style.equals("underscore")) {
            throw new ConversionFault("ARGUMENT", "language is written with a hyphen or an underscore, got " + style);
        }
        return Bound.keeping(
                "language",
                VendorType.TEXT,
                text -> {
                    String tag = text.strip().replace('_', '-');
                    if (!isPlainTag(tag) && !LANGUAGE.matcher(tag).matches()) {
                        throw new ConversionFault("MALFORMED", "expected a language tag such as zh-CN");
                    }
                    return tag;
                },
                tag -> style.equals("underscore") ? tag.replace('-', '_') : tag);
    }

    /** {@code zh} or {@code zh-CN}, as nearly all are. */
    private static boolean isPlainTag(String tag) {
        return (tag.length() == 2 || tag.length() == 5 && tag.charAt(2) == '-' && letters(tag, 3)) && letters(tag, 0);
    }

    private static boolean letters(String text, int at) {
        return isLetter(text.charAt(at)) && isLetter(text.charAt(at + 1));
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    static List<String> split(String text, String separator) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
            parts.add(text.substring(from, at));
            from = at + separator.length();
        }
        parts.add(text.substring(from));
        return parts;
    }

    static int mostSources() {
        return MOST_SOURCES;
    }
}
