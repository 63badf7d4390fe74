package io.crmsdk.benchmarks.mapping;

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
import io.crmsdk.time.TimeConvention;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mapstruct.Builder;
import org.mapstruct.Mapper;
import org.mapstruct.Mapping;
import org.mapstruct.factory.Mappers;

/** The same mapping in MapStruct: records by annotations, lists made from flat fields by hand, as it asks for. */
@Mapper(builder = @Builder(disableBuilder = true))
interface ContactMapper {
    ContactMapper INSTANCE = Mappers.getMapper(ContactMapper.class);
    TimeConvention TIME = TimeConvention.of("rfc3339;digits=3");
    Coded<CustomerStatus> UNKNOWN = Coded.of(CustomerStatus.UNKNOWN);
    Coded<AddressUse> MAILING = Coded.of(AddressUse.MAILING);
    Coded<AddressUse> HOME = Coded.of(AddressUse.HOME);
    Deliverability NOT_KNOWN = Deliverability.unknown();

    @Mapping(target = "id", expression = "java(null)")
    @Mapping(target = "number", source = "number")
    @Mapping(target = "kind", expression = "java(io.crmsdk.model.CustomerKind.PERSON)")
    @Mapping(target = "status", expression = "java(UNKNOWN)")
    @Mapping(target = "mergedInto", expression = "java(null)")
    @Mapping(target = "parent", expression = "java(null)")
    @Mapping(target = "displayName", source = "name")
    @Mapping(target = "person", expression = "java(person(contact))")
    @Mapping(target = "organization", expression = "java(organization(contact.account()))")
    @Mapping(target = "jobTitle", source = "title")
    @Mapping(target = "birthday", expression = "java(birthday(contact.birthdate()))")
    @Mapping(target = "language", expression = "java(contact.language().replace('_', '-'))")
    @Mapping(target = "timeZone", expression = "java(null)")
    @Mapping(target = "emails", expression = "java(emails(contact))")
    @Mapping(target = "phones", expression = "java(phones(contact))")
    @Mapping(target = "addresses", expression = "java(java.util.List.of(mailing(contact), other(contact)))")
    @Mapping(target = "onlineAccounts", expression = "java(java.util.List.of())")
    @Mapping(target = "websites", expression = "java(java.util.List.of())")
    @Mapping(target = "externalIds", expression = "java(ids(contact.id()))")
    @Mapping(target = "owner", expression = "java(owner(contact.ownerId()))")
    @Mapping(target = "region", expression = "java(null)")
    @Mapping(target = "tags", expression = "java(tags(contact.tags()))")
    @Mapping(target = "vip", expression = "java(vip(contact.level()))")
    @Mapping(target = "lifecycle", expression = "java(null)")
    @Mapping(target = "source", expression = "java(source(contact.leadSource()))")
    @Mapping(target = "notes", expression = "java(notes(contact.description()))")
    @Mapping(target = "attributes", expression = "java(attributes(contact))")
    @Mapping(target = "meta", expression = "java(meta(contact))")
    Customer customer(SalesforceContact contact);

    @Mapping(target = "prefix", source = "salutation")
    @Mapping(target = "given", source = "firstName")
    @Mapping(target = "middle", source = "middleName")
    @Mapping(target = "family", source = "lastName")
    @Mapping(target = "phoneticGiven", expression = "java(null)")
    @Mapping(target = "phoneticFamily", expression = "java(null)")
    @Mapping(target = "phoneticSystem", expression = "java(null)")
    @Mapping(target = "nameOrder", expression = "java(null)")
    @Mapping(target = "parsed", constant = "true")
    Person person(SalesforceContact contact);

    @Mapping(target = "use", expression = "java(MAILING)")
    @Mapping(target = "lines", expression = "java(java.util.List.of())")
    @Mapping(target = "street", source = "mailingStreet")
    @Mapping(target = "district", expression = "java(null)")
    @Mapping(target = "locality", source = "mailingCity")
    @Mapping(target = "region", source = "mailingState")
    @Mapping(target = "regionCode", expression = "java(null)")
    @Mapping(target = "postalCode", source = "mailingPostalCode")
    @Mapping(target = "country", source = "mailingCountryCode")
    @Mapping(target = "full", expression = "java(null)")
    @Mapping(target = "raw", expression = "java(null)")
    PostalAddress mailing(SalesforceContact contact);

