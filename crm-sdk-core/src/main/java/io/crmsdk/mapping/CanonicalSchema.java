package io.crmsdk.mapping;

import static io.crmsdk.mapping.Sensitivity.OPEN;
import static io.crmsdk.mapping.Sensitivity.PERSONAL;

import io.crmsdk.mapping.Type.Kind;
import io.crmsdk.model.AddressUse;
import io.crmsdk.model.Allocation;
import io.crmsdk.model.Coded;
import io.crmsdk.model.ContactUse;
import io.crmsdk.model.Customer;
import io.crmsdk.model.CustomerEmail;
import io.crmsdk.model.CustomerKind;
import io.crmsdk.model.CustomerPhone;
import io.crmsdk.model.CustomerStatus;
import io.crmsdk.model.Deliverability;
import io.crmsdk.model.DeliverabilityState;
import io.crmsdk.model.ExternalId;
import io.crmsdk.model.Industry;
import io.crmsdk.model.Invoice;
import io.crmsdk.model.InvoiceStatus;
import io.crmsdk.model.InvoiceType;
import io.crmsdk.model.LeadSource;
import io.crmsdk.model.LifecycleStage;
import io.crmsdk.model.Meta;
import io.crmsdk.model.NameOrder;
import io.crmsdk.model.Note;
import io.crmsdk.model.OnlineAccount;
import io.crmsdk.model.OrderLine;
import io.crmsdk.model.OrderStatus;
import io.crmsdk.model.Organization;
import io.crmsdk.model.Owner;
import io.crmsdk.model.Payment;
import io.crmsdk.model.PaymentStatus;
import io.crmsdk.model.Person;
import io.crmsdk.model.PhoneFeature;
import io.crmsdk.model.PostalAddress;
import io.crmsdk.model.RecordRef;
import io.crmsdk.model.Region;
import io.crmsdk.model.SalesOrder;
import io.crmsdk.model.SettlementKind;
import io.crmsdk.model.TaxId;
import io.crmsdk.model.VipLevel;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The canonical records as a mapping sees them: every field that a path can name, with its type and limit. The order of fields
 * in a shape is the order in which its maker asks for them.
 */
final class CanonicalSchema {
    static final Type ATTRIBUTE = Type.of(Kind.ATTRIBUTE);
    static final Type CONSENT = Type.of(Kind.CONSENT);
    private static final Type INSTANT = Type.of(Kind.INSTANT);
    private static final Type DATE = Type.of(Kind.DATE);
    private static final Type MONEY = Type.of(Kind.MONEY);
    private static final Type INTEGER = Type.of(Kind.INTEGER);
    private static final Type DECIMAL = Type.of(Kind.DECIMAL);

    private static final Shape<ExternalId> EXTERNAL_ID = new Shape<ExternalId>("external id")
            .required("system", Type.exact(64), OPEN, ExternalId::system)
            .value("instance", Type.exact(255), OPEN, ExternalId::instance)
            .required("object", Type.exact(64), OPEN, ExternalId::objectType)
            .required("value", Type.exact(255), OPEN, ExternalId::value)
            .value("version", Type.exact(255), OPEN, ExternalId::version)
            .value("url", Type.exact(2048), OPEN, ExternalId::url)
            .made((p, s) ->
                    new ExternalId(p.need(s, 0), p.text(s, 1), p.need(s, 2), p.need(s, 3), p.get(s, 4), p.get(s, 5)));

    /** A reference by the id of another system, or by ours where we write it. */
    private static final Shape<RecordRef> REFERENCE = new Shape<RecordRef>("reference")
            .writeOnly("id", Type.exact(64), RecordRef::id)
            .required(
                    "system",
                    Type.exact(64),
                    OPEN,
                    ref -> ref.externalId() == null ? null : ref.externalId().system())
            .value(
                    "instance",
                    Type.exact(255),
                    OPEN,
                    ref -> ref.externalId() == null ? null : ref.externalId().instance())
            .required(
                    "object",
                    Type.exact(64),
                    OPEN,
                    ref -> ref.externalId() == null ? null : ref.externalId().objectType())
            .required(
                    "value",
                    Type.exact(255),
                    OPEN,
                    ref -> ref.externalId() == null ? null : ref.externalId().value())
            .made((p, s) -> RecordRef.of(ExternalId.of(p.need(s, 1), p.text(s, 2), p.need(s, 3), p.need(s, 4))));

