package io.crmsdk.consent;

import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns the states of lists that are only ever asked ("unsubscribed") into acts.
 *
 * <p>An id made of the state alone would hide the second real unsubscribe; one made anew at each look would suppress a person
 * for ever who agreed again. So the id counts the transitions that were seen, and carries the ledger's incarnation, because a
 * restore may forget some of them.
 */
final class Polls {
    private static final List<String> KEY = List.of("list_id", "key_id");
    private static final List<String> OTHERS = List.of("refused", "version", "transition");

    private final Dialect dialect;
    private final Pepper pepper;

    Polls(Dialect dialect, Pepper pepper) {
        this.dialect = dialect;
        this.pepper = pepper;
    }

    /**
     * The opt-outs that these states say beyond what was seen before.
     *
     * @param head locked by the caller, so that nobody else counts meanwhile
     */
    List<OptOut> acts(
            Connection connection, Head head, String tool, String list, Scope scope, Collection<PolledStatus> statuses)
            throws SQLException {
        String listId = listId(tool, list);
        Map<String, PolledStatus> byKey = byKey(statuses);
        Map<String, Seen> before = seen(connection, listId, byKey.keySet());
        List<Seen> now = new ArrayList<>();
        List<OptOut> acts = new ArrayList<>();
        byKey.forEach((key, status) -> {
            Seen was = before.getOrDefault(key, new Seen(key, false, null, 0));
            Seen is = was.then(status);
            if (is.transition > was.transition) {
                acts.add(act(head, tool, listId, scope, status, is));
            }
            if (!is.equals(was)) {
                now.add(is);
            }
        });
        store(connection, listId, now);
        return acts;
    }

    /**
     * Takes states as seen that no person brought about.
     *
     * @param statuses the head is locked by the caller
     */
    void note(Connection connection, String tool, String list, Collection<PolledStatus> statuses) throws SQLException {
        String listId = listId(tool, list);
        Map<String, PolledStatus> byKey = byKey(statuses);
        Map<String, Seen> before = seen(connection, listId, byKey.keySet());
        List<Seen> now = new ArrayList<>();
        byKey.forEach((key, status) -> now.add(new Seen(
                key,
                status.optedOut(),
                status.version(),
                before.getOrDefault(key, new Seen(key, false, null, 0)).transition)));
        store(connection, listId, now);
    }

    private String listId(String tool, String list) {
        return pepper.hex("list\n" + tool.length() + ":" + tool + list);
    }

    private Map<String, PolledStatus> byKey(Collection<PolledStatus> statuses) {
        Map<String, PolledStatus> byKey = new LinkedHashMap<>();
        statuses.forEach(status -> byKey.merge(pepper.hash(status.key()).text(), status, Polls::moreRestrictive));
        return byKey;
    }

    private void store(Connection connection, String listId, List<Seen> now) throws SQLException {
        Sql.batch(connection, dialect.upsert("crm_consent_poll", KEY, OTHERS), now, (statement, seen) -> {
            statement.setString(1, listId);
            statement.setString(2, seen.key);
            statement.setInt(3, seen.refused ? 1 : 0);
            statement.setString(4, seen.version);
            statement.setLong(5, seen.transition);
        });
    }

    private static PolledStatus moreRestrictive(PolledStatus one, PolledStatus other) {
        return one.optedOut() ? one : other;
    }

    private OptOut act(Head head, String tool, String listId, Scope scope, PolledStatus status, Seen is) {
        String id = pepper.eventId(
                "poll:" + Sources.slug(tool),
                listId,
                is.key,
                String.valueOf(head.incarnation()),
                String.valueOf(is.transition));
        return new OptOut(
                id,
                Set.of(status.key()),
                scope,
                OptOutReason.UNSUBSCRIBE,
                Sources.of("poll", tool),
                null,
                ConsentEvidence.builder()
                        .method("status of a list that was asked for")
                        .build());
    }

    private Map<String, Seen> seen(Connection connection, String listId, Collection<String> keys) throws SQLException {
        Map<String, Seen> seen = new HashMap<>();
        Sql.inChunks(
                connection,
                "SELECT key_id, refused, version, transition FROM crm_consent_poll WHERE list_id = ? AND key_id IN",
                dialect.currentRead(),
                List.of(listId),
                List.copyOf(keys),
                statement -> {
                    try (ResultSet row = statement.executeQuery()) {
                        while (row.next()) {
                            String key = row.getString(1);
                            seen.put(key, new Seen(key, row.getInt(2) != 0, row.getString(3), row.getLong(4)));
                        }
                    }
                });
        return seen;
    }

    /** What was last seen of one key on one list. */
    private record Seen(
            String key, boolean refused, @Nullable String version, long transition) {
        /** A no that was not there, or is there by another act of which the tool tells the version, is a new act. */
        Seen then(PolledStatus status) {
            boolean anew = status.optedOut()
                    && (!refused || (status.version() != null && !Objects.equals(status.version(), version)));
            return new Seen(key, status.optedOut(), status.version(), anew ? transition + 1 : transition);
        }
    }
}
