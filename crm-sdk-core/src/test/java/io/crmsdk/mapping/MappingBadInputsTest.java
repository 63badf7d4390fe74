package io.crmsdk.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.crmsdk.CrmException;
import io.crmsdk.internal.TextFile;
import io.crmsdk.internal.TextNode;
import io.crmsdk.quality.OptOut;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Hostile and broken files and payloads. The cases restate the rules behind the categories yaml and json of the corpus of bad
 * inputs, so that they hold for its other half too.
 */
class MappingBadInputsTest {
    private static final Mapping MAPPING = Mapping.parse("m.yaml", """
            constants: {kind: PERSON}
            rules:
              - {from: email, to: "emails[primary].address"}
              - {from: id, to: attributes.x.id, as: id}
              - {from: amount, to: attributes.x.amount, as: decimal}
              - {from: zip, to: "addresses[use=MAILING].postalCode"}
              - {from: unsubscribed, to: "consent[channel=email,scope=marketing]", as: {opt-out: yes-means-opted-out}}
              - {from: deep.name, to: displayName}
            """);

    @TestFactory
    Stream<DynamicTest> a_hostile_or_broken_mapping_file_is_refused_by_class() {
        Map<String, String> cases = new LinkedHashMap<>();
        cases.put(
                "!!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[!!java.net.URL [\"http://127.0.0.2:9/\"]]]]\n",
                "UNSAFE_TYPE");
        cases.put("a: !<tag:yaml.org,2002:java.util.Date> 2026-01-01\n", "UNSAFE_TYPE");
        cases.put("a: !!python/object/apply:os.system ['true']\n", "UNSAFE_TYPE");
        cases.put("a: !local x\n", "UNSAFE_TYPE");
        cases.put("a: !!str x\n", "UNSAFE_TYPE");
        cases.put("a: &a [x,x]\nb: &b [*a,*a]\n", "LIMIT_EXCEEDED");
        cases.put("&a [*a]\n", "LIMIT_EXCEEDED");
        cases.put("&a a: 1\n", "LIMIT_EXCEEDED");
        cases.put("a: 1\na: 2\n", "DUPLICATE_KEY");
        cases.put("rules:\n  - {from: a, from: b, to: c}\n", "DUPLICATE_KEY");
        cases.put("a: 1\n---\nb: 2\n", "MALFORMED");
        cases.put("", "MALFORMED");
        cases.put("# nothing\n", "MALFORMED");
        cases.put("a: [1\n", "MALFORMED");
        cases.put("a:\tb: c: d\n", "MALFORMED");
        cases.put("? [x, y]\n: z\n", "MALFORMED");
        cases.put("just text\n", "MALFORMED");
        cases.put("rules: []\n", "EMPTY_MAPPING");
        cases.put("constants: {kind: PERSON}\n", "EMPTY_MAPPING");
        cases.put("fields: []\n", "UNKNOWN_KEY");
        cases.put("include: file:///etc/passwd\n", "UNKNOWN_KEY");
        cases.put("vipRule: \"tier == 'VIP' || true\"\n", "UNKNOWN_KEY");
        cases.put("retries: -1\n", "UNKNOWN_KEY");
        cases.put("<<: {a: 1}\n", "UNKNOWN_KEY");
        cases.put("vendor: {fields: {A: {type: text, length: -1}}}\nrules: [{from: A, to: displayName}]\n", "CONFIG");
        cases.put(
                "vendor: {fields: {A: {type: text, length: 99999999999999}}}\nrules: [{from: A, to: displayName}]\n",
                "CONFIG");
        cases.put(
                "rules: [{from: email, to: displayName, as: \"${T(java.lang.Runtime).getRuntime()}\"}]\n",
                "UNKNOWN_CONVERTER");
        cases.put("a: " + "[".repeat(5_000) + "]".repeat(5_000) + "\n", "LIMIT_EXCEEDED");
        cases.put("a: " + "x".repeat((1 << 20) + 1) + "\n", "LIMIT_EXCEEDED");
        cases.put("a: \u0000\n", "MALFORMED");
        return cases.entrySet().stream()
                .map(each -> DynamicTest.dynamicTest(
                        each.getValue() + " "
                                + each.getKey()
                                        .substring(0, Math.min(40, each.getKey().length()))
                                        .replace('\n', ' '),
                        () -> {
                            CrmException thrown = refused(() -> Mapping.parse("bad.yaml", each.getKey()));

                            assertThat(thrown).isInstanceOf(MappingException.class);
                            assertThat(thrown.code()).isEqualTo(each.getValue());
                        }));
    }