    private static final Shape<Person> PERSON = new Shape<Person>("person")
            .value("prefix", Type.text(30), PERSONAL, Person::prefix)
            .value("given", Type.text(100), PERSONAL, Person::given)
            .value("middle", Type.text(100), PERSONAL, Person::middle)
            .value("family", Type.text(100), PERSONAL, Person::family)
            .value("suffix", Type.text(30), PERSONAL, Person::suffix)
            .value("phoneticGiven", Type.text(100), PERSONAL, Person::phoneticGiven)
            .value("phoneticFamily", Type.text(100), PERSONAL, Person::phoneticFamily)
            .value("phoneticSystem", Type.text(30), OPEN, Person::phoneticSystem)
            .value("nameOrder", Type.word(NameOrder.class), OPEN, Person::nameOrder)
            .made((p, s) -> new Person(
                    p.get(s, 0),
                    p.get(s, 1),
                    p.get(s, 2),
                    p.get(s, 3),
                    p.get(s, 4),
                    p.get(s, 5),
                    p.get(s, 6),
                    p.get(s, 7),
                    p.get(s, 8),
                    p.get(s, 1) != null || p.get(s, 3) != null));

    private static final Shape<TaxId> TAX_ID = new Shape<TaxId>("tax id")
            .required("scheme", Type.text(40), OPEN, TaxId::scheme)
            .value("country", Type.text(2), OPEN, TaxId::country)
            .required("value", Type.exact(64), PERSONAL, TaxId::value)
            .made((p, s) -> new TaxId(p.need(s, 0), p.get(s, 1), p.need(s, 2)));

    private static final Shape<Industry> INDUSTRY = new Shape<Industry>("industry")
            .value("scheme", Type.text(40), OPEN, Industry::scheme)
            .value("code", Type.text(40), OPEN, Industry::code)
            .value("label", Type.text(255), OPEN, Industry::label)
            .made((p, s) -> new Industry(p.or(s, 0, "raw"), p.get(s, 1), p.get(s, 2)));

    private static final Shape<Organization> ORGANIZATION = new Shape<Organization>("organization")
            .value("legalName", Type.text(255), PERSONAL, Organization::legalName)
            .value("shortName", Type.text(200), PERSONAL, Organization::shortName)
            .part("registrationNumber", TAX_ID, Organization::registrationNumber)
            .parts("taxIds", TAX_ID, Organization::taxIds)
            .part("industry", INDUSTRY, Organization::industry)
            .value("employees", INTEGER, OPEN, Organization::employees)
            .value("annualRevenue", MONEY, OPEN, Organization::annualRevenue)
            .made((p, s) -> new Organization(
                    p.get(s, 0), p.get(s, 1), p.get(s, 2), p.list(s, 3), p.get(s, 4), p.get(s, 5), p.get(s, 6)));

    private static final Shape<Deliverability> DELIVERABILITY = new Shape<Deliverability>("deliverability")
            .required("state", Type.word(DeliverabilityState.class), OPEN, Deliverability::state)
            .value("since", INSTANT, OPEN, Deliverability::since)
            .value("evidence", Type.text(1000), PERSONAL, Deliverability::evidence)
            .made((p, s) -> new Deliverability(p.need(s, 0), p.get(s, 1), p.get(s, 2)));

    private static final Deliverability NOT_KNOWN = Deliverability.unknown();

