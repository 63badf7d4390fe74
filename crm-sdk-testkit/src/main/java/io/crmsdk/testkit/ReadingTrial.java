package io.crmsdk.testkit;

import static io.crmsdk.testkit.Stage.require;

import io.crmsdk.sync.Capabilities;
import io.crmsdk.sync.ConnectorContract.Check;
import io.crmsdk.sync.Fields;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The world is the source: whatever befalls the traffic, a run that says it is complete is, and nothing is ever lost or doubled. */
final class ReadingTrial {
    private static final int RECORDS = 20;
    private static final int MOST_REQUESTS = 60;
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final Supplier<ConnectorWorld> worlds;

    ReadingTrial(Supplier<ConnectorWorld> worlds) {
        this.worlds = worlds;
    }

    List<Check> checks() {
        List<Check> checks = new ArrayList<>();
        checks.add(check("records arrive once, and a further run writes nothing", ReadingTrial::arriveOnce));
        for (Fault fault : Fault.ofReading()) {
            checks.add(check("an answer that " + fault + " loses nothing", stage -> sweep(stage, fault, false)));
            checks.add(
                    check("answers are never taken for the end if each " + fault, stage -> sweep(stage, fault, true)));
        }
        for (Fault fault : Fault.ofLimits()) {
            checks.add(check("an answer that " + fault + " loses nothing", stage -> sweep(stage, fault, false)));
        }
        for (Fault fault : Fault.ofPauses(PAUSE)) {
            checks.add(check("a system that " + fault + " is left alone", stage -> leftAlone(stage, fault)));
        }
        checks.add(check("records that move between pages are all seen", ReadingTrial::moving));
        checks.add(check("records of one time are all seen: one", stage -> sameTime(stage, 1)));
        checks.add(check("records of one time are all seen: a page", stage -> sameTime(stage, SmallPages.SIZE)));
        checks.add(check("records of one time are all seen: pages", stage -> sameTime(stage, 5 * SmallPages.SIZE)));
        checks.add(check("a record that shows late is seen", ReadingTrial::late));
        checks.add(check("a forgotten cursor leads to a look at everything", ReadingTrial::forgotten));
        checks.add(check("a field that is no longer told is no change", ReadingTrial::dropped));
        return checks;
    }

    private Check check(String name, Consumer<Stage> body) {
        return new Check("reading: " + name, () -> {
            try (Stage stage = new Stage(worlds.get(), true)) {
                body.accept(stage);
            }
        });
    }

    private static void fill(Stage stage, int records) {
        for (int i = 0; i < records; i++) {
            stage.world.make(stage.world.sample(stage.number()));
        }
    }

    private static void arriveOnce(Stage stage) {
        fill(stage, RECORDS);
        claim(stage, stage.run());
        stage.settle();
        same(stage);
    }

    /** Spoils the first request of a run, then the second, and so on until a run needs fewer. */
    private static void sweep(Stage stage, Fault fault, boolean lasting) {
        fill(stage, RECORDS);
        for (int at = 1; at <= MOST_REQUESTS; at++) {
            stage.begin();
            boolean met = survives(stage, fault, at, lasting);
            fill(stage, 1);
            String first = stage.world.records().keySet().iterator().next();
            stage.world.edit(first, stage.world.change(stage.number()));
            met |= survives(stage, fault, at, lasting);
            if (!met) {
                return;
            }
        }
        throw new AssertionError("expected: " + RECORDS + " records need fewer than " + MOST_REQUESTS + " requests");
    }

    private static boolean survives(Stage stage, Fault fault, int at, boolean lasting) {
        stage.door.spoil(fault, at, lasting ? Integer.MAX_VALUE : at);
        claim(stage, stage.run());
        boolean met = stage.door.heal();
        stage.settle();
        same(stage);
        return met;
    }

    /** What says that it is complete has to be. */
    private static void claim(Stage stage, Stage.Ending ending) {
        if (ending.claimsAll()) {
            same(stage);
        }
        require(stage.shelf().archived() == 0, "no fault counts as a deletion, after " + ending);
    }

