package io.crmsdk.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.model.ContactUse;
import io.crmsdk.model.CustomerKind;
import io.crmsdk.model.LeadSource;
import io.crmsdk.model.Money;
import io.crmsdk.model.PhoneNumber;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The laws of going back, for every converter that can: {@code get(put(old, v)) = v} and {@code put(old, get(old)) = old}; for
 * the exact ones also without an old text.
 */
class LensLawTest {
    private static final int ROUNDS = 400;

    /** A converter and texts of its domain. */
    private record Case(
            String name,
            Type target,
            Conversion conversion,
            List<VendorField> fields,
            Function<Random, String[]> texts) {
        Bound bound() {
            return Converters.ours(List.of())
                    .bind(new Arguments(conversion, target, "CN", new ArrayList<>(fields), TooLong.REJECT));
        }
    }

    private static Case one(String name, Type target, Conversion conversion, Function<Random, String> text) {
        List<VendorField> nothing = new ArrayList<>();
        nothing.add(null);
        return new Case(name, target, conversion, nothing, random -> new String[] {text.apply(random)});
    }

    private static List<Case> cases() {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("Web", "WEBSITE");
        words.put("web", "WEBSITE");
        words.put("Messe", "EVENT");
        Map<String, String> kinds = new LinkedHashMap<>();
        kinds.put("1", "PERSON");
        kinds.put("2", "ORGANIZATION");
        kinds.put("3", "GROUP");
        List<VendorField> two = new ArrayList<>();
        two.add(null);
        two.add(null);
        List<VendorField> names = List.of(
                VendorField.of("a", VendorType.TEXT).longest(40),
                VendorField.of("b", VendorType.TEXT).longest(40),
                VendorField.of("c", VendorType.TEXT).longest(40));
        return List.of(
                one("text", Type.text(255), Conversion.of("text"), r -> pad(r, word(r) + " " + word(r))),
                one("id", Type.exact(255), Conversion.of("id"), r -> r.nextBoolean() ? digits(r, 19) : word(r)),
                one("salesforce-id", Type.exact(255), Conversion.of("salesforce-id"), LensLawTest::salesforceId),
                one(
                        "email",
                        Type.of(Type.Kind.EMAIL),
                        Conversion.of("email"),
                        r -> pad(r, ascii(r) + "@Example" + r.nextInt(9) + ".com")),
                one("phone", Type.of(Type.Kind.PHONE), Conversion.of("phone", "CN"), LensLawTest::phone),
                one(
                        "url",
                        Type.of(Type.Kind.URL),
                        Conversion.of("url"),
                        r -> pad(r, (r.nextBoolean() ? "https://" : "") + ascii(r) + ".example.com/" + ascii(r))),
                one(
                        "integer",
                        Type.of(Type.Kind.INTEGER),
                        Conversion.of("integer"),
                        r -> r.nextInt(100_000) + (r.nextBoolean() ? "" : ".0")),
                one("integer attribute", Type.of(Type.Kind.ATTRIBUTE), Conversion.of("integer"), r -> digits(r, 25)),
                one("decimal", Type.of(Type.Kind.DECIMAL), Conversion.of("decimal"), LensLawTest::decimal),
                one("money", Type.of(Type.Kind.MONEY), Conversion.of("money", "CNY"), LensLawTest::decimal),
                new Case(
                        "money with its currency",
                        Type.of(Type.Kind.MONEY),
                        Conversion.of("money"),
                        two,
                        r -> new String[] {
                            decimal(r), List.of("CNY", "JPY", "KWD", "EUR").get(r.nextInt(4))
                        }),
                one(
                        "currency",
                        Type.of(Type.Kind.CURRENCY),
                        Conversion.of("currency"),
                        r -> List.of("CNY", "JPY", "KWD").get(r.nextInt(3))),
                one(
                        "boolean",
                        Type.of(Type.Kind.BOOLEAN),
                        Conversion.of("boolean", Map.of("1", "true", "0", "false")),
                        r -> r.nextBoolean() ? "1" : "0"),
                one("date", Type.of(Type.Kind.DATE), Conversion.of("date"), LensLawTest::date),
                one(
                        "date of SAP",
                        Type.of(Type.Kind.DATE),
                        Conversion.of("date", "dotnet-json"),
                        r -> "/Date(" + 86_400_000L * (r.nextInt(20_000) - 3_000) + ")/"),
                one(
                        "partial-date",
                        Type.of(Type.Kind.DAY),
                        Conversion.of("partial-date"),
                        r -> List.of(
                                        date(r),
                                        date(r).substring(0, 7),
                                        date(r).substring(0, 4),
                                        "-" + date(r).substring(4))
                                .get(r.nextInt(4))),
                one(
                        "time rfc3339",
                        Type.of(Type.Kind.INSTANT),
                        Conversion.of("time", "rfc3339"),
                        r -> instant(r, 3).toString().replace("Z", r.nextBoolean() ? "Z" : "+00:00")),
                one(
                        "time local",
                        Type.of(Type.Kind.INSTANT),
                        Conversion.of("time", "local;zone=Asia/Shanghai"),
                        r -> instant(r, 0).toString().replace("T", " ").replace("Z", "")),
                one(
                        "time epoch-ms",
                        Type.of(Type.Kind.INSTANT),
                        Conversion.of("time", "epoch-ms"),
                        r -> String.valueOf(instant(r, 3).toEpochMilli())),
                one(
                        "enum coded",
                        Type.coded(LeadSource.class),
                        Conversion.of("enum", words),
                        r -> List.of("Web", "web", "Messe", "Foreign " + ascii(r))
                                .get(r.nextInt(4))),
                one(
                        "enum closed",
                        Type.word(CustomerKind.class),
                        Conversion.of("enum", kinds),
                        r -> String.valueOf(1 + r.nextInt(3))),
                one(
                        "enum text",
                        Type.text(20),
                        Conversion.of("enum", Map.of("China", "CN", "Germany", "DE")),
                        r -> r.nextBoolean() ? "China" : "Germany"),
                one(
                        "word coded",
                        Type.coded(ContactUse.class),
                        Conversion.of("word"),
                        r -> List.of("WORK", "PRIVATE", "reception").get(r.nextInt(3))),
                one("word attribute", Type.of(Type.Kind.ATTRIBUTE), Conversion.of("word"), LensLawTest::ascii),
                one(
                        "language",
                        Type.text(35),
                        Conversion.of("language", "underscore"),
                        r -> List.of("zh_CN", "zh-CN", "en", "de_CH").get(r.nextInt(4))),
                one(
                        "list",
                        Type.of(Type.Kind.TEXTS),
                        Conversion.of("list", ";"),
                        r -> ascii(r) + (r.nextBoolean() ? "; " : ";") + ascii(r) + (r.nextBoolean() ? ";" : "")),
                one("lines", Type.of(Type.Kind.TEXTS), Conversion.of("lines"), r -> word(r) + "\n" + word(r)),
                one(
                        "part",
                        Type.text(100),
                        Conversion.of("part", ",").with("index", "1"),
                        r -> word(r) + "," + pad(r, word(r)) + (r.nextBoolean() ? "," + word(r) : "")),
                new Case("join", Type.text(255), Conversion.of("join", " "), names, r ->
                        new String[] {word(r) + " " + word(r), word(r), r.nextBoolean() ? word(r) : null}),
                new Case("join without separator", Type.text(255), Conversion.of("join", ""), names, r ->
                        new String[] {word(r) + word(r), word(r), null}));
    }

