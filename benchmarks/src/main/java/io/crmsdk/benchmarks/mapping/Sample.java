package io.crmsdk.benchmarks.mapping;

import io.crmsdk.mapping.Conversion;
import io.crmsdk.mapping.Converter;
import io.crmsdk.mapping.Mapping;
import io.crmsdk.mapping.MappingRule;
import io.crmsdk.model.PhoneNumber;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One vendor record of 40 mapped fields, and the mapping for it. */
final class Sample {
    static final String TEXT = """
            {"attributes":{"type":"Contact","url":"/services/data/v61.0/sobjects/Contact/0035g00000XyZaBAAV"},
            "Id":"0035g00000XyZaBAAV","Salutation":"Frau","FirstName":"Li","MiddleName":"Anna","LastName":"Wang","Suffix":"PhD",
            "Name":"Li Anna Wang","Title":"Leiterin Einkauf","Department":"Beschaffung","Birthdate":"1988-02-29",
            "Email":"li.wang@yunfan.example.com","Phone":"+862161234567","MobilePhone":"+8613800138000","Fax":"+862161234568",
            "LeadSource":"Web","MailingStreet":"Century Avenue 100\\nFloor 20","MailingCity":"Shanghai","MailingState":"Pudong",
            "MailingPostalCode":"200120","MailingCountryCode":"CN","OtherStreet":"Hauptstr. 5","OtherCity":"München","OtherState":"Bayern",
            "OtherPostalCode":"01067","OtherCountryCode":"DE","Description":"Met at the fair; wants the catalogue.","OwnerId":"0055g000008AbCdAAK",
            "CreatedDate":"2021-12-02T18:22:42.000Z","LastModifiedDate":"2024-06-11T08:30:00.000Z",
            "HasOptedOutOfEmail":true,"Level__c":"gold","Score__c":12.50,"Orders__c":9007199254740993,"Revenue__c":12500000.50,
            "Tags__c":"VIP;Wholesale;Export","Language__c":"zh_CN","Number__c":"000471","Extra__c":"kept as it is","Old__c":null,
            "Account":{"Id":"0015g00000QwErTAAV","Name":"云帆科技有限公司","ShortName":"云帆","NumberOfEmployees":250,
            "Website":"https://yunfan.example.com/","TaxNumber":"91310115MA1K4T8X2Y"}}
            """;
    static final byte[] BYTES = TEXT.replace("\n", "").getBytes(StandardCharsets.UTF_8);

    static final Converter<PhoneNumber> E164 =
            Converter.iso("e164", PhoneNumber.class, PhoneNumber::ofE164, number -> String.valueOf(number.e164()));

    private Sample() {}

    static Mapping mapping() {
        return Mapping.builder("salesforce/contact")
                .system("salesforce", "Contact")
                .constant("kind", "PERSON")
                .converter(E164)
                .rule("Id", "externalIds.value", Conversion.of("id"))
                .rule("Salutation", "person.prefix")
                .rule("FirstName", "person.given")
                .rule("MiddleName", "person.middle")
                .rule("LastName", "person.family")
                .rule("Suffix", "person.suffix")
                .rule("Name", "displayName")
                .rule("Title", "jobTitle")
                .rule("Department", "department")
                .rule("Birthdate", "birthday")
                .rule("Email", "emails[primary].address")
                .rule("Phone", "phones[features=VOICE].number", Conversion.of("e164"))
                .rule("MobilePhone", "phones[features=MOBILE].number", Conversion.of("e164"))
                .rule("Fax", "phones[features=FAX].number", Conversion.of("e164"))
                .rule("LeadSource", "source", Conversion.of("enum", words("Web", "WEBSITE", "Partner", "PARTNER")))
                .rule("MailingStreet", "addresses[use=MAILING].street")
                .rule("MailingCity", "addresses[use=MAILING].locality")
                .rule("MailingState", "addresses[use=MAILING].region")
                .rule("MailingPostalCode", "addresses[use=MAILING].postalCode")
                .rule("MailingCountryCode", "addresses[use=MAILING].country")
                .rule("OtherStreet", "addresses[use=HOME].street")
                .rule("OtherCity", "addresses[use=HOME].locality")
                .rule("OtherState", "addresses[use=HOME].region")
                .rule("OtherPostalCode", "addresses[use=HOME].postalCode")
                .rule("OtherCountryCode", "addresses[use=HOME].country")
                .rule("Description", "notes[id=description].text")
                .rule("OwnerId", "owner.userId")
                .rule("CreatedDate", "meta.createdAt", Conversion.of("time", "rfc3339;digits=3"))
                .rule("LastModifiedDate", "meta.updatedAt", Conversion.of("time", "rfc3339;digits=3"))
                .rule(
                        "HasOptedOutOfEmail",
                        "consent[channel=email,scope=marketing]",
                        Conversion.of("opt-out", "yes-means-opted-out"))
                .rule(
                        "Level__c",
                        "vip",
                        Conversion.of(
                                "enum",
                                words(
                                        "none",
                                        "NONE",
                                        "bronze",
                                        "TIER_1",
                                        "silver",
                                        "TIER_2",
                                        "gold",
                                        "TIER_3",
                                        "platinum",
                                        "TIER_4",
                                        "black",
                                        "TIER_5")))
                .rule("Score__c", "attributes.salesforce.score", Conversion.of("decimal"))
                .rule("Orders__c", "attributes.salesforce.orders", Conversion.of("integer"))
                .rule(MappingRule.of(List.of("Revenue__c"), "attributes.salesforce.revenue")
                        .as("money", "CNY")
                        .build())
                .rule("Tags__c", "tags")
                .rule("Language__c", "language", Conversion.of("language", "underscore"))
                .rule("Number__c", "number", Conversion.of("id"))
                .rule("Account.Name", "organization.legalName")
                .rule("Account.NumberOfEmployees", "organization.employees")
                .rule("Account.TaxNumber", "organization.taxIds[scheme=USCC,country=CN].value", Conversion.of("id"))
                .build();
    }

    private static Map<String, String> words(String... pairs) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }

    /** A mapping file of so many rules. */
    static String file(int rules) {
        StringBuilder out = new StringBuilder(
                "mapping: big\nsystem: s\nobject: o\nconstants: {kind: PERSON}\nvendor:\n  fields:\n");
        for (int i = 0; i < rules; i++) {
            out.append("    field").append(i).append(": {type: text, length: 80}\n");
        }
        out.append("rules:\n");
        for (int i = 0; i < rules; i++) {
            out.append("  - {from: field")
                    .append(i)
                    .append(", to: attributes.big.f")
                    .append(i);
            out.append(
                    i % 3 == 0
                            ? ", as: {enum: {A: one, B: two}}"
                            : i % 3 == 1 ? ", direction: in, as: {time: \"local;zone=Asia/Shanghai\"}" : "");
            out.append(", doc: a field}\n");
        }
        return out.toString();
    }
}
