package io.crmsdk.identity;

import io.crmsdk.model.AttributeValue;
import io.crmsdk.model.Customer;
import io.crmsdk.model.CustomerEmail;
import io.crmsdk.model.CustomerKind;
import io.crmsdk.model.CustomerPhone;
import io.crmsdk.model.ExternalId;
import io.crmsdk.model.Meta;
import io.crmsdk.model.Provenance;
import io.crmsdk.model.VipLevel;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Computes the golden view of a customer. Single values come from one record, chosen field by field by the declared rule; lists
 * are united. Consent is not among the fields: it follows the contact points and the ids of all records.
 */
final class Survivorship {
    private static final int MOST_ATTRIBUTES = 500;

    private final MatchRules rules;

    Survivorship(MatchRules rules) {
        this.rules = rules;
    }

    /** The view of these records of one customer, at least one of them not erased; the result does not depend on their order. */
    GoldenCustomer golden(String customerId, Collection<StoredRecord> records) {
        List<StoredRecord> members = records.stream()
                .filter(record -> record.content != null)
                .sorted(Comparator.<StoredRecord>comparingLong(record -> record.createdUs)
                        .thenComparing(record -> record.id))
                .toList();
        return new View(customerId, members).build();
    }

    private static Customer customer(StoredRecord record) {
        return Objects.requireNonNull(record.customer());
    }

    /** When a source last changed it, or else when we learned of it. */
    private static Instant changed(StoredRecord record) {
        Instant stated = customer(record).meta().updatedAt();
        return stated != null ? stated : Instant.EPOCH.plus(record.updatedUs, ChronoUnit.MICROS);
    }

    private final class View {
        private final String customerId;
        private final List<StoredRecord> members;
        private final Map<String, Provenance> provenance = new TreeMap<>();
        private final Map<String, String> origins = new TreeMap<>();

        View(String customerId, List<StoredRecord> members) {
            this.customerId = customerId;
            this.members = members;
        }

        GoldenCustomer build() {
            CustomerKind kind = Objects.requireNonNull(pick("kind", Customer::kind, value -> true));
            Customer.Builder to = Customer.builder(kind).id(customerId);
            to.number(pick("number", Customer::number));
            to.status(Objects.requireNonNull(pick("status", Customer::status)));
            to.parent(pick("parent", Customer::parent));
            // A name is one thing: its parts are never taken from two records.
            Customer named = pick("displayName", c -> c, c -> c.displayName() != null || c.person() != null);
            if (named != null) {
                to.displayName(named.displayName()).person(named.person());
            }
            to.organization(pick("organization", Customer::organization));
            to.jobTitle(pick("jobTitle", Customer::jobTitle)).department(pick("department", Customer::department));
            to.birthday(pick("birthday", Customer::birthday));
            to.language(pick("language", Customer::language)).timeZone(pick("timeZone", Customer::timeZone));
            to.owner(pick("owner", Customer::owner)).region(pick("region", Customer::region));
            VipLevel vip = pick("vip", Customer::vip, level -> level != VipLevel.UNKNOWN);
            to.vip(vip == null ? VipLevel.UNKNOWN : vip);
            to.lifecycle(pick("lifecycle", Customer::lifecycle)).source(pick("source", Customer::source));
            lists(to);
            to.attributes(attributes());
            to.meta(meta());
            return new GoldenCustomer(to.build(), origins, sources());
        }

        private void lists(Customer.Builder to) {
            to.emails(unite("emails", Customer::emails, e -> e.address().canonical(), Survivorship::better));
            to.phones(unite("phones", Customer::phones, Survivorship::phone, (a, b) -> a));
            to.addresses(unite("addresses", Customer::addresses, a -> a, (a, b) -> a));
            to.onlineAccounts(
                    unite("onlineAccounts", Customer::onlineAccounts, a -> a.service() + "\n" + a.id(), (a, b) -> a));
            to.websites(unite("websites", Customer::websites, w -> w, (a, b) -> a));
            to.externalIds(unite("externalIds", Customer::externalIds, ExternalId::key, (a, b) -> a));
            to.notes(unite("notes", Customer::notes, n -> n, (a, b) -> a));
            Set<String> tags = new LinkedHashSet<>();
            for (StoredRecord record : ranked("tags")) {
                tags.addAll(customer(record).tags());
            }
            to.tags(tags);
        }

