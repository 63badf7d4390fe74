package io.crmsdk.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A mapping remembers in which order a vendor's names come; what it reads never depends on what it remembers. */
class MappingNameOrderTest {
    private static final List<String> FIELDS = List.of(
            "\"Id\":\"0035g00000XyZaBAAV\"",
            "\"FirstName\":\"Li\"",
            "\"First\":\"a name that begins like another\"",
            "\"LastN\\u0061me\" : \"Wang\"",
            "\"Title\":null",
            "\"Extra__c\":{\"Id\":\"not ours\"}",
            "\"Account\" :{\"Name\":\"Yunfan\",\"Other\":1,\"TaxNumber\":\"91310115MA1K4T8X2Y\"}",
            "\"Number__c\":\"000471\"");

    @Test
    void names_in_any_order_and_with_any_missing_read_as_if_they_were_the_first_record() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Mapping used = mapping();
        for (int i = 0; i < 500; i++) {
            byte[] json = record(some(random));
            MappedRecord fresh = mapping().in(json);
            MappedRecord again = used.in(json);
            assertThat(again.customer())
                    .as("seed %d, record %d", seed, i)
                    .isNotNull()
                    .isEqualTo(fresh.customer());
            assertThat(again.findings()).as("seed %d, record %d", seed, i).isEqualTo(fresh.findings());
        }
    }

    @Test
    void a_name_that_comes_twice_is_refused_wherever_it_stands_and_whatever_came_before() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Mapping used = mapping();
        used.in(record(FIELDS));
        for (int i = 0; i < 500; i++) {
            List<String> fields = some(random);
            fields.add(random.nextInt(fields.size() + 1), fields.get(random.nextInt(fields.size())));
            assertThatThrownBy(() -> used.in(record(fields)))
                    .as("seed %d, record %d", seed, i)
                    .isInstanceOfSatisfying(
                            PayloadException.class,
                            refused -> assertThat(refused.code()).isEqualTo("DUPLICATE_KEY"));
        }
    }

    @Test
    void names_that_no_rule_reads_are_few_or_many_and_checked_all_the_same() {
        Mapping used = mapping();
        for (int names : List.of(3, 200, 70, 200)) {
            StringBuilder many = new StringBuilder("{\"Id\":\"0035g00000XyZaBAAV\",\"Meta\":{\"n0\":{\"x\":1}");
            for (int i = 1; i < names; i++) {
                many.append(",\"n").append(i).append("\":{\"x\":1,\"y\":[{\"z\":1}]}");
            }
            many.append('}');
            for (int i = 0; i < names; i++) {
                many.append(",\"m").append(i).append("\":").append(i);
            }
            String record = many.toString();

            assertThat(used.in(bytes(record + "}")).customer()).isNotNull();
            for (String twice : List.of("m0", "m2", "m" + (names - 1), "Meta", "Id")) {
                assertThatThrownBy(() -> used.in(bytes(record + ",\"" + twice + "\":1}")))
                        .as("%s of %d", twice, names)
                        .hasMessageContaining("DUPLICATE_KEY");
            }
            for (String within : List.of("\"n0\":1", "\"n2\":{\"x\":1,\"x\":2}", "\"new\":{\"x\":{\"y\":1,\"y\":1}}")) {
                String bad = record.replace("\"Meta\":{", "\"Meta\":{" + within + ",");
                assertThatThrownBy(() -> used.in(bytes(bad + "}")))
                        .as("%s within, of %d", within, names)
                        .hasMessageContaining("DUPLICATE_KEY");
            }
        }
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void a_record_that_ends_where_another_name_is_usual_is_refused_as_before() {
        Mapping used = mapping();
        used.in(record(FIELDS));
        String whole = "{" + String.join(",", FIELDS) + "}";
        for (int end = 1; end < whole.length(); end++) {
            byte[] cut = whole.substring(0, end).getBytes(StandardCharsets.UTF_8);
            assertThatThrownBy(() -> used.in(cut))
                    .as("the first %d characters", end)
                    .isInstanceOf(PayloadException.class);
        }
    }

    private static List<String> some(Random random) {
        List<String> fields = new ArrayList<>(FIELDS);
        Collections.shuffle(fields, random);
        return new ArrayList<>(fields.subList(0, 1 + random.nextInt(fields.size())));
    }

    private static byte[] record(List<String> fields) {
        return ("{" + String.join(", ", fields) + "}").getBytes(StandardCharsets.UTF_8);
    }

    private static Mapping mapping() {
        return Mapping.builder("salesforce/contact")
                .system("salesforce", "Contact")
                .constant("kind", "PERSON")
                .rule("Id", "externalIds.value", Conversion.of("id"))
                .rule("FirstName", "person.given")
                .rule("LastName", "person.family")
                .rule("Title", "jobTitle")
                .rule("Account.Name", "organization.legalName")
                .rule("Account.TaxNumber", "organization.taxIds[scheme=USCC,country=CN].value", Conversion.of("id"))
                .rule("Number__c", "number", Conversion.of("id"))
                .build();
    }
}
