package io.crmsdk.consent;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The states of some keys, and where the ledger stood when they were read. Not thread-safe. */
final class StateSet {
    private static final ConsentDecision UNREADABLE = hold("LEDGER_UNREADABLE");
    private static final ConsentDecision BEHIND = hold("LEDGER_BEHIND_WITNESS");
    private static final ConsentDecision TOO_OLD = hold("SOURCE_TOO_OLD");

    private final Map<String, KeyState> states = new HashMap<>();
    private final Map<String, @Nullable Long> pulled = new HashMap<>();
    private final Set<String> broken = new HashSet<>();
    private boolean wasRead;
    private long position;
    private long incarnation;
    private boolean held;
    private long nowUs;

    private static ConsentDecision hold(String why) {
        return new ConsentDecision(ConsentDecision.Verdict.HOLD, why, List.of(), 0);
    }

    void stand(long at, long inIncarnation, boolean onHold, long databaseNowUs) {
        wasRead = true;
        position = Math.max(position, at);
        incarnation = Math.max(incarnation, inIncarnation);
        held |= onHold;
        nowUs = Math.max(nowUs, databaseNowUs);
    }

    void pulled(String source, @Nullable Long atUs) {
        pulled.put(source, atUs);
    }

    void add(String key, @Nullable KeyState state, long changed) {
        position = Math.max(position, changed);
        if (state == null) {
            broken.add(key);
        } else {
            states.put(key, state);
        }
    }

    boolean wasRead() {
        return wasRead;
    }

    long position() {
        return position;
    }

    long incarnation() {
        return incarnation;
    }

    long nowUs() {
        return nowUs;
    }

    void holdAll() {
        held = true;
    }

    boolean held() {
        return held;
    }

    /** The state of a key; null if it cannot be believed. */
    @Nullable
    KeyState state(String key) {
        return broken.contains(key) ? null : states.getOrDefault(key, KeyState.EMPTY);
    }

    ConsentDecision decide(String key, @Nullable Scope scope, ConsentPolicy policy, Instant latestNow) {
        return decide(state(key), scope, policy, latestNow);
    }

    /** What cannot be answered for sure waits; a known no stays a no. An owed message waits for nothing but the law. */
    ConsentDecision decide(@Nullable KeyState state, @Nullable Scope scope, ConsentPolicy policy, Instant latestNow) {
        if (scope == null) {
            return (state == null ? KeyState.EMPTY : state).owed().at(position);
        }
        if (state == null) {
            return UNREADABLE.at(position);
        }
        ConsentDecision decision = state.decide(scope, policy, latestNow);
        if (decision.verdict() == ConsentDecision.Verdict.OPTED_OUT) {
            return decision.at(position);
        }
        if (held) {
            return BEHIND.at(position);
        }
        return (isTooOld(policy) ? TOO_OLD : decision).at(position);
    }

    private boolean isTooOld(ConsentPolicy policy) {
        for (Map.Entry<String, Duration> limit : policy.freshness().entrySet()) {
            Long at = pulled.get(limit.getKey());
            if (at == null || nowUs - at > limit.getValue().toNanos() / 1000) {
                return true;
            }
        }
        return false;
    }
}