    @Test
    void every_scalar_of_a_file_is_the_text_that_stands_there() {
        TextNode.Block read = (TextNode.Block)
                TextFile.read(
                        "t.yaml",
                        "\uFEFFcode: 0755\ntime: 12:30:45\nversion: 1.10\ndate: 2026-11-21\non: push\nno: yes\nphone: 13800138000\nbig: 1e5\nnull: ~\n");

        assertThat(read.entries().keySet())
                .containsExactly("code", "time", "version", "date", "on", "no", "phone", "big", "null");
        assertThat(read.entries().values().stream().map(node -> ((TextNode.Scalar) node).text()))
                .containsExactly("0755", "12:30:45", "1.10", "2026-11-21", "push", "yes", "13800138000", "1e5", "~");
    }

    @TestFactory
    Stream<DynamicTest> a_payload_that_is_no_record_is_refused_by_class() {
        Map<String, String> cases = new LinkedHashMap<>();
        cases.put("", "MALFORMED");
        cases.put("null", "MALFORMED");
        cases.put("[\"javax.sql.rowset.JdbcRowSetImpl\",{\"dataSourceName\":\"ldap://127.0.0.1:9/x\"}]", "MALFORMED");
        cases.put("{\"a\":1}garbage", "MALFORMED");
        cases.put("{\"a\":1}{\"a\":2}", "MALFORMED");
        cases.put("{'a':1}", "MALFORMED");
        cases.put("{\"a\":01}", "MALFORMED");
        cases.put("{\"a\":NaN}", "MALFORMED");
        cases.put("{\"a\":1,}", "MALFORMED");
        cases.put("{\"a\":\"\n\"}", "MALFORMED");
        cases.put("{\"a\":1", "MALFORMED");
        cases.put("{\"email\":\"a@x.test", "MALFORMED");
        cases.put("{/* c */\"a\":1}", "MALFORMED");
        cases.put("{\"email\":\"a@x.test\",\"email\":\"b@x.test\"}", "DUPLICATE_KEY");
        cases.put("{\"other\":1,\"other\":2}", "DUPLICATE_KEY");
        cases.put("{\"other\":{\"x\":1,\"x\":2}}", "DUPLICATE_KEY");
        cases.put("{\"deep\":{\"name\":\"a\"},\"deep\":{\"other\":1}}", "DUPLICATE_KEY");
        cases.put("{\"amount\":1E1000000000}", "LIMIT_EXCEEDED");
        cases.put("{\"other\":[{\"x\":1e-99999}]}", "LIMIT_EXCEEDED");
        cases.put("{\"other\":" + "9".repeat(2_000) + "}", "LIMIT_EXCEEDED");
        cases.put("{\"a\":".repeat(50_000) + "1" + "}".repeat(50_000), "LIMIT_EXCEEDED");
        cases.put("{\"a\":" + "[".repeat(50_000), "LIMIT_EXCEEDED");
        cases.put("{\"s\":\"" + "A".repeat(5_000_000) + "\"}", "LIMIT_EXCEEDED");
        cases.put("{\"" + "n".repeat(5_000) + "\":1}", "LIMIT_EXCEEDED");
        cases.put(colliding(8_192), "LIMIT_EXCEEDED");
        return cases.entrySet().stream()
                .map(each -> DynamicTest.dynamicTest(
                        each.getValue() + " "
                                + each.getKey()
                                        .substring(0, Math.min(40, each.getKey().length()))
                                        .replace('\n', ' '),
                        () -> {
                            CrmException thrown =
                                    refused(() -> MAPPING.in(each.getKey().getBytes(StandardCharsets.UTF_8)));

                            assertThat(thrown).isInstanceOf(PayloadException.class);
                            assertThat(thrown.code()).isEqualTo(each.getValue());
                        }));
    }