    @TestFactory
    Stream<DynamicTest> going_back_and_forth_loses_and_changes_nothing() {
        long seed = Long.getLong("seed", 20_261_125L);
        return cases().stream()
                .map(each ->
                        DynamicTest.dynamicTest(each.name() + " seed " + seed, () -> laws(each, new Random(seed))));
    }

    private static void laws(Case each, Random random) {
        Bound bound = each.bound();
        BiPredicate<Object, Object> same =
                (one, other) -> one instanceof PhoneNumber a && other instanceof PhoneNumber b
                        ? Objects.equals(a.text(), b.text())
                        : Objects.equals(one, other);
        for (int round = 0; round < ROUNDS; round++) {
            String[] old = each.texts().apply(random);
            Object value = get(bound, each.texts().apply(random));
            assertThat(put(bound, old, get(bound, old)))
                    .as("put(old, get(old)) of " + Arrays.toString(old))
                    .isEqualTo(old);
            String[] written = put(bound, old, value);
            assertThat(same.test(get(bound, written), value))
                    .as("get(put(%s, v)) from %s", Arrays.toString(old), Arrays.toString(written))
                    .isTrue();
            if (!each.name().equals("part")) {
                String[] fresh = put(bound, new String[old.length], value);
                assertThat(same.test(get(bound, fresh), value))
                        .as("get(put(v)) from %s", Arrays.toString(fresh))
                        .isTrue();
            }
            if (bound.promise == Bound.Promise.ISO) {
                assertThat(put(bound, new String[old.length], get(bound, old))).isEqualTo(old);
            }
        }
    }

    private static Object get(Bound bound, String[] texts) {
        return bound.takes(2) && texts.length > 1 ? bound.get(texts) : bound.get(texts[0]);
    }

