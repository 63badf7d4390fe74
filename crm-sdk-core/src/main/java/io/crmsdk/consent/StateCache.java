package io.crmsdk.consent;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * States that were read before, valid at one position of the ledger. Thread-safe.
 *
 * <p>Positions are in the order of commits, and a key's row carries the position of its last change. So a view first asks
 * where the ledger stands; if it has moved, the keys that changed since are dropped, and what is left is as the ledger holds
 * it at the new position. A state enters only if it was read at the cache's position or later: one that was read before, and
 * may have been dropped meanwhile, cannot come back.
 */
final class StateCache {
    private static final int MOST_KEYS = 200_000;
    private static final int MOST_CHANGES = 10_000;

    private final StateReader reader;
    private final Pepper pepper;
    private final Cache<ContactKey, String> ids =
            Caffeine.newBuilder().maximumSize(MOST_KEYS).build();
    private final Cache<String, KeyState> states =
            Caffeine.newBuilder().maximumSize(MOST_KEYS).build();
    private long incarnation;
    private long position;

    StateCache(StateReader reader, Pepper pepper) {
        this.reader = reader;
        this.pepper = pepper;
    }

    /** The key as the ledger stores it; the keyed hash is most of what a known contact's decision would cost. */
    String id(ContactKey key) {
        return ids.get(key, contact -> pepper.hash(contact).text());
    }

    /** Brings the cache up to where the ledger stands, which the standing says. */
    void bringUpTo(Connection connection, StateSet standing) throws SQLException {
        long from;
        synchronized (this) {
            if (standing.incarnation() == incarnation && standing.position() <= position) {
                return;
            }
            from = standing.incarnation() == incarnation ? position : Long.MAX_VALUE;
        }
        List<String> changed = from == Long.MAX_VALUE ? null : reader.changedAfter(connection, from, MOST_CHANGES);
        synchronized (this) {
            if (changed == null || from != position || standing.incarnation() != incarnation) {
                states.invalidateAll();
            } else {
                states.invalidateAll(changed);
            }
            if (standing.incarnation() > incarnation
                    || (standing.incarnation() == incarnation && standing.position() > position)) {
                incarnation = standing.incarnation();
                position = standing.position();
            }
        }
    }

    /** The state of a key; null if it cannot be believed. */
    @Nullable
    KeyState state(Connection connection, ContactKey key) throws SQLException {
        String id = id(key);
        KeyState known = states.getIfPresent(id);
        if (known != null) {
            return known;
        }
        StateSet read = reader.read(connection, List.of(id));
        KeyState state = read.state(id);
        synchronized (this) {
            if (state != null && read.incarnation() == incarnation && read.position() >= position) {
                states.put(id, state);
            }
        }
        return state;
    }

    /** A view of what the cache holds at the standing. */
    ConsentView view(Connection connection, StateSet standing, ConsentPolicy policy, Supplier<Instant> latestNow) {
        return new ConsentView() {
            @Override
            public long position() {
                return standing.position();
            }

            @Override
            public ConsentDecision decide(ContactKey key, Scope scope) {
                try {
                    return standing.decide(state(connection, key), scope, policy, latestNow.get());
                } catch (SQLException e) {
                    throw new ConsentException(
                            "LEDGER_UNREADABLE", "the consent ledger could not be read; nothing may be sent now", e);
                }
            }
        };
    }
}
