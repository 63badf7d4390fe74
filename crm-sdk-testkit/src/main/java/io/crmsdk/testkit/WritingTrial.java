package io.crmsdk.testkit;

import static io.crmsdk.testkit.Stage.require;

import io.crmsdk.sync.ConnectorContract.Check;
import io.crmsdk.sync.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The world is the target: whatever befalls the traffic, each record is there once as it should be, or is reported. */
final class WritingTrial {
    private static final int RECORDS = 5;
    private static final int MOST_REQUESTS = 80;

    private final Supplier<ConnectorWorld> worlds;

    WritingTrial(Supplier<ConnectorWorld> worlds) {
        this.worlds = worlds;
    }

    List<Check> checks() {
        List<Check> checks = new ArrayList<>();
        checks.add(check("records are made once, changed and archived", WritingTrial::goodDay));
        for (Fault fault : Fault.ofWriting()) {
            checks.add(check("an answer that " + fault + " doubles and loses nothing", stage -> sweep(stage, fault)));
        }
        for (Fault fault : Fault.ofLimits()) {
            checks.add(check("an answer that " + fault + " doubles and loses nothing", stage -> sweep(stage, fault)));
        }
        checks.add(check("a record that is refused is reported, and the others are written", WritingTrial::refused));
        checks.add(check("what a user changed between plan and apply stays", WritingTrial::userEdit));
        return checks;
    }

    private Check check(String name, Consumer<Stage> body) {
        return new Check("writing: " + name, () -> {
            try (Stage stage = new Stage(worlds.get(), false)) {
                body.accept(stage);
            }
        });
    }

    private static void fill(Stage stage, int records) {
        for (int i = 0; i < records; i++) {
            int number = stage.number();
            stage.shelf().put("k" + number, stage.world.sample(number));
        }
    }

    private static void goodDay(Stage stage) {
        Set<String> before = stage.world.records().keySet();
        fill(stage, RECORDS);
        claim(stage, stage.run(), before);
        stage.settle();
        same(stage, before);
        changeOne(stage);
        claim(stage, stage.run(), before);
        removeOne(stage);
        claim(stage, stage.run(), before);
        stage.settle();
        same(stage, before);
    }

    private static void changeOne(Stage stage) {
        stage.shelf().put(stage.shelf().records().keySet().iterator().next(), stage.world.change(stage.number()));
    }

    private static void removeOne(Stage stage) {
        stage.shelf()
                .records()
                .remove(List.copyOf(stage.shelf().records().keySet()).get(1));
    }

    /** Spoils the first request of a run, then the second, and so on until a run needs fewer. */
    private static void sweep(Stage stage, Fault fault) {
        for (int at = 1; at <= MOST_REQUESTS; at++) {
            stage.begin();
            Set<String> before = Set.copyOf(stage.world.records().keySet());
            fill(stage, RECORDS);
            boolean met = survives(stage, fault, at, before);
            changeOne(stage);
            met |= survives(stage, fault, at, before);
            removeOne(stage);
            met |= survives(stage, fault, at, before);
            if (!met) {
                return;
            }
        }
        throw new AssertionError("expected: " + RECORDS + " records need fewer than " + MOST_REQUESTS + " requests");
    }

    private static boolean survives(Stage stage, Fault fault, int at, Set<String> before) {
        stage.door.spoil(fault, at, at);
        claim(stage, stage.run(), before);
        boolean met = stage.door.heal();
        stage.settle();
        same(stage, before);
        return met;
    }

    private static void claim(Stage stage, Stage.Ending ending, Set<String> before) {
        if (ending.claimsAll()) {
            same(stage, before);
        }
    }

    /** Each record of the source is there once, and nothing else that was not there before. */
    private static void same(Stage stage, Set<String> before) {
        List<Fields> made = new ArrayList<>();
        for (Map.Entry<String, Fields> record : stage.world.records().entrySet()) {
            if (!before.contains(record.getKey())) {
                made.add(record.getValue());
            }
        }
        Set<String> reported = stage.reported();
        stage.shelf().records().forEach((id, fields) -> {
            long copies = made.stream().filter(one -> holds(one, fields)).count();
            require(
                    copies == 1 || (copies == 0 && reported.contains(id)),
                    "record " + id + " is there once as it is here, or was reported; found " + copies);
        });
        long gone = reported.stream()
                .filter(id -> !stage.shelf().records().containsKey(id))
                .count();
        require(
                made.size() <= stage.shelf().records().size() + gone,
                "no record was made twice, and those that went are archived; found " + made.size() + " for "
                        + stage.shelf().records().size());
    }

    private static boolean holds(Fields there, Fields wanted) {
        Fields filled = SmallPages.filled(wanted);
        return Stage.isSame(there.only(filled.paths()::contains), filled);
    }

    private static void refused(Stage stage) {
        Optional<Fields> bad = stage.world.unacceptable();
        Trials.assume(bad.isPresent(), "the world accepts everything");
        Set<String> before = Set.copyOf(stage.world.records().keySet());
        fill(stage, 2);
        stage.shelf().put("k-refused", bad.orElseThrow());
        fill(stage, 2);
        claim(stage, stage.run(), before);
        stage.settle();
        same(stage, before);
        require(stage.reported().equals(Set.of("k-refused")), "only what was refused is reported: " + stage.reported());
    }

    private static void userEdit(Stage stage) {
        fill(stage, RECORDS);
        stage.settle();
        Map.Entry<String, Fields> edited =
                stage.world.records().entrySet().iterator().next();
        Fields theirs = stage.world.change(stage.number());
        String id = stage.shelf().records().entrySet().stream()
                .filter(record -> holds(edited.getValue(), record.getValue()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new AssertionError("expected: each record is there as it is here"));
        Fields ours =
                stage.world.sample(stage.number()).only(path -> !theirs.paths().contains(path));
        stage.shelf().put(id, ours);

        stage.run(() -> stage.world.edit(edited.getKey(), theirs));
        stage.settle();

        Fields now = stage.world.records().getOrDefault(edited.getKey(), Fields.none());
        require(holds(now, theirs), "what the user changed stays");
        require(holds(now, ours) || stage.reported().contains(id), "what was changed here arrives, or is reported");
    }
}
