package io.crmsdk.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.model.Coded;
import io.crmsdk.model.Customer;
import io.crmsdk.model.CustomerKind;
import io.crmsdk.model.LeadSource;
import io.crmsdk.model.Money;
import io.crmsdk.model.Organization;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The way back: a new record whole, a known one only where it changed, and what no rule knows untouched. */
class MappingOutTest {
    private static final Mapping MAPPING = Mapping.parse("acme.yaml", """
            mapping: acme/account
            system: acme
            object: Account
            region: CN
            vendor:
              fields:
                Id: {type: text, writable: false}
                Name: {type: text, length: 12, required: true}
                Name2: {type: text, length: 12}
                Phone: {type: text, length: 20}
                Tags: text
                Revenue: decimal
                Currency: text
                Source: text
                Region: text
                Active: boolean
                Stamp: {type: time, writable: false}
                "mails[*].addr": text
                "mails[*].main": text
                Job: {type: text, length: 5}
            constants: {kind: ORGANIZATION}
            rules:
              - {from: Id, to: externalIds.value, as: id}
              - {from: [Name, Name2], to: organization.legalName, as: {join: ""}, tooLong: split}
              - {from: Phone, to: "phones[primary].number", as: phone}
              - {from: Tags, to: tags, as: {list: ";"}}
              - {from: [Revenue, Currency], to: organization.annualRevenue}
              - {from: Source, to: source, as: {enum: {Web: WEBSITE, web: WEBSITE, Messe: EVENT}}}
              - {from: Region, to: "addresses[use=BILLING].region", as: {part: ",", index: "0"}}
              - {from: Region, to: "addresses[use=BILLING].locality", as: {part: ",", index: "1"}}
              - {from: Active, to: status, as: {enum: {"true": ACTIVE, "false": INACTIVE}}}
              - {from: Stamp, to: meta.updatedAt, as: {time: rfc3339}}
              - {from: "mails[main=yes].addr", to: "emails[primary].address"}
              - {from: Job, to: jobTitle, tooLong: truncate-with-audit}
            """);
    private static final byte[] SENT = """
            {"Id":"A-1","Name":"上海云帆","Name2":null,"Phone":"(0086) 138-0013-8000","Tags":"VIP; Wholesale","Revenue":12500000.50,
             "Currency":"CNY","Source":"web","Region":"浙江省,杭州市,西湖区","Active":true,"Stamp":"2024-06-11T08:30:00Z",
             "mails":[{"addr":"b@example.com","main":"no"},{"addr":"a@example.com","main":"yes","id":9007199254740993}],
             "Job":null,"custom":{"id":9007199254740993,"price":1.50,"list":[1,"2",null]}}
            """.getBytes(StandardCharsets.UTF_8);

