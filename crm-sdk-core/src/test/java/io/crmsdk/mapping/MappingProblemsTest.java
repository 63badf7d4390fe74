package io.crmsdk.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What does not load, and why: each row is a part of a mapping and the code of its one problem. */
class MappingProblemsTest {
    private static final String HEAD = """
            mapping: t
            system: acme
            object: Contact
            vendor:
              fields:
                A: {type: text, length: 40}
                B: {type: text, length: 10}
                N: {type: text, length: 3}
                Long: {type: text, length: 400}
                Num: integer
                Dbl: double
                Flag: boolean
                Day: date
                Time: time
                Level: {type: text, values: [gold, silver]}
                Locked: {type: text, writable: false}
                hasOptedOut: boolean
                "items[*].x": text
            """;
    private static final String KIND = "constants: {kind: PERSON}\n";

    private static String rules(String... rules) {
        StringBuilder out = new StringBuilder(HEAD).append(KIND).append("rules:\n");
        for (String rule : rules) {
            out.append("  - {").append(rule).append("}\n");
        }
        return out.toString();
    }

    @TestFactory
    Stream<DynamicTest> F_905_a_rule_that_cannot_be_right_is_refused() {
        return Stream.of(
                        row("UNKNOWN_PATH", "from: A, to: displyName"),
                        row("UNKNOWN_PATH", "from: A, to: person"),
                        row("UNKNOWN_PATH", "from: A, to: emails.address"),
                        row("UNKNOWN_PATH", "from: A, to: displayName.x"),
                        row("UNKNOWN_PATH", "from: A, to: attributes.alone"),
                        row(
                                "UNKNOWN_PATH",
                                "from: A, to: \"consent[scope=marketing]\", as: {opt-out: yes-means-opted-out}"),
                        row("ENUM_IMAGE", "from: A, to: \"addresses[use=BILING].street\""),
                        row("UNKNOWN_FIELD", "from: Z, to: displayName"),
                        row("UNKNOWN_FIELD", "from: A, to: displayName, when: {Z: x}"),
                        row("UNKNOWN_CONVERTER", "from: A, to: displayName, as: shout"),
                        row("UNKNOWN_CONVERTER", "from: A, to: displayName, as: {shout: x}"),
                        row("ARGUMENT", "from: A, to: displayName, as: {text: x}"),
                        row("ARGUMENT", "from: A, to: displayName, as: {part: \",\", index: x}"),
                        row("TYPE", "from: A, to: displayName, as: decimal"),
                        row("TYPE", "from: Flag, to: displayName"),
                        row("TYPE", "from: Num, to: \"emails[primary].address\""),
                        row("TYPE", "from: Day, to: meta.createdAt, as: {time: rfc3339}"),
                        row("TYPE", "from: A, to: meta.createdAt, as: {time: date}"),
                        row("TYPE", "from: [A, B], to: displayName"),
                        row("TYPE", "from: \"items[*].x\", to: displayName"),
                        row("TYPE", "from: A, to: \"emails[*].address\""),
                        row("TYPE", "from: A, to: displayName, onError: keep-raw"),
                        row("LENGTH", "from: B, to: \"externalIds.value\", as: salesforce-id"),
                        row("LENGTH", "from: B, to: meta.createdAt, as: {time: rfc3339}"),
                        row("LENGTH", "from: N, to: source, as: {enum: {Website: WEBSITE}}"),
                        row("LENGTH", "from: A, to: displayName, tooLong: split"),
                        row("LENGTH", "from: A, to: number, tooLong: truncate-with-audit"),
                        row("ENUM_IMAGE", "from: Level, to: vip, direction: in, as: {enum: {gold: TIER_2}}"),
                        row(
                                "ENUM_IMAGE",
                                "from: Level, to: vip, direction: in, as: {enum: {gold: TIER_2, silver: BRONZE}}"),
                        row("ENUM_IMAGE", "from: Level, to: vip, as: {enum: {gold: TIER_2, silver: TIER_1}}"),
                        row("ENUM_IMAGE", "from: Level, to: source, as: {enum: {golden: EVENT}}"),
                        row("ENUM_IMAGE", "from: A, to: source, as: enum"),
                        row("NOT_INVERTIBLE", "from: A, to: displayName, as: clean-text"),
                        row("NOT_INVERTIBLE", "from: [Day, A], to: meta.createdAt, as: {split-time: UTC}"),
                        row("NOT_WRITABLE", "from: Locked, to: displayName, direction: both"),
                        row("NOT_FILLABLE", "from: A, to: id, direction: both"),
                        row("NO_CONVENTION", "from: Time, to: meta.createdAt"),
                        row("NO_CONVENTION", "from: Time, to: meta.createdAt, as: time"),
                        row("NO_CONVENTION", "from: Time, to: attributes.x.at"),
                        row("NO_ZONE", "from: Time, to: meta.createdAt, as: {time: local}"),
                        row("BAD_CONVENTION", "from: Time, to: meta.createdAt, as: {time: whenever}"),
                        row("NO_CURRENCY", "from: A, to: organization.annualRevenue"),
                        row("ARGUMENT", "from: A, to: organization.annualRevenue, as: {money: Yuan}"),
                        row("MONEY_DOUBLE", "from: Dbl, to: organization.annualRevenue, as: {money: CNY}"),
                        row("MONEY_DOUBLE", "from: Dbl, to: attributes.x.sum, as: decimal"),
                        row("CONSENT", "from: hasOptedOut, to: attributes.x.optOut, as: boolean"),
                        row("CONSENT", "from: A, to: displayName, as: {opt-out: yes-means-opted-out}"),
                        row(
                                "CONSENT",
                                "from: A, to: \"consent[channel=email,scope=m]\", as: {opt-out: yes-means-opted-out}, direction: both"),
                        row("NO_POLARITY", "from: hasOptedOut, to: \"consent[channel=email,scope=m]\""),
                        row("NO_POLARITY", "from: hasOptedOut, to: \"consent[channel=email,scope=m]\", as: opt-out"),
                        row(
                                "NO_POLARITY",
                                "from: hasOptedOut, to: \"consent[channel=email,scope=m]\", as: {opt-out: maybe}"),
                        row(
                                "NO_POLARITY",
                                "from: hasOptedOut, to: \"consent[channel=email,scope=m]\", as: {opt-out: yes-means-opted-out}, aliases: [x]"),
                        row("DUPLICATE_TARGET", "from: A, to: displayName", "from: B, to: displayName, direction: in"),
                        row("DUPLICATE_TARGET", "from: A, to: displayName", "from: A, to: jobTitle"),
                        row(
                                "DUPLICATE_TARGET",
                                "from: A, to: kind, as: {enum: {P: PERSON, O: ORGANIZATION, G: GROUP}}"),
                        row("REQUIRED_TARGET", "from: A, to: \"emails[primary].verificationMethod\""),
                        row("REQUIRED_TARGET", "from: A, to: \"onlineAccounts[0].id\""),
                        row("UNKNOWN_KEY", "from: A, to: displayName, transform: \"${T(java.lang.Runtime)}\""),
                        row("CONFIG", "from: A, to: displayName, direction: sideways"),
                        row("MALFORMED", "to: displayName"),
                        row("MALFORMED", "from: \"A[\", to: displayName"))
                .map(row -> DynamicTest.dynamicTest(row[0] + " " + row[1], () -> {
                    String[] rules = java.util.Arrays.copyOfRange(row, 1, row.length);
                    MappingException thrown =
                            catchThrowableOfType(MappingException.class, () -> Mapping.parse("t.yaml", rules(rules)));

                    assertThat(thrown).as("nothing was refused").isNotNull();
                    assertThat(thrown.problems())
                            .extracting(MappingException.Problem::code)
                            .containsOnly(row[0]);
                    assertThat(thrown.problems().get(0).file()).isEqualTo("t.yaml");
                    assertThat(thrown.problems().get(0).message()).isNotBlank();
                }));
    }

