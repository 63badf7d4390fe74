package io.crmsdk.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.time.MonthDay;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import nl.jqno.equalsverifier.EqualsVerifier;
import nl.jqno.equalsverifier.Warning;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CustomerTest {
    /** Every personal value in {@link #full()}; none may show in any text form. */
    private static final List<String> SECRETS = List.of(
            "王小明",
            "小明",
            "13800138000",
            "8001",
            "wang.xiaoming",
            "滨江路",
            "179号",
            "91330199MA566XDH66",
            "wo-secret-id",
            "悄悄话",
            "owner@x.test",
            "1996-04-12",
            "04-12",
            "机密",
            "Xiaoming");

    static Customer full() {
        return Customer.builder(CustomerKind.PERSON)
                .id("01J0000000000000000000000A")
                .number("000123")
                .status(Coded.of(CustomerStatus.ACTIVE))
                .parent(RecordRef.of("01J0000000000000000000000B"))
                .displayName("王小明")
                .person(Person.builder()
                        .given("小明")
                        .family("王")
                        .phoneticGiven("Xiaoming")
                        .parsed(true)
                        .build())
                .organization(Organization.builder()
                        .legalName("机密公司")
                        .registrationNumber(new TaxId("USCC", "CN", "91330199MA566XDH66"))
                        .annualRevenue(Money.of("1.5", "CNY"))
                        .build())
                .birthday(PartialDate.parse("1996-04-12"))
                .language("zh-CN")
                .timeZone("Asia/Shanghai")
                .addEmail(CustomerEmail.builder(EmailAddress.parse("wang.xiaoming@example.com"))
                        .use(Coded.of(ContactUse.WORK))
                        .preference(2)
                        .deliverability(new Deliverability(
                                DeliverabilityState.HARD_BOUNCED, Instant.EPOCH, "550 <wang.xiaoming@example.com>"))
                        .build())
                .addEmail(CustomerEmail.builder(EmailAddress.parse("w@example.com"))
                        .preference(1)
                        .build())
                .addPhone(CustomerPhone.builder(PhoneNumber.ofE164("+8613800138000;ext=8001"))
                        .features(Set.of(PhoneFeature.MOBILE))
                        .build())
                .addAddress(PostalAddress.builder()
                        .street("滨江路179号")
                        .country("CN")
                        .postalCode("00501")
                        .build())
                .addOnlineAccount(new OnlineAccount("wecom", "wo-secret-id", "小明"))
                .addWebsite(URI.create("https://example.com/"))
                .addExternalId(ExternalId.of("salesforce", "acme", "Contact", "0035g00000ABCDE"))
                .owner(new Owner("crm", "7", "owner@x.test", "王小明"))
                .region(new Region("CN-33", "浙江", null))
                .tags(Set.of("老客户"))
                .vip(VipLevel.TIER_3)
                .lifecycle(Coded.other("pipeline-7"))
                .source(Coded.of(LeadSource.EVENT))
                .addNote(Note.of("悄悄话"))
                .attributes(Map.of("crm.secret", AttributeValue.of("机密")))
                .meta(Meta.builder().createdAt(Instant.EPOCH).revision(3).build())
                .build();
    }

    @Test
    void a_builder_made_from_a_customer_makes_the_same_customer() {
        assertThat(full().toBuilder().build()).isEqualTo(full()).hasSameHashCodeAs(full());
        assertThat(full().toBuilder().number("000124").build()).isNotEqualTo(full());
    }

    @TestFactory
    Stream<DynamicTest> no_text_form_shows_a_personal_value() {
        List<Object> all = new ArrayList<>();
        collect(full(), all);
        assertThat(all).hasSizeGreaterThan(25);
        return all.stream()
                .map(value -> DynamicTest.dynamicTest(
                        value.getClass().getSimpleName(),
                        () -> assertThat(value.toString())
                                .as(value.getClass().getName())
                                .doesNotContain(SECRETS)));
    }

    /** Walks through every record that a customer is made of. */
    private static void collect(Object value, List<Object> all) {
        if (value instanceof Iterable<?> values) {
            values.forEach(each -> collect(each, all));
        } else if (value instanceof Map<?, ?> map) {
            map.values().forEach(each -> collect(each, all));
        } else if (value instanceof Record record) {
            all.add(record);
            for (RecordComponent component : record.getClass().getRecordComponents()) {
                try {
                    collect(component.getAccessor().invoke(record), all);
                } catch (ReflectiveOperationException e) {
                    throw new AssertionError(e);
                }
            }
        } else if (value instanceof EmailAddress || value instanceof PhoneNumber) {
            all.add(value);
        }
    }

    @TestFactory
    Stream<DynamicTest> all_records_are_equal_by_value() {
        return Stream.of(Coded.class, Person.class, Deliverability.class, CustomerPhone.class, Note.class, Meta.class)
                .map(type -> DynamicTest.dynamicTest(
                        type.getSimpleName(),
                        () -> EqualsVerifier.forClass(type)
                                .suppress(Warning.NULL_FIELDS)
                                .withPrefabValues(PhoneNumber.class, PhoneNumber.unread("1"), PhoneNumber.unread("2"))
                                .withPrefabValues(Integer.class, 1, 2)
                                .verify()));
    }

    @Test
    void what_came_in_as_a_list_cannot_change_afterwards() {
        List<ExternalId> ids = new ArrayList<>(List.of(ExternalId.of("a", "b", "c")));
        Customer customer =
                Customer.builder(CustomerKind.PERSON).externalIds(ids).build();

        ids.clear();

        assertThat(customer.externalIds()).hasSize(1);
        assertThatThrownBy(() -> customer.externalIds().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> customer.tags().add("x")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> customer.attributes().put("a.b", AttributeValue.of(1)))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void consent_is_no_field_of_a_customer() {
        assertThat(Arrays.stream(Customer.class.getRecordComponents()).map(RecordComponent::getName))
                .noneMatch(name -> name.toLowerCase(Locale.ROOT).matches(".*(consent|optout|opt_out|subscri).*"));
    }

    @Test
    void nothing_but_a_kind_is_needed() {
        Customer customer = Customer.builder(CustomerKind.ORGANIZATION).build();

        assertThat(customer.vip()).isEqualTo(VipLevel.UNKNOWN);
        assertThat(customer.vip().isVip()).isFalse();
        assertThat(customer.vip().tier()).isEmpty();
        assertThat(customer.primaryEmail()).isNull();
        assertThat(customer.emails()).isEmpty();
    }

    @Test
    void text_is_composed_trimmed_and_absent_when_empty() {
        Customer customer = Customer.builder(CustomerKind.PERSON)
                .displayName(" Zoe\u0308 ")
                .jobTitle("  ")
                .addNote(Note.of("a\r\nb"))
                .build();

        assertThat(customer.displayName()).isEqualTo("Zoë");
        assertThat(customer.jobTitle()).isNull();
        assertThat(customer.notes().get(0).text()).isEqualTo("a\nb");
    }

    @Test
    void names_of_255_characters_beyond_the_basic_plane_fit() {
        String name = "𠮷".repeat(255);

        assertThat(Customer.builder(CustomerKind.PERSON)
                        .displayName(name)
                        .build()
                        .displayName())
                .isEqualTo(name);
        assertThatThrownBy(() -> Customer.builder(CustomerKind.PERSON)
                        .displayName(name + "𠮷")
                        .build())
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.code()).isEqualTo("LIMIT_EXCEEDED"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u0000b", "a\nb", "a\u2028b", "a\uD800", "\uDC00a", "a\u000Bb"})
    void a_name_holds_no_control_characters_and_no_half_ones(String name) {
        assertThatThrownBy(() ->
                        Customer.builder(CustomerKind.PERSON).displayName(name).build())
                .isInstanceOfSatisfying(ModelException.class, e -> {
                    assertThat(e.code()).isEqualTo("MALFORMED");
                    assertThat(e.field()).isEqualTo("displayName");
                });
    }

    @Test
    void two_hundred_addresses_fit_and_the_best_is_first_choice() {
        List<CustomerEmail> emails = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            emails.add(CustomerEmail.of(EmailAddress.parse("u" + i + "@example.com")));
        }
        Customer customer = Customer.builder(CustomerKind.PERSON).emails(emails).build();

        assertThat(customer.emails()).hasSize(200);
        assertThat(customer.primaryEmail()).isEqualTo(emails.get(0));
        assertThat(full().primaryEmail())
                .extracting(email -> email.address().raw())
                .isEqualTo("w@example.com");
    }

    @Test
    void the_same_object_cannot_be_named_twice() {
        ExternalId id = ExternalId.of("sap", "A_BusinessPartner", "0000012345");

        assertThatThrownBy(() -> Customer.builder(CustomerKind.PERSON)
                        .addExternalId(id)
                        .addExternalId(id.withVersion("2"))
                        .build())
                .isInstanceOf(ModelException.class);
        assertThat(id.value()).isEqualTo("0000012345");
        assertThat(ExternalId.of("sf", "Contact", "0035g00000abcde")
                        .sameObject(ExternalId.of("sf", "Contact", "0035g00000ABCDE")))
                .isFalse();
    }

    @Test
    void tags_that_differ_in_case_only_are_one() {
        Customer customer = Customer.builder(CustomerKind.PERSON)
                .tags(new LinkedHashSet<>(List.of("Gold", "gold", "neu")))
                .build();

        assertThat(customer.tags()).containsExactly("Gold", "neu");
    }

    @Test
    void attributes_are_named_typed_and_limited() {
        Map<String, AttributeValue> many = new LinkedHashMap<>();
        for (int i = 0; i <= 500; i++) {
            many.put("x.k" + i, AttributeValue.of(i));
        }

        assertThatThrownBy(() ->
                        Customer.builder(CustomerKind.PERSON).attributes(many).build())
                .isInstanceOf(ModelException.class);
        assertThatThrownBy(() -> Customer.builder(CustomerKind.PERSON)
                        .attributes(Map.of("nameless", AttributeValue.of(true)))
                        .build())
                .isInstanceOf(ModelException.class);
        assertThatThrownBy(() -> AttributeValue.of("x".repeat(AttributeValue.MAX_BYTES + 1)))
                .isInstanceOf(ModelException.class);
        assertThatThrownBy(() -> AttributeValue.of("张".repeat(11_000))).isInstanceOf(ModelException.class);
        assertThat(Customer.builder(CustomerKind.PERSON)
                        .attributes(Map.of("自定义.备注_2", AttributeValue.of(LocalDate.of(2024, 1, 5))))
                        .build()
                        .attributes())
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                "/relative",
                "https://user:pw@example.com/",
                "ftp://example.com/",
                "https:///x"
            })
    void a_website_is_an_absolute_web_address_without_a_user(String url) {
        assertThatThrownBy(() -> Customer.builder(CustomerKind.ORGANIZATION)
                        .addWebsite(URI.create(url))
                        .build())
                .isInstanceOf(ModelException.class);
    }

    @Test
    void a_foreign_word_is_neither_lost_nor_taken_for_a_known_one() {
        Coded<LifecycleStage> stage = Coded.parse(LifecycleStage.class, "Closed-Won");

        assertThat(stage.known()).isNull();
        assertThat(stage.text()).isEqualTo("Closed-Won");
        assertThat(stage).hasToString("OTHER(Closed-Won)");
        assertThat(Coded.parse(LifecycleStage.class, "customer").is(LifecycleStage.CUSTOMER))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1996-04-12", "1996-04", "1996", "--04-12", "--02-29", "2000-02-29"})
    void partial_dates_read_what_they_write(String text) {
        assertThat(PartialDate.parse(text).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1996-13",
                "1999-02-29",
                "--02-30",
                "--04",
                "-",
                "0000",
                "1996-4-12",
                "96-04-12",
                "1996-04-12T00:00"
            })
    void dates_that_cannot_be_are_refused(String text) {
        assertThatThrownBy(() -> PartialDate.parse(text)).isInstanceOf(ModelException.class);
    }

    @Test
    void a_birthday_without_year_is_no_full_date() {
        assertThat(PartialDate.of(MonthDay.of(2, 29)).full()).isEmpty();
        assertThat(PartialDate.parse("1996-04-12").full()).contains(LocalDate.of(1996, 4, 12));
    }
}
