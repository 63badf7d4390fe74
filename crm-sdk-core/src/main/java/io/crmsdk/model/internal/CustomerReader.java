package io.crmsdk.model.internal;

import io.crmsdk.model.AddressUse;
import io.crmsdk.model.AttributeValue;
import io.crmsdk.model.Coded;
import io.crmsdk.model.ContactUse;
import io.crmsdk.model.Customer;
import io.crmsdk.model.CustomerEmail;
import io.crmsdk.model.CustomerKind;
import io.crmsdk.model.CustomerPhone;
import io.crmsdk.model.CustomerStatus;
import io.crmsdk.model.Deliverability;
import io.crmsdk.model.DeliverabilityState;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.model.ExternalId;
import io.crmsdk.model.Industry;
import io.crmsdk.model.LeadSource;
import io.crmsdk.model.LifecycleStage;
import io.crmsdk.model.Meta;
import io.crmsdk.model.ModelException;
import io.crmsdk.model.Money;
import io.crmsdk.model.NameOrder;
import io.crmsdk.model.Note;
import io.crmsdk.model.OnlineAccount;
import io.crmsdk.model.Organization;
import io.crmsdk.model.Owner;
import io.crmsdk.model.PartialDate;
import io.crmsdk.model.Person;
import io.crmsdk.model.PhoneFeature;
import io.crmsdk.model.PhoneNumber;
import io.crmsdk.model.PostalAddress;
import io.crmsdk.model.Provenance;
import io.crmsdk.model.RecordRef;
import io.crmsdk.model.Region;
import io.crmsdk.model.TaxId;
import io.crmsdk.model.VipLevel;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes a customer of the fields that {@link CustomerWriter} wrote. */
final class CustomerReader {
    private CustomerReader() {}

    static Customer read(Fields in) {
        version(in);
        CustomerKind kind = in.word(CustomerKind.class, "kind");
        if (kind == null) {
            throw new ModelException("CUSTOMER_JSON", "kind", "not a kind that this release knows");
        }
        String birthday = in.text("birthday");
        return Customer.builder(kind)
                .id(in.text("id"))
                .number(in.text("number"))
                .status(Objects.requireNonNullElse(
                        in.coded(CustomerStatus.class, "status"), Coded.of(CustomerStatus.UNKNOWN)))
                .mergedInto(in.text("mergedInto"))
                .parent(in.object("parent", CustomerReader::recordRef))
                .displayName(in.text("displayName"))
                .person(in.object("person", CustomerReader::person))
                .organization(in.object("organization", CustomerReader::organization))
                .jobTitle(in.text("jobTitle"))
                .department(in.text("department"))
                .birthday(birthday == null ? null : PartialDate.parse(birthday))
                .language(in.text("language"))
                .timeZone(in.text("timeZone"))
                .emails(in.list("emails", CustomerReader::email))
                .phones(in.list("phones", CustomerReader::phone))
                .addresses(in.list("addresses", CustomerReader::address))
                .onlineAccounts(in.list("onlineAccounts", CustomerReader::account))
                .websites(in.texts("websites").stream().map(URI::create).toList())
                .externalIds(in.list("externalIds", CustomerReader::externalId))
                .owner(in.object("owner", CustomerReader::owner))
                .region(in.object("region", CustomerReader::region))
                .tags(new LinkedHashSet<>(in.texts("tags")))
                .vip(Objects.requireNonNullElse(in.word(VipLevel.class, "vip"), VipLevel.UNKNOWN))
                .lifecycle(in.coded(LifecycleStage.class, "lifecycle"))
                .source(in.coded(LeadSource.class, "source"))
                .notes(in.list("notes", CustomerReader::note))
                .attributes(attributes(in))
                .meta(Objects.requireNonNullElse(in.object("meta", CustomerReader::meta), Meta.none()))
                .build();
    }

    private static void version(Fields in) {
        Integer version = in.integer("v");
        if (version == null || version > CustomerJson.VERSION) {
            throw new ModelException(
                    "CUSTOMER_JSON",
                    "v",
                    "expected a version up to " + CustomerJson.VERSION + ", got " + version
                            + "; a newer release wrote it");
        }
    }

    private static RecordRef recordRef(Fields in) {
        return new RecordRef(in.text("id"), in.object("externalId", CustomerReader::externalId));
    }

    private static Person person(Fields in) {
        return new Person(
                in.text("prefix"),
                in.text("given"),
                in.text("middle"),
                in.text("family"),
                in.text("suffix"),
                in.text("phoneticGiven"),
                in.text("phoneticFamily"),
                in.text("phoneticSystem"),
                in.word(NameOrder.class, "nameOrder"),
                in.flag("parsed", true));
    }

    private static Organization organization(Fields in) {
        return new Organization(
                in.text("legalName"),
                in.text("shortName"),
                in.object("registrationNumber", CustomerReader::taxId),
                in.list("taxIds", CustomerReader::taxId),
                in.object("industry", CustomerReader::industry),
                in.integer("employees"),
                in.object("annualRevenue", CustomerReader::money));
    }

    private static TaxId taxId(Fields in) {
        return new TaxId(in.required("scheme"), in.text("country"), in.required("value"));
    }

