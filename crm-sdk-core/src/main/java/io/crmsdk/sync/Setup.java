package io.crmsdk.sync;

import io.crmsdk.store.Store;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a pair is made of. */
record Setup(
        String pair,
        Store store,
        Connector source,
        Connector target,
        Translation translation,
        Map<String, FieldPolicy> policies,
        FieldPolicy usual,
        boolean bothWays,
        ChangeGuard guard,
        Map<String, String> grants,
        Map<String, String> money,
        Function<RemoteRecord, @Nullable String> known,
        Supplier<List<Hold>> controls,
        Swings.Limit swings,
        Duration lease,
        String owner,
        Steps steps) {

    Connector on(Side side) {
        return side == Side.SOURCE ? source : target;
    }

    Diff diff() {
        return new Diff(bothWays, policies, usual, grants);
    }

    /** Told between any two durable steps; tests end a run there. */
    interface Steps {
        void reached(String step);
    }
}
