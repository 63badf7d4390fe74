package io.crmsdk.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmsdk.model.Customer;
import io.crmsdk.model.CustomerKind;
import io.crmsdk.quality.Action;
import io.crmsdk.quality.Finding;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that a rule's condition or a vendor's change of shape would let fall without a word. */
class MisplacedValuesTest {
    private static final Mapping MAPPING = Mapping.parse("m.yaml", """
            mapping: m
            system: s
            object: o
            constants: {kind: PERSON}
            rules:
              - {from: type, to: jobTitle}
              - {from: email, to: "emails[primary].address", when: {type: [work, home]}}
              - {from: out, to: "consent[channel=email,scope=marketing]", as: {opt-out: yes-means-opted-out}, when: {type: work}}
              - {from: [sum, currency], to: organization.annualRevenue, direction: in}
              - {from: deep.name, to: displayName, when: {type: work}}
              - {from: id, to: externalIds.value, as: id}
            """);

    private static MappedRecord in(String json) {
        MappedRecord read = MAPPING.in(json.getBytes(StandardCharsets.UTF_8));
        MappedRecord fromTree = MAPPING.in(read.tree());
        assertThat(fromTree.findings())
                .as("the same from bytes and from a tree")
                .isEqualTo(read.findings());
        return read;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'{\"type\":\"work\",\"out\":[true]}' | consent[channel=email,scope=marketing] | a list",
                "'{\"type\":\"work\",\"out\":{\"value\":true}}' | consent[channel=email,scope=marketing] | an object",
                "'{\"type\":\"work\",\"email\":[\"a@x.test\"]}' | emails[primary].address | a list",
                "'{\"sum\":[1],\"currency\":\"CNY\"}' | organization.annualRevenue | a list",
                "'{\"type\":\"work\",\"deep\":\"Li\"}' | displayName | one value for the whole",
            })
    void an_object_or_a_list_where_a_rule_with_a_condition_expects_one_value_is_reported(
            String json, String label, String found) {
        assertThat(in(json).findings()).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo("TYPE");
            assertThat(finding.field()).isEqualTo(label);
            assertThat(finding.raw()).isEqualTo(found);
        });
    }

    @Test
    void a_condition_that_an_object_neither_meets_nor_fails_is_reported_for_each_rule_that_waits_for_it() {
        MappedRecord record = in("{\"type\":{\"name\":\"work\"},\"email\":\"a@x.test\",\"id\":\"1\"}");

        assertThat(record.findings())
                .extracting(Finding::code, Finding::raw)
                .containsOnly(org.assertj.core.groups.Tuple.tuple("TYPE", "an object"));
        assertThat(record.findings())
                .extracting(Finding::field)
                .containsExactlyInAnyOrder("jobTitle", "emails[primary].address");
    }

    @Test
    void a_condition_that_does_not_hold_is_no_finding_on_the_way_in() {
        assertThat(in("{\"type\":\"other\",\"email\":\"a@x.test\",\"out\":true}")
                        .findings())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "12.0", "9007199254740993.5", "-1.5"})
    void what_would_make_one_record_of_many_is_no_id(String id) {
        MappedRecord record = in("{\"id\":" + id + "}");

        assertThat(record.customer().externalIds()).isEmpty();
        assertThat(record.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.code()).isEqualTo("TYPE"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"9007199254740993", "\"12.0\"", "\"true\"", "0"})
    void whole_numbers_and_texts_are_ids_as_they_stand(String id) {
        assertThat(in("{\"id\":" + id + "}").customer().externalIds())
                .singleElement()
                .satisfies(there -> assertThat(there.value()).isEqualTo(id.replace("\"", "")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"Type\":\"work\",\"EMAIL\":\"a@x.test\"}", "{\"error\":{\"code\":401}}"})
    void a_record_without_a_single_known_field_is_flagged(String json) {
        assertThat(in(json).findings()).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo("NO_FIELDS");
            assertThat(finding.action()).isEqualTo(Action.FLAG_KEEP);
        });
    }

    @Test
    void a_condition_without_values_would_never_hold_and_is_refused_at_load() {
        assertThatThrownBy(() -> Mapping.builder("m")
                        .constant("kind", "PERSON")
                        .rule(MappingRule.of("a", "displayName").when("t").build())
                        .build())
                .isInstanceOfSatisfying(
                        MappingException.class,
                        e -> assertThat(e.problems())
                                .singleElement()
                                .satisfies(problem -> assertThat(problem.code()).isEqualTo("ARGUMENT")));
    }

    @Test
    void going_out_a_value_that_no_rule_may_write_is_reported_and_not_passed_over() {
        Customer customer = Customer.builder(CustomerKind.PERSON)
                .jobTitle("other")
                .displayName("Li")
                .build();

        VendorRecord written = MAPPING.out(customer);

        assertThat(new String(written.json(), StandardCharsets.UTF_8)).isEqualTo("{\"type\":\"other\"}");
        assertThat(written.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo("CONDITION");
            assertThat(finding.action()).isEqualTo(Action.REJECT);
            assertThat(finding.field()).isEqualTo("displayName");
            assertThat(finding.message()).contains("type is to be work").doesNotContain("Li");
        });
    }

    @Test
    void going_out_a_value_that_another_rule_writes_or_that_did_not_change_is_not_missing() {
        Mapping either = Mapping.builder("sap")
                .rule(
                        "Category",
                        "kind",
                        Conversion.of("enum", Map.of("1", "PERSON", "2", "ORGANIZATION", "3", "GROUP")))
                .rule(MappingRule.of("Name1", "displayName")
                        .when("Category", "2", "3")
                        .build())
                .rule(MappingRule.of("FullName", "displayName")
                        .when("Category", "1")
                        .build())
                .build();
        MappedRecord known = in("{\"type\":\"work\",\"deep\":{\"name\":\"Li\"},\"email\":\"a@x.test\",\"id\":\"1\"}");

        assertThat(either.out(Customer.builder(CustomerKind.PERSON)
                                .displayName("Li")
                                .build())
                        .findings())
                .isEmpty();
        assertThat(known.findings()).isEqualTo(List.of());
        assertThat(MAPPING.out(known.customer().toBuilder().jobTitle("other").build(), known)
                        .findings())
                .isEmpty();
    }
}
