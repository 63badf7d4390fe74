package io.crmsdk.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.store.Databases.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
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

    /** {@code -Dcrmsdk.identity.worlds=N} for more; each in ten orders. */
    @Test
    void customers_and_questions_are_the_same_in_any_order_at_once_or_one_by_one() throws Exception {
        int worlds = Integer.getInteger("crmsdk.identity.worlds", 1);
        for (long seed = 1; seed <= worlds; seed++) {
            Random random = new Random(seed);
            MatchRules rules = MatchRules.parse("test", "generic.records = " + (6 + random.nextInt(10)));
            List<SourceRecord> writes = AnyOrder.randomWrites(random, 130, 160);
            assertThat(AnyOrder.atOnce(rules, AnyOrder.present(writes)).questions())
                    .isNotEmpty();

            AnyOrder.holds("seed " + seed, kind, folder, rules, writes, random, 10);
        }
    }
}
