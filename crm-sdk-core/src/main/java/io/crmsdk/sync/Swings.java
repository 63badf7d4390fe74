package io.crmsdk.sync;

import io.crmsdk.store.Store;
import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Notices fields that two systems write over and over again: the same value to one side, the same other value to the other. Their
 * values are kept as hashes.
 */
final class Swings {
    private final Store store;
    private final Dialect dialect;
    private final String pair;
    private final Limit limit;

    /**
     * When a field swings.
     *
     * @param most how often the writing may change sides
     * @param within in how long a time
     */
    record Limit(int most, Duration within) {}

    /** What is known of one field of a record. */
    private record Swing(
            long swings,
            Side last,
            @Nullable String toSource,
            @Nullable String toTarget,
            long sinceMicros) {
        private @Nullable String to(Side side) {
            return side == Side.SOURCE ? toSource : toTarget;
        }

        private static Swing first(Side side, String value, long now) {
            boolean source = side == Side.SOURCE;
            return new Swing(0, side, source ? value : null, source ? null : value, now);
        }

        /** After one more write: a series goes on as long as sides alternate and each gets what it got before. */
        private Swing then(Side side, String value, long now, long withinMicros) {
            String before = to(side);
            if (side == last || now - sinceMicros > withinMicros || (before != null && !before.equals(value))) {
                return first(side, value, now);
            }
            return new Swing(
                    swings + 1,
                    side,
                    side == Side.SOURCE ? value : toSource,
                    side == Side.TARGET ? value : toTarget,
                    sinceMicros);
        }
    }

    private record Place(String item, String field) {}

    Swings(Setup setup) {
        this.store = setup.store();
        this.dialect = Dialect.of(store);
        this.pair = setup.pair();
        this.limit = setup.swings();
    }

    /** Counts what was written, in the transaction that records it. */
    void count(Connection connection, List<Change> done) throws SQLException {
        List<Change> updates = done.stream()
                .filter(change -> change.kind().equals(Actions.UPDATE))
                .toList();
        if (updates.isEmpty()) {
            return;
        }
        long now = store.nowMicros(connection);
        long within = limit.within().toNanos() / 1000;
        Map<Place, Swing> known =
                known(connection, updates.stream().map(Swings::item).distinct().toList());
        Set<Place> touched = new HashSet<>();
        for (Change change : updates) {
            for (String path : change.changes().paths()) {
                Place place = new Place(item(change), path);
                String value = new Digest()
                        .line(String.valueOf(change.changes().get(path)))
                        .hex();
                Swing before = known.get(place);
                known.put(
                        place,
                        before == null
                                ? Swing.first(change.side(), value, now)
                                : before.then(change.side(), value, now, within));
                touched.add(place);
            }
        }
        keep(connection, List.copyOf(touched), known, now);
    }

    private static String item(Change change) {
        return Change.toTarget(String.valueOf(change.sourceId()));
    }

    private Map<Place, Swing> known(Connection connection, List<String> items) throws SQLException {
        Map<Place, Swing> known = new HashMap<>();
        Sql.inChunksOf(
                Sql.Owner.of("pair", pair),
                dialect,
                connection,
                "SELECT item, field, swings, side, to_source, to_target, since_us FROM crm_sync_swing WHERE ",
                List.of(),
                "item",
                items,
                statement -> {
                    try (ResultSet row = statement.executeQuery()) {
                        while (row.next()) {
                            known.put(
                                    new Place(row.getString(1), row.getString(2)),
                                    new Swing(
                                            row.getLong(3),
                                            Side.valueOf(row.getString(4)),
                                            row.getString(5),
                                            row.getString(6),
                                            row.getLong(7)));
                        }
                    }
                });
        return known;
    }

    private void keep(Connection connection, List<Place> places, Map<Place, Swing> swings, long now)
            throws SQLException {
        Sql.batch(
                connection,
                dialect.upsert(
                        "crm_sync_swing",
                        List.of("pair", "item", "field"),
                        List.of("swings", "side", "to_source", "to_target", "since_us", "last_us")),
                places,
                (statement, place) -> bind(statement, place, Objects.requireNonNull(swings.get(place)), now));
    }

    private void bind(PreparedStatement statement, Place place, Swing swing, long now) throws SQLException {
        statement.setString(1, pair);
        statement.setString(2, place.item());
        statement.setString(3, place.field());
        statement.setLong(4, swing.swings());
        statement.setString(5, swing.last().name());
        statement.setString(6, swing.toSource());
        statement.setString(7, swing.toTarget());
        statement.setLong(8, swing.sinceMicros());
        statement.setLong(9, now);
    }

    /** Adds the fields that swing to what is in conflict of these items. */
    void addTo(Map<String, Map<String, Diff.Ruling>> rulings, Connection connection, List<String> items)
            throws SQLException {
        Sql.inChunksOf(
                Sql.Owner.of("pair", pair),
                dialect,
                connection,
                "SELECT item, field FROM crm_sync_swing WHERE swings >= ? AND ",
                List.of((long) limit.most()),
                "item",
                items,
                statement -> {
                    try (ResultSet row = statement.executeQuery()) {
                        while (row.next()) {
                            Map<String, Diff.Ruling> ofItem =
                                    rulings.computeIfAbsent(row.getString(1), item -> new HashMap<>());
                            Diff.Ruling known = ofItem.get(row.getString(2));
                            ofItem.put(row.getString(2), known == null ? Diff.Ruling.SWINGS : known.swinging());
                        }
                    }
                });
    }

    /** A field that swings is written only when a person decided; then it is as good as any other. */
    void settled(Connection connection, String item, List<String> fields) throws SQLException {
        Sql.updateIn(
                connection,
                "DELETE FROM crm_sync_swing WHERE pair = ? AND item = ? AND swings >= ? AND field IN",
                List.<Object>of(pair, item, (long) limit.most()),
                fields);
    }

    /** Forgets what has not been written for long, except what waits for a person. */
    void forget(Connection connection) throws SQLException {
        Sql.update(
                connection,
                "DELETE FROM crm_sync_swing WHERE pair = ? AND last_us < ? AND NOT EXISTS (SELECT 1 FROM crm_sync_conflict c"
                        + " WHERE c.pair = crm_sync_swing.pair AND c.item = crm_sync_swing.item"
                        + " AND c.field = crm_sync_swing.field)",
                pair,
                store.nowMicros(connection) - limit.within().toNanos() / 1000);
    }
}