    private static Industry industry(Fields in) {
        return new Industry(in.required("scheme"), in.text("code"), in.text("label"));
    }

    private static Money money(Fields in) {
        return Money.of(in.required("amount"), in.required("currency"));
    }

    private static CustomerEmail email(Fields in) {
        return new CustomerEmail(
                EmailAddress.parse(in.required("address")),
                in.coded(ContactUse.class, "use"),
                in.integer("preference"),
                Objects.requireNonNullElse(
                        in.object("deliverability", CustomerReader::deliverability), Deliverability.unknown()),
                in.instant("verifiedAt"),
                in.text("verificationMethod"));
    }

    private static Deliverability deliverability(Fields in) {
        DeliverabilityState state = in.word(DeliverabilityState.class, "state");
        return new Deliverability(
                Objects.requireNonNullElse(state, DeliverabilityState.UNKNOWN),
                in.instant("since"),
                in.text("evidence"));
    }

    private static CustomerPhone phone(Fields in) {
        Set<PhoneFeature> features = EnumSet.noneOf(PhoneFeature.class);
        for (String word : in.texts("features")) {
            PhoneFeature feature = Fields.word(word, PhoneFeature.class);
            if (feature != null) {
                features.add(feature);
            }
        }
        return new CustomerPhone(
                PhoneNumber.of(in.required("raw"), in.text("e164"), in.text("extension")),
                features,
                in.coded(ContactUse.class, "use"),
                in.integer("preference"));
    }

    private static PostalAddress address(Fields in) {
        return new PostalAddress(
                in.coded(AddressUse.class, "use"),
                in.texts("lines"),
                in.text("street"),
                in.text("district"),
                in.text("locality"),
                in.text("region"),
                in.text("regionCode"),
                in.text("postalCode"),
                in.text("country"),
                in.text("full"),
                in.text("raw"));
    }

    private static OnlineAccount account(Fields in) {
        return new OnlineAccount(in.required("service"), in.required("id"), in.text("displayName"));
    }

    private static ExternalId externalId(Fields in) {
        return new ExternalId(
                in.required("system"),
                Objects.requireNonNullElse(in.text("instance"), ""),
                in.required("type"),
                in.required("value"),
                in.text("version"),
                in.text("url"));
    }

    private static Owner owner(Fields in) {
        return new Owner(in.required("system"), in.required("userId"), in.text("email"), in.text("name"));
    }

    private static Region region(Fields in) {
        return new Region(in.text("code"), in.text("name"), in.text("scheme"));
    }

    private static Note note(Fields in) {
        return new Note(
                in.text("id"), in.required("text"), in.text("author"), in.instant("at"), in.flag("pinned", false));
    }

    private static Meta meta(Fields in) {
        String revision = in.text("revision");
        return new Meta(
                in.instant("createdAt"),
                in.instant("updatedAt"),
                in.text("sourceVersion"),
                revision == null ? 0 : Long.parseLong(revision),
                map(in, "provenance", CustomerReader::provenance));
    }

    private static Provenance provenance(Fields in) {
        return new Provenance(in.required("system"), in.instant("at"), in.text("detail"));
    }

    private static Map<String, AttributeValue> attributes(Fields in) {
        return map(in, "attributes", CustomerReader::attribute);
    }

    private static <T> Map<String, T> map(Fields in, String name, Function<Fields, @Nullable T> part) {
        Fields entries = in.object(name, fields -> fields);
        Map<String, T> result = new LinkedHashMap<>();
        if (entries == null) {
            return result;
        }
        for (Iterator<String> keys = entries.names(); keys.hasNext(); ) {
            String key = keys.next();
            T value = entries.object(key, part);
            if (value != null) {
                result.put(key, value);
            }
        }
        return result;
    }

    /** Null if the type is one of a newer release. */
    private static @Nullable AttributeValue attribute(Fields in) {
        Iterator<String> names = in.names();
        if (!names.hasNext()) {
            return null;
        }
        String type = names.next();
        return switch (type) {
            case "text" -> AttributeValue.of(in.required(type));
            case "integer" -> new AttributeValue.IntegerValue(new BigInteger(in.required(type)));
            case "decimal" -> AttributeValue.of(new BigDecimal(in.required(type)));
            case "money" -> AttributeValue.of(Objects.requireNonNull(in.object(type, CustomerReader::money)));
            case "boolean" -> AttributeValue.of(in.flag(type, false));
            case "date" -> AttributeValue.of(LocalDate.parse(in.required(type)));
            case "instant" -> AttributeValue.of(Objects.requireNonNull(in.instant(type)));
            case "enum" -> new AttributeValue.EnumValue(in.required(type));
            case "ref" ->
                new AttributeValue.RefValue(Objects.requireNonNull(in.object(type, CustomerReader::externalId)));
            case "list" -> listValue(in.list(type, CustomerReader::attribute));
            default -> null;
        };
    }

    private static AttributeValue listValue(List<@Nullable AttributeValue> elements) {
        List<AttributeValue> known = new ArrayList<>();
        for (AttributeValue element : elements) {
            if (element != null) {
                known.add(element);
            }
        }
        return new AttributeValue.ListValue(known);
    }
}
