package io.crmsdk.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.model.CustomerKind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What never links two records but is enough to ask. */
class SupportingEvidenceTest {
    @ParameterizedTest
    @CsvSource({
        "PASSPORT:US:483290175, PASSPORT:USA:483290175", // two writings of one country
        "4137787, 4137877", // two digits swapped
    })
    void identity_numbers_of_the_same_digits_are_asked_about_and_link_nothing(String one, String other) {
        Resolution resolution = resolve(
                person("Lea Toulouse").nationalId(one).build(),
                person("Lee Toulouse").nationalId(other).build());

        assertThat(resolution.clusters()).hasSize(2);
        assertThat(resolution.reviews())
                .singleElement()
                .satisfies(pair -> assertThat(pair.decision().why()).contains("identity numbers of the same digits"));
    }

    @ParameterizedTest
    @CsvSource({
        "483290175, 483290176", // another number
        "12345, 54321", // too short to tell people apart
    })
    void other_identity_numbers_are_not(String one, String other) {
        Resolution resolution = resolve(
                person("Lea Toulouse").nationalId(one).build(),
                person("Lee Toulouse").nationalId(other).build());

        assertThat(resolution.reviews())
                .allSatisfy(pair ->
                        assertThat(pair.decision().why()).doesNotContain("identity numbers of the same digits"));
    }

    @Test
    void an_identity_number_of_the_same_digits_joins_nobody_of_another_name() {
        Resolution resolution = resolve(
                person("Lea Toulouse").nationalId("483290175").postcode("10115").build(),
                person("Karin Weber").nationalId("482390175").postcode("80331").build());

        assertThat(resolution.clusters()).hasSize(2);
        assertThat(resolution.reviews()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "133 New Bridge Road, Chinatown Point, Singapore 059413; Chinatown Point, 133 New Bridge Road, 059413 singapore",
                "18 Danver Place, Loughborough, Leicestershire, LE11 1UU; 18 Danver Place, Loughborough, United Kingdom",
                "Fieldstrasse 10, FL-2198 Triesen; Fieldstrasse 10, FL-2198 Triesen, Lichtenstein",
                "#321 Street 128, Phnom Penh; Cambodia, #321 Street 128"
            })
    void an_address_in_one_text_is_known_by_its_street(String one, String other) {
        Resolution resolution = resolve(
                person("Rosemay A Thomas").street(one).build(),
                person("Rosemary A Thomas").street(other).build());

        assertThat(resolution.reviews())
                .singleElement()
                .satisfies(pair -> assertThat(pair.decision().why()).containsAnyOf("same street", "same address"));
    }

    @Test
    void the_postal_code_in_an_address_in_one_text_is_found() {
        Evidence one = person("A B")
                .street("Mullanpara Road, Old Vythiri, Wayanad, 673576, India")
                .build();

        assertThat(one.postcode)
                .isEqualTo(person("A B").postcode("673576").build().postcode)
                .isNotZero();
    }

    @Test
    void a_stated_postal_code_comes_before_one_in_the_address() {
        Evidence stated = person("A B")
                .street("Hauptstr. 5, 80331 Muenchen")
                .postcode("10115")
                .build();

        assertThat(stated.postcode).isEqualTo(person("A B").postcode("10115").build().postcode);
    }

    private static Evidence.Builder person(String name) {
        return Evidence.builder(CustomerKind.PERSON).name(name);
    }

    private static Resolution resolve(Evidence... records) {
        Resolver resolver = Resolver.of(MatchRules.defaults());
        for (Evidence record : List.of(records)) {
            resolver.add("r" + resolver.size(), "", record);
        }
        return resolver.resolve();
    }
}
