package io.crmsdk.model.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.crmsdk.model.AttributeValue;
import io.crmsdk.model.Coded;
import io.crmsdk.model.Customer;
import io.crmsdk.model.CustomerEmail;
import io.crmsdk.model.CustomerPhone;
import io.crmsdk.model.Deliverability;
import io.crmsdk.model.ExternalId;
import io.crmsdk.model.Industry;
import io.crmsdk.model.Meta;
import io.crmsdk.model.Money;
import io.crmsdk.model.Note;
import io.crmsdk.model.OnlineAccount;
import io.crmsdk.model.Organization;
import io.crmsdk.model.Owner;
import io.crmsdk.model.PartialDate;
import io.crmsdk.model.Person;
import io.crmsdk.model.PhoneFeature;
import io.crmsdk.model.PostalAddress;
import io.crmsdk.model.Provenance;
import io.crmsdk.model.RecordRef;
import io.crmsdk.model.Region;
import io.crmsdk.model.TaxId;
import io.crmsdk.model.VipLevel;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes the fields of a customer in their fixed order. */
final class CustomerWriter {
    private final JsonGenerator out;

    private CustomerWriter(JsonGenerator out) {
        this.out = out;
    }

    static void write(JsonGenerator out, Customer customer) throws IOException {
        new CustomerWriter(out).customer(customer);
    }

    private void customer(Customer c) throws IOException {
        out.writeStartObject();
        out.writeNumberField("v", CustomerJson.VERSION);
        text("id", c.id());
        text("number", c.number());
        text("kind", c.kind().name());
        coded("status", c.status());
        text("mergedInto", c.mergedInto());
        object("parent", c.parent(), this::recordRef);
        text("displayName", c.displayName());
        object("person", c.person(), this::person);
        object("organization", c.organization(), this::organization);
        text("jobTitle", c.jobTitle());
        text("department", c.department());
        PartialDate birthday = c.birthday();
        text("birthday", birthday == null ? null : birthday.text());
        text("language", c.language());
        text("timeZone", c.timeZone());
        list("emails", c.emails(), this::email);
        list("phones", c.phones(), this::phone);
        list("addresses", c.addresses(), this::address);
        list("onlineAccounts", c.onlineAccounts(), this::account);
        texts("websites", c.websites().stream().map(URI::toString).toList());
        list("externalIds", c.externalIds(), this::externalId);
        object("owner", c.owner(), this::owner);
        object("region", c.region(), this::region);
        texts("tags", c.tags().stream().sorted().toList());
        text("vip", c.vip() == VipLevel.UNKNOWN ? null : c.vip().name());
        coded("lifecycle", c.lifecycle());
        coded("source", c.source());
        list("notes", c.notes(), this::note);
        attributes(c.attributes());
        if (!c.meta().equals(Meta.none())) {
            object("meta", c.meta(), this::meta);
        }
        out.writeEndObject();
    }

    private void recordRef(RecordRef ref) throws IOException {
        text("id", ref.id());
        object("externalId", ref.externalId(), this::externalId);
    }

    private void person(Person p) throws IOException {
        text("prefix", p.prefix());
        text("given", p.given());
        text("middle", p.middle());
        text("family", p.family());
        text("suffix", p.suffix());
        text("phoneticGiven", p.phoneticGiven());
        text("phoneticFamily", p.phoneticFamily());
        text("phoneticSystem", p.phoneticSystem());
        text("nameOrder", p.nameOrder() == null ? null : p.nameOrder().name());
        out.writeBooleanField("parsed", p.parsed());
    }

    private void organization(Organization o) throws IOException {
        text("legalName", o.legalName());
        text("shortName", o.shortName());
        object("registrationNumber", o.registrationNumber(), this::taxId);
        list("taxIds", o.taxIds(), this::taxId);
        object("industry", o.industry(), this::industry);
        Integer employees = o.employees();
        if (employees != null) {
            out.writeNumberField("employees", employees);
        }
        object("annualRevenue", o.annualRevenue(), this::money);
    }

    private void taxId(TaxId t) throws IOException {
        text("scheme", t.scheme());
        text("country", t.country());
        text("value", t.value());
    }

    private void industry(Industry i) throws IOException {
        text("scheme", i.scheme());
        text("code", i.code());
        text("label", i.label());
    }

    private void money(Money m) throws IOException {
        text("amount", m.amount().toPlainString());
        text("currency", m.currency().getCurrencyCode());
    }

    private void email(CustomerEmail e) throws IOException {
        text("address", e.address().raw());
        coded("use", e.use());
        preference(e.preference());
        if (!e.deliverability().equals(Deliverability.unknown())) {
            object("deliverability", e.deliverability(), this::deliverability);
        }
        instant("verifiedAt", e.verifiedAt());
        text("verificationMethod", e.verificationMethod());
    }

    private void deliverability(Deliverability d) throws IOException {
        text("state", d.state().name());
        instant("since", d.since());
        text("evidence", d.evidence());
    }

    private void phone(CustomerPhone p) throws IOException {
        text("raw", p.raw());
        text("e164", p.e164());
        text("extension", p.extension());
        texts("features", p.features().stream().map(PhoneFeature::name).toList());
        coded("use", p.use());
        preference(p.preference());
    }

