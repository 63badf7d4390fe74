package io.crmsdk.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The three front ends, and what a file cannot be. */
class MappingFileTest {
    private static final String YAML = """
            # comments say nothing
            mapping: acme/contact
            system: acme
            object: Contact
            region: CN
            vendor:
              fields:
                Id: {type: text, length: 18, writable: false}
                Name: {type: text, length: 80, required: true}
                Mobile: text
                Level: {type: text, values: [A, B]}
                NoMail: boolean
                Changed: {writable: false, type: time}
            constants: {kind: PERSON}
            rules:
              - {from: Id, to: externalIds.value, as: id}
              - {from: Name, to: displayName, required: "true", doc: as one text}
              - {from: Mobile, to: "phones[features=MOBILE].number", onError: keep-raw}
              - {from: Level, to: attributes.acme.level, as: {enum: {A: best, B: good}}}
              - {from: NoMail, to: "consent[channel=email,scope=marketing]", as: {opt-out: yes-means-opted-out}}
              - {from: Changed, to: meta.updatedAt, as: {time: "local;zone=GMT+8"}, when: {Id: ["*"]}}
            """;
    private static final String JSON = """
            {"rules": [
               {"to": "externalIds.value", "from": "Id", "as": "id"},
               {"to": "displayName", "from": ["Name"], "doc": "as one text", "required": true},
               {"to": "phones[features=MOBILE].number", "from": "Mobile", "onError": "KEEP_RAW"},
               {"to": "attributes.acme.level", "from": "Level", "as": {"enum": {"A": "best", "B": "good"}}},
               {"to": "consent[channel=email,scope=marketing]", "from": "NoMail", "as": {"opt-out": "yes-means-opted-out"}},
               {"to": "meta.updatedAt", "from": "Changed", "as": {"time": "local;zone=GMT+8"}, "when": {"Id": "*"}}],
             "constants": {"kind": "PERSON"}, "region": "CN", "object": "Contact", "system": "acme",
             "vendor": {"fields": {"Changed": {"type": "time", "writable": false}, "NoMail": "boolean",
               "Level": {"type": "text", "values": ["A", "B"]}, "Mobile": "text",
               "Name": {"type": "text", "length": 80, "required": true}, "Id": {"type": "text", "length": 18, "writable": false}}},
             "mapping": "acme/contact"}
            """;

    private static Mapping built() {
        return Mapping.builder("acme/contact")
                .system("acme", "Contact")
                .region("CN")
                .vendorField(VendorField.of("Id", VendorType.TEXT).longest(18).readOnly())
                .vendorField(VendorField.of("Name", VendorType.TEXT).longest(80).asRequired())
                .vendorField(VendorField.of("Mobile", VendorType.TEXT))
                .vendorField(VendorField.of("Level", VendorType.TEXT).oneOf("A", "B"))
                .vendorField(VendorField.of("NoMail", VendorType.BOOLEAN))
                .vendorField(VendorField.of("Changed", VendorType.TIME).readOnly())
                .constant("kind", "PERSON")
                .rule("Id", "externalIds.value", Conversion.of("id"))
                .rule(MappingRule.of("Name", "displayName")
                        .required()
                        .doc("as one text")
                        .build())
                .rule(MappingRule.of("Mobile", "phones[features=MOBILE].number")
                        .onError(OnError.KEEP_RAW)
                        .build())
                .rule("Level", "attributes.acme.level", Conversion.of("enum", ordered("A", "best", "B", "good")))
                .rule(
                        "NoMail",
                        "consent[channel=email,scope=marketing]",
                        Conversion.of("opt-out", "yes-means-opted-out"))
                .rule(MappingRule.of("Changed", "meta.updatedAt")
                        .as("time", "local;zone=GMT+8")
                        .when("Id", "*")
                        .build())
                .build();
    }

    private static Map<String, String> ordered(String... pairs) {
        Map<String, String> map = new java.util.LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }

    @Test
    void yaml_json_and_builder_make_the_same_mapping_with_the_same_version() {
        Mapping yaml = Mapping.parse("contact.yaml", YAML);
        Mapping json = Mapping.parse("contact.json", JSON);
        Mapping built = built();

        assertThat(json).isEqualTo(yaml);
        assertThat(built).isEqualTo(yaml);
        assertThat(yaml.version())
                .matches("[0-9a-f]{64}")
                .isEqualTo(json.version())
                .isEqualTo(built.version());
        assertThat(yaml.hashCode()).isEqualTo(built.hashCode());
    }

    @Test
    void the_version_does_not_depend_on_layout_comments_or_the_order_of_keys() {
        String other = YAML.replace("# comments say nothing", "")
                .replace("system: acme\nobject: Contact\n", "object: 'Contact'\n\nsystem: \"acme\"\n");

        assertThat(Mapping.parse("x.yml", other).version())
                .isEqualTo(Mapping.parse("y.yaml", YAML).version());
        assertThat(Mapping.parse("x.yml", YAML.replace("length: 80", "length: 81"))
                        .version())
                .isNotEqualTo(Mapping.parse("x.yml", YAML).version());
    }

