package io.crmsdk.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.identity.ReviewItem.State;
import io.crmsdk.model.Customer;
import io.crmsdk.model.ExternalId;
import io.crmsdk.store.Databases;
import io.crmsdk.store.Store;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who is whose customer and what is asked, as a resolver says it of all records at once and as a registry says it after they came
 * one by one, some of them first as something else.
 */
final class AnyOrder {
    private static final String[] NAMES = {
        "Olga Brown",
        "Olga Brown",
        "Olga Brown",
        "O. Brown",
        "Brown, Olga",
        "Karin Weber",
        "Karin Weber",
        "Karin Webber",
        "Peter Dubois",
        "Petra Dubois",
        "Colin Whitfield Sr.",
        "Colin Whitfield Jr",
        "赵杰",
        "赵杰",
        "Jie Zhao",
        "赵敏",
        "Sophie Taylor"
    };
    private static final String[] COMPANIES = {"Corvus Plastics GmbH", "Corvus Plastics", "Halcyon Foods Ltd", "金桥软件"};

    private AnyOrder() {}

    /** What everybody must agree on; records are called by the names of their origins. */
    record Answer(Set<Set<String>> customers, List<String> questions) {}

    /** One record after the other is loaded as its origin is drawn; an origin that comes again is an edit. */
    static List<SourceRecord> randomWrites(Random random, int origins, int writes) {
        List<SourceRecord> all = new ArrayList<>();
        for (int i = 0; i < writes; i++) {
            int number = i < origins ? i : random.nextInt(origins);
            all.add(new SourceRecord(ExternalId.of("crm", "Contact", "r" + number), customer(random)));
        }
        return all;
    }

    /** So few values that they meet in every way, and become generic, common and rare again. */
    private static Customer customer(Random random) {
        if (random.nextInt(8) == 0) {
            People company = People.company(
                    COMPANIES[random.nextInt(4)] + " " + random.nextInt(3), "DE99200881" + random.nextInt(4));
            return random.nextBoolean()
                    ? company.build()
                    : company.at("Graz", "8010").build();
        }
        People person = People.of(NAMES[random.nextInt(NAMES.length)]);
        if (random.nextInt(3) > 0) {
            person.at(random.nextInt(3) > 0 ? "Graz" : "Lyon", String.valueOf(8010 + random.nextInt(3)));
        }
        if (random.nextInt(3) == 0) {
            person.mail("mail" + random.nextInt(40) + "@w1.example");
        }
        if (random.nextInt(4) == 0) {
            person.unverified("mail" + random.nextInt(40) + "+x@w1.example");
        }
        if (random.nextInt(3) == 0) {
            // Some numbers are many people's.
            int number = random.nextBoolean() ? random.nextInt(3) : random.nextInt(60);
            person.phone("+861390172%04d".formatted(number));
        }
        if (random.nextInt(5) == 0) {
            person.born(random.nextBoolean() ? "1980-02-03" : "1991-11-27");
        }
        if (random.nextInt(4) == 0) {
            person.company(COMPANIES[random.nextInt(4)]);
        }
        return person.build();
    }

    /** The last write of each origin, in the order of the first ones. */
    static List<SourceRecord> present(List<SourceRecord> writes) {
        Map<ExternalId, SourceRecord> last = new java.util.LinkedHashMap<>();
        writes.forEach(write -> last.put(write.origin(), write));
        return List.copyOf(last.values());
    }

    static Answer atOnce(MatchRules rules, List<SourceRecord> records) {
        Resolver resolver = Resolver.of(rules);
        records.forEach(resolver::add);
        Resolution resolution = resolver.resolve();
        Set<Set<String>> customers = new java.util.HashSet<>();
        resolution.clusters().forEach(cluster -> customers.add(new TreeSet<>(cluster)));
        List<String> questions = new ArrayList<>();
        resolution.reviews().forEach(pair -> questions.add(text(pair.a(), pair.b(), pair.decision())));
        return new Answer(customers, questions);
    }