    private static String[] row(String... parts) {
        return parts;
    }

    @Test
    void the_vendors_required_field_must_be_written() {
        String text = HEAD.replace("A: {type: text, length: 40}", "A: {type: text, required: true}") + KIND
                + "rules:\n  - {from: B, to: jobTitle}\n";

        assertThatThrownBy(() -> Mapping.parse("t.yaml", text))
                .hasMessageContaining("REQUIRED_TARGET")
                .hasMessageContaining("A");
    }

    @Test
    void a_customer_needs_its_kind() {
        assertThatThrownBy(() -> Mapping.parse("t.yaml", HEAD + "rules:\n  - {from: A, to: displayName}\n"))
                .hasMessageContaining("kind");
    }

    @Test
    void rules_that_exclude_each_other_and_parts_of_one_text_may_share_a_field() {
        assertThatCode(
                        () -> Mapping.parse(
                                "t.yaml",
                                rules(
                                        "from: A, to: displayName, when: {Level: gold}",
                                        "from: B, to: displayName, when: {Level: silver}",
                                        "from: Long, to: \"addresses[use=BILLING].region\", as: {part: \",\", index: \"0\"}",
                                        "from: Long, to: \"addresses[use=BILLING].locality\", as: {part: \",\", index: \"1\"}")))
                .doesNotThrowAnyException();
    }