    private static final Shape<CustomerEmail> EMAIL = new Shape<CustomerEmail>("e-mail")
            .required("address", Type.of(Kind.EMAIL), PERSONAL, CustomerEmail::address)
            .value("use", Type.coded(ContactUse.class), OPEN, CustomerEmail::use)
            .value("preference", INTEGER, OPEN, CustomerEmail::preference)
            .part("deliverability", DELIVERABILITY, CustomerEmail::deliverability)
            .value("verifiedAt", INSTANT, OPEN, CustomerEmail::verifiedAt)
            .value("verificationMethod", Type.text(100), OPEN, CustomerEmail::verificationMethod)
            .made((p, s) -> new CustomerEmail(
                    p.need(s, 0), p.get(s, 1), p.get(s, 2), p.or(s, 3, NOT_KNOWN), p.get(s, 4), p.get(s, 5)));

    private static final Shape<CustomerPhone> PHONE = new Shape<CustomerPhone>("phone")
            .required("number", Type.of(Kind.PHONE), PERSONAL, CustomerPhone::number)
            .value("features", Type.words(PhoneFeature.class), OPEN, CustomerPhone::features)
            .value("use", Type.coded(ContactUse.class), OPEN, CustomerPhone::use)
            .value("preference", INTEGER, OPEN, CustomerPhone::preference)
            .made((p, s) -> new CustomerPhone(p.need(s, 0), features(p.get(s, 1)), p.get(s, 2), p.get(s, 3)));

    private static final Shape<PostalAddress> ADDRESS = new Shape<PostalAddress>("address")
            .value("use", Type.coded(AddressUse.class), OPEN, PostalAddress::use)
            .value(
                    "lines",
                    Type.of(Kind.TEXTS),
                    PERSONAL,
                    address -> address.lines().isEmpty() ? null : address.lines())
            .value("street", Type.text(255), PERSONAL, PostalAddress::street)
            .value("district", Type.text(100), PERSONAL, PostalAddress::district)
            .value("locality", Type.text(100), OPEN, PostalAddress::locality)
            .value("region", Type.text(100), OPEN, PostalAddress::region)
            .value("regionCode", Type.text(10), OPEN, PostalAddress::regionCode)
            .value("postalCode", Type.text(20), PERSONAL, PostalAddress::postalCode)
            .value("country", Type.text(2), OPEN, PostalAddress::country)
            .value("full", Type.text(1000), PERSONAL, PostalAddress::full)
            .value("raw", Type.text(2000), PERSONAL, PostalAddress::raw)
            .made((p, s) -> new PostalAddress(
                    p.get(s, 0),
                    p.or(s, 1, List.<String>of()),
                    p.get(s, 2),
                    p.get(s, 3),
                    p.get(s, 4),
                    p.get(s, 5),
                    p.get(s, 6),
                    p.get(s, 7),
                    p.get(s, 8),
                    p.get(s, 9),
                    p.get(s, 10)));

    private static final Shape<OnlineAccount> ONLINE_ACCOUNT = new Shape<OnlineAccount>("online account")
            .required("service", Type.text(64), OPEN, OnlineAccount::service)
            .required("id", Type.exact(255), PERSONAL, OnlineAccount::id)
            .value("displayName", Type.text(255), PERSONAL, OnlineAccount::displayName)
            .made((p, s) -> new OnlineAccount(p.need(s, 0), p.need(s, 1), p.get(s, 2)));

    private static final Shape<URI> WEBSITE = new Shape<URI>("website")
            .required("url", Type.of(Kind.URL), OPEN, uri -> uri)
            .made((p, s) -> p.need(s, 0));

    private static final Shape<Owner> OWNER = new Shape<Owner>("owner")
            .required("system", Type.text(64), OPEN, Owner::system)
            .required("userId", Type.exact(255), OPEN, Owner::userId)
            .value("email", Type.exact(254), PERSONAL, Owner::email)
            .value("name", Type.text(255), PERSONAL, Owner::name)
            .made((p, s) -> new Owner(p.need(s, 0), p.need(s, 1), p.get(s, 2), p.get(s, 3)));