    @Mapping(target = "use", expression = "java(HOME)")
    @Mapping(target = "lines", expression = "java(java.util.List.of())")
    @Mapping(target = "street", source = "otherStreet")
    @Mapping(target = "district", expression = "java(null)")
    @Mapping(target = "locality", source = "otherCity")
    @Mapping(target = "region", source = "otherState")
    @Mapping(target = "regionCode", expression = "java(null)")
    @Mapping(target = "postalCode", source = "otherPostalCode")
    @Mapping(target = "country", source = "otherCountryCode")
    @Mapping(target = "full", expression = "java(null)")
    @Mapping(target = "raw", expression = "java(null)")
    PostalAddress other(SalesforceContact contact);

    default Organization organization(SalesforceContact.Account account) {
        return account == null
                ? null
                : new Organization(
                        account.name(),
                        null,
                        null,
                        account.taxNumber() == null ? List.of() : List.of(new TaxId("USCC", "CN", account.taxNumber())),
                        null,
                        account.numberOfEmployees(),
                        null);
    }

    default PartialDate birthday(String text) {
        return text == null ? null : PartialDate.parse(text);
    }

    default List<CustomerEmail> emails(SalesforceContact contact) {
        return contact.email() == null
                ? List.of()
                : List.of(
                        new CustomerEmail(EmailAddress.parse(contact.email().strip()), null, 1, NOT_KNOWN, null, null));
    }

    default List<CustomerPhone> phones(SalesforceContact contact) {
        return List.of(
                new CustomerPhone(PhoneNumber.ofE164(contact.phone()), Set.of(PhoneFeature.VOICE), null, null),
                new CustomerPhone(PhoneNumber.ofE164(contact.mobilePhone()), Set.of(PhoneFeature.MOBILE), null, null),
                new CustomerPhone(PhoneNumber.ofE164(contact.fax()), Set.of(PhoneFeature.FAX), null, null));
    }

    default List<ExternalId> ids(String id) {
        return id == null ? List.of() : List.of(ExternalId.of("salesforce", "Contact", id));
    }

    default Owner owner(String id) {
        return id == null ? null : new Owner("salesforce", id, null, null);
    }

    default Set<String> tags(String text) {
        Set<String> tags = new LinkedHashSet<>();
        for (String tag : text.split(";", 0)) {
            tags.add(tag.strip());
        }
        return tags;
    }

    default VipLevel vip(String word) {
        return switch (word) {
            case "none" -> VipLevel.NONE;
            case "bronze" -> VipLevel.TIER_1;
            case "silver" -> VipLevel.TIER_2;
            case "gold" -> VipLevel.TIER_3;
            case "platinum" -> VipLevel.TIER_4;
            case "black" -> VipLevel.TIER_5;
            default -> throw new IllegalArgumentException("an unknown level");
        };
    }

    default Coded<LeadSource> source(String word) {
        return switch (word) {
            case "Web" -> Coded.of(LeadSource.WEBSITE);
            case "Partner" -> Coded.of(LeadSource.PARTNER);
            default -> Coded.other(word);
        };
    }

    default List<Note> notes(String text) {
        return text == null ? List.of() : List.of(new Note("description", text, null, null, false));
    }

    default Map<String, AttributeValue> attributes(SalesforceContact contact) {
        Map<String, AttributeValue> attributes = new LinkedHashMap<>();
        attributes.put("salesforce.score", AttributeValue.of(contact.score()));
        attributes.put("salesforce.orders", new AttributeValue.IntegerValue(contact.orders()));
        attributes.put("salesforce.revenue", AttributeValue.of(Money.of(contact.revenue(), "CNY")));
        return attributes;
    }

    default Meta meta(SalesforceContact contact) {
        return new Meta(instant(contact.createdDate()), instant(contact.lastModifiedDate()), null, 0, Map.of());
    }

    default Instant instant(String text) {
        return text == null ? null : TIME.parseInstant(text);
    }

    default CustomerKind kind() {
        return CustomerKind.PERSON;
    }
}
