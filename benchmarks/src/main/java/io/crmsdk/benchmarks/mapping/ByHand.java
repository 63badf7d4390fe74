package io.crmsdk.benchmarks.mapping;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.crmsdk.mapping.ConsentSignal;
import io.crmsdk.model.AddressUse;
import io.crmsdk.model.AttributeValue;
import io.crmsdk.model.Coded;
import io.crmsdk.model.Customer;
import io.crmsdk.model.CustomerEmail;
import io.crmsdk.model.CustomerKind;
import io.crmsdk.model.CustomerPhone;
import io.crmsdk.model.CustomerStatus;
import io.crmsdk.model.Deliverability;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.model.ExternalId;
import io.crmsdk.model.LeadSource;
import io.crmsdk.model.Meta;
import io.crmsdk.model.Money;
import io.crmsdk.model.Note;
import io.crmsdk.model.Organization;
import io.crmsdk.model.Owner;
import io.crmsdk.model.PartialDate;
import io.crmsdk.model.Person;
import io.crmsdk.model.PhoneFeature;
import io.crmsdk.model.PhoneNumber;
import io.crmsdk.model.PostalAddress;
import io.crmsdk.model.TaxId;
import io.crmsdk.model.VipLevel;
import io.crmsdk.quality.OptOut;
import io.crmsdk.time.TimeConvention;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a careful engineer writes for this one record: a switch over names, the same value types, one constructor. */
final class ByHand {
    record Result(Customer customer, List<ConsentSignal> consent) {}

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();
    /** Refuses a name that comes twice and what is too large, as the mapping does. */
    static final JsonFactory STRICT = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(64)
                    .maxStringLength(4 << 20)
                    .maxDocumentLength(16 << 20)
                    .maxNumberLength(400)
                    .maxNameLength(1_000)
                    .build())
            .build();

    private static final TimeConvention TIME = TimeConvention.of("rfc3339;digits=3");
    private static final Coded<CustomerStatus> UNKNOWN = Coded.of(CustomerStatus.UNKNOWN);
    private static final Coded<AddressUse> MAILING = Coded.of(AddressUse.MAILING);
    private static final Coded<AddressUse> HOME = Coded.of(AddressUse.HOME);
    private static final Coded<LeadSource> WEBSITE = Coded.of(LeadSource.WEBSITE);
    private static final Coded<LeadSource> PARTNER = Coded.of(LeadSource.PARTNER);
    private static final Deliverability NOT_KNOWN = Deliverability.unknown();
    private static final Set<PhoneFeature> VOICE = Set.of(PhoneFeature.VOICE);
    private static final Set<PhoneFeature> MOBILE = Set.of(PhoneFeature.MOBILE);
    private static final Set<PhoneFeature> FAX = Set.of(PhoneFeature.FAX);

    private String id;
    private String prefix;
    private String given;
    private String middle;
    private String family;
    private String suffix;
    private String name;
    private String title;
    private String department;
    private PartialDate birthday;
    private EmailAddress email;
    private PhoneNumber phone;
    private PhoneNumber mobile;
    private PhoneNumber fax;
    private Coded<LeadSource> source;
    private final String[] mailing = new String[5];
    private final String[] other = new String[5];
    private String description;
    private String owner;
    private Instant created;
    private Instant modified;
    private Boolean optOut;
    private VipLevel vip = VipLevel.UNKNOWN;
    private BigDecimal score;
    private BigInteger orders;
    private Money revenue;
    private Set<String> tags = Set.of();
    private String language;
    private String number;
    private String legalName;
    private Integer employees;
    private String tax;

    private ByHand() {}

    static Result read(byte[] json) throws IOException {
        return read(JSON, json);
    }

    /** The same with the checks of names, sizes and end that a mapping makes. */
    static Result readStrictly(byte[] json) throws IOException {
        return read(STRICT, json);
    }

    private static Result read(JsonFactory factory, byte[] json) throws IOException {
        ByHand record = new ByHand();
        try (JsonParser parser = factory.createParser(json)) {
            parser.nextToken();
            record.contact(parser);
            if (factory == STRICT && parser.nextToken() != null) {
                throw new IOException("something follows after the record");
            }
        }
        return record.result();
    }

    private static String text(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        String text = parser.getText().strip();
        return text.isEmpty() ? null : text;
    }

    private void contact(JsonParser parser) throws IOException {
        for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
            JsonToken token = parser.nextToken();
            switch (field) {
                case "Id" -> id = text(parser);
                case "Salutation" -> prefix = text(parser);
                case "FirstName" -> given = text(parser);
                case "MiddleName" -> middle = text(parser);
                case "LastName" -> family = text(parser);
                case "Suffix" -> suffix = text(parser);
                case "Name" -> name = text(parser);
                case "Title" -> title = text(parser);
                case "Department" -> department = text(parser);
                case "Birthdate" ->
                    birthday = token == JsonToken.VALUE_NULL ? null : PartialDate.parse(parser.getText());
                case "Email" ->
                    email = token == JsonToken.VALUE_NULL
                            ? null
                            : EmailAddress.parse(parser.getText().strip());
                case "Phone" -> phone = token == JsonToken.VALUE_NULL ? null : PhoneNumber.ofE164(parser.getText());
                case "MobilePhone" ->
                    mobile = token == JsonToken.VALUE_NULL ? null : PhoneNumber.ofE164(parser.getText());
                case "Fax" -> fax = token == JsonToken.VALUE_NULL ? null : PhoneNumber.ofE164(parser.getText());
                case "LeadSource" -> source = source(text(parser));
                case "MailingStreet" -> mailing[0] = text(parser);
                case "MailingCity" -> mailing[1] = text(parser);
                case "MailingState" -> mailing[2] = text(parser);
                case "MailingPostalCode" -> mailing[3] = text(parser);
                case "MailingCountryCode" -> mailing[4] = text(parser);
                case "OtherStreet" -> other[0] = text(parser);
                case "OtherCity" -> other[1] = text(parser);
                case "OtherState" -> other[2] = text(parser);
                case "OtherPostalCode" -> other[3] = text(parser);
                case "OtherCountryCode" -> other[4] = text(parser);
                case "Description" -> description = text(parser);
                case "OwnerId" -> owner = text(parser);
                case "CreatedDate" -> created = TIME.parseInstant(parser.getText());
                case "LastModifiedDate" -> modified = TIME.parseInstant(parser.getText());
                case "HasOptedOutOfEmail" -> optOut = token == JsonToken.VALUE_NULL ? null : parser.getBooleanValue();
                case "Level__c" -> vip = level(text(parser));
                case "Score__c" -> score = new BigDecimal(parser.getText());
                case "Orders__c" -> orders = new BigInteger(parser.getText());
                case "Revenue__c" -> revenue = Money.of(new BigDecimal(parser.getText()), "CNY");
                case "Tags__c" -> tags = tags(text(parser));
                case "Language__c" -> language = text(parser).replace('_', '-');
                case "Number__c" -> number = text(parser);
                case "Account" -> account(parser);
                default -> parser.skipChildren();
            }
        }
    }

    private void account(JsonParser parser) throws IOException {
        for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
            parser.nextToken();
            switch (field) {
                case "Name" -> legalName = text(parser);
                case "NumberOfEmployees" -> employees = parser.getIntValue();
                case "TaxNumber" -> tax = text(parser);
                default -> parser.skipChildren();
            }
        }
    }

    private static Coded<LeadSource> source(String word) {
        return word == null
                ? null
                : word.equals("Web") ? WEBSITE : word.equals("Partner") ? PARTNER : Coded.other(word);
    }

    private static VipLevel level(String word) {
        return word == null
                ? VipLevel.UNKNOWN
                : switch (word) {
                    case "none" -> VipLevel.NONE;
                    case "bronze" -> VipLevel.TIER_1;
                    case "silver" -> VipLevel.TIER_2;
                    case "gold" -> VipLevel.TIER_3;
                    case "platinum" -> VipLevel.TIER_4;
                    case "black" -> VipLevel.TIER_5;
                    default -> throw new IllegalArgumentException("an unknown level");
                };
    }

    private static Set<String> tags(String text) {
        Set<String> tags = new LinkedHashSet<>();
        for (String tag : text.split(";", 0)) {
            tags.add(tag.strip());
        }
        return tags;
    }

    private Result result() {
        List<CustomerPhone> phones = new ArrayList<>(3);
        if (phone != null) {
            phones.add(new CustomerPhone(phone, VOICE, null, null));
        }
        if (mobile != null) {
            phones.add(new CustomerPhone(mobile, MOBILE, null, null));
        }
        if (fax != null) {
            phones.add(new CustomerPhone(fax, FAX, null, null));
        }
        Map<String, AttributeValue> attributes = new LinkedHashMap<>();
        if (score != null) {
            attributes.put("salesforce.score", AttributeValue.of(score));
        }
        if (orders != null) {
            attributes.put("salesforce.orders", new AttributeValue.IntegerValue(orders));
        }
        if (revenue != null) {
            attributes.put("salesforce.revenue", AttributeValue.of(revenue));
        }
        Customer customer = new Customer(
                null,
                number,
                CustomerKind.PERSON,
                UNKNOWN,
                null,
                null,
                name,
                new Person(prefix, given, middle, family, suffix, null, null, null, null, true),
                new Organization(
                        legalName,
                        null,
                        null,
                        tax == null ? List.of() : List.of(new TaxId("USCC", "CN", tax)),
                        null,
                        employees,
                        null),
                title,
                department,
                birthday,
                language,
                null,
                email == null ? List.of() : List.of(new CustomerEmail(email, null, 1, NOT_KNOWN, null, null)),
                phones,
                List.of(address(MAILING, mailing), address(HOME, other)),
                List.of(),
                List.of(),
                id == null ? List.of() : List.of(ExternalId.of("salesforce", "Contact", id)),
                owner == null ? null : new Owner("salesforce", owner, null, null),
                null,
                tags,
                vip,
                null,
                source,
                description == null ? List.of() : List.of(new Note("description", description, null, null, false)),
                attributes,
                new Meta(created, modified, null, 0, Map.of()));
        List<ConsentSignal> consent = optOut == null
                ? List.of()
                : List.of(new ConsentSignal(
                        ConsentSignal.Channel.EMAIL,
                        "marketing",
                        optOut ? OptOut.OPTED_OUT : OptOut.NOT_OPTED_OUT,
                        email == null ? List.of() : List.of(email.canonical()),
                        "HasOptedOutOfEmail",
                        optOut ? "true" : "false"));
        return new Result(customer, consent);
    }

    private static PostalAddress address(Coded<AddressUse> use, String[] parts) {
        return new PostalAddress(
                use, List.of(), parts[0], null, parts[1], parts[2], null, parts[3], parts[4], null, null);
    }

    static byte[] write(Customer customer) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            field(json, "Id", id(customer));
            Person person = customer.person();
            if (person != null) {
                field(json, "Salutation", person.prefix());
                field(json, "FirstName", person.given());
                field(json, "MiddleName", person.middle());
                field(json, "LastName", person.family());
                field(json, "Suffix", person.suffix());
            }
            field(json, "Name", customer.displayName());
            field(json, "Title", customer.jobTitle());
            field(json, "Department", customer.department());
            field(
                    json,
                    "Birthdate",
                    customer.birthday() == null ? null : customer.birthday().text());
            field(
                    json,
                    "Email",
                    customer.primaryEmail() == null
                            ? null
                            : customer.primaryEmail().address().raw());
            field(json, "Phone", phone(customer, PhoneFeature.VOICE));
            field(json, "MobilePhone", phone(customer, PhoneFeature.MOBILE));
            field(json, "Fax", phone(customer, PhoneFeature.FAX));
            field(json, "LeadSource", word(customer.source()));
            address(json, customer, AddressUse.MAILING, "Mailing");
            address(json, customer, AddressUse.HOME, "Other");
            for (Note note : customer.notes()) {
                if ("description".equals(note.id())) {
                    field(json, "Description", note.text());
                    break;
                }
            }
            field(
                    json,
                    "OwnerId",
                    customer.owner() != null && customer.owner().system().equals("salesforce")
                            ? customer.owner().userId()
                            : null);
            field(
                    json,
                    "CreatedDate",
                    customer.meta().createdAt() == null
                            ? null
                            : TIME.format(customer.meta().createdAt()));
            field(
                    json,
                    "LastModifiedDate",
                    customer.meta().updatedAt() == null
                            ? null
                            : TIME.format(customer.meta().updatedAt()));
            field(json, "Level__c", word(customer.vip()));
            if (customer.attributes().get("salesforce.score") instanceof AttributeValue.DecimalValue value) {
                json.writeFieldName("Score__c");
                json.writeNumber(value.value().toPlainString());
            }
            if (customer.attributes().get("salesforce.orders") instanceof AttributeValue.IntegerValue value) {
                json.writeFieldName("Orders__c");
                json.writeNumber(value.value().toString());
            }
            if (customer.attributes().get("salesforce.revenue") instanceof AttributeValue.MoneyValue value) {
                json.writeFieldName("Revenue__c");
                json.writeNumber(value.value().amount().toPlainString());
            }
            field(json, "Tags__c", customer.tags().isEmpty() ? null : String.join(";", customer.tags()));
            field(
                    json,
                    "Language__c",
                    customer.language() == null ? null : customer.language().replace('-', '_'));
            field(json, "Number__c", customer.number());
            Organization organization = customer.organization();
            if (organization != null) {
                json.writeObjectFieldStart("Account");
                field(json, "Name", organization.legalName());
                if (organization.employees() != null) {
                    json.writeFieldName("NumberOfEmployees");
                    json.writeNumber((int) organization.employees());
                }
                for (TaxId taxId : organization.taxIds()) {
                    if (taxId.scheme().equals("USCC") && "CN".equals(taxId.country())) {
                        field(json, "TaxNumber", taxId.value());
                        break;
                    }
                }
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    private static void field(JsonGenerator json, String name, String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    private static String id(Customer customer) {
        ExternalId found = customer.externalId("salesforce", "", "Contact");
        return found == null ? null : found.value();
    }

    private static String phone(Customer customer, PhoneFeature feature) {
        for (CustomerPhone candidate : customer.phones()) {
            if (candidate.features().contains(feature)) {
                return candidate.e164();
            }
        }
        return null;
    }

    private static String word(Coded<LeadSource> source) {
        return source == null
                ? null
                : source.is(LeadSource.WEBSITE) ? "Web" : source.is(LeadSource.PARTNER) ? "Partner" : source.raw();
    }

    private static String word(VipLevel level) {
        return switch (level) {
            case UNKNOWN -> null;
            case NONE -> "none";
            case TIER_1 -> "bronze";
            case TIER_2 -> "silver";
            case TIER_3 -> "gold";
            case TIER_4 -> "platinum";
            case TIER_5 -> "black";
        };
    }

    private static void address(JsonGenerator json, Customer customer, AddressUse use, String prefix)
            throws IOException {
        for (PostalAddress address : customer.addresses()) {
            if (address.use() != null && address.use().is(use)) {
                field(json, prefix + "Street", address.street());
                field(json, prefix + "City", address.locality());
                field(json, prefix + "State", address.region());
                field(json, prefix + "PostalCode", address.postalCode());
                field(json, prefix + "CountryCode", address.country());
                return;
            }
        }
    }
}