    @Test
    void what_loads_but_deserves_a_look_is_a_warning() {
        Mapping mapping = Mapping.parse("t.yaml", rules("from: A, to: displayName", "from: Long, to: jobTitle"));

        assertThat(mapping.warnings()).anyMatch(warning -> warning.contains("UNMAPPED B"));
        assertThat(mapping.warnings()).anyMatch(warning -> warning.startsWith("displayName") && warning.contains("40"));
        assertThat(mapping.warnings())
                .anyMatch(warning -> warning.startsWith("jobTitle") && warning.contains("refused"));
    }

    @Test
    void json_schema_declares_fields_too() {
        Mapping mapping = Mapping.parse("t.json", """
                {"constants": {"kind": "PERSON"},
                 "vendor": {"schema": {"type": "object", "required": ["properties"], "properties": {
                   "properties": {"type": "object", "required": ["email"], "properties": {
                      "email": {"type": ["string", "null"], "maxLength": 80},
                      "createdate": {"type": "string", "format": "date-time", "readOnly": true},
                      "stage": {"type": "string", "enum": ["lead", "customer"]}}},
                   "tags": {"type": "array", "items": {"type": "string"}}}}},
                 "rules": [
                   {"from": "properties.email", "to": "emails[primary].address"},
                   {"from": "properties.createdate", "to": "meta.createdAt", "as": {"time": "rfc3339"}},
                   {"from": "properties.stage", "to": "lifecycle", "as": {"enum": {"lead": "LEAD", "customer": "CUSTOMER"}}},
                   {"from": "tags[*]", "to": "tags"}]}
                """);

        assertThat(mapping.vendorFields().get("properties.email"))
                .isEqualTo(VendorField.of("properties.email", VendorType.TEXT)
                        .longest(80)
                        .asRequired());
        assertThat(mapping.vendorFields().get("properties.createdate").writable())
                .isFalse();
        assertThat(mapping.in("{\"properties\":{\"email\":\"a@example.com\",\"stage\":\"lead\"},\"tags\":[\"x\"]}"
                                .getBytes())
                        .findings())
                .isEmpty();
    }

    @Test
    void a_converter_of_the_host_cannot_be_inexact_nor_take_a_name_that_is_taken() {
        assertThatThrownBy(() -> Converter.oneWay("price", Double.class, Double::valueOf))
                .hasMessageContaining("double");
        assertThatThrownBy(() -> Mapping.parse("t.yaml", "a: b", Converter.oneWay("text", String.class, text -> text)))
                .hasMessageContaining("text");
    }
}
