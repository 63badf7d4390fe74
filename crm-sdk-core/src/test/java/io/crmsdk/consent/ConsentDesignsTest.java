package io.crmsdk.consent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashSet;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** This room's design loses no opt-out in any history, and each of the wrong designs that others have built is found out. */
class ConsentDesignsTest {
    private static final int HISTORIES = 4_000;
    private static final int MANY = Integer.getInteger("crmsdk.consent.histories", 250_000);
    private static final int MOST_TO_KILL = 200_000;

    @Test
    void no_history_loses_an_opt_out_or_undoes_an_informed_yes() {
        play(new Random().nextLong(), HISTORIES);
    }

    @Test
    @Tag("slow")
    void many_histories_lose_no_opt_out() {
        play(new Random().nextLong(), MANY);
    }

    private static void play(long first, int count) {
        int endedWithNo = 0;
        for (long seed = first; seed < first + count; seed++) {
            ConsentHistory history = new ConsentHistory(seed, new ConsentDesign.Ledger()).play();
            endedWithNo += history.endsWithNo() ? 1 : 0;

            assertThat(history.lost()).as("lost an opt-out, seed " + seed + "L").isFalse();
            assertThat(history.ineffective())
                    .as("an informed yes had no effect, seed " + seed + "L")
                    .isFalse();
        }
        assertThat(endedWithNo).as("histories that end with a no").isGreaterThan(count / 5);
    }

    @ParameterizedTest
    @EnumSource
    void a_wrong_design_is_found_out(Wrong wrong) {
        long seed = 0;
        while (seed < MOST_TO_KILL && !wrong.isFoundOutBy(seed)) {
            seed++;
        }

        assertThat(seed).as("%s: histories until it was found out", wrong).isLessThan(MOST_TO_KILL);
    }

    /** What others have built. */
    enum Wrong {
        NEWEST_TIME_STAMP_WINS(true, () -> new ConsentDesign.Flag() {
            @Override
            void set(boolean to, long time) {
                if (time >= changed) {
                    super.set(to, time);
                }
            }
        }),
        LAST_ARRIVAL_OVERWRITES(true, ConsentDesign.Flag::new),
        OPT_OUT_IS_FINAL(false, () -> new ConsentDesign.Ledger() {
            @Override
            boolean mails() {
                return events.stream().noneMatch(OptOut.class::isInstance) && super.mails();
            }
        }),
        OPT_OUT_ID_IS_THE_LINK(true, () -> new ConsentDesign.Ledger() {
            @Override
            String clickId(int link) {
                return "link:" + link;
            }
        }),
        OPT_OUT_ID_IS_A_COUNTER_THAT_A_RESTORE_REWINDS(true, Rewinding::new),
        POLL_ID_IS_THE_STATE(true, () -> new ConsentDesign.Ledger() {
            @Override
            void polled(boolean unsubscribed, long time) {
                if (unsubscribed) {
                    optOut("poll:unsubscribed");
                }
            }
        }),
        EVERY_POLL_IS_A_NEW_EVENT(false, () -> new ConsentDesign.Ledger() {
            private int polls;

            @Override
            void polled(boolean unsubscribed, long time) {
                if (unsubscribed) {
                    optOut("poll:" + polls++);
                }
            }
        }),
        RESTORE_WITHOUT_UNION(true, () -> new ConsentDesign.Ledger() {
            @Override
            boolean restored(Object backup) {
                ConsentDesign.Ledger before = (ConsentDesign.Ledger) backup;
                events = new LinkedHashSet<>(before.events);
                seenUnsubscribed = before.seenUnsubscribed;
                seenTransition = before.seenTransition;
                return false;
            }
        }),
        RESTORE_THAT_TRUSTS_WHAT_WAS_SEEN_OF_THE_TOOL(true, () -> new ConsentDesign.Ledger() {
            @Override
            boolean restored(Object backup) {
                super.restored(backup);
                seenUnsubscribed = ((ConsentDesign.Ledger) backup).seenUnsubscribed;
                return true;
            }
        }),
        MEMBER_IS_DELETED_THEN_IMPORTED(true, () -> new ConsentDesign.Ledger() {
            @Override
            void cleaned(long time) {
                events.clear();
                imported(time);
            }
        }),
        MERGE_KEEPS_THE_WINNERS_ROW(true, () -> new ConsentDesign.Ledger() {
            @Override
            void merged(long time) {
                events.removeIf(OptOut.class::isInstance);
                imported(time);
            }
        }),
        A_GET_CONFIRMS(true, () -> new ConsentDesign.Ledger() {
            @Override
            void followed(Object challenge, long time) {
                confirmed(challenge, time);
            }
        }),
        AN_IMPORT_CLEARS(true, () -> new ConsentDesign.Ledger() {
            @Override
            void imported(long time) {
                confirmed(challenge(), time);
            }
        });

        private final boolean losesOptOuts;
        private final Supplier<ConsentDesign> design;

        Wrong(boolean losesOptOuts, Supplier<ConsentDesign> design) {
            this.losesOptOuts = losesOptOuts;
            this.design = design;
        }

        boolean isFoundOutBy(long seed) {
            ConsentHistory history = new ConsentHistory(seed, design.get()).play();
            return losesOptOuts ? history.lost() : history.ineffective();
        }
    }

    /** Names opt-outs by a counter in the database that is restored. */
    private static final class Rewinding extends ConsentDesign.Ledger {
        private int counter;

        @Override
        String clickId(int link) {
            return "no:" + counter++;
        }

        @Override
        Object backup() {
            return new Saved(counter, (ConsentDesign.Ledger) super.backup());
        }

        @Override
        boolean restored(Object backup) {
            Saved saved = (Saved) backup;
            counter = saved.counter;
            return super.restored(saved.ledger);
        }

        private record Saved(int counter, ConsentDesign.Ledger ledger) {}
    }
}
