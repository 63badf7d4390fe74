package io.crmsdk.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import io.crmsdk.model.Customer;
import io.crmsdk.model.CustomerEmail;
import io.crmsdk.model.CustomerJson;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.model.Person;
import io.crmsdk.quality.OptOut;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The bundled mappings of vendors, each against a payload with the vendor's traps and what was written down by hand for it:
 * the customer, the consent signals, the findings, what is carried through, and what a changed name and address write.
 */
class BundledMappingsTest {
    private static final String SAMPLES = "/io/crmsdk/mapping/vendors/";

    static List<String> vendors() {
        return Mapping.bundledNames().stream()
                .filter(name -> !Mapping.bundled(name).forRows())
                .toList();
    }

    static Stream<String> written() {
        return vendors().stream().filter(name -> !name.equals("yonyou/bd_customer"));
    }

    // ---- samples

    private static byte[] file(String name) {
        try (InputStream file = BundledMappingsTest.class.getResourceAsStream(SAMPLES + name)) {
            assertThat(file).as(name).isNotNull();
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MappedRecord sample(String name) {
        return Mapping.bundled(name).in(file(name + ".json"));
    }

    private static Map<String, Object> expected(String name) {
        return tree(file(name + ".expected.json"));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> tree(byte[] json) {
        try (JsonParser parser = Limits.JSON.createParser(json)) {
            return (Map<String, Object>) JsonTree.read(parser, parser.nextToken(), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] json(@Nullable Object tree) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = Limits.JSON.createGenerator(out)) {
            WritePlan.writeValue(tree == null ? Scalar.NULL : tree, json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static List<String> texts(@Nullable Object list) {
        return ((List<?>) list).stream().map(item -> ((Scalar) item).text()).toList();
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private static String stated(Customer customer) {
        return text(CustomerJson.write(customer));
    }

    private static List<String> signals(MappedRecord record) {
        return record.consent().stream()
                .map(signal -> signal.channel() + " " + signal.scope() + " " + signal.state() + " "
                        + String.join(",", signal.contactPoints()))
                .toList();
    }

    // ---- every mapping

    @ParameterizedTest
    @MethodSource("vendors")
    void every_declared_field_is_used_and_every_rule_is_explained(String name) {
        Mapping mapping = Mapping.bundled(name);

        assertThat(mapping.name()).isEqualTo(name);
        assertThat(mapping.doc()).isNotBlank();
        assertThat(mapping.warnings()).noneMatch(warning -> warning.startsWith("UNMAPPED"));
        String explained = mapping.explain();
        for (MappingRule rule : mapping.rules()) {
            assertThat(explained).contains(rule.label());
        }
        assertThat(mapping.explainHtml()).startsWith("<!DOCTYPE html>");
    }

    @ParameterizedTest
    @MethodSource("vendors")
    void a_payload_becomes_exactly_the_customer_that_it_describes(String name) {
        MappedRecord record = sample(name);
        Map<String, Object> expected = expected(name);
        Customer customer = CustomerJson.read(json(expected.get("customer")));

        assertThat(record.customer()).as("%s", record.findings()).isNotNull();
        assertThat(stated(record.customer())).isEqualTo(stated(customer));
        assertThat(record.customer()).isEqualTo(customer);
        assertThat(signals(record)).isEqualTo(texts(expected.get("consent")));
        assertThat(record.findings().stream()
                        .map(finding -> finding.code() + " " + finding.field())
                        .toList())
                .isEqualTo(texts(expected.get("findings")));
    }

    @ParameterizedTest
    @MethodSource("vendors")
    void what_no_rule_reads_is_carried_through_with_all_its_digits(String name) {
        MappedRecord record = sample(name);

        assertThat(record.raw().keySet())
                .containsExactlyInAnyOrderElementsOf(texts(expected(name).get("carried")));
        Set<String> sent = numbers(text(file(name + ".json")));
        String back = text(json(record.tree()));
        assertThat(numbers(back)).isEqualTo(sent);
    }

    private static Set<String> numbers(String json) {
        Set<String> numbers = new TreeSet<>();
        java.util.regex.Pattern.compile("[:\\[,]\\s*(-?[0-9]+(\\.[0-9]+)?)\\s*[,}\\]]")
                .matcher(json)
                .results()
                .forEach(match -> numbers.add(match.group(1)));
        return numbers;
    }

    @ParameterizedTest
    @MethodSource("vendors")
    void a_record_that_did_not_change_writes_nothing(String name) {
        MappedRecord record = sample(name);
        VendorRecord written = Mapping.bundled(name).out(record.customer(), record);

        assertThat(written.paths()).isEmpty();
        assertThat(written.findings()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("vendors")
    void a_changed_name_and_address_write_these_fields_and_no_others(String name) {
        MappedRecord record = sample(name);

        VendorRecord written = Mapping.bundled(name).out(renamed(record.customer()), record);

        assertThat(text(written.json())).isEqualTo(text(json(expected(name).get("written"))));
        assertThat(written.findings()).isEmpty();
    }

    private static Customer renamed(Customer customer) {
        Customer.Builder changed = customer.toBuilder();
        Person person = customer.person();
        if (person != null) {
            changed.person(person.toBuilder().family("New").build());
        } else if (customer.organization() != null && customer.organization().legalName() != null) {
            changed.organization(customer.organization().toBuilder()
                    .legalName("New Name Ltd")
                    .build());
        } else {
            changed.displayName("New Name");
        }
        if (!customer.emails().isEmpty()) {
            List<CustomerEmail> emails = new ArrayList<>(customer.emails());
            emails.set(
                    0,
                    emails.get(0).toBuilder()
                            .address(EmailAddress.parse("new@changed.example"))
                            .build());
            changed.emails(emails);
        }
        return changed.build();
    }

    @ParameterizedTest
    @MethodSource("written")
    void a_new_record_reads_back_as_what_was_written(String name) {
        Mapping mapping = Mapping.bundled(name);
        MappedRecord record = sample(name);

        VendorRecord written = mapping.out(record.customer());
        // The vendor gives the record its id and its times; what it was made from is there again.
        Map<String, Object> stored = unwritten(record.tree(), "", mapping.plan().writes.paths);
        merge(tree(written.json()), stored);
        @Nullable Object[] before = slots(mapping, record.customer());
        @Nullable Object[] after = slots(mapping, mapping.in(json(stored)).customer());

        assertThat(written.isEmpty()).isFalse();
        assertThat(written.findings()).isEmpty();
        for (CompiledRule rule : mapping.plan().rules) {
            if (rule.direction() == Direction.BOTH) {
                int slot = rule.field().slot();
                assertThat(after[slot]).as(rule.label()).isEqualTo(before[slot]);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> unwritten(Map<String, Object> tree, String prefix, List<String> written) {
        Map<String, Object> left = new LinkedHashMap<>();
        tree.forEach((name, value) -> {
            String path = prefix + VendorPath.quote(name);
            if (!written.contains(path)) {
                left.put(
                        name,
                        value instanceof Map ? unwritten((Map<String, Object>) value, path + ".", written) : value);
            }
        });
        return left;
    }

    @SuppressWarnings("unchecked")
    private static void merge(Map<String, Object> from, Map<String, Object> into) {
        from.forEach((name, value) -> {
            if (value instanceof Map && into.get(name) instanceof Map) {
                merge((Map<String, Object>) value, (Map<String, Object>) into.get(name));
            } else {
                into.put(name, value);
            }
        });
    }

    private static @Nullable Object[] slots(Mapping mapping, Customer customer) {
        @Nullable Object[] slots = new Object[mapping.plan().template.length];
        mapping.plan().root.explode(customer, slots);
        return slots;
    }

    @ParameterizedTest
    @MethodSource("vendors")
    void nothing_that_speaks_of_consent_is_ever_written(String name) {
        Mapping mapping = Mapping.bundled(name);
        MappedRecord record = sample(name);
        Set<String> consent = new HashSet<>();
        for (CompiledRule rule : mapping.plan().rules) {
            if (rule.consent() != null) {
                assertThat(rule.direction()).isEqualTo(Direction.IN);
                rule.sources()
                        .forEach(source ->
                                consent.add(WritePlan.plainPrefix(source).toString()));
            }
        }

        assertThat(mapping.out(record.customer()).paths()).noneMatch(consent::contains);
        assertThat(mapping.out(renamed(record.customer()), record).paths()).noneMatch(consent::contains);
        assertThat(mapping.plan().writes.paths).noneMatch(consent::contains);
    }

    // ---- three-valued consent

    static Stream<Arguments> polarities() {
        String salesforce = "{\"Id\":\"003RO000009aNEW\",\"LastName\":\"W\",\"Email\":\"a@b.example\"%s}";
        String hubspot = "{\"properties\":{\"hs_object_id\":\"1\",\"email\":\"a@b.example\"%s}}";
        String dynamics = "{\"contactid\":\"c\",\"lastname\":\"W\"%s}";
        String odoo = "{\"id\":1,\"name\":\"W\",\"is_company\":false%s}";
        String erpnext = "{\"name\":\"c\",\"first_name\":\"W\"%s}";
        String form = "{\"_id\":\"c\",\"customer_type\":\"个人\",\"customer_name\":\"W\"%s}";
        String mailchimp = "{\"id\":\"c\",\"email_address\":\"a@b.example\"%s}";
        String brevo = "{\"id\":1,\"email\":\"a@b.example\"%s}";
        String listmonk = "{\"id\":1,\"email\":\"a@b.example\",\"name\":\"W\"%s}";
        return Stream.of(
                says("salesforce/contact", salesforce, ",\"HasOptedOutOfEmail\":true", OptOut.OPTED_OUT),
                says("salesforce/contact", salesforce, ",\"HasOptedOutOfEmail\":false", OptOut.NOT_OPTED_OUT),
                says("salesforce/contact", salesforce, ",\"HasOptedOutOfEmail\":null", null),
                says("salesforce/contact", salesforce, "", null),
                says("hubspot/contact", hubspot, ",\"hs_email_optout\":\"true\"", OptOut.OPTED_OUT),
                says("hubspot/contact", hubspot, ",\"hs_email_optout\":\"\"", null),
                says("hubspot/contact", hubspot, ",\"hs_email_optout\":null", null),
                says("hubspot/contact", hubspot, "", null),
                says("dynamics365/contact", dynamics, ",\"donotbulkemail\":true", OptOut.OPTED_OUT),
                says("dynamics365/contact", dynamics, ",\"donotbulkemail\":false", OptOut.NOT_OPTED_OUT),
                says("dynamics365/contact", dynamics, ",\"donotbulkemail\":null", null),
                says("odoo/res.partner", odoo, ",\"is_blacklisted\":true", OptOut.OPTED_OUT),
                says("odoo/res.partner", odoo, ",\"is_blacklisted\":false", OptOut.NOT_OPTED_OUT),
                says("odoo/res.partner", odoo, "", null),
                says("erpnext/Contact", erpnext, ",\"unsubscribed\":1", OptOut.OPTED_OUT),
                says("erpnext/Contact", erpnext, ",\"unsubscribed\":0", OptOut.NOT_OPTED_OUT),
                says("erpnext/Contact", erpnext, ",\"unsubscribed\":null", null),
                says("jiandaoyun/template", form, ",\"marketing\":\"退订\"", OptOut.OPTED_OUT),
                says("jiandaoyun/template", form, ",\"marketing\":\"同意\"", OptOut.NOT_OPTED_OUT),
                says("jiandaoyun/template", form, ",\"marketing\":\"以后再说\"", OptOut.UNKNOWN),
                says("jiandaoyun/template", form, ",\"marketing\":\"\"", null),
                says("mailchimp/member", mailchimp, ",\"status\":\"unsubscribed\"", OptOut.OPTED_OUT),
                says("mailchimp/member", mailchimp, ",\"status\":\"subscribed\"", OptOut.NOT_OPTED_OUT),
                says("mailchimp/member", mailchimp, ",\"status\":\"pending\"", OptOut.UNKNOWN),
                says("mailchimp/member", mailchimp, ",\"status\":\"archived\"", OptOut.UNKNOWN),
                says("mailchimp/member", mailchimp, "", null),
                says("brevo/contact", brevo, ",\"emailBlacklisted\":true", OptOut.OPTED_OUT),
                says("brevo/contact", brevo, ",\"emailBlacklisted\":false", OptOut.NOT_OPTED_OUT),
                says("brevo/contact", brevo, ",\"listUnsubscribed\":[]", null),
                says("brevo/contact", brevo, ",\"listUnsubscribed\":null", null),
                says("brevo/contact", brevo, ",\"listUnsubscribed\":[7]", OptOut.OPTED_OUT),
                says("listmonk/subscriber", listmonk, ",\"status\":\"blocklisted\"", OptOut.OPTED_OUT),
                says("listmonk/subscriber", listmonk, ",\"status\":\"enabled\"", OptOut.NOT_OPTED_OUT),
                says("listmonk/subscriber", listmonk, ",\"status\":\"disabled\"", OptOut.UNKNOWN),
                says(
                        "listmonk/subscriber",
                        listmonk,
                        ",\"lists\":[{\"subscription_status\":\"confirmed\"},{\"subscription_status\":\"unsubscribed\"}]",
                        OptOut.OPTED_OUT),
                says("listmonk/subscriber", listmonk, ",\"lists\":[{\"subscription_status\":\"confirmed\"}]", null),
                says("listmonk/subscriber", listmonk, ",\"lists\":[]", null));
    }

    private static Arguments says(String name, String record, String field, @Nullable OptOut state) {
        return Arguments.of(name, record.formatted(field), state);
    }

    @ParameterizedTest
    @MethodSource("polarities")
    void an_opt_out_has_three_values_and_absent_makes_no_signal(String name, String json, @Nullable OptOut state) {
        MappedRecord record = Mapping.bundled(name).in(json.getBytes(StandardCharsets.UTF_8));

        assertThat(record.rejected()).as("%s", record.findings()).isFalse();
        assertThat(record.consent().stream().map(ConsentSignal::state).toList())
                .isEqualTo(state == null ? List.of() : List.of(state));
    }

    // ---- single traps

    private static MappedRecord in(String name, String json) {
        return Mapping.bundled(name).in(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_person_account_is_not_taken_for_a_company() {
        MappedRecord record = in(
                "salesforce/account",
                "{\"Id\":\"001RO000001AbCd\",\"Name\":\"Ada Lovelace\",\"IsPersonAccount\":true}");

        assertThat(record.rejected()).isTrue();
        assertThat(record.findings()).anyMatch(finding -> finding.code().equals("UNKNOWN_WORD"));
        assertThat(in("salesforce/account", "{\"Id\":\"001RO000001AbCd\",\"Name\":\"Huadong\"}")
                        .rejected())
                .isFalse();
    }

    @Test
    void an_account_id_of_15_characters_tells_case_and_becomes_18() {
        assertThat(in("salesforce/account", "{\"Id\":\"001RO000001AbCd\",\"Name\":\"A\"}")
                        .customer()
                        .externalIds()
                        .get(0)
                        .value())
                .isEqualTo("001RO000001AbCdYAK");
    }

    @Test
    void a_contact_whose_customer_is_another_contact_gets_no_company() {
        MappedRecord record = in(
                "dynamics365/contact",
                "{\"contactid\":\"c\",\"lastname\":\"W\",\"_parentcustomerid_value\":\"d\","
                        + "\"_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname\":\"contact\"}");

        assertThat(record.customer().parent()).isNull();
    }

    @Test
    void a_business_partner_that_is_a_person_keeps_its_day_and_its_moment() {
        Mapping mapping = Mapping.bundled("sap/A_BusinessPartner");
        MappedRecord record = mapping.in(("{\"BusinessPartner\":\"0000000042\",\"BusinessPartnerCategory\":\"1\","
                        + "\"FirstName\":\"Ada\",\"LastName\":\"Lovelace\",\"OrganizationBPName1\":\"\","
                        + "\"BirthDate\":\"/Date(638841600000)/\",\"LastChangeDate\":\"/Date(1718064000000)/\","
                        + "\"LastChangeTime\":\"PT08H30M05S\"}")
                .getBytes(StandardCharsets.UTF_8));
        Customer customer = record.customer();

        assertThat(customer.externalIds().get(0).value()).isEqualTo("0000000042");
        assertThat(customer.birthday().text()).isEqualTo("1990-03-31");
        assertThat(customer.meta().updatedAt()).isEqualTo(Instant.parse("2024-06-11T08:30:05Z"));
        assertThat(text(mapping.out(customer).json()))
                .isEqualTo("{\"BusinessPartnerCategory\":\"1\",\"FirstName\":\"Ada\",\"LastName\":\"Lovelace\","
                        + "\"BirthDate\":\"/Date(638841600000)/\"}");
        assertThat(mapping.inZone("Asia/Shanghai")
                        .in(record.tree())
                        .customer()
                        .meta()
                        .updatedAt())
                .isEqualTo(Instant.parse("2024-06-11T00:30:05Z"));
    }

    @Test
    void a_long_name_is_cut_into_the_pieces_that_sap_has() {
        Mapping mapping = Mapping.bundled("sap/A_BusinessPartner");
        MappedRecord record = sample("sap/A_BusinessPartner");
        String name = "华东".repeat(30);
        Customer changed = record.customer().toBuilder()
                .organization(record.customer().organization().toBuilder()
                        .legalName(name)
                        .build())
                .build();

        VendorRecord written = mapping.out(changed, record);

        assertThat(text(written.json()))
                .isEqualTo("{\"OrganizationBPName1\":\"" + name.substring(0, 40) + "\",\"OrganizationBPName2\":\""
                        + name.substring(40) + "\"}");
    }

    @Test
    void a_site_states_its_own_zone() {
        MappedRecord kolkata = sample("erpnext/Customer");
        MappedRecord shanghai =
                Mapping.bundled("erpnext/Customer").inZone("Asia/Shanghai").in(file("erpnext/Customer.json"));

        assertThat(kolkata.customer().meta().createdAt()).isEqualTo(Instant.parse("2024-06-10T18:45:00Z"));
        assertThat(shanghai.customer().meta().createdAt()).isEqualTo(Instant.parse("2024-06-10T16:15:00Z"));
    }

    @Test
    void local_text_with_an_offset_is_refused_and_not_shifted() {
        MappedRecord record =
                in("wukong/contacts", "{\"contactsId\":1,\"name\":\"W\",\"updateTime\":\"2024-06-11T16:30:00+0800\"}");

        assertThat(record.customer().meta().updatedAt()).isNull();
        assertThat(record.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.code()).isEqualTo("UNEXPECTED_OFFSET"));
    }

    @Test
    void an_identity_number_in_the_field_of_the_credit_code_is_not_read() {
        MappedRecord record = in(
                "yonyou/merchant",
                "{\"id\":9007199254740993,\"code\":\"1\",\"enterpriseNature\":1,\"licenseType\":3,"
                        + "\"creditCode\":\"11010519491231002X\",\"name\":{\"simplifiedName\":\"张三\"}}");

        assertThat(record.customer().organization()).isNull();
        assertThat(record.customer().displayName()).isEqualTo("张三");
        assertThat(record.customer().externalIds().get(0).value()).isEqualTo("9007199254740993");
    }

    @Test
    void what_is_emptied_is_written_as_the_vendor_says_empty() {
        assertThat(emptied("odoo/res.partner")).isEqualTo("{\"email\":false}");
        assertThat(emptied("hubspot/contact")).isEqualTo("{\"properties\":{\"email\":\"\"}}");
        assertThat(emptied("salesforce/contact")).isEqualTo("{\"Email\":null}");
        assertThat(emptied("kingdee/BD_Customer")).isEqualTo("{\"FEmail\":\"\"}");
    }

    private static String emptied(String name) {
        MappedRecord record = sample(name);
        Customer changed = record.customer().toBuilder().emails(List.of()).build();
        return text(Mapping.bundled(name).out(changed, record).json());
    }
}