        private <T> @Nullable T pick(String field, Function<Customer, @Nullable T> of) {
            return pick(field, of, value -> true);
        }

        private <T> @Nullable T pick(String field, Function<Customer, @Nullable T> of, Predicate<T> usable) {
            for (StoredRecord record : ranked(field, of)) {
                T value = of.apply(customer(record));
                if (value != null && usable.test(value)) {
                    note(field, record);
                    return value;
                }
            }
            return null;
        }

        private void note(String field, StoredRecord record) {
            origins.put(field, record.id);
            provenance.put(field, new Provenance(record.origin.system(), changed(record), null));
        }

        private List<StoredRecord> ranked(String field) {
            return ranked(field, c -> null);
        }

        private <T> List<StoredRecord> ranked(String field, Function<Customer, @Nullable T> of) {
            List<StoredRecord> order = new ArrayList<>(members);
            order.sort(rules.survivor(field).order(record -> length(of.apply(customer(record)))));
            return order;
        }

        private int length(@Nullable Object value) {
            if (value instanceof Customer c) {
                return c.displayName() == null ? 0 : c.displayName().length();
            }
            return value == null ? 0 : value.toString().length();
        }

        private <T> List<T> unite(
                String field,
                Function<Customer, List<T>> of,
                Function<T, Object> key,
                java.util.function.BinaryOperator<T> best) {
            Map<Object, T> united = new LinkedHashMap<>();
            for (StoredRecord record : ranked(field)) {
                for (T value : of.apply(customer(record))) {
                    united.merge(key.apply(value), value, best);
                    origins.putIfAbsent(field, record.id);
                }
            }
            return List.copyOf(united.values());
        }

        private Map<String, AttributeValue> attributes() {
            Map<String, AttributeValue> united = new TreeMap<>();
            for (StoredRecord record : ranked("attributes")) {
                customer(record).attributes().forEach((key, value) -> {
                    if (united.size() < MOST_ATTRIBUTES || united.containsKey(key)) {
                        united.putIfAbsent(key, value);
                    }
                });
            }
            return united;
        }

        private Meta meta() {
            Instant created = null;
            Instant updated = null;
            long revision = 0;
            for (StoredRecord record : members) {
                Meta meta = customer(record).meta();
                created = meta.createdAt() != null
                                && (created == null || meta.createdAt().isBefore(created))
                        ? meta.createdAt()
                        : created;
                updated = meta.updatedAt() != null
                                && (updated == null || meta.updatedAt().isAfter(updated))
                        ? meta.updatedAt()
                        : updated;
                revision += record.revision;
            }
            return Meta.builder()
                    .createdAt(created)
                    .updatedAt(updated)
                    .revision(revision)
                    .provenance(provenance)
                    .build();
        }

        private List<GoldenCustomer.Member> sources() {
            List<GoldenCustomer.Member> sources = new ArrayList<>();
            for (StoredRecord record : members) {
                sources.add(new GoldenCustomer.Member(
                        record.id, record.revision, new SourceRecord(record.origin, customer(record))));
            }
            return sources;
        }
    }

    /** A confirmed address stays confirmed, whichever record says so. */
    private static CustomerEmail better(CustomerEmail a, CustomerEmail b) {
        return a.verifiedAt() == null && b.verifiedAt() != null ? b : a;
    }

    private static Object phone(CustomerPhone phone) {
        String text = phone.number().text();
        return text != null ? text : phone.raw();
    }

    /** How one field is chosen. */
    enum Order {
        /** The record that its source changed last. */
        RECENT,
        /** The record that came first. */
        OLDEST,
        /** The longest value. */
        LONGEST
    }

    /** A rule for one field: trusted systems first, in this order, then {@code order}. */
    record Rule(List<String> trusted, Order order) implements java.io.Serializable {
        Comparator<StoredRecord> order(java.util.function.ToIntFunction<StoredRecord> length) {
            Comparator<StoredRecord> byTrust = Comparator.comparingInt(record -> {
                int rank = trusted.indexOf(record.origin.system());
                return rank < 0 ? trusted.size() : rank;
            });
            Comparator<StoredRecord> byOrder = switch (order) {
                case RECENT -> Comparator.comparing(Survivorship::changed).reversed();
                case OLDEST -> Comparator.comparingLong(record -> record.createdUs);
                case LONGEST -> Comparator.comparingInt(length).reversed();
            };
            return byTrust.thenComparing(byOrder).thenComparing(record -> record.id);
        }
    }
}