    private static String[] put(Bound bound, String[] old, Object value) {
        return old.length > 1 ? bound.put(old, value) : new String[] {bound.put(old[0], value)};
    }

    @Test
    void every_converter_is_either_tested_here_or_has_no_way_back() {
        Set<String> tested = new TreeSet<>();
        cases().forEach(each -> tested.add(each.conversion().converter()));
        Set<String> oneWay = Set.of(
                "split-time",
                "opt-out",
                "mobile",
                "landline",
                "clean-email",
                "resident-id",
                "credit-code",
                "company",
                "person-name",
                "clean-money",
                "clean-date",
                "birthday",
                "moment",
                "vip",
                "code",
                "postal-code",
                "division",
                "clean-text",
                "remark");
        Set<String> all = new TreeSet<>(Converters.ours(List.of()).names());

        all.removeAll(tested);
        assertThat(all).isEqualTo(new TreeSet<>(oneWay));
    }

    @Test
    void a_hosts_lens_obeys_the_same_laws_through_a_mapping() {
        Converter<BigDecimal> grade = Converter.lens(
                "grade",
                BigDecimal.class,
                text -> new BigDecimal(text.replace(",", ".")),
                (old, value) -> old != null && new BigDecimal(old.replace(",", ".")).equals(value)
                        ? old
                        : value.toPlainString());
        Mapping mapping = Mapping.parse(
                "m.yaml", "constants: {kind: PERSON}\nrules: [{from: g, to: attributes.x.grade, as: grade}]\n", grade);
        MappedRecord record = mapping.in("{\"g\":\"1,70\"}".getBytes());

        assertThat(record.customer().attributes().get("x.grade"))
                .isEqualTo(io.crmsdk.model.AttributeValue.of(new BigDecimal("1.70")));
        assertThat(mapping.out(record.customer(), record).isEmpty()).isTrue();
    }

    private static String word(Random r) {
        String letters = "abcXYZ王小明李é1-";
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < 1 + r.nextInt(9); i++) {
            out.append(letters.charAt(r.nextInt(letters.length())));
        }
        return out.toString();
    }

    private static String ascii(Random r) {
        StringBuilder out = new StringBuilder("a");
        for (int i = 0; i < r.nextInt(9); i++) {
            out.append((char) ('a' + r.nextInt(26)));
        }
        return out.toString();
    }

    private static String pad(Random r, String text) {
        return " ".repeat(r.nextInt(3)) + text + " ".repeat(r.nextInt(3));
    }

    private static String digits(Random r, int most) {
        StringBuilder out = new StringBuilder().append((char) ('1' + r.nextInt(9)));
        for (int i = 0; i < r.nextInt(most); i++) {
            out.append((char) ('0' + r.nextInt(10)));
        }
        return out.toString();
    }

    private static String decimal(Random r) {
        return (r.nextInt(4) == 0 ? "-" : "")
                + digits(r, 14)
                + (r.nextBoolean() ? "" : "." + r.nextInt(10) + r.nextInt(10) + "0");
    }

    private static String date(Random r) {
        return java.time.LocalDate.ofEpochDay(r.nextInt(25_000) - 4_000L).toString();
    }

    private static Instant instant(Random r, int fraction) {
        Instant second = Instant.ofEpochSecond(700_000_000L + r.nextInt(1_000_000_000));
        return fraction == 0 ? second : second.plusMillis(r.nextInt(1_000));
    }

    private static String phone(Random r) {
        String digits = "138" + String.format("%08d", r.nextInt(100_000_000));
        return switch (r.nextInt(4)) {
            case 0 -> digits;
            case 1 -> "+86 " + digits;
            case 2 -> digits.substring(0, 3) + "-" + digits.substring(3, 7) + "-" + digits.substring(7);
            default -> " 0086" + digits + " ";
        };
    }

    private static String salesforceId(Random r) {
        StringBuilder id = new StringBuilder();
        String letters = "0aAbBcC5xXyYzZ9";
        for (int i = 0; i < 15; i++) {
            id.append(letters.charAt(r.nextInt(letters.length())));
        }
        return r.nextBoolean() ? id.toString() : SalesforceId.eighteen(id.toString());
    }

    /** Vectors of the vendor's algorithm, as it is documented. */
    @Test
    void the_long_form_of_a_record_id_is_the_vendors() {
        assertThat(SalesforceId.eighteen("001A0000006Vm9r")).isEqualTo("001A0000006Vm9rIAC");
        assertThat(Money.of("1", "CNY").amount()).isEqualTo(new BigDecimal("1.00"));
    }
}