    private static String json(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void what_did_not_change_is_not_written() {
        MappedRecord record = MAPPING.in(SENT.clone());

        assertThat(record.findings()).isEmpty();
        assertThat(MAPPING.out(record.customer(), record).isEmpty()).isTrue();
        assertThat(MAPPING.out(record.customer(), record.customer()).isEmpty()).isTrue();
    }

    @Test
    void only_what_changed_is_written_and_a_part_leaves_the_other_parts() {
        MappedRecord record = MAPPING.in(SENT.clone());
        Customer customer = record.customer();
        Customer changed = customer.toBuilder()
                .addresses(java.util.List.of(
                        customer.addresses().get(0).toBuilder().locality("宁波市").build()))
                .status(Coded.of(io.crmsdk.model.CustomerStatus.INACTIVE))
                .build();

        assertThat(json(MAPPING.out(changed, record).json()))
                .isEqualTo("{\"Region\":\"浙江省,宁波市,西湖区\",\"Active\":false}");
    }

    @Test
    void the_vendors_spelling_stays_where_it_means_the_same() {
        MappedRecord record = MAPPING.in(SENT.clone());
        Customer same = record.customer().toBuilder()
                .phones(java.util.List.of(
                        io.crmsdk.model.CustomerPhone.builder(io.crmsdk.model.PhoneNumber.ofE164("+8613800138000"))
                                .preference(1)
                                .build()))
                .source(Coded.of(LeadSource.WEBSITE))
                .build();

        assertThat(MAPPING.out(same, record).isEmpty()).isTrue();
    }

    @Test
    void a_value_that_is_gone_is_emptied_and_a_foreign_word_goes_back_as_it_came() {
        byte[] foreign = json(SENT).replace("\"web\"", "\"Hörensagen\"").getBytes(StandardCharsets.UTF_8);
        MappedRecord record = MAPPING.in(foreign);
        Customer changed =
                record.customer().toBuilder().tags(java.util.Set.of()).build();

        assertThat(record.customer().source().toString()).isEqualTo("OTHER(Hörensagen)");
        assertThat(json(MAPPING.out(changed, record).json())).isEqualTo("{\"Tags\":null}");
        assertThat(json(MAPPING.out(record.customer()).json())).contains("\"Source\":\"Hörensagen\"");
    }

    @Test
    void a_new_record_has_everything_with_exact_digits_and_lists_made_anew() {
        Customer customer = MAPPING.in(SENT.clone()).customer();

        VendorRecord written = MAPPING.out(customer);

        assertThat(json(written.json()))
                .isEqualTo(
                        "{\"Name\":\"上海云帆\",\"Phone\":\"(0086) 138-0013-8000\",\"Tags\":\"VIP;Wholesale\",\"Revenue\":12500000.50,"
                                + "\"Currency\":\"CNY\",\"Source\":\"Web\",\"Region\":\"浙江省,杭州市\",\"Active\":true,"
                                + "\"mails\":[{\"main\":\"yes\",\"addr\":\"a@example.com\"}]}");
        assertThat(written.fields()).containsEntry("Revenue", new java.math.BigDecimal("12500000.50"));
        assertThat(written.paths()).contains("mails", "Name");
    }

    @Test
    void vendors_that_replace_get_everything_back_that_no_rule_knows() {
        MappedRecord record = MAPPING.in(SENT.clone());
        Customer changed = record.customer().toBuilder()
                .emails(java.util.List.of(
                        io.crmsdk.model.CustomerEmail.builder(io.crmsdk.model.EmailAddress.parse("new@example.com"))
                                .preference(1)
                                .build()))
                .build();

        VendorRecord written = MAPPING.out(changed, record);

        assertThat(json(written.json()))
                .isEqualTo("{\"mails\":[{\"addr\":\"b@example.com\",\"main\":\"no\"},"
                        + "{\"addr\":\"new@example.com\",\"main\":\"yes\",\"id\":9007199254740993}]}");
        assertThat(json(written.wholeJson()))
                .contains("\"custom\":{\"id\":9007199254740993,\"price\":1.50,\"list\":[1,\"2\",null]}")
                .contains("\"Phone\":\"(0086) 138-0013-8000\"")
                .contains("new@example.com");
    }

    @Test
    void a_text_that_is_too_long_is_split_refused_or_cut_and_never_in_silence() {
        Customer customer = Customer.builder(CustomerKind.ORGANIZATION)
                .organization(
                        Organization.builder().legalName("上海云帆智能科技发展有限公司浦东分公司").build())
                .jobTitle("采购部总经理助理")
                .build();

        VendorRecord written = MAPPING.out(customer);

        assertThat(json(written.json()))
                .isEqualTo("{\"Name\":\"上海云帆智能科技发展有限\",\"Name2\":\"公司浦东分公司\",\"Job\":\"采购部总经\"}");
        assertThat(written.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo("LENGTH");
            assertThat(finding.raw()).isEqualTo("采购部总经理助理");
            assertThat(finding.value()).isEqualTo("采购部总经");
        });
    }