    private static void same(Stage stage) {
        Map<String, Fields> there = stage.world.records();
        Map<String, Fields> here = stage.shelf().records();
        there.forEach((id, fields) -> require(
                stage.reported().contains(id) || Stage.isSame(fields, here.get(id)),
                "record " + id + " arrived as it is, or was reported; it " + arrived(fields, here.get(id))));
        here.keySet().forEach(id -> require(there.containsKey(id), "nothing arrived that is not there: " + id));
        require(stage.shelf().archived() == 0, "nothing was archived, since nothing was deleted");
    }

    private static String arrived(Fields there, @Nullable Fields here) {
        return here == null
                ? "did not arrive"
                : "differs at " + SmallPages.filled(there).differences(SmallPages.filled(here));
    }

    private static void leftAlone(Stage stage, Fault fault) {
        fill(stage, 3);
        stage.door.spoil(fault, 1, 1);
        claim(stage, stage.run());
        Duration alone = stage.door.leftAlone();
        // A date has whole seconds only, and the server may write its own a moment later.
        require(
                alone.compareTo(PAUSE.minusSeconds(1)) >= 0,
                "no request came for " + PAUSE + " after " + fault + ", one came after " + alone);
        stage.settle();
        same(stage);
    }

    private static void moving(Stage stage) {
        fill(stage, RECORDS);
        shuffling(stage);
        stage.run();
        stillNotDeleted(stage);
        stage.world.records().keySet().forEach(id -> stage.world.edit(id, stage.world.change(stage.number())));
        shuffling(stage);
        stage.run();
        stillNotDeleted(stage);
        stage.settle();
        same(stage);
    }

    private static void stillNotDeleted(Stage stage) {
        stage.door.meanwhile(() -> {});
        require(stage.shelf().archived() == 0, "a record that moves is not deleted");
    }

    /** With each answer the next record, as it is ordered at first, goes to the end of the order of changes. */
    private static void shuffling(Stage stage) {
        Iterator<String> ids = List.copyOf(stage.world.records().keySet()).iterator();
        stage.door.meanwhile(() -> {
            if (ids.hasNext()) {
                stage.world.edit(ids.next(), stage.world.change(stage.number()));
            }
        });
    }

    static void sameTime(Stage stage, int records) {
        fill(stage, 2);
        Trials.assume(stage.world.stopTime(true), "the world cannot stop its time");
        fill(stage, records);
        claim(stage, stage.run());
        fill(stage, records);
        claim(stage, stage.run());
        stage.world.stopTime(false);
        fill(stage, 1);
        stage.settle();
        same(stage);
    }

    private static void late(Stage stage) {
        Capabilities can = stage.capabilities();
        Trials.assume(can.changes() != Capabilities.Changes.NONE, "changes are not told");
        fill(stage, 3);
        stage.settle();
        fill(stage, 1);
        stage.settle();
        Optional<String> made = stage.world.makeLate(
                stage.world.sample(stage.number()), can.overlap().dividedBy(2));
        Trials.assume(made.isPresent(), "the world cannot show a record late");
        stage.settle();
        same(stage);
    }

    private static void forgotten(Stage stage) {
        fill(stage, RECORDS);
        stage.settle();
        Trials.assume(stage.world.forgetCursors(), "the world cannot forget cursors");
        fill(stage, 3);
        stage.settle();
        same(stage);
    }

    private static void dropped(Stage stage) {
        fill(stage, RECORDS);
        stage.settle();
        Map<String, Fields> before = new TreeMap<>(stage.shelf().records());
        String path = stage.world.change(0).paths().iterator().next();
        Trials.assume(stage.world.dropField(path), "the world cannot drop a field");
        fill(stage, 1);
        stage.run();
        stage.settle();
        before.forEach((id, fields) -> require(
                Stage.isSame(fields, stage.shelf().records().get(id)),
                "record " + id + " keeps what nobody told anything of"));
    }
}
