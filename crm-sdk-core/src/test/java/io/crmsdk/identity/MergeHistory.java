package io.crmsdk.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.ConsentPolicy;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.Rank;
import io.crmsdk.consent.Scope;
import io.crmsdk.consent.SubjectKey;
import io.crmsdk.model.Customer;
import io.crmsdk.model.CustomerEmail;
import io.crmsdk.model.ExternalId;
import io.crmsdk.store.Databases;
import io.crmsdk.store.Store;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Random histories of records, edits, merges, separations, their undoing, and people who say no: whatever happened in between, taking a merge back
 * leaves every record, revision, view and id as it would be had the merge never been.
 */
final class MergeHistory {
    private static final int RECORDS = 6;

    private final Random random;
    private static final Scope NEWS = Scope.of("marketing/newsletter");

    private final CustomerRegistry registry;
    private final ConsentLedger ledger;
    private final Connection connection;
    private final String world;
    private final List<String> records = new ArrayList<>();
    private final List<MergeEntry> merges = new ArrayList<>();
    private final String label;
    private final String phone;
    /** Record ids for whose customer somebody said no. */
    private final Set<String> said = new TreeSet<>();
    /** Which addresses ever belonged to a customer with the id. */
    private final Map<String, Set<ContactKey>> addresses = new TreeMap<>();

    private MergeHistory(CustomerRegistry registry, ConsentLedger ledger, Connection connection, long seed) {
        this.registry = registry;
        this.ledger = ledger;
        this.connection = connection;
        this.random = new Random(seed);
        this.world = "w" + seed;
        this.label = "seed " + seed;
        this.phone = "+861390%07d".formatted(seed % 10_000_000);
    }

    /** Runs histories of these seeds, some in one transaction. */
    static void run(Databases.Kind kind, Path folder, long firstSeed, int histories) throws Exception {
        try (Databases.TestDatabase database = Databases.open(kind, folder);
                Store store = database.store();
                ConsentLedger ledger = ConsentLedger.builder(store)
                        .policy(ConsentPolicy.defaults().withMinimum(Rank.ASSERTED))
                        .open()) {
            CustomerRegistry registry = CustomerRegistry.open(store, MatchRules.defaults(), ledger);
            for (int at = 0; at < histories; at += 50) {
                long from = firstSeed + at;
                int some = Math.min(50, histories - at);
                store.inTransaction(connection -> {
                    for (int i = 0; i < some; i++) {
                        new MergeHistory(registry, ledger, connection, from + i).play();
                    }
                    return null;
                });
            }
        }
    }

    private void play() throws SQLException {
        for (int i = 0; i < RECORDS; i++) {
            write(i, 0);
        }
        int steps = 4 + random.nextInt(8);
        for (int step = 1; step <= steps; step++) {
            step(step);
            holdsItsLaws();
        }
        takeEverythingBack();
    }

    /** Two names, so that some pairs may be linked and others must not. */
    private String write(int number, int version) throws SQLException {
        boolean one = number % 2 == 0;
        People person = People.of(one ? "Olga Brown" : "Karin Weber").job("title " + version);
        if (random.nextBoolean()) {
            person.mail((one ? "olga" : "karin") + random.nextInt(2) + "@" + world + ".example");
        }
        if (random.nextInt(3) == 0) {
            // Two dates of birth keep two apart, and whoever has neither and is joined to both is asked about.
            person.born(random.nextBoolean() ? "1980-02-03" : "1991-11-27");
        }
        if (random.nextInt(3) == 0) {
            person.unverified("family@" + world + ".example").phone(phone);
        }
        ExternalId origin = ExternalId.of("crm", world, "Contact", "r" + number);
        Customer customer = person.build();
        for (CustomerEmail email : customer.emails()) {
            // Everybody agreed once, so that only a "no" stands in the way.
            ContactKey key = ContactKey.email(email.address());
            ledger.record(
                    connection,
                    ledger.system("crm").asserted(world + number + version + key, "1", key, NEWS, null, null));
        }
        Upserted done = registry.upsert(connection, new SourceRecord(origin, customer));
        if (version == 0) {
            records.add(done.recordId());
        }
        seeAddresses();
        return done.recordId();
    }

    private void step(int step) throws SQLException {
        switch (random.nextInt(5)) {
            case 0 -> write(random.nextInt(RECORDS), step);
            case 1, 2 -> merge();
            case 3 -> {
                if (random.nextInt(3) == 0) {
                    String id = records.get(random.nextInt(RECORDS));
                    ledger.record(connection, ledger.staff("anna").unsubscribe(Set.of(new SubjectKey(id)), NEWS, null));
                    said.add(id);
                }
            }
            default -> {
                if (!merges.isEmpty()) {
                    takeBack(merges.remove(random.nextInt(merges.size())));
                }
            }
        }
    }

    private void merge() throws SQLException {
        String a = records.get(random.nextInt(RECORDS));
        String b = records.get(random.nextInt(RECORDS));
        Map<String, String> before = partition();
        if (before.get(a).equals(before.get(b))) {
            return;
        }
        Map<String, GoldenCustomer> views = views();
        MergeEntry entry = registry.merges().mergeDespite(connection, a, b, "anna", "same desk");
        seeAddresses();
        Map<String, String> after = partition();
        assertThat(after.get(a)).as(label).isEqualTo(after.get(b));
        if (random.nextInt(3) == 0) {
            MergeEntry undone = registry.merges().unmerge(connection, entry.id(), "anna", null);
            seeAddresses();
            assertThat(partition())
                    .as("%s: merge and unmerge is nothing", label)
                    .isEqualTo(before);
            assertThat(views()).as("%s: to the last field", label).isEqualTo(views);
            if (random.nextBoolean()) {
                registry.merges().unmerge(connection, undone.id(), "anna", "it was right");
                assertThat(partition())
                        .as("%s: taking the unmerge back merges again", label)
                        .isEqualTo(after);
            }
            return;
        }
        merges.add(entry);
    }