    @Test
    void money_in_another_currency_is_not_written_into_a_field_of_one() {
        Mapping euros = Mapping.builder("m")
                .constant("kind", "ORGANIZATION")
                .rule("Revenue", "organization.annualRevenue", Conversion.of("money", "EUR"))
                .build();
        Customer yuan = Customer.builder(CustomerKind.ORGANIZATION)
                .organization(Organization.builder()
                        .annualRevenue(Money.of("1", "CNY"))
                        .build())
                .build();

        VendorRecord written = euros.out(yuan);

        assertThat(written.isEmpty()).isTrue();
        assertThat(written.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.code()).isEqualTo("CURRENCY_MISMATCH"));
    }

    @Test
    void a_condition_decides_which_rule_writes() {
        Mapping mapping = Mapping.builder("sap")
                .rule(
                        "Category",
                        "kind",
                        Conversion.of(
                                "enum",
                                new java.util.TreeMap<>(Map.of("1", "PERSON", "2", "ORGANIZATION", "3", "GROUP"))))
                .rule(MappingRule.of("Name1", "displayName")
                        .when("Category", "2", "3")
                        .build())
                .rule(MappingRule.of("FullName", "displayName")
                        .when("Category", "1")
                        .build())
                .build();

        assertThat(json(mapping.out(Customer.builder(CustomerKind.PERSON)
                                .displayName("A")
                                .build())
                        .json()))
                .isEqualTo("{\"Category\":\"1\",\"FullName\":\"A\"}");
        assertThat(mapping.in("{\"Category\":\"2\",\"Name1\":\"N\",\"FullName\":\"F\"}".getBytes())
                        .customer()
                        .displayName())
                .isEqualTo("N");
    }

    @Test
    void explanation_and_trace_say_what_happens_and_show_nothing_personal() {
        MappedRecord record = MAPPING.in(
                json(SENT).replace("(0086) 138-0013-8000", "138****8000").getBytes(StandardCharsets.UTF_8));

        assertThat(MAPPING.explain())
                .contains("| organization.legalName |")
                .contains("join")
                .contains("lens")
                .contains(MAPPING.version());
        assertThat(MAPPING.explainHtml()).startsWith("<!DOCTYPE html>").contains("<td>Revenue + Currency</td>");
        assertThat(MAPPING.trace(record)).anySatisfy(trace -> {
            assertThat(trace.from()).isEqualTo("Phone");
            assertThat(trace.after()).isNull();
            assertThat(trace.why()).contains("MASKED");
        });
        assertThat(MAPPING.trace(record).toString()).doesNotContain("上海云帆").doesNotContain("a@example.com");
    }

    @Test
    void orders_invoices_and_payments_use_the_same_engine() {
        Mapping orders = Mapping.builder("acme/order")
                .record(RecordType.ORDER)
                .system("acme", "Order")
                .rule("id", "externalIds.value")
                .rule("account", "customer[object=Account].value")
                .rule("no", "number")
                .rule("date", "orderDate")
                .rule("cur", "currency")
                .rule("state", "status", Conversion.of("enum", Map.of("done", "FULFILLED")))
                .rule(MappingRule.of(java.util.List.of("total", "cur"), "gross").build())
                .rule("items[*].sku", "lines[*].sku")
                .rule("items[*].qty", "lines[*].quantity")
                .rule(MappingRule.of(java.util.List.of("items[*].price", "cur"), "lines[*].unitPrice")
                        .build())
                .build();
        byte[] sent =
                ("{\"id\":9007199254740993,\"account\":\"A-1\",\"no\":\"000017\",\"date\":\"2024-02-29\",\"cur\":\"JPY\",\"state\":\"done\",\"total\":1200,"
                                + "\"items\":[{\"sku\":\"s1\",\"qty\":2.50,\"price\":480,\"x\":1},{\"sku\":\"s2\",\"qty\":1}]}")
                        .getBytes();
        MappedRecord record = orders.in(sent);

        assertThat(record.findings()).isEmpty();
        assertThat(record.order().gross()).isEqualTo(Money.of("1200", "JPY"));
        assertThat(record.order().lines()).hasSize(2);
        assertThat(record.order().lines().get(0).quantity()).isEqualTo(new java.math.BigDecimal("2.50"));
        assertThat(record.order().lines().get(0).unitPrice()).isEqualTo(Money.of("480", "JPY"));
        assertThat(record.order().customer().externalId().objectType()).isEqualTo("Account");
        assertThat(orders.out(record.order(), record).isEmpty()).isTrue();
        assertThat(orders.in(orders.out(record.order()).json()).order()).isEqualTo(record.order());
    }
}