    static Answer oneByOne(Databases.Kind kind, Path folder, MatchRules rules, List<SourceRecord> writes)
            throws Exception {
        try (Databases.TestDatabase database = Databases.open(kind, folder);
                Store store = database.store()) {
            CustomerRegistry registry = CustomerRegistry.open(store, rules);
            for (int from = 0; from < writes.size(); from += 50) {
                List<SourceRecord> some = writes.subList(from, Math.min(from + 50, writes.size()));
                store.inTransaction(connection -> {
                    for (SourceRecord write : some) {
                        registry.upsert(connection, write);
                    }
                    return true;
                });
            }
            return answer(registry);
        }
    }

    static Answer answer(CustomerRegistry registry) {
        Set<Set<String>> customers = new java.util.HashSet<>();
        Map<String, String> names = new HashMap<>();
        String after = "";
        for (List<GoldenCustomer> page = registry.list(after, 500); !page.isEmpty(); page = registry.list(after, 500)) {
            for (GoldenCustomer customer : page) {
                Set<String> members = new TreeSet<>();
                customer.records().forEach(member -> {
                    names.put(member.recordId(), member.source().name());
                    members.add(member.source().name());
                });
                customers.add(members);
                after = customer.id();
            }
        }
        List<String> questions = new ArrayList<>();
        for (ReviewItem item : registry.reviews().in(State.OPEN, Integer.MAX_VALUE)) {
            MatchDecision decision = new MatchDecision(Verdict.REVIEW, item.code(), item.score(), item.why());
            questions.add(text(names.get(item.recordA()), names.get(item.recordB()), decision));
        }
        assertThat(registry.reviews().openPairs()).isEqualTo(questions.size());
        return new Answer(customers, questions);
    }

    private static String text(String a, String b, MatchDecision decision) {
        return (a.compareTo(b) < 0 ? a + " " + b : b + " " + a) + " " + decision.code() + " " + decision.score() + " "
                + decision.explanation();
    }

    /** All records in ten orders at once, and one by one, some again and again: always the same answer. */
    static void holds(
            String label,
            Databases.Kind kind,
            Path folder,
            MatchRules rules,
            List<SourceRecord> writes,
            Random random,
            int orders)
            throws Exception {
        List<SourceRecord> records = new ArrayList<>(present(writes));
        Answer expected = atOnce(rules, records);
        for (int i = 0; i < orders; i++) {
            Collections.shuffle(records, random);
            agree(label + " at once, order " + i, atOnce(rules, records), expected);
            List<SourceRecord> order = new ArrayList<>(writes);
            Collections.shuffle(order, random);
            Map<ExternalId, SourceRecord> last = new HashMap<>();
            writes.forEach(write -> last.put(write.origin(), write));
            // What was there before comes in any order; what counts in the end comes last for its origin, among the
            // others.
            List<SourceRecord> arranged = new ArrayList<>();
            Map<ExternalId, Integer> left = new HashMap<>();
            order.forEach(write -> left.merge(write.origin(), 1, Integer::sum));
            for (SourceRecord write : order) {
                boolean isLast = left.merge(write.origin(), -1, Integer::sum) == 0;
                arranged.add(isLast ? last.get(write.origin()) : write);
            }
            Path own = folder.resolve(label.replace(' ', '-') + "-" + i);
            java.nio.file.Files.createDirectories(own);
            agree(label + " one by one, order " + i, oneByOne(kind, own, rules, arranged), expected);
        }
    }

    /** The differences first: whole answers are too long to compare by eye. */
    private static void agree(String label, Answer actual, Answer expected) {
        assertThat(without(actual.customers(), expected.customers()))
                .as("%s: customers that should not be", label)
                .isEmpty();
        assertThat(actual.customers()).as("%s: customers", label).isEqualTo(expected.customers());
        assertThat(without(actual.questions(), expected.questions()))
                .as(
                        "%s: asked though it should not be; not asked: %s",
                        label, without(expected.questions(), actual.questions()))
                .isEmpty();
        assertThat(actual.questions()).as("%s: questions", label).isEqualTo(expected.questions());
    }

    private static <T> Set<T> without(Collection<T> all, Collection<T> others) {
        Set<T> rest = new LinkedHashSet<>(all);
        rest.removeAll(others);
        return rest;
    }
}