    /** Names of one {@code String.hashCode}. */
    private static String colliding(int count) {
        StringBuilder out = new StringBuilder("{");
        for (int i = 0; i < count; i++) {
            out.append(i == 0 ? "\"" : ",\"");
            for (int bit = 0; bit < 13; bit++) {
                out.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            out.append("\":1");
        }
        return out.append('}').toString();
    }

    private static CrmException refused(Runnable call) {
        try {
            call.run();
        } catch (CrmException e) {
            return e;
        }
        return null;
    }

    @Test
    void class_names_in_a_payload_are_plain_data_that_no_rule_reads() {
        MappedRecord record = in("{\"@type\":\"java.net.Inet4Address\",\"val\":\"rig.invalid\",\"class\":\"org.x.Y\"}");

        assertThat(record.raw().toString()).isEqualTo("{@type=java.net.Inet4Address, val=rig.invalid, class=org.x.Y}");
    }

    @Test
    void numbers_beyond_two_to_the_53_and_decimals_are_exact_and_zeros_stay() {
        MappedRecord record = in("{\"id\":9007199254740993,\"amount\":0.10,\"zip\":\"01234\"}");

        assertThat(record.values().get("attributes.x.id")).isEqualTo("9007199254740993");
        assertThat(record.values().get("attributes.x.amount")).hasToString("0.10");
        assertThat(record.customer().addresses().get(0).postalCode()).isEqualTo("01234");
    }

    @Test
    void null_is_not_absent() {
        assertThat(in("{\"email\":null}").presence("emails[primary].address")).isEqualTo(Presence.NULL);
        assertThat(in("{}").presence("emails[primary].address")).isEqualTo(Presence.ABSENT);
    }

    @Test
    void an_opt_out_reads_whatever_a_person_would_read_and_guesses_nothing() {
        assertThat(optOut("true")).isEqualTo(OptOut.OPTED_OUT);
        assertThat(optOut("false")).isEqualTo(OptOut.NOT_OPTED_OUT);
        assertThat(optOut("\"false\"")).isEqualTo(OptOut.NOT_OPTED_OUT);
        assertThat(optOut("0")).isEqualTo(OptOut.NOT_OPTED_OUT);
        assertThat(optOut("\"是\"")).isEqualTo(OptOut.OPTED_OUT);
        assertThat(optOut("\"\"")).isNull();
        assertThat(optOut("null")).isNull();
        assertThat(optOut("\"maybe\"")).isEqualTo(OptOut.UNKNOWN);
        assertThat(in("{\"unsubscribed\":{}}").consent()).isEmpty();
        assertThat(in("{\"unsubscribed\":{}}").findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.code()).isEqualTo("TYPE"));
    }

    private static OptOut optOut(String json) {
        MappedRecord record = in("{\"email\":\"a@x.test\",\"unsubscribed\":" + json + "}");
        return record.consent().isEmpty() ? null : record.consent().get(0).state();
    }

