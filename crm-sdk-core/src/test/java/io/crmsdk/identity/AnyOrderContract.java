package io.crmsdk.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.store.Databases.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order in which records come decides nothing: neither who is whose customer nor what people are asked. */
abstract class AnyOrderContract {
    @TempDir
    Path folder;

    private final Kind kind;

    AnyOrderContract(Kind kind) {
        this.kind = kind;
    }

    /** The second seed found that a name grows more common by records that are only read like it. */
    @Test
    void customers_and_questions_are_the_same_in_any_order_at_once_or_one_by_one() throws Exception {
        world(2, 2);
    }

    /** {@code -Dcrmsdk.identity.worlds=N -Dcrmsdk.identity.orders=10} for more. */
    @Test
    @Tag("slow")
    void many_orders_of_records_and_edits_end_in_the_same() throws Exception {
        int worlds = Integer.getInteger("crmsdk.identity.worlds", 1);
        for (long seed = 1; seed <= worlds; seed++) {
            world(seed, Integer.getInteger("crmsdk.identity.orders", kind == Kind.SQLITE ? 10 : 3));
        }
    }

    private void world(long seed, int orders) throws Exception {
        Random random = new Random(seed);
        MatchRules rules = MatchRules.parse("test", "generic.records = " + (6 + random.nextInt(10)));
        List<SourceRecord> writes = AnyOrder.randomWrites(random, 130, 160);
        assertThat(AnyOrder.atOnce(rules, AnyOrder.present(writes)).questions()).isNotEmpty();

        AnyOrder.holds("seed " + seed, kind, folder, rules, writes, random, orders);
    }

    /** {@code -Dcrmsdk.identity.traps=14387 -Dcrmsdk.identity.orders=10} for the whole set. */
    @Test
    @Tag("slow")
    void the_trap_set_is_resolved_alike_in_any_order() throws Exception {
        List<SourceRecord> records = TrapRows.read(Integer.getInteger("crmsdk.identity.traps", 200));
        int orders = Integer.getInteger("crmsdk.identity.orders", 2);

        AnyOrder.holds("traps", kind, folder, MatchRules.defaults(), records, new Random(3), orders);
    }
}
