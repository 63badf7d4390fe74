package io.crmsdk.suppression;

import io.crmsdk.consent.ContactKey;
import io.crmsdk.store.Store;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of a store that get no mail for reasons other than consent. An outbox that knows the list asks it with the consent
 * ledger, in the same transaction, before each hand-over; so an address that bounced gets nothing more of what is queued already.
 *
 * <p>A hard bounce and a complaint suppress at once; soft bounces when there were five of them over fourteen days or more without a
 * mail that arrived in between. Each event counts once, whoever repeats it. Thread-safe.
 */
public final class SuppressionList {
    private final Store store;
    private final SuppressionBook book;
    private final int softBounces;
    private final Duration softSpan;
    private final @Nullable Duration softExpiry;

    private SuppressionList(Builder builder) {
        this.store = builder.store;
        this.book = new SuppressionBook(builder.store);
        this.softBounces = builder.softBounces;
        this.softSpan = builder.softSpan;
        this.softExpiry = builder.softExpiry;
    }

    /** Returns the list of a store with the usual limits. */
    public static SuppressionList open(Store store) {
        return builder(store).build();
    }

    /** Begins a list with limits of its own. */
    public static Builder builder(Store store) {
        return new Builder(store);
    }

    /** Returns why an address gets no mail now; empty if it may get some. */
    public Optional<Suppression> find(ContactKey key) {
        return Optional.ofNullable(
                store.read(connection -> find(connection, List.of(key))).get(key));
    }

    /**
     * Returns those of some addresses that get no mail now.
     *
     * @param connection reads within this connection's transaction
     */
    public Map<ContactKey, Suppression> find(Connection connection, Collection<ContactKey> keys) throws SQLException {
        return book.find(connection, keys, store.nowMicros(connection));
    }

    /** As {@link #record(Connection, SuppressionEvent)}, in a transaction of its own. */
    public Optional<Suppression> record(SuppressionEvent event) {
        return store.inTransaction(connection -> record(connection, event));
    }

    /**
     * Records what was learned, in the transaction of a connection.
     *
     * @return the suppression, if the address is newly suppressed or for a stronger reason by it
     */
    public Optional<Suppression> record(Connection connection, SuppressionEvent event) throws SQLException {
        long now = store.nowMicros(connection);
        if (!book.keep(connection, event, now)) {
            return Optional.empty();
        }
        return switch (event.kind()) {
            case HARD_BOUNCE -> put(connection, event, SuppressionReason.HARD_BOUNCE, null, now);
            case COMPLAINT -> put(connection, event, SuppressionReason.COMPLAINT, null, now);
            case DELIVERED -> Optional.empty();
            case SOFT_BOUNCE -> {
                SuppressionBook.Softs softs = book.softs(connection, event.key());
                boolean enough = softs.count() >= softBounces && softs.span().compareTo(softSpan) >= 0;
                Instant expires = softExpiry == null ? null : book.instant(now).plus(softExpiry);
                yield enough ? put(connection, event, SuppressionReason.SOFT_BOUNCES, expires, now) : Optional.empty();
            }
        };
    }

    private Optional<Suppression> put(
            Connection connection,
            SuppressionEvent event,
            SuppressionReason reason,
            @Nullable Instant expires,
            long now)
            throws SQLException {
        Suppression suppression =
                new Suppression(event.key(), reason, event.source(), event.evidence(), book.instant(now), expires);
        return book.put(connection, suppression, now) ? Optional.of(suppression) : Optional.empty();
    }

    /**
     * Puts an address aside by hand.
     *
     * @param by who decided it
     * @param why for the audit
     * @param expires when it ends by itself; null if never
     */
    public Suppression suppress(ContactKey key, String by, String why, @Nullable Instant expires) {
        return store.inTransaction(connection -> {
            long now = store.nowMicros(connection);
            Suppression suppression =
                    new Suppression(key, SuppressionReason.STAFF, by, why, book.instant(now), expires);
            book.audit(connection, key, "SUPPRESSED", by, why, now);
            book.put(connection, suppression, now);
            return Objects.requireNonNull(
                    book.find(connection, List.of(key), now).getOrDefault(key, suppression));
        });
    }

    /**
     * Takes an address off the list. It permits nothing that consent forbids, and soft bounces from before count no more.
     *
     * @param by who decided it
     * @param why for the audit
     * @return false if the address was not on the list
     */
    public boolean lift(ContactKey key, String by, String why) {
        return store.inTransaction(connection -> {
            boolean lifted = book.remove(connection, key);
            if (lifted) {
                book.audit(connection, key, "LIFTED", by, why, store.nowMicros(connection));
            }
            return lifted;
        });
    }

    /** Returns what is known of an address, oldest first, each as one line for people without the address. */
    public List<String> history(ContactKey key) {
        return store.read(connection -> book.history(connection, key));
    }

    /**
     * Writes all that is suppressed as JSON Lines: {@code {"address","channel","reason","source","evidence","since","expires"?}}.
     *
     * @return how many
     */
    public long export(OutputStream out) throws IOException {
        return SuppressionLines.write(store.read(book::all), out);
    }

    /**
     * Reads such lines, as {@link SuppressionReason#IMPORTED} unless they state another reason. What is on the list stays on it.
     * All or nothing.
     *
     * @param source who says so, for example the file's name
     * @return how many addresses are newly suppressed
     * @throws SuppressionException {@code SUPPRESSION_LINE} if a line is none, with its number; nothing was changed
     */
    public long importFrom(InputStream in, String source) throws IOException {
        List<Suppression> read = SuppressionLines.read(in, source);
        return store.inTransaction(connection -> {
            long now = store.nowMicros(connection);
            long fresh = 0;
            for (Suppression each : read) {
                if (book.put(connection, each, now)) {
                    book.audit(connection, each.key(), "IMPORTED", source, each.evidence(), now);
                    fresh++;
                }
            }
            return fresh;
        });
    }

    /** Collects the limits; not thread-safe. */
    public static final class Builder {
        private final Store store;
        private int softBounces = 5;
        private Duration softSpan = Duration.ofDays(14);
        private @Nullable Duration softExpiry;

        private Builder(Store store) {
            this.store = Objects.requireNonNull(store, "store");
        }

        /**
         * When soft bounces suppress an address; five over fourteen days if not said.
         *
         * @param bounces how many at least
         * @param span from the first to the last at least
         */
        public Builder softBounces(int bounces, Duration span) {
            if (bounces < 1 || span.isNegative()) {
                throw new IllegalArgumentException("expected at least one bounce and no negative span");
            }
            this.softBounces = bounces;
            this.softSpan = span;
            return this;
        }

        /** How long an address stays suppressed for soft bounces; for ever if not said. */
        public Builder softExpiry(Duration expiry) {
            if (expiry.isNegative() || expiry.isZero()) {
                throw new IllegalArgumentException("expected a time after which it ends");
            }
            this.softExpiry = expiry;
            return this;
        }

        /** The list. */
        public SuppressionList build() {
            return new SuppressionList(this);
        }
    }
}