    @Test
    void a_record_comes_in_with_everything_that_was_said_and_nothing_that_was_not() {
        MappedRecord record =
                Mapping.parse("contact.yaml", YAML).in("""
                        {"Id": 9007199254740993, "Name": " 王小明 ", "Mobile": "138 0013 8000", "Level": "C", "NoMail": true,
                         "Changed": "2024-06-11 16:30:00", "Extra": {"amount": 12500000.50, "note": null}}
                        """.getBytes(java.nio.charset.StandardCharsets.UTF_8));

        var customer = record.customer();
        assertThat(customer).isNotNull();
        assertThat(customer.externalId("acme", "", "Contact").value()).isEqualTo("9007199254740993");
        assertThat(customer.displayName()).isEqualTo("王小明");
        assertThat(customer.primaryPhone().e164()).isEqualTo("+8613800138000");
        assertThat(customer.meta().updatedAt()).isEqualTo("2024-06-11T08:30:00Z");
        assertThat(customer.attributes()).isEmpty();
        assertThat(record.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo("UNKNOWN_WORD");
            assertThat(finding.raw()).isEqualTo("C");
            assertThat(finding.column()).isEqualTo("Level");
        });
        assertThat(record.consent()).singleElement().satisfies(signal -> {
            assertThat(signal.state()).isEqualTo(io.crmsdk.quality.OptOut.OPTED_OUT);
            assertThat(signal.contactPoints()).isEmpty();
            assertThat(signal.field()).isEqualTo("NoMail");
        });
        assertThat(record.raw().toString()).isEqualTo("{Extra={amount=12500000.50, note=null}}");
    }

    @Test
    void absent_null_and_blank_are_three_different_things() {
        Mapping mapping = Mapping.builder("m")
                .constant("kind", "PERSON")
                .rule("A", "displayName")
                .rule("B", "jobTitle")
                .rule("C", "department")
                .rule(MappingRule.of("D", "language").blank(Absence.NULL).build())
                .rule(MappingRule.of("E", "number").nulls(Absence.ABSENT).build())
                .rule(MappingRule.of("F", "timeZone").fallback("Asia/Shanghai").build())
                .build();
        MappedRecord record = mapping.in("{\"A\":null,\"B\":\"\",\"D\":\" \",\"E\":null}".getBytes());

        assertThat(record.presence("displayName")).isEqualTo(Presence.NULL);
        assertThat(record.presence("jobTitle")).isEqualTo(Presence.ABSENT);
        assertThat(record.presence("department")).isEqualTo(Presence.ABSENT);
        assertThat(record.presence("language")).isEqualTo(Presence.NULL);
        assertThat(record.presence("number")).isEqualTo(Presence.ABSENT);
        assertThat(record.presence("timeZone")).isEqualTo(Presence.VALUE);
    }

    @Test
    void every_problem_of_a_file_is_told_at_once_with_file_line_rule_and_code() {
        MappingException thrown = catchThrowableOfType(MappingException.class, () -> Mapping.parse("bad.yaml", """
                        mapping: bad
                        sytem: acme
                        rules:
                          - {from: A, to: displayNam}
                          - {from: B, to: meta.createdAt}
                          - {from: C, to: jobTitle, as: shout}
                          - {from: HasOptedOutOfEmail, to: attributes.x.optOut}
                        """));

        assertThat(thrown.problems())
                .extracting(MappingException.Problem::line, MappingException.Problem::code)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(2, "UNKNOWN_KEY"),
                        org.assertj.core.groups.Tuple.tuple(4, "UNKNOWN_PATH"),
                        org.assertj.core.groups.Tuple.tuple(5, "NO_CONVENTION"),
                        org.assertj.core.groups.Tuple.tuple(6, "UNKNOWN_CONVERTER"),
                        org.assertj.core.groups.Tuple.tuple(7, "CONSENT"));
        assertThat(thrown.problems()).allMatch(problem -> problem.file().equals("bad.yaml"));
        assertThat(thrown.problems().get(1).rule()).isEqualTo("displayNam");
        assertThat(thrown.code()).isEqualTo("UNKNOWN_KEY");
    }

    @Test
    void lists_on_both_sides_and_picks_from_lists_are_rules_not_code() {
        Mapping mapping = Mapping.builder("m")
                .constant("kind", "PERSON")
                .rule("emails[*].addr", "emails[*].address")
                .rule("phones[type=mobile].no", "phones[features=MOBILE].number", Conversion.of("phone", "CN"))
                .rule("country_id[1]", "addresses[use=MAILING].region")
                .rule("labels[*]", "tags")
                .build();
        MappedRecord record = mapping.in("""
                {"emails":[{"addr":"a@example.com"},{"addr":"b@example.com"},{"x":1}],
                 "phones":[{"type":"fax","no":"021-1"},{"type":"mobile","no":"13800138000"}],
                 "country_id":[48,"China"],"labels":["VIP","Wholesale"]}
                """.getBytes());

        var customer = record.customer();
        assertThat(customer.emails())
                .extracting(email -> email.address().raw())
                .isEqualTo(List.of("a@example.com", "b@example.com"));
        assertThat(customer.phones()).extracting(phone -> phone.e164()).containsExactly("+8613800138000");
        assertThat(customer.addresses().get(0).region()).isEqualTo("China");
        assertThat(customer.tags()).containsExactly("VIP", "Wholesale");
    }
}