    private static final Shape<Region> REGION = new Shape<Region>("region")
            .value("code", Type.text(64), OPEN, Region::code)
            .value("name", Type.text(255), OPEN, Region::name)
            .value("scheme", Type.text(64), OPEN, Region::scheme)
            .made((p, s) -> new Region(p.get(s, 0), p.get(s, 1), p.get(s, 2)));

    private static final Shape<Note> NOTE = new Shape<Note>("note")
            .value("id", Type.exact(255), OPEN, Note::id)
            .required("text", Type.text(65_536), PERSONAL, Note::text)
            .value("author", Type.text(255), PERSONAL, Note::author)
            .value("at", INSTANT, OPEN, Note::at)
            .value("pinned", Type.of(Kind.BOOLEAN), OPEN, Note::pinned)
            .made((p, s) -> new Note(p.get(s, 0), p.need(s, 1), p.get(s, 2), p.get(s, 3), p.or(s, 4, false)));

    private static final Shape<Meta> META = new Shape<Meta>("meta")
            .value("createdAt", INSTANT, OPEN, Meta::createdAt)
            .value("updatedAt", INSTANT, OPEN, Meta::updatedAt)
            .value("sourceVersion", Type.exact(255), OPEN, Meta::sourceVersion)
            .made((p, s) -> new Meta(p.get(s, 0), p.get(s, 1), p.get(s, 2), 0, Map.of()));

    private static final Meta NO_META = Meta.none();
    private static final Coded<CustomerStatus> STATUS_NOT_KNOWN = Coded.of(CustomerStatus.UNKNOWN);

    private static final Shape<Customer> CUSTOMER = new Shape<Customer>("customer")
            .writeOnly("id", Type.exact(64), Customer::id)
            .value("number", Type.exact(40), OPEN, Customer::number)
            .required("kind", Type.word(CustomerKind.class), OPEN, Customer::kind)
            .value("status", Type.coded(CustomerStatus.class), OPEN, CanonicalSchema::status)
            .writeOnly("mergedInto", Type.exact(64), Customer::mergedInto)
            .part("parent", REFERENCE, Customer::parent)
            .value("displayName", Type.text(255), PERSONAL, Customer::displayName)
            .part("person", PERSON, Customer::person)
            .part("organization", ORGANIZATION, Customer::organization)
            .value("jobTitle", Type.text(128), PERSONAL, Customer::jobTitle)
            .value("department", Type.text(128), OPEN, Customer::department)
            .value("birthday", Type.of(Kind.DAY), PERSONAL, Customer::birthday)
            .value("language", Type.text(35), OPEN, Customer::language)
            .value("timeZone", Type.text(64), OPEN, Customer::timeZone)
            .parts("emails", EMAIL, Customer::emails)
            .parts("phones", PHONE, Customer::phones)
            .parts("addresses", ADDRESS, Customer::addresses)
            .parts("onlineAccounts", ONLINE_ACCOUNT, Customer::onlineAccounts)
            .parts("websites", WEBSITE, Customer::websites)
            .parts("externalIds", EXTERNAL_ID, Customer::externalIds)
            .part("owner", OWNER, Customer::owner)
            .part("region", REGION, Customer::region)
            .value("tags", Type.of(Kind.TEXTS), OPEN, customer -> List.copyOf(customer.tags()))
            .value("vip", Type.word(VipLevel.class), OPEN, CanonicalSchema::vip)
            .value("lifecycle", Type.coded(LifecycleStage.class), OPEN, Customer::lifecycle)
            .value("source", Type.coded(LeadSource.class), OPEN, Customer::source)
            .parts("notes", NOTE, Customer::notes)
            .value(Part.ATTRIBUTES, ATTRIBUTE, PERSONAL, Customer::attributes)
            .part("meta", META, Customer::meta)
            .made((p, s) -> new Customer(
                    p.get(s, 0),
                    p.get(s, 1),
                    p.need(s, 2),
                    p.or(s, 3, STATUS_NOT_KNOWN),
                    p.get(s, 4),
                    p.get(s, 5),
                    p.get(s, 6),
                    p.get(s, 7),
                    p.get(s, 8),
                    p.get(s, 9),
                    p.get(s, 10),
                    p.get(s, 11),
                    p.get(s, 12),
                    p.get(s, 13),
                    p.list(s, 14),
                    p.list(s, 15),
                    p.list(s, 16),
                    p.list(s, 17),
                    p.list(s, 18),
                    p.list(s, 19),
                    p.get(s, 20),
                    p.get(s, 21),
                    set(p.get(s, 22)),
                    p.or(s, 23, VipLevel.UNKNOWN),
                    p.get(s, 24),
                    p.get(s, 25),
                    p.list(s, 26),
                    p.attributes(s),
                    p.or(s, 28, NO_META)));