    private void takeBack(MergeEntry entry) throws SQLException {
        registry.merges().unmerge(connection, entry.id(), "ben", "was wrong");
        seeAddresses();
        assertThat(partition()).as("%s: as if it had never been", label).isEqualTo(expected());
    }

    private void takeEverythingBack() throws SQLException {
        while (!merges.isEmpty()) {
            takeBack(merges.remove(random.nextInt(merges.size())));
        }
    }

    /** What a resolver without any store says of the present records, given the decisions that are in force. */
    private Map<String, String> expected() throws SQLException {
        Map<String, StoredRecord> stored = registry.recordsOf(connection, records);
        Set<DecisionTable.Decided> decided = registry.decisionsAbout(connection, records);
        Component component = new Component(RECORDS);
        for (DecisionTable.Decided pair : decided) {
            if (pair.same()) {
                component.join(records.indexOf(pair.a()), records.indexOf(pair.b()));
            }
        }
        Judge judge = new Judge(registry.rules());
        each((i, j) -> {
            Evidence a = stored.get(records.get(i)).evidence();
            Evidence b = stored.get(records.get(j)).evidence();
            Facts facts = new Facts(a, b, MatchContext.none());
            if (judge.apart(facts)
                    || decided.contains(DecisionTable.Decided.of(records.get(i), records.get(j), false))) {
                component.keepApart(i, j);
            }
        });
        each((i, j) -> {
            Evidence a = stored.get(records.get(i)).evidence();
            Evidence b = stored.get(records.get(j)).evidence();
            Judge.Judged judged = judge.judge(a, b, MatchContext.none());
            if (judged.code().verdict() == Verdict.LINK) {
                component.link(i, j, judged.strength());
            }
        });
        int[] label = component.solve();
        Map<String, String> expected = new TreeMap<>();
        Map<Integer, String> oldest = new HashMap<>();
        for (int i = 0; i < RECORDS; i++) {
            oldest.putIfAbsent(label[i], records.get(i));
            expected.put(records.get(i), oldest.get(label[i]));
        }
        return expected;
    }

    private interface PairOf {
        void at(int i, int j);
    }

    private static void each(PairOf work) {
        for (int i = 0; i < RECORDS; i++) {
            for (int j = i + 1; j < RECORDS; j++) {
                work.at(i, j);
            }
        }
    }

    private void holdsItsLaws() throws SQLException {
        Map<String, String> now = partition();
        assertThat(now).as("%s: one by one is all at once", label).isEqualTo(expected());
        for (String id : records) {
            GoldenCustomer golden = registry.find(connection, id).orElseThrow();
            assertThat(golden.id()).as("%s: a merged id leads on", label).isEqualTo(now.get(id));
            Set<String> ids = new TreeSet<>(registry.ids(connection, id));
            Set<String> members = new TreeSet<>();
            golden.records().forEach(member -> members.add(member.recordId()));
            assertThat(ids).as("%s: restrictions of every member hold", label).isEqualTo(members);
        }
        nobodyWhoSaidNoIsAddressed();
    }

    /** A "no" holds for every address that ever belonged to the customer, and for no other. */
    private void nobodyWhoSaidNoIsAddressed() throws SQLException {
        Set<ContactKey> closed = new HashSet<>();
        said.forEach(id -> closed.addAll(addresses.getOrDefault(id, Set.of())));
        ledger.decide(connection, NEWS, seeAddresses())
                .forEach((key, decision) -> assertThat(decision.allowed())
                        .as("%s: may be addressed", label)
                        .isEqualTo(!closed.contains(key)));
    }

    /** Who has which address after each change; all that are there. */
    private Set<ContactKey> seeAddresses() throws SQLException {
        Map<String, Set<ContactKey>> ofCustomer = new HashMap<>();
        Set<ContactKey> known = new LinkedHashSet<>();
        Map<String, StoredRecord> stored = registry.recordsOf(connection, records);
        for (StoredRecord record : stored.values()) {
            for (CustomerEmail email : Objects.requireNonNull(record.customer()).emails()) {
                ContactKey key = ContactKey.email(email.address());
                known.add(key);
                ofCustomer
                        .computeIfAbsent(record.customerId, id -> new HashSet<>())
                        .add(key);
            }
        }
        stored.values()
                .forEach(record -> addresses
                        .computeIfAbsent(record.id, id -> new HashSet<>())
                        .addAll(ofCustomer.getOrDefault(record.customerId, Set.of())));
        return known;
    }

    private Map<String, String> partition() throws SQLException {
        Map<String, String> partition = new TreeMap<>();
        registry.recordsOf(connection, records).forEach((id, record) -> partition.put(id, record.customerId));
        return partition;
    }

    private Map<String, GoldenCustomer> views() throws SQLException {
        Map<String, GoldenCustomer> views = new TreeMap<>();
        for (String id : records) {
            views.put(id, registry.find(connection, id).orElseThrow());
        }
        return views;
    }
}