    private void address(PostalAddress a) throws IOException {
        coded("use", a.use());
        texts("lines", a.lines());
        text("street", a.street());
        text("district", a.district());
        text("locality", a.locality());
        text("region", a.region());
        text("regionCode", a.regionCode());
        text("postalCode", a.postalCode());
        text("country", a.country());
        text("full", a.full());
        text("raw", a.raw());
    }

    private void account(OnlineAccount a) throws IOException {
        text("service", a.service());
        text("id", a.id());
        text("displayName", a.displayName());
    }

    private void externalId(ExternalId x) throws IOException {
        text("system", x.system());
        text("instance", x.instance().isEmpty() ? null : x.instance());
        text("type", x.objectType());
        text("value", x.value());
        text("version", x.version());
        text("url", x.url());
    }

    private void owner(Owner o) throws IOException {
        text("system", o.system());
        text("userId", o.userId());
        text("email", o.email());
        text("name", o.name());
    }

    private void region(Region r) throws IOException {
        text("code", r.code());
        text("name", r.name());
        text("scheme", r.scheme());
    }

    private void note(Note n) throws IOException {
        text("id", n.id());
        text("text", n.text());
        text("author", n.author());
        instant("at", n.at());
        if (n.pinned()) {
            out.writeBooleanField("pinned", true);
        }
    }

    private void meta(Meta m) throws IOException {
        instant("createdAt", m.createdAt());
        instant("updatedAt", m.updatedAt());
        text("sourceVersion", m.sourceVersion());
        if (m.revision() != 0) {
            out.writeNumberField("revision", m.revision());
        }
        if (m.provenance().isEmpty()) {
            return;
        }
        out.writeObjectFieldStart("provenance");
        for (Map.Entry<String, Provenance> e : new TreeMap<>(m.provenance()).entrySet()) {
            object(e.getKey(), e.getValue(), this::provenance);
        }
        out.writeEndObject();
    }

    private void provenance(Provenance p) throws IOException {
        text("system", p.system());
        instant("at", p.at());
        text("detail", p.detail());
    }

    private void attributes(Map<String, AttributeValue> attributes) throws IOException {
        if (attributes.isEmpty()) {
            return;
        }
        out.writeObjectFieldStart("attributes");
        for (Map.Entry<String, AttributeValue> e : new TreeMap<>(attributes).entrySet()) {
            object(e.getKey(), e.getValue(), this::attribute);
        }
        out.writeEndObject();
    }

    /** One field whose name is the type; an unknown one is skipped by readers of this version. */
    private void attribute(AttributeValue value) throws IOException {
        if (value instanceof AttributeValue.TextValue v) {
            text("text", v.value());
        } else if (value instanceof AttributeValue.IntegerValue v) {
            text("integer", v.value().toString());
        } else if (value instanceof AttributeValue.DecimalValue v) {
            text("decimal", v.value().toString());
        } else if (value instanceof AttributeValue.MoneyValue v) {
            object("money", v.value(), this::money);
        } else if (value instanceof AttributeValue.BooleanValue v) {
            out.writeBooleanField("boolean", v.value());
        } else if (value instanceof AttributeValue.DateValue v) {
            text("date", v.value().toString());
        } else if (value instanceof AttributeValue.InstantValue v) {
            instant("instant", v.value());
        } else if (value instanceof AttributeValue.EnumValue v) {
            text("enum", v.value());
        } else if (value instanceof AttributeValue.RefValue v) {
            object("ref", v.value(), this::externalId);
        } else if (value instanceof AttributeValue.ListValue v) {
            out.writeArrayFieldStart("list");
            for (AttributeValue element : v.values()) {
                out.writeStartObject();
                attribute(element);
                out.writeEndObject();
            }
            out.writeEndArray();
        }
    }

    private void preference(@Nullable Integer preference) throws IOException {
        if (preference != null) {
            out.writeNumberField("preference", preference);
        }
    }

    private void text(String name, @Nullable String value) throws IOException {
        if (value != null) {
            out.writeStringField(name, value);
        }
    }

    private void instant(String name, @Nullable Instant value) throws IOException {
        text(name, value == null ? null : value.toString());
    }

    /** A word alone if it is one of ours, else an object with the foreign word and ours if there is one. */
    private <E extends Enum<E>> void coded(String name, @Nullable Coded<E> value) throws IOException {
        if (value == null) {
            return;
        }
        E known = value.known();
        String raw = value.raw();
        if (raw == null) {
            text(name, value.text());
            return;
        }
        out.writeObjectFieldStart(name);
        text("known", known == null ? null : known.name());
        text("raw", raw);
        out.writeEndObject();
    }

    private void texts(String name, List<String> values) throws IOException {
        if (values.isEmpty()) {
            return;
        }
        out.writeArrayFieldStart(name);
        for (String value : values) {
            out.writeString(value);
        }
        out.writeEndArray();
    }

    private <T> void object(String name, @Nullable T value, Part<T> part) throws IOException {
        if (value != null) {
            out.writeObjectFieldStart(name);
            part.write(value);
            out.writeEndObject();
        }
    }

    private <T> void list(String name, List<T> values, Part<T> part) throws IOException {
        if (values.isEmpty()) {
            return;
        }
        out.writeArrayFieldStart(name);
        for (T value : values) {
            out.writeStartObject();
            part.write(value);
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    /** The fields of one object. */
    @FunctionalInterface
    private interface Part<T> {
        void write(T value) throws IOException;
    }
}