    private static MappedRecord in(String json) {
        return MAPPING.in(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void no_message_repeats_a_value() {
        MappedRecord record = in("{\"email\":\"secret name@x\",\"amount\":\"12,5 geheim\"}");

        assertThat(record.findings()).hasSize(2);
        record.findings()
                .forEach(finding -> assertThat(finding.message() + finding + record)
                        .doesNotContain("secret")
                        .doesNotContain("geheim"));
    }

    @Test
    void whatever_a_payload_holds_it_is_read_or_refused_and_bytes_and_tree_agree() {
        long seed = Long.getLong("seed", 7_411L);
        Random random = new Random(seed);
        for (int round = 0; round < 3_000; round++) {
            byte[] json = mutated(
                    "{\"email\":\"a@x.test\",\"id\":12,\"amount\":1.50,\"zip\":\"01\",\"unsubscribed\":true,\"deep\":{\"name\":\"n\",\"x\":[1,null]}}",
                    random);
            CrmException refused = refused(() -> MAPPING.in(json));
            if (refused != null) {
                assertThat(refused).as("seed %d round %d", seed, round).isInstanceOf(PayloadException.class);
                continue;
            }
            MappedRecord record = MAPPING.in(json);
            MappedRecord tree = MAPPING.in(record.tree());
            assertThat(tree.customer()).as("seed %d round %d", seed, round).isEqualTo(record.customer());
            assertThat(tree.findings()).isEqualTo(record.findings());
            assertThat(tree.raw()).isEqualTo(record.raw());
            if (record.customer() != null) {
                assertThat(MAPPING.out(record.customer(), record).isEmpty())
                        .as("seed %d round %d", seed, round)
                        .isTrue();
            }
        }
    }

    @Test
    void whatever_a_file_holds_it_loads_or_says_what_is_wrong() {
        long seed = Long.getLong("seed", 90_210L);
        Random random = new Random(seed);
        String file = """
                mapping: m
                system: s
                object: o
                vendor: {fields: {A: {type: text, length: 10}, "B[*].x": text}}
                constants: {kind: PERSON}
                rules:
                  - {from: A, to: "addresses[use=BILLING].street", as: {part: ",", index: "1"}}
                  - {from: "B[*].x", to: "emails[*].address", when: {A: ["x", "y"]}}
                """;
        for (int round = 0; round < 2_000; round++) {
            String text = new String(mutated(file, random), StandardCharsets.UTF_8);
            int number = round;
            assertThatCode(() -> {
                        try {
                            Mapping.parse(number % 2 == 0 ? "f.yaml" : "f.json", text);
                        } catch (MappingException e) {
                            assertThat(e.problems()).isNotEmpty();
                        }
                    })
                    .as("seed %d round %d", seed, round)
                    .doesNotThrowAnyException();
        }
    }

    private static byte[] mutated(String text, Random random) {
        StringBuilder out = new StringBuilder(text);
        String pool = "{}[]\",:.0123456789eE+-tfn\\ \n'*=&!|>#\u0000é李\uD83D\uDE00";
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
            int at = random.nextInt(out.length());
            switch (random.nextInt(4)) {
                case 0 -> out.deleteCharAt(at);
                case 1 -> out.insert(at, pool.charAt(random.nextInt(pool.length())));
                case 2 -> out.setCharAt(at, pool.charAt(random.nextInt(pool.length())));
                default -> {
                    int end = Math.min(out.length(), at + random.nextInt(20));
                    out.insert(random.nextInt(out.length()), out.substring(at, end));
                }
            }
        }
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void the_codes_are_those_of_the_documentation() throws java.io.IOException {
        Set<String> codes =
                Set.of("UNKNOWN_KEY", "UNKNOWN_PATH", "DUPLICATE_TARGET", "NOT_INVERTIBLE", "MONEY_DOUBLE", "CONSENT");
        java.nio.file.Path doc = java.nio.file.Path.of("..", "docs", "mapping.md");
        org.junit.jupiter.api.Assumptions.assumeTrue(
                java.nio.file.Files.exists(doc), "the documentation is not beside this module");

        assertThat(java.nio.file.Files.readString(doc)).contains(codes);
        for (String name : Converters.ours(java.util.List.of()).names()) {
            assertThat(java.nio.file.Files.readString(doc)).as(name).contains("`" + name + "`");
        }
    }
}