    private static final Shape<OrderLine> ORDER_LINE = new Shape<OrderLine>("order line")
            .value("sku", Type.exact(100), OPEN, OrderLine::sku)
            .value("text", Type.text(1000), OPEN, OrderLine::text)
            .required("quantity", DECIMAL, OPEN, OrderLine::quantity)
            .value("unit", Type.text(40), OPEN, OrderLine::unit)
            .value("unitPrice", MONEY, OPEN, OrderLine::unitPrice)
            .value("discount", MONEY, OPEN, OrderLine::discount)
            .value("tax", MONEY, OPEN, OrderLine::tax)
            .value("net", MONEY, OPEN, OrderLine::net)
            .value("gross", MONEY, OPEN, OrderLine::gross)
            .made((p, s) -> new OrderLine(
                    p.get(s, 0),
                    p.get(s, 1),
                    p.need(s, 2),
                    p.get(s, 3),
                    p.get(s, 4),
                    p.get(s, 5),
                    p.get(s, 6),
                    p.get(s, 7),
                    p.get(s, 8)));

    private static final Shape<SalesOrder> ORDER = new Shape<SalesOrder>("order")
            .writeOnly("id", Type.exact(64), SalesOrder::id)
            .parts("externalIds", EXTERNAL_ID, SalesOrder::externalIds)
            .requiredPart("customer", REFERENCE, SalesOrder::customer)
            .value("number", Type.exact(40), OPEN, SalesOrder::number)
            .value("orderDate", DATE, OPEN, SalesOrder::orderDate)
            .value("placedAt", INSTANT, OPEN, SalesOrder::placedAt)
            .required("currency", Type.of(Kind.CURRENCY), OPEN, SalesOrder::currency)
            .parts("lines", ORDER_LINE, SalesOrder::lines)
            .value("net", MONEY, OPEN, SalesOrder::net)
            .value("tax", MONEY, OPEN, SalesOrder::tax)
            .value("gross", MONEY, OPEN, SalesOrder::gross)
            .required("status", Type.coded(OrderStatus.class), OPEN, SalesOrder::status)
            .made((p, s) -> new SalesOrder(
                    p.get(s, 0),
                    p.list(s, 1),
                    p.need(s, 2),
                    p.get(s, 3),
                    p.get(s, 4),
                    p.get(s, 5),
                    p.need(s, 6),
                    p.list(s, 7),
                    p.get(s, 8),
                    p.get(s, 9),
                    p.get(s, 10),
                    p.need(s, 11)));

