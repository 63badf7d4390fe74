package io.crmsdk.testkit;

import io.crmsdk.sync.ConnectorContract.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * A connector on bad days, end to end: through the real engine against a system that an author lends, over traffic that is
 * spoiled on purpose. After each check nothing is lost, nothing is doubled and no value is wrong, or the failure was reported; a
 * run that said it was complete was.
 *
 * <p>It plays lost, cut, empty and foreign answers on each request of a run in turn; "too many requests" with every form of
 * {@code Retry-After}; refusals and conflicts; work that was done but not answered; records that move while they are listed, share a time,
 * or show late; forgotten cursors; fields that disappear; records that are refused; and users who edit meanwhile. What a good day has to
 * be like is in {@link io.crmsdk.sync.ConnectorContract}. Immutable.
 *
 * <p>{@link ConnectorTrialContract} runs it with JUnit.
 */
public final class ConnectorTrial {
    private final Supplier<ConnectorWorld> worlds;

    private ConnectorTrial(Supplier<ConnectorWorld> worlds) {
        this.worlds = worlds;
    }

    /**
     * The trial of a connector.
     *
     * @param worlds gives a new world for each check, which closes it
     */
    public static ConnectorTrial of(Supplier<ConnectorWorld> worlds) {
        return new ConnectorTrial(worlds);
    }

    /**
     * All checks. Each throws an {@link AssertionError} that says what was lost, doubled or wrong, and JUnit's sign of an
     * aborted test if the world cannot play what it needs.
     */
    public List<Check> checks() {
        List<Check> checks = new ArrayList<>(new ReadingTrial(worlds).checks());
        checks.addAll(new WritingTrial(worlds).checks());
        return List.copyOf(checks);
    }

    /**
     * Whether as many records of one time all arrive; takes long for many.
     *
     * @param records how many share the time, twice
     */
    public Check sameTime(int records) {
        return new Check("reading: records of one time are all seen: " + records, () -> {
            try (Stage stage = new Stage(worlds.get(), true)) {
                ReadingTrial.sameTime(stage, records);
            }
        });
    }
}
