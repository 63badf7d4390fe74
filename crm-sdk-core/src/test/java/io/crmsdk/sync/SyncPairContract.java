package io.crmsdk.sync;

import static io.crmsdk.sync.FakeSystem.fields;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmsdk.CrmException;
import io.crmsdk.store.Databases;
import io.crmsdk.store.Databases.TestDatabase;
import io.crmsdk.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pair promises, on every database. */
abstract class SyncPairContract {
    private final Databases.Kind kind;
    private TestDatabase database;
    private Store store;
    private final FakeSystem crm = new FakeSystem();
    private final FakeSystem erp = new FakeSystem();

    @TempDir
    Path folder;

    SyncPairContract(Databases.Kind kind) {
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

    private FakeConnector crmConnector() {
        return new FakeConnector(crm, FakeConnector.full("crm").build());
    }

    private FakeConnector erpConnector() {
        return new FakeConnector(erp, FakeConnector.full("erp").build());
    }

    private SyncPair.Builder oneWay() {
        return SyncPair.builder("test", store).source(crmConnector()).target(erpConnector());
    }

    private SyncPair.Builder twoWays() {
        return oneWay().bothWays();
    }

    private static SyncReport run(SyncPair pair) {
        SyncPlan plan = pair.plan();
        if (plan.isHeld()) {
            pair.approve(plan.hash(), plan.changes(), "a person");
        }
        return pair.apply(plan.hash());
    }

    private void customers(int from, int to) {
        for (int i = from; i < to; i++) {
            crm.put(
                    String.format("c%04d", i),
                    "name",
                    "Customer " + i,
                    "email",
                    "c" + i + "@example.com",
                    "city",
                    "Bonn");
        }
    }

    private static String code(Throwable thrown) {
        return ((CrmException) thrown).code();
    }

    @Test
    void records_are_made_once_and_a_second_run_writes_nothing() {
        customers(0, 23);
        SyncReport first = run(oneWay().build());

        assertThat(first.created()).isEqualTo(23);
        assertThat(first.isComplete()).isTrue();
        assertThat(erp.live()).isEqualTo(23);
        assertThat(erp.withKey("c0007").get(0).fields).isEqualTo(crm.rows.get("c0007").fields);

        erp.writes.clear();
        SyncPlan again = oneWay().build().plan();
        assertThat(again.changes()).isZero();
        assertThat(oneWay().build().apply(again.hash()).written()).isZero();
        assertThat(erp.writes).isEmpty();
    }

    @Test
    void only_changed_fields_are_written_and_what_the_target_changed_itself_stays() {
        customers(0, 3);
        run(oneWay().build());
        crm.put("c0001", "city", "Köln");
        String id = erp.withKey("c0001").get(0).id;
        SyncPlan plan = oneWay().build().plan();
        List<PlannedChange> changes = new ArrayList<>();
        plan.forEach(changes::add);

        assertThat(changes).hasSize(1);
        assertThat(changes.get(0).fields()).isEqualTo(fields("city", "Köln"));
        assertThat(changes.get(0).before()).isEqualTo(fields("city", "Bonn"));
        oneWay().build().apply(plan.hash());
        assertThat(erp.rows.get(id).fields.text("city")).isEqualTo("Köln");
    }

    @Test
    void a_value_that_the_target_stores_otherwise_is_not_written_again_F816() {
        erp.stores = given -> given.text("name") == null
                ? given
                : given.toBuilder()
                        .text("name", given.text("name").toUpperCase(java.util.Locale.ROOT))
                        .build();
        customers(0, 3);
        run(oneWay().build());
        erp.writes.clear();
        for (int i = 0; i < 10; i++) {
            assertThat(run(oneWay().build()).written()).isZero();
        }
        assertThat(erp.writes).isEmpty();
    }

    @Test
    void a_field_the_source_does_not_speak_of_is_left_alone_and_an_empty_one_is_emptied_F809() {
        customers(0, 2);
        run(oneWay().build());
        crm.rows.get("c0000").fields = fields("name", "Customer 0");
        crm.put("c0000", "name", "Renamed");
        crm.put("c0001", Fields.builder().empty("city").build());
        run(oneWay().build());

        assertThat(erp.withKey("c0000").get(0).fields)
                .isEqualTo(fields("name", "Renamed", "email", "c0@example.com", "city", "Bonn"));
        assertThat(erp.withKey("c0001").get(0).fields.get("city")).isEqualTo("null");
    }

    @Test
    void a_deleted_record_is_archived_at_the_target() {
        customers(0, 5);
        run(oneWay().build());
        crm.delete("c0003");
        SyncReport report = run(oneWay().build());

        assertThat(report.archived()).isEqualTo(1);
        assertThat(erp.live()).isEqualTo(4);
        assertThat(run(oneWay().build()).written()).isZero();
    }

    @Test
    void a_deletion_that_no_change_tells_is_found_by_a_full_listing_and_confirmed_by_a_direct_look_F807() {
        Capabilities listing =
                Capabilities.builder("crm", "", "Customer").pageSize(3).build();
        SyncPair pair = oneWay().source(new FakeConnector(crm, listing)).build();
        customers(0, 30);
        run(pair);
        crm.delete("c0012");
        SyncPlan plan = pair.plan();

        assertThat(plan.archives()).isEqualTo(1);
        assertThat(pair.apply(plan.hash()).archived()).isEqualTo(1);
    }

    @Test
    void an_empty_answer_of_the_source_stops_everything_until_a_person_says_so_F807() {
        Capabilities listing = Capabilities.builder("crm", "", "Customer").build();
        SyncPair pair = oneWay().source(new FakeConnector(crm, listing)).build();
        customers(0, 40);
        run(pair);
        List.copyOf(crm.rows.keySet()).forEach(crm::delete);
        SyncPlan plan = pair.plan();

        assertThat(plan.holds()).extracting(Hold::kind).contains(Hold.Kind.SHRUNK, Hold.Kind.ARCHIVES);
        assertThat(plan.holds().get(0).samples()).hasSize(10);
        SyncReport report = pair.apply(plan.hash());
        assertThat(report.held()).isEqualTo(40);
        assertThat(erp.live()).isEqualTo(40);

        pair.approve(plan.hash(), 40, "a person");
        assertThat(pair.apply(plan.hash()).archived()).isEqualTo(40);
    }

    @Test
    void held_deletions_do_not_keep_new_records_back() {
        customers(0, 50);
        run(oneWay().build());
        for (int i = 0; i < 12; i++) {
            crm.delete(String.format("c%04d", i));
        }
        customers(50, 53);
        SyncPair pair = oneWay().build();
        SyncPlan plan = pair.plan();
        SyncReport report = pair.apply(plan.hash());

        assertThat(plan.holds()).extracting(Hold::kind).containsExactly(Hold.Kind.ARCHIVES);
        assertThat(report.created()).isEqualTo(3);
        assertThat(report.held()).isEqualTo(12);
        assertThat(report.isComplete()).isFalse();

        SyncPlan next = pair.plan();
        assertThat(next.archives()).isEqualTo(12);
        assertThat(next.creates()).isZero();
    }

    @Test
    void mass_updates_blanked_fields_and_reassigned_owners_are_held() {
        customers(0, 150);
        run(oneWay().build());
        crm.rows
                .keySet()
                .forEach(id -> crm.put(
                        id, Fields.builder().empty("email").text("city", "Rom").build()));
        ChangeGuard guard =
                ChangeGuard.builder().reassigned(Set.of("city"), 20, 0.02).build();
        SyncPair pair = oneWay().guard(guard).build();
        SyncPlan plan = pair.plan();

        assertThat(plan.holds())
                .extracting(Hold::kind)
                .containsExactly(Hold.Kind.UPDATES, Hold.Kind.BLANKED, Hold.Kind.REASSIGNED);
        erp.writes.clear();
        assertThat(pair.apply(plan.hash()).held()).isEqualTo(150);
        assertThat(erp.writes).isEmpty();
    }

    @Test
    void many_new_records_with_one_phone_number_are_held() {
        for (int i = 0; i < 20; i++) {
            crm.put("c" + i, "name", "N" + i, "phone", i < 8 ? "+4900000000" : "+49123" + i);
        }
        SyncPair pair = oneWay().guard(
                        ChangeGuard.builder().telling(Set.of("phone"), 5).build())
                .build();
        SyncPlan plan = pair.plan();

        assertThat(plan.holds()).extracting(Hold::kind).containsExactly(Hold.Kind.COLLAPSED);
    }

    @Test
    void creates_far_over_the_median_of_earlier_runs_are_held() {
        SyncPair pair = oneWay().build();
        for (int i = 0; i < 4; i++) {
            customers(i * 5, i * 5 + 5);
            run(pair);
        }
        customers(100, 116);
        assertThat(pair.plan().holds()).extracting(Hold::kind).containsExactly(Hold.Kind.CREATES);
    }

    @Test
    void times_of_change_in_the_future_stop_everything() {
        customers(0, 5);
        crm.rows.get("c0002").modified = crm.now.plus(Duration.ofHours(8));
        SyncPair pair = oneWay().build();
        SyncPlan plan = pair.plan();

        assertThat(plan.holds()).extracting(Hold::kind).containsExactly(Hold.Kind.CLOCK);
        assertThat(pair.apply(plan.hash()).written()).isZero();
    }

    @Test
    void what_only_a_person_may_grant_is_never_written_even_with_approval_F818() {
        crm.put("c1", "name", "A", "status", "subscribed");
        crm.put("c2", "name", "B", "status", "unsubscribed");
        SyncPair pair = oneWay().neverGrant("status", "subscribed").build();
        SyncPlan plan = pair.plan();
        pair.approve(plan.hash(), 10, "a person");
        pair.apply(plan.hash());

        assertThat(plan.holds()).extracting(Hold::kind).containsExactly(Hold.Kind.GRANT);
        assertThat(erp.withKey("c1").get(0).fields.get("status")).isNull();
        assertThat(erp.withKey("c2").get(0).fields.text("status")).isEqualTo("unsubscribed");

        crm.put("c2", "status", "subscribed");
        run(pair);
        assertThat(erp.withKey("c2").get(0).fields.text("status")).isEqualTo("unsubscribed");
    }

    @Test
    void what_only_a_person_may_grant_is_not_written_back_to_the_source_either_F818() {
        crm.put("c1", "name", "A", "status", "unsubscribed");
        SyncPair pair = twoWays().neverGrant("status", "subscribed").build();
        run(pair);
        FakeSystem.Row linked = erp.withKey("c1").get(0);
        erp.put(linked.id, "name", "A2", "status", "subscribed");
        erp.put("e9", "name", "E", "status", "subscribed");
        run(pair);
        run(pair);

        assertThat(crm.rows.get("c1").fields.text("name")).isEqualTo("A2");
        assertThat(crm.rows.get("c1").fields.text("status")).isEqualTo("unsubscribed");
        assertThat(crm.rows.values())
                .filteredOn(row -> "E".equals(row.fields.text("name")))
                .singleElement()
                .satisfies(row -> assertThat(row.fields.get("status")).isNull());
    }

    @Test
    void a_no_is_not_emptied_F818() {
        crm.put("c1", "name", "A", "status", "unsubscribed");
        SyncPair pair = oneWay().neverGrant("status", "subscribed").build();
        run(pair);
        crm.put("c1", Fields.builder().text("name", "B").empty("status").build());
        SyncPlan plan = pair.plan();
        pair.approve(plan.hash(), 10, "a person");
        pair.apply(plan.hash());

        assertThat(plan.holds()).extracting(Hold::kind).contains(Hold.Kind.GRANT);
        assertThat(erp.withKey("c1").get(0).fields.text("name")).isEqualTo("B");
        assertThat(erp.withKey("c1").get(0).fields.text("status")).isEqualTo("unsubscribed");
    }

    @Test
    void an_approval_is_for_one_plan_and_a_ceiling() {
        customers(0, 20);
        SyncPair pair = oneWay().build();
        SyncPlan plan = pair.plan();

        assertThatThrownBy(() -> pair.approve(plan.hash(), 19, "a person"))
                .satisfies(thrown -> assertThat(code(thrown)).isEqualTo("SYNC_OVER_CEILING"));
        assertThatThrownBy(() -> pair.approve("0".repeat(64), 100, "a person"))
                .satisfies(thrown -> assertThat(code(thrown)).isEqualTo("SYNC_NO_SUCH_PLAN"));
    }

    @Test
    void a_plan_is_not_applied_after_the_translation_or_another_plan_moved_on() {
        customers(0, 3);
        SyncPlan plan = oneWay().build().plan();
        Translation other = Translation.of("2", fields -> fields, fields -> fields);
        assertThatThrownBy(() -> oneWay().translation(other).build().apply(plan.hash()))
                .satisfies(thrown -> assertThat(code(thrown)).isEqualTo("SYNC_MOVED"));

        customers(3, 4);
        SyncPlan newer = oneWay().build().plan();
        assertThat(newer.hash()).isNotEqualTo(plan.hash());
        assertThatThrownBy(() -> oneWay().build().apply(plan.hash()))
                .satisfies(thrown -> assertThat(code(thrown)).isEqualTo("SYNC_NO_SUCH_PLAN"));
        assertThat(oneWay().build().apply(newer.hash()).created()).isEqualTo(4);
    }

    @Test
    void the_same_changes_have_the_same_hash_and_others_another() {
        customers(0, 3);
        String first = oneWay().build().plan().hash();
        assertThat(oneWay().build().plan().hash()).isEqualTo(first);
        crm.put("c0001", "city", "Ulm");
        assertThat(oneWay().build().plan().hash()).isNotEqualTo(first);
    }

    @Test
    void one_bad_record_does_not_stop_the_others_and_is_kept_with_its_reason_F808() {
        customers(0, 30);
        crm.put("c0013", "name", "bad");
        SyncPair pair = oneWay().build();
        SyncReport report = run(pair);

        assertThat(report.created()).isEqualTo(29);
        assertThat(report.failed()).isEqualTo(1);
        assertThat(report.isComplete()).isTrue();
        DeadLetter letter = pair.deadLetters(10).get(0);
        assertThat(letter.item()).isEqualTo("t:c0013");
        assertThat(letter.cause()).isEqualTo(Cause.DATA);
        assertThat(letter.code()).isEqualTo("422");

        crm.put("c0013", "name", "Corrected");
        assertThat(run(pair).created()).isEqualTo(1);
        assertThat(pair.deadLetters(10)).isEmpty();
    }

    @Test
    void an_edit_between_plan_and_apply_is_not_overwritten_and_compared_anew_F813() {
        customers(0, 2);
        run(oneWay().build());
        crm.put("c0000", "city", "Köln");
        SyncPlan plan = oneWay().build().plan();
        String id = erp.withKey("c0000").get(0).id;
        erp.put(id, "email", "edited@example.com");
        SyncReport report = oneWay().build().apply(plan.hash());

        assertThat(report.stale()).isEqualTo(1);
        assertThat(erp.rows.get(id).fields.text("city")).isEqualTo("Bonn");
        assertThat(run(oneWay().build()).updated()).isEqualTo(1);
        assertThat(erp.rows.get(id).fields)
                .isEqualTo(fields("name", "Customer 0", "email", "edited@example.com", "city", "Köln"));
    }

    @Test
    void two_runs_of_one_pair_do_not_run_at_once_F820() {
        customers(0, 3);
        FakeConnector inner = crmConnector();
        List<String> codes = new ArrayList<>();
        Setup.Steps second = step -> {
            if (codes.isEmpty()) {
                assertThatThrownBy(() -> oneWay().build().plan()).satisfies(thrown -> codes.add(code(thrown)));
            }
        };
        oneWay().source(inner).steps(second).build().plan();

        assertThat(codes).containsExactly("SYNC_BUSY");
    }

    @Test
    void edits_of_different_fields_on_both_sides_meet() {
        customers(0, 2);
        run(twoWays().build());
        crm.put("c0000", "city", "Köln");
        String id = erp.withKey("c0000").get(0).id;
        erp.put(id, "email", "new@example.com");
        SyncReport report = run(twoWays().build());

        assertThat(report.updated()).isEqualTo(2);
        assertThat(crm.rows.get("c0000").fields).isEqualTo(erp.rows.get(id).fields);
        assertThat(crm.rows.get("c0000").fields)
                .isEqualTo(fields("name", "Customer 0", "email", "new@example.com", "city", "Köln"));
        for (int i = 0; i < 10; i++) {
            assertThat(run(twoWays().build()).written()).isZero();
        }
    }

    @Test
    void edits_of_one_field_on_both_sides_wait_for_a_person_F812() {
        customers(0, 2);
        run(twoWays().build());
        crm.put("c0000", "city", "Köln");
        String id = erp.withKey("c0000").get(0).id;
        erp.put(id, "city", "Essen");
        SyncPair pair = twoWays().build();
        assertThat(run(pair).written()).isZero();

        List<Conflict> conflicts = pair.conflicts(10);
        assertThat(conflicts).hasSize(1);
        assertThat(conflicts.get(0).base()).isEqualTo("\"Bonn\"");
        assertThat(conflicts.get(0).source()).isEqualTo("\"Köln\"");
        assertThat(conflicts.get(0).target()).isEqualTo("\"Essen\"");
        assertThat(conflicts.toString()).doesNotContain("Köln", "Essen", "Bonn");

        assertThat(pair.resolve(conflicts.get(0), Side.TARGET, "a person")).isTrue();
        assertThat(run(pair).updated()).isEqualTo(1);
        assertThat(crm.rows.get("c0000").fields.text("city")).isEqualTo("Essen");
        assertThat(pair.conflicts(10)).isEmpty();
        assertThat(run(pair).written()).isZero();
    }

    /** One run; before it, each system brings the city of a record into its own form, if the other's is there. */
    private SyncPlan fight(String id, SyncPair pair) {
        if (!"BONN".equals(erp.rows.get(id).fields.text("city"))) {
            erp.put(id, "city", "BONN");
        } else if (!"Bonn".equals(crm.rows.get("c0000").fields.text("city"))) {
            crm.put("c0000", "city", "Bonn");
        }
        SyncPlan plan = pair.plan();
        pair.apply(plan.hash());
        return plan;
    }

    @Test
    void a_field_that_two_systems_write_in_turn_is_set_aside_and_the_rest_goes_on_F816() {
        customers(0, 2);
        SyncPair pair = twoWays().pingPong(3, Duration.ofHours(1)).build();
        run(pair);
        String id = erp.withKey("c0000").get(0).id;
        for (int i = 0; i < 4; i++) {
            assertThat(fight(id, pair).updates()).isEqualTo(1);
        }
        SyncPlan aside = fight(id, pair);
        assertThat(aside.changes()).isZero();
        assertThat(aside.pingPong()).isEqualTo(1);
        assertThat(pair.conflicts(10)).singleElement().satisfies(conflict -> {
            assertThat(conflict.source()).isEqualTo("\"Bonn\"");
            assertThat(conflict.target()).isEqualTo("\"BONN\"");
        });

        later(pair);
        crm.put("c0000", "name", "Renamed");
        assertThat(run(pair).updated()).isEqualTo(1);
        assertThat(erp.rows.get(id).fields.text("name")).isEqualTo("Renamed");
        assertThat(run(pair).written()).isZero();
        assertThat(pair.conflicts(10)).extracting(Conflict::field).containsExactly("city");

        pair.resolve(pair.conflicts(10).get(0), Side.TARGET, "a person");
        assertThat(run(pair).updated()).isEqualTo(1);
        assertCities("BONN", "BONN");
        crm.put("c0000", "city", "Köln");
        assertThat(run(pair).updated()).isEqualTo(1);
    }

    @Test
    void edits_of_both_sides_in_turn_are_no_fight_as_long_as_their_values_differ() {
        customers(0, 1);
        SyncPair pair = twoWays().pingPong(2, Duration.ofHours(1)).build();
        run(pair);
        String id = erp.withKey("c0000").get(0).id;
        for (int i = 0; i < 6; i++) {
            if (i % 2 == 0) {
                erp.put(id, "city", "City " + i);
            } else {
                crm.put("c0000", "city", "City " + i);
            }
            assertThat(run(pair).updated()).isEqualTo(1);
        }
        assertThat(pair.conflicts(10)).isEmpty();
    }

    /** A linked record whose city both sides changed; no later reading goes back to that. */
    private String contested() {
        customers(0, 2);
        run(twoWays().build());
        crm.put("c0000", "city", "Köln");
        String id = erp.withKey("c0000").get(0).id;
        erp.put(id, "city", "Essen");
        run(twoWays().build());
        later();
        return id;
    }

    /** Beyond the overlap of both cursors. */
    private void later() {
        later(twoWays().build());
    }

    private void later(SyncPair pair) {
        crm.now = crm.now.plus(Duration.ofHours(1));
        erp.now = erp.now.plus(Duration.ofHours(1));
        crm.put("c0001", "email", "c1@example.com");
        erp.put(erp.withKey("c0001").get(0).id, "email", "c1@example.com");
        run(pair);
        crm.now = crm.now.plus(Duration.ofHours(1));
        erp.now = erp.now.plus(Duration.ofHours(1));
    }

    private void assertCities(String target, String source) {
        assertThat(crm.rows.get("c0000").fields.text("city")).isEqualTo(source);
        assertThat(erp.withKey("c0000").get(0).fields.text("city")).isEqualTo(target);
    }

    @Test
    void a_field_in_conflict_is_not_written_because_another_field_of_the_target_changes_F812() {
        String id = contested();
        erp.put(id, "name", "Renamed there");
        SyncPair pair = twoWays().build();
        run(pair);

        assertThat(crm.rows.get("c0000").fields.text("name")).isEqualTo("Renamed there");
        assertCities("Essen", "Köln");
        assertThat(pair.conflicts(10)).extracting(Conflict::field).containsExactly("city");
    }

    @Test
    void a_field_in_conflict_is_not_written_because_another_field_of_the_source_changes_F812() {
        String id = contested();
        crm.put("c0000", "name", "Renamed here");
        SyncPair pair = twoWays().build();
        run(pair);

        assertThat(erp.rows.get(id).fields.text("name")).isEqualTo("Renamed here");
        assertCities("Essen", "Köln");
        assertThat(pair.conflicts(10)).extracting(Conflict::field).containsExactly("city");
    }

    @Test
    void a_record_in_conflict_that_is_deleted_at_the_source_is_archived_when_the_target_changes() {
        String id = contested();
        crm.delete("c0000");
        erp.put(id, "name", "Renamed there");
        run(twoWays().build());

        assertThat(erp.rows.get(id).gone).isTrue();
        assertThat(twoWays().build().conflicts(10)).isEmpty();
    }

    @Test
    void a_decision_is_of_one_conflict_and_not_of_the_next_F812() {
        String id = contested();
        SyncPair pair = twoWays().build();
        pair.resolve(pair.conflicts(10).get(0), Side.TARGET, "a person");
        run(pair);
        assertCities("Essen", "Essen");
        later();

        crm.put("c0000", "city", "Trier");
        erp.put(id, "city", "Ulm");
        run(pair);

        assertCities("Ulm", "Trier");
        assertThat(pair.conflicts(10)).extracting(Conflict::target).containsExactly("\"Ulm\"");
    }

    @Test
    void a_decision_does_not_overwrite_what_changed_after_it_F812() {
        String id = contested();
        SyncPair pair = twoWays().build();
        pair.resolve(pair.conflicts(10).get(0), Side.SOURCE, "a person");
        erp.put(id, "city", "Ulm");
        run(pair);

        assertCities("Ulm", "Köln");
        Conflict again = pair.conflicts(10).get(0);
        assertThat(again.target()).isEqualTo("\"Ulm\"");
        assertThat(pair.resolve(again, Side.SOURCE, "a person")).isTrue();
        run(pair);
        assertCities("Köln", "Köln");
        assertThat(run(pair).written()).isZero();
    }

    @Test
    void a_decided_field_that_only_one_side_changes_later_goes_over_as_ever_F812() {
        String id = contested();
        SyncPair pair = twoWays().build();
        pair.resolve(pair.conflicts(10).get(0), Side.SOURCE, "a person");
        run(pair);
        later();
        erp.put(id, "city", "Ulm");
        run(pair);

        assertCities("Ulm", "Ulm");
    }

    @Test
    void a_conflict_that_has_moved_since_it_was_shown_is_not_decided() {
        String id = contested();
        SyncPair pair = twoWays().build();
        Conflict shown = pair.conflicts(10).get(0);
        erp.put(id, "city", "Ulm");
        run(pair);

        assertThat(pair.resolve(shown, Side.SOURCE, "a person")).isFalse();
        run(pair);
        assertCities("Ulm", "Köln");
    }

    @Test
    void a_pair_that_goes_one_way_asks_the_target_before_a_policy_that_minds_it_F812() {
        customers(0, 1);
        SyncPair pair = oneWay().policy(FieldPolicy.MANUAL)
                .target(new FakeConnector(
                        erp,
                        Capabilities.builder("erp", "", "Customer")
                                .keys(Capabilities.Keys.UPSERT, Duration.ZERO)
                                .build()))
                .build();
        run(pair);
        erp.put(erp.withKey("c0000").get(0).id, "city", "Essen");
        crm.put("c0000", "city", "Köln");
        run(pair);

        assertCities("Essen", "Köln");
        assertThat(pair.conflicts(10)).extracting(Conflict::field).containsExactly("city");
    }

    @Test
    void lists_that_were_joined_reach_the_second_side_after_a_kill_in_between() {
        crm.put("c0000", list("a"));
        run(twoWays().policy("tags", FieldPolicy.UNION).build());
        String id = erp.withKey("c0000").get(0).id;
        crm.put("c0000", list("a", "b"));
        erp.put(id, list("a", "c"));
        erp.writes.clear();
        SyncPair killed = twoWays()
                .policy("tags", FieldPolicy.UNION)
                .steps(step -> {
                    if (step.equals("recorded")) {
                        throw new Killed();
                    }
                })
                .build();
        SyncPlan plan = killed.plan();
        assertThatThrownBy(() -> killed.apply(plan.hash())).isInstanceOf(Killed.class);
        run(twoWays().policy("tags", FieldPolicy.UNION).build());

        assertThat(crm.rows.get("c0000").fields).isEqualTo(list("a", "b", "c"));
        assertThat(erp.rows.get(id).fields).isEqualTo(list("a", "b", "c"));
        assertThat(run(twoWays().policy("tags", FieldPolicy.UNION).build()).written())
                .isZero();
    }

    private static Fields list(String... items) {
        String json = List.of(items).stream().map(Fields::quoted).collect(Collectors.joining(",", "[", "]"));
        return Fields.builder().put("tags", json).build();
    }

    @Test
    void records_made_at_the_target_are_made_at_the_source_and_do_not_come_back() {
        erp.put("erp-x", "name", "From ERP", "city", "Trier");
        customers(0, 2);
        SyncReport report = run(twoWays().build());

        assertThat(report.created()).isEqualTo(3);
        assertThat(crm.live()).isEqualTo(3);
        assertThat(erp.live()).isEqualTo(3);
        assertThat(run(twoWays().build()).written()).isZero();
        assertThat(run(twoWays().build()).written()).isZero();
    }

    @Test
    void a_deletion_at_the_target_archives_at_the_source_in_pairs_that_go_both_ways() {
        customers(0, 3);
        run(twoWays().build());
        erp.delete(erp.withKey("c0001").get(0).id);
        SyncReport report = run(twoWays().build());

        assertThat(report.archived()).isEqualTo(1);
        assertThat(crm.rows.get("c0001").gone).isTrue();
        assertThat(run(twoWays().build()).written()).isZero();
    }

    @Test
    void a_record_that_the_source_already_knows_by_its_target_id_is_linked_and_not_made() {
        erp.put("e1", "name", "Customer 0", "email", "c0@example.com", "city", "Aachen");
        customers(0, 1);
        SyncPair pair = oneWay().knownTarget(record -> record.id().equals("c0000") ? "e1" : null)
                .build();
        SyncReport report = run(pair);

        assertThat(report.created()).isZero();
        assertThat(report.updated()).isEqualTo(1);
        assertThat(erp.live()).isEqualTo(1);
        assertThat(erp.rows.get("e1").fields.text("city")).isEqualTo("Bonn");
    }

    /** The killed process is played by an error between two durable steps; the systems and the store keep what they have. */
    @Test
    void a_kill_between_any_two_durable_steps_loses_nothing_and_makes_nothing_twice_F805_F814() {
        customers(0, 12);
        run(oneWay().build());
        customers(12, 24);
        for (int i = 0; i < 6; i++) {
            crm.put(String.format("c%04d", i), "city", "City " + i);
        }
        crm.delete("c0007");
        AtomicInteger step = new AtomicInteger();
        int killAt = 1;
        int kills = 0;
        while (true) {
            step.set(0);
            int at = killAt++;
            try {
                SyncPair pair = oneWay().steps(name -> {
                            if (step.incrementAndGet() == at) {
                                throw new Killed();
                            }
                        })
                        .build();
                SyncPlan plan = pair.plan();
                pair.apply(plan.hash());
                break;
            } catch (Killed e) {
                kills++;
            }
        }
        assertThat(kills).isGreaterThan(5);
        assertThat(erp.duplicates()).isZero();
        assertThat(erp.live()).isEqualTo(23);
        assertSame();
        assertThat(run(oneWay().build()).written()).isZero();
    }

    private void assertSame() {
        for (FakeSystem.Row row : crm.rows.values()) {
            if (!row.gone) {
                assertThat(erp.withKey(row.id)).hasSize(1);
                assertThat(erp.withKey(row.id).get(0).fields).isEqualTo(row.fields);
            }
        }
    }

    @Test
    void a_create_whose_answer_was_lost_is_found_by_its_key_F814() {
        customers(0, 5);
        FakeConnector losing = new FakeConnector(
                erp,
                FakeConnector.full("erp")
                        .keys(Capabilities.Keys.SEARCH, Duration.ZERO)
                        .build());
        SyncPair pair = oneWay().target(new LosingAnswers(losing)).build();
        SyncReport report = run(pair);
        assertThat(report.stopped()).contains("ANSWER_LOST");
        assertThat(report.unsettled()).isEqualTo(5);

        SyncReport next = pair.apply(pair.latest().hash());
        assertThat(next.adopted()).isEqualTo(5);
        assertThat(next.isComplete()).isTrue();
        assertThat(erp.live()).isEqualTo(5);
    }

    @Test
    void every_change_is_in_the_audit_chain() {
        customers(0, 3);
        run(oneWay().build());
        long rows = store.read(connection -> {
            try (var statement = connection.prepareStatement(
                            "SELECT COUNT(*), MAX(seq) FROM crm_sync_audit WHERE pair = 'test'");
                    var row = statement.executeQuery()) {
                row.next();
                assertThat(row.getLong(2)).isEqualTo(3);
                return row.getLong(1);
            }
        });
        assertThat(rows).isEqualTo(3);
    }

    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }
}