    private static final Shape<Invoice> INVOICE = new Shape<Invoice>("invoice")
            .writeOnly("id", Type.exact(64), Invoice::id)
            .parts("externalIds", EXTERNAL_ID, Invoice::externalIds)
            .requiredPart("customer", REFERENCE, Invoice::customer)
            .parts("orders", REFERENCE, Invoice::orders)
            .value("number", Type.exact(40), OPEN, Invoice::number)
            .required("type", Type.coded(InvoiceType.class), OPEN, Invoice::type)
            .value("issueDate", DATE, OPEN, Invoice::issueDate)
            .value("dueDate", DATE, OPEN, Invoice::dueDate)
            .required("currency", Type.of(Kind.CURRENCY), OPEN, Invoice::currency)
            .value("net", MONEY, OPEN, Invoice::net)
            .value("tax", MONEY, OPEN, Invoice::tax)
            .required("gross", MONEY, OPEN, Invoice::gross)
            .value("balance", MONEY, OPEN, Invoice::balance)
            .required("status", Type.coded(InvoiceStatus.class), OPEN, Invoice::status)
            .made((p, s) -> new Invoice(
                    p.get(s, 0),
                    p.list(s, 1),
                    p.need(s, 2),
                    p.list(s, 3),
                    p.get(s, 4),
                    p.need(s, 5),
                    p.get(s, 6),
                    p.get(s, 7),
                    p.need(s, 8),
                    p.get(s, 9),
                    p.get(s, 10),
                    p.need(s, 11),
                    p.get(s, 12),
                    p.need(s, 13)));

    private static final Shape<Allocation> ALLOCATION = new Shape<Allocation>("allocation")
            .part("invoice", REFERENCE, Allocation::invoice)
            .part("order", REFERENCE, Allocation::order)
            .required("amount", MONEY, OPEN, Allocation::amount)
            .value("paymentAmount", MONEY, OPEN, Allocation::paymentAmount)
            .value("rate", DECIMAL, OPEN, Allocation::rate)
            .value("on", DATE, OPEN, Allocation::on)
            .made((p, s) ->
                    new Allocation(p.get(s, 0), p.get(s, 1), p.need(s, 2), p.get(s, 3), p.get(s, 4), p.get(s, 5)));

    private static final Shape<Payment> PAYMENT = new Shape<Payment>("payment")
            .writeOnly("id", Type.exact(64), Payment::id)
            .parts("externalIds", EXTERNAL_ID, Payment::externalIds)
            .requiredPart("customer", REFERENCE, Payment::customer)
            .value("number", Type.exact(40), OPEN, Payment::number)
            .value("kind", Type.word(SettlementKind.class), OPEN, Payment::kind)
            .value("receivedOn", DATE, OPEN, Payment::receivedOn)
            .required("amount", MONEY, OPEN, Payment::amount)
            .value("method", Type.text(100), OPEN, Payment::method)
            .value("reference", Type.text(1000), PERSONAL, Payment::reference)
            .required("status", Type.coded(PaymentStatus.class), OPEN, Payment::status)
            .parts("allocations", ALLOCATION, Payment::allocations)
            .made((p, s) -> new Payment(
                    p.get(s, 0),
                    p.list(s, 1),
                    p.need(s, 2),
                    p.get(s, 3),
                    p.or(s, 4, SettlementKind.PAYMENT),
                    p.get(s, 5),
                    p.need(s, 6),
                    p.get(s, 7),
                    p.get(s, 8),
                    p.need(s, 9),
                    p.list(s, 10)));

    private CanonicalSchema() {}

    static Shape<?> of(RecordType record) {
        return switch (record) {
            case CUSTOMER -> CUSTOMER;
            case ORDER -> ORDER;
            case INVOICE -> INVOICE;
            case PAYMENT -> PAYMENT;
        };
    }

    private static @Nullable Object status(Customer customer) {
        return customer.status().is(CustomerStatus.UNKNOWN) ? null : customer.status();
    }

    private static @Nullable Object vip(Customer customer) {
        return customer.vip() == VipLevel.UNKNOWN ? null : customer.vip();
    }

    private static Set<PhoneFeature> features(@Nullable Set<PhoneFeature> words) {
        return words == null ? Set.of() : words;
    }

    private static Set<String> set(@Nullable List<String> texts) {
        return texts == null || texts.isEmpty() ? Set.of() : new LinkedHashSet<>(Objects.requireNonNull(texts));
    }
}
