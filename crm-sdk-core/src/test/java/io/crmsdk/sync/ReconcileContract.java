package io.crmsdk.sync;

import static io.crmsdk.sync.FakeSystem.fields;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmsdk.CrmException;
import io.crmsdk.store.Databases;
import io.crmsdk.store.Databases.TestDatabase;
import io.crmsdk.store.Store;
import io.crmsdk.store.internal.Sql;
import io.crmsdk.sync.Difference.Kind;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** What a comparison of both sides promises, on every database. */
abstract class ReconcileContract {
    private static final String YES = "subscribed";
    private static final String NO = "unsubscribed";

    private final Databases.Kind kind;
    private TestDatabase database;
    private Store store;
    private final FakeSystem crm = new FakeSystem();
    private final FakeSystem erp = new FakeSystem();

    @TempDir
    Path folder;

    ReconcileContract(Databases.Kind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void open() throws Exception {
        database = Databases.open(kind, folder);
        store = database.store();
    }

    @AfterEach
    void close() {
        store.close();
        database.close();
    }

    private SyncPair.Builder oneWay() {
        return SyncPair.builder("test", store)
                .source(new FakeConnector(crm, FakeConnector.full("crm").build()))
                .target(new FakeConnector(erp, FakeConnector.full("erp").build()))
                .neverGrant("status", YES)
                .money("open", "currency");
    }

    private SyncPair.Builder twoWays() {
        return oneWay().bothWays().policy(FieldPolicy.SOURCE_WINS);
    }

    private void customers(int from, int to) {
        for (int i = from; i < to; i++) {
            crm.put(
                    String.format("c%04d", i),
                    fields("name", "Customer " + i, "email", "c" + i + "@example.com", "city", "Bonn", "status", NO)
                            .toBuilder()
                            .number("open", new BigDecimal(i + ".10"))
                            .text("currency", i % 2 == 0 ? "EUR" : "CHF")
                            .build());
        }
    }

    private static SyncReport apply(SyncPair pair, SyncPlan plan) {
        if (plan.isHeld()) {
            pair.approve(plan.hash(), plan.changes(), "a person");
        }
        return pair.apply(plan.hash());
    }

    private static void run(SyncPair pair) {
        apply(pair, pair.plan());
    }

    private void inStep(SyncPair pair, int count) {
        customers(0, count);
        run(pair);
        erp.writes.clear();
        crm.writes.clear();
    }

    private FakeSystem.Row there(int i) {
        return erp.withKey(String.format("c%04d", i)).get(0);
    }

    private static Set<String> found(ReconcileReport report) {
        List<String> found = new ArrayList<>();
        report.forEach(difference -> found.add(difference.kind() + " " + difference.sourceId() + " "
                + difference.targetId() + " " + difference.fields()
                + (difference.optedOut() == null ? "" : " " + difference.optedOut())));
        assertThat(found).doesNotHaveDuplicates();
        assertThat(report.count()).isEqualTo(found.size());
        return new TreeSet<>(found);
    }

    private static String code(Throwable thrown) {
        return ((CrmException) thrown).code();
    }

    /** Forgets a link, as a restored store or a kill in a foreign tool does. */
    private void forgetLink(String sourceId) {
        store.inTransaction(
                connection -> Sql.update(connection, "DELETE FROM crm_sync_link WHERE source_id = ?", sourceId));
    }

    @Test
    void two_sides_in_step_are_equal_in_every_count_and_nothing_is_written() {
        SyncPair pair = oneWay().build();
        inStep(pair, 60);

        ReconcileReport report = pair.reconciliation();

        assertThat(found(report)).isEmpty();
        assertThat(report.isEqual()).isTrue();
        assertThat(report.records(Side.SOURCE)).isEqualTo(60);
        assertThat(report.records(Side.TARGET)).isEqualTo(60);
        assertThat(report.linked()).isEqualTo(60);
        assertThat(report.equal()).isEqualTo(60);
        assertThat(report.buckets()).isZero();
        assertThat(report.totals())
                .extracting(total -> total.currency() + " " + total.source() + " " + total.target())
                .containsExactly("CHF 903 903", "EUR 873 873");
        assertThat(erp.writes).isEmpty();
        assertThat(crm.writes).isEmpty();
    }

    @Test
    void what_the_target_stores_otherwise_or_has_of_its_own_is_no_difference() {
        erp.stores = given -> given.text("name") == null
                ? given
                : given.toBuilder()
                        .text("name", given.text("name").toUpperCase(Locale.ROOT))
                        .text("rating", "A")
                        .build();
        SyncPair pair = oneWay().policy("city", FieldPolicy.TARGET_OWNS).build();
        inStep(pair, 30);
        there(4).fields = there(4).fields.with(fields("city", "Köln"));

        assertThat(found(pair.reconciliation())).isEmpty();

        there(5).fields = there(5).fields.with(fields("name", "customer 5"));
        assertThat(found(pair.reconciliation())).containsExactly("FIELDS c0005 " + there(5).id + " [name]");
    }

    /** Every kind of damage once. */
    private Set<String> damage() {
        Set<String> expected = new TreeSet<>();
        erp.put(there(1).id, "status", YES);
        expected.add("CONSENT c0001 " + there(1).id + " [status] SOURCE");
        crm.put("c0002", "status", YES);
        expected.add("CONSENT c0002 " + there(2).id + " [status] TARGET");
        erp.put(there(3).id, "city", "Köln");
        expected.add("FIELDS c0003 " + there(3).id + " [city]");
        erp.put(
                there(4).id,
                Fields.builder().number("open", new BigDecimal("5.10")).build());
        expected.add("FIELDS c0004 " + there(4).id + " [open]");
        expected.add("BROKEN_LINK c0005 " + there(5).id + " []");
        erp.delete(there(5).id);
        expected.add("BROKEN_LINK c0006 " + there(6).id + " []");
        crm.delete("c0006");
        expected.add("BROKEN_LINK c0007 " + there(7).id + " []");
        erp.delete(there(7).id);
        crm.delete("c0007");
        forgetLink("c0008");
        expected.add("LOST_LINK c0008 " + there(8).id + " []");
        forgetLink("c0009");
        erp.put(there(9).id, "status", YES, "city", "Ulm");
        expected.add("LOST_LINK c0009 " + there(9).id + " []");
        expected.add("CONSENT c0009 " + there(9).id + " [status] SOURCE");
        expected.add("FIELDS c0009 " + there(9).id + " [city]");
        erp.put("erp-again", "name", "Customer 10").key = "c0010";
        expected.add("DUPLICATE c0010 erp-again []");
        erp.put("erp-own", "name", "Of the ERP");
        expected.add("ONLY_TARGET null erp-own []");
        erp.put("erp-orphan", "name", "Made for nobody").key = "c9999";
        expected.add("ONLY_TARGET null erp-orphan []");
        crm.put("c0100", "name", "New", "status", YES);
        expected.add("ONLY_SOURCE c0100 null []");
        return expected;
    }

    @Test
    void damage_of_every_kind_is_found_and_nothing_else() {
        SyncPair pair = oneWay().build();
        inStep(pair, 60);
        Set<String> expected = damage();

        ReconcileReport report = pair.reconciliation();

        assertThat(found(report)).isEqualTo(expected);
        assertThat(report.isEqual()).isFalse();
        assertThat(report.samples().get(0).kind()).isEqualTo(Kind.CONSENT);
        List<Kind> order = new ArrayList<>();
        report.forEach(difference -> order.add(difference.kind()));
        assertThat(order).isSorted();
        assertThat(report.records(Side.SOURCE)).isEqualTo(59);
        assertThat(report.records(Side.TARGET)).isEqualTo(61);
        assertThat(report.fields())
                .containsEntry("status", 3L)
                .containsEntry("city", 2L)
                .containsEntry("open", 1L);
        // 60 were linked; two links are forgotten, three are broken, four differ.
        assertThat(report.equal()).isEqualTo(51);
        assertThat(erp.writes).isEmpty();
        assertThat(crm.writes).isEmpty();
        assertThat(pair.latestReconciliation()).isNotNull().satisfies(latest -> {
            assertThat(latest.hash()).isEqualTo(report.hash());
            assertThat(latest.json()).isEqualTo(report.json());
        });
        assertThat(pair.reconciliation().hash()).isEqualTo(report.hash());
    }

    @Test
    void totals_differ_by_exactly_what_was_damaged() {
        SyncPair pair = oneWay().build();
        inStep(pair, 20);
        erp.put(
                there(4).id,
                Fields.builder().number("open", new BigDecimal("4.09")).build());

        ReconcileReport report = pair.reconciliation();

        assertThat(report.totals())
                .filteredOn(total -> !total.agrees())
                .singleElement()
                .satisfies(total -> {
                    assertThat(total.currency()).isEqualTo("EUR");
                    assertThat(total.source().subtract(total.target())).isEqualByComparingTo("0.01");
                });
    }

    @Test
    void a_record_that_cannot_be_said_in_the_targets_words_is_named_and_the_others_are_compared() {
        inStep(oneWay().build(), 20);
        Translation broken = Translation.of(
                "none",
                given -> {
                    if ("Customer 3".equals(given.text("name"))) {
                        throw new SyncException("TEST_WORDS", "no words", null);
                    }
                    return given;
                },
                given -> given);
        erp.put(there(7).id, "city", "Ulm");

        assertThat(found(oneWay().translation(broken).build().reconciliation()))
                .containsExactlyInAnyOrder("UNREADABLE c0003 null []", "FIELDS c0007 " + there(7).id + " [city]");
    }

    @Test
    void a_side_that_gives_a_page_again_or_nothing_at_all_is_not_believed_blindly_F803_F807() {
        inStep(oneWay().build(), 40);
        FakeConnector repeating =
                new FakeConnector(erp, FakeConnector.full("erp").build(), new Random(7), 0) {
                    @Override
                    public Page list(String next, int limit) {
                        Page page = super.list(next, limit);
                        List<RemoteRecord> twice = new ArrayList<>(page.records());
                        twice.addAll(page.records());
                        return new Page(twice, page.next(), page.serverNow());
                    }
                };
        ReconcileReport report = oneWay().target(repeating).build().reconciliation();
        assertThat(found(report)).isEmpty();
        assertThat(report.records(Side.TARGET)).isEqualTo(40);
        assertThat(report.repeated()).isEqualTo(40);
        assertThat(report.isEqual()).isTrue();

        FakeConnector silent = new FakeConnector(erp, FakeConnector.full("erp").build()) {
            @Override
            public Page list(String next, int limit) {
                return Page.last(List.of());
            }
        };
        ReconcileReport empty = oneWay().target(silent).build().reconciliation();
        assertThat(found(empty)).isEmpty();
        assertThat(empty.records(Side.TARGET)).isZero();
        assertThat(empty.equal()).isEqualTo(40);
        assertThat(empty.isEqual()).as("the totals are not there").isFalse();
    }

    @Test
    void a_repair_is_a_plan_like_any_other_and_leads_to_equal_sides() {
        SyncPair pair = oneWay().build();
        inStep(pair, 60);
        damage();
        ReconcileReport report = pair.reconciliation();

        SyncPlan plan = pair.planRepair(report.hash());
        assertThat(erp.writes).isEmpty();
        assertThat(plan.holds()).extracting(Hold::kind).containsExactly(Hold.Kind.GRANT);
        SyncReport done = apply(pair, plan);

        assertThat(done.isComplete()).isTrue();
        assertThat(done.failed()).isZero();
        assertThat(done.created()).isEqualTo(2);
        assertThat(done.archived()).isEqualTo(1);
        assertThat(crm.writes).isEmpty();
        assertThat(there(1).fields.text("status")).isEqualTo(NO);
        assertThat(there(2).fields.text("status")).isEqualTo(NO);
        assertThat(there(3).fields.text("city")).isEqualTo("Bonn");
        assertThat(there(5).fields).isEqualTo(crm.rows.get("c0005").fields);
        assertThat(there(9).fields.text("status")).isEqualTo(NO);
        assertThat(there(100).fields.get("status")).isNull();
        // What a pair that goes one way cannot or must not put right stays in the report.
        assertThat(found(pair.reconciliation()))
                .containsExactlyInAnyOrder(
                        "CONSENT c0002 " + there(2).id + " [status] TARGET",
                        "DUPLICATE c0010 erp-again []",
                        "ONLY_TARGET null erp-own []",
                        "ONLY_TARGET null erp-orphan []",
                        "FIELDS c0100 " + there(100).id + " [status]");
        run(pair);
        assertThat(erp.writes).hasSize((int) done.written());
    }

    @Test
    void a_repair_both_ways_carries_every_opt_out_to_the_other_side_whatever_the_policy() {
        for (FieldPolicy policy : FieldPolicy.values()) {
            erp.rows.clear();
            crm.rows.clear();
            SyncPair pair = SyncPair.builder("two-" + policy, store)
                    .source(new FakeConnector(crm, FakeConnector.full("crm").build()))
                    .target(new FakeConnector(erp, FakeConnector.full("erp").build()))
                    .bothWays()
                    .policy(FieldPolicy.SOURCE_WINS)
                    .policy("status", policy)
                    .neverGrant("status", YES)
                    .build();
            customers(0, 10);
            run(pair);
            erp.put(there(1).id, "status", YES);
            crm.put("c0002", "status", YES);
            erp.put(there(2).id, "status", NO);

            ReconcileReport report = pair.reconciliation();
            assertThat(report.count(Kind.CONSENT)).as(policy.name()).isEqualTo(2);
            apply(pair, pair.planRepair(report.hash()));

            assertThat(there(1).fields.text("status")).as(policy.name()).isEqualTo(NO);
            assertThat(crm.rows.get("c0002").fields.text("status"))
                    .as(policy.name())
                    .isEqualTo(NO);
            assertThat(found(pair.reconciliation())).as(policy.name()).isEmpty();
        }
    }

    @Test
    void a_tool_that_makes_a_yes_of_every_no_is_found_out_although_both_were_agreed_on_F818() {
        erp.stores = given -> NO.equals(given.text("status")) ? given.with(fields("status", YES)) : given;
        SyncPair pair = oneWay().build();
        inStep(pair, 12);

        ReconcileReport report = pair.reconciliation();

        assertThat(report.count(Kind.CONSENT)).isEqualTo(12);
        assertThat(report.count()).isEqualTo(12);
    }

    @Test
    void no_yes_of_the_target_is_written_to_the_source_by_a_repair_or_a_run() {
        SyncPair pair = twoWays().build();
        inStep(pair, 10);
        crm.rows.get("c0001").fields = crm.rows.get("c0001").fields.with(fields("status", ""));
        erp.put(there(1).id, "status", YES);
        erp.put("erp-own", "name", "Of the ERP", "status", YES);

        SyncPlan repair = pair.planRepair(pair.reconciliation().hash());
        apply(pair, repair);

        assertThat(repair.holds()).extracting(Hold::kind).contains(Hold.Kind.GRANT);
        assertThat(crm.rows.get("c0001").fields.text("status")).isEmpty();
        assertThat(crm.rows.values())
                .filteredOn(row -> "Of the ERP".equals(row.fields.text("name")))
                .singleElement()
                .satisfies(row -> assertThat(row.fields.get("status")).isNull());

        erp.put(there(2).id, "status", YES);
        run(pair);
        assertThat(crm.rows.values()).noneMatch(row -> YES.equals(row.fields.text("status")));
    }

    @Test
    void an_opt_out_is_neither_emptied_nor_forgotten_when_a_record_is_made_again() {
        SyncPair pair = oneWay().build();
        inStep(pair, 10);
        crm.put("c0001", Fields.builder().empty("status").build());
        crm.put("c0002", "status", YES);
        erp.delete(there(2).id);

        apply(pair, pair.planRepair(pair.reconciliation().hash()));

        assertThat(there(1).fields.text("status")).isEqualTo(NO);
        assertThat(there(2).fields.text("status")).isEqualTo(NO);
    }

    @Test
    void random_damage_both_ways_is_put_right_and_no_opt_out_is_ever_undone() {
        for (long seed = 1; seed <= 12; seed++) {
            erp.rows.clear();
            crm.rows.clear();
            Random random = new Random(seed);
            SyncPair pair = SyncPair.builder("random-" + seed, store)
                    .source(new FakeConnector(crm, FakeConnector.full("crm").build()))
                    .target(new FakeConnector(erp, FakeConnector.full("erp").build()))
                    .bothWays()
                    .policy(random.nextBoolean() ? FieldPolicy.SOURCE_WINS : FieldPolicy.TARGET_WINS)
                    .neverGrant("status", YES)
                    .build();
            customers(0, 25);
            run(pair);
            Set<String> out = randomDamage(random);

            ReconcileReport report = pair.reconciliation();
            apply(pair, pair.planRepair(report.hash()));

            for (int i = 0; i < 25; i++) {
                String id = String.format("c%04d", i);
                FakeSystem.Row ours = crm.rows.get(id);
                if (out.contains(id) && !ours.gone) {
                    assertThat(ours.fields.text("status"))
                            .as("seed " + seed + " " + id)
                            .isEqualTo(NO);
                }
                for (FakeSystem.Row theirs : erp.withKey(id)) {
                    if (out.contains(id)) {
                        assertThat(theirs.fields.text("status"))
                                .as("seed " + seed + " " + id)
                                .isEqualTo(NO);
                    }
                }
            }
            assertThat(found(pair.reconciliation())).as("seed " + seed).isEmpty();
        }
    }

    /** Gives back who said no on at least one side. */
    private Set<String> randomDamage(Random random) {
        Set<String> out = new TreeSet<>();
        for (int i = 0; i < 25; i++) {
            String id = String.format("c%04d", i);
            String at = there(i).id;
            boolean here = random.nextInt(3) > 0;
            boolean there = random.nextInt(3) > 0;
            crm.put(id, "status", here ? NO : YES);
            erp.put(at, "status", there ? NO : YES);
            if (here || there) {
                out.add(id);
            }
            switch (random.nextInt(8)) {
                case 0 -> crm.put(id, "city", "Ulm");
                case 1 -> erp.put(at, "city", "Köln");
                case 2 -> crm.delete(id);
                case 3 -> erp.delete(at);
                case 4 -> forgetLink(id);
                default -> {
                    // Only the status differs, if anything.
                }
            }
        }
        return out;
    }

    @Test
    void a_repair_of_many_records_is_held_like_any_mass_change() {
        SyncPair pair = oneWay().build();
        inStep(pair, 150);
        erp.rows.values().forEach(row -> row.fields = row.fields.with(fields("city", "Rom")));

        SyncPlan plan = pair.planRepair(pair.reconciliation().hash());

        assertThat(plan.holds()).extracting(Hold::kind).containsExactly(Hold.Kind.UPDATES);
        assertThat(pair.apply(plan.hash()).held()).isEqualTo(150);
        assertThat(erp.writes).isEmpty();
    }

    @Test
    void a_repair_is_of_the_last_report_and_of_what_the_records_say_now() {
        SyncPair pair = oneWay().build();
        inStep(pair, 20);
        erp.put(there(3).id, "city", "Ulm");
        erp.put(there(4).id, "city", "Ulm");
        String old = pair.reconciliation().hash();
        erp.put(there(5).id, "city", "Ulm");
        ReconcileReport report = pair.reconciliation();
        assertThatThrownBy(() -> pair.planRepair(old))
                .satisfies(thrown -> assertThat(code(thrown)).isEqualTo("SYNC_NO_SUCH_REPORT"));
        Translation other = Translation.of("2", given -> given, given -> given);
        assertThatThrownBy(() -> oneWay().translation(other).build().planRepair(report.hash()))
                .satisfies(thrown -> assertThat(code(thrown)).isEqualTo("SYNC_MOVED"));

        erp.put(there(3).id, "city", "Bonn");
        SyncPlan plan = pair.planRepair(report.hash());

        assertThat(plan.updates()).isEqualTo(2);
        erp.put(there(4).id, "city", "Rom");
        assertThat(pair.apply(plan.hash()).stale()).isEqualTo(1);
        assertThat(there(4).fields.text("city")).isEqualTo("Rom");
    }

    @Test
    void a_link_is_not_taken_from_the_record_that_has_it() {
        SyncPair pair = oneWay().build();
        inStep(pair, 10);
        PairBooks books = new PairBooks(store, "test");
        Link stolen = new Link("c0001", there(2).id, true, Fields.none(), Fields.none(), null, null);

        boolean linked = store.inTransaction(connection -> books.relink(connection, stolen));

        assertThat(linked).isFalse();
        assertThat(found(pair.reconciliation())).isEmpty();
    }

    @Test
    void a_side_that_fails_half_way_gives_no_report_and_leaves_no_personal_values() {
        inStep(oneWay().build(), 30);
        erp.put(there(3).id, "city", "Ulm");
        int[] pages = {0};
        FakeConnector failing = new FakeConnector(erp, FakeConnector.full("erp").build()) {
            @Override
            public Page list(String next, int limit) {
                if (++pages[0] > 7) {
                    throw new ConnectorException(Cause.DOWN, "TEST_DOWN", "as told", null, null);
                }
                return super.list(next, limit);
            }
        };

        SyncPair pair = oneWay().target(failing).build();

        assertThatThrownBy(pair::reconciliation)
                .satisfies(thrown -> assertThat(code(thrown)).isEqualTo("TEST_DOWN"));
        assertThat(pair.latestReconciliation()).isNull();
        assertThat(kept()).isZero();
    }

    /** How many records are kept with their values. */
    private long kept() {
        return store.read(connection -> {
            try (var statement = connection.prepareStatement("SELECT COUNT(*) FROM crm_sync_check");
                    var row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    @Test
    void a_kill_in_a_comparison_leaves_nothing_that_a_later_one_counts() {
        SyncPair pair = oneWay().build();
        inStep(pair, 30);
        Set<String> expected = damage();
        for (int at = 1; at <= 12; at += 3) {
            int killAt = at;
            int[] step = {0};
            SyncPair killed = oneWay().steps(name -> {
                        if (++step[0] == killAt) {
                            throw new SyncPairContract.Killed();
                        }
                    })
                    .build();
            assertThatThrownBy(killed::reconciliation).isInstanceOf(SyncPairContract.Killed.class);
            assertThat(pair.latestReconciliation()).isNull();
        }

        assertThat(found(pair.reconciliation())).isEqualTo(expected);
        assertThat(kept()).as("personal values are not kept").isZero();
    }

    @Test
    void the_page_is_well_formed_and_has_no_personal_data_and_nothing_from_elsewhere() throws Exception {
        SyncPair pair = oneWay().build();
        inStep(pair, 60);
        damage();
        crm.put("<script>&\"\u0001", "name", "Rita Geheim", "email", "rita@example.com");
        ReconcileReport report = pair.reconciliation();

        DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        Document page = builder.parse(new InputSource(new StringReader(report.html())));

        assertThat(page.getElementsByTagName("svg").getLength()).isGreaterThan(8);
        assertThat(page.getElementsByTagName("rect").getLength()).isGreaterThan(8);
        assertThat(page.getElementsByTagName("script").getLength()).isZero();
        assertThat(page.getElementsByTagName("img").getLength()).isZero();
        assertThat(page.getElementsByTagName("link").getLength()).isZero();
        assertThat(page.getElementsByTagName("h1").item(0).getTextContent()).contains("test");
        for (String text : List.of(report.html(), report.json(), report.toString())) {
            assertThat(text).doesNotContain("example.com", "Geheim", "Customer", "Bonn", "Köln", NO);
            assertThat(text.replace("http://www.w3.org/2000/svg", "")).doesNotContain("http:", "https:", "url(");
        }
        assertThat(report.html()).contains("EUR", "c0001", "status", report.hash());
        assertThat(Fields.parse(report.json()).get("findings.consent")).isEqualTo("3");
        keepForPeople(report);
    }

    /** With -Dcrmsdk.page=FILE the page can be looked at. */
    private static void keepForPeople(ReconcileReport report) throws java.io.IOException {
        String file = System.getProperty("crmsdk.page");
        if (file != null) {
            java.nio.file.Files.writeString(Path.of(file), report.html());
        }
    }
}
