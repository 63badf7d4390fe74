package io.crmsdk.campaign;

import io.crmsdk.consent.ConsentException;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.Scope;
import io.crmsdk.delivery.Delivery;
import io.crmsdk.delivery.DeliveryQuery;
import io.crmsdk.delivery.DeliveryState;
import io.crmsdk.delivery.EnqueueAnswer;
import io.crmsdk.delivery.Message;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.store.Store;
import io.crmsdk.suppression.SuppressionList;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The campaigns of a store.
 *
 * <p>{@link #prepare} writes the whole audience down, each address once, and looks at it: how many there are, how that compares with
 * the last run of the same series and with all who could be reached, and whether it reaches those whom the last run reached. What is
 * unexpected is held with its reasons and samples until a person approves exactly that audience by its hash. Nothing is queued before.
 *
 * <p>{@link #step} hands the next members to the outbox, in the same transaction in which the campaign remembers that it did, so that a
 * process may die at any moment and nobody is left out or written to twice. Only a window of them waits in the outbox at once: so other
 * messages are not held up, and {@link #pause} and {@link #cancel} take back at once what has not left. Each message still passes
 * consent and suppression when it leaves.
 *
 * <p>Thread-safe; several processes may run steps of one campaign.
 */
public final class Campaigns {
    private static final int BATCH = 500;
    private static final int MOST_BROKEN = 50;

    private final Store store;
    private final Outbox outbox;
    private final CampaignBook book;
    private final @Nullable ConsentLedger ledger;
    private final @Nullable SuppressionList suppression;

    private Campaigns(Builder builder) {
        this.store = builder.store;
        this.outbox = builder.outbox;
        this.book = new CampaignBook(builder.store);
        this.ledger = builder.ledger;
        this.suppression = builder.suppression;
    }

    /**
     * Begins the campaigns of a store.
     *
     * @param outbox of the same store
     */
    public static Builder builder(Store store, Outbox outbox) {
        return new Builder(store, outbox);
    }

    /** Writes the message to one member. */
    @FunctionalInterface
    public interface Writer {
        /**
         * Writes it.
         *
         * @param key the idempotency key that the message must have
         */
        Message write(CampaignMember member, String key);
    }

    /**
     * Writes an audience down and looks at it; queues nothing. Memory does not grow with the audience.
     *
     * @param audience read once, from the first to the last
     * @return the counts, samples and reasons; {@link CampaignState#HELD} if anything is unexpected
     * @throws CampaignException {@code CAMPAIGN_EXISTS} if there is a campaign of this id
     */
    public CampaignPreview prepare(CampaignSpec spec, Iterator<CampaignMember> audience) {
        store.inTransaction(connection -> {
            book.create(connection, spec, store.nowMicros(connection));
            return true;
        });
        Gathering gathering = new Gathering(spec);
        List<CampaignMember> batch = new ArrayList<>(BATCH);
        while (audience.hasNext()) {
            batch.add(audience.next());
            if (batch.size() == BATCH) {
                gather(spec, gathering, batch);
                batch.clear();
            }
        }
        gather(spec, gathering, batch);
        return store.inTransaction(connection -> judge(connection, spec, gathering));
    }

    private void gather(CampaignSpec spec, Gathering gathering, List<CampaignMember> batch) {
        Gathering before = gathering.copy();
        store.inTransaction(connection -> {
            gathering.reset(before); // the transaction may run again
            List<ContactKey> keys = new ArrayList<>();
            for (CampaignMember member : batch) {
                ContactKey key = key(member);
                if (key == null) {
                    gathering.unreadable++;
                } else if (book.add(connection, spec.id(), gathering.members + 1, key, member)) {
                    gathering.add(key, member);
                    keys.add(key);
                } else {
                    gathering.duplicates++;
                }
            }
            count(connection, spec, gathering, keys);
            return true;
        });
    }

    private static @Nullable ContactKey key(CampaignMember member) {
        try {
            return ContactKey.parse(member.address());
        } catch (ConsentException e) {
            return null;
        }
    }

    private void count(Connection connection, CampaignSpec spec, Gathering gathering, List<ContactKey> keys)
            throws SQLException {
        if (ledger != null && spec.scope() != null && !keys.isEmpty()) {
            gathering.withoutConsent += ledger.decide(connection, Scope.of(spec.scope()), keys).values().stream()
                    .filter(decision -> !decision.allowed())
                    .count();
        }
        if (suppression != null && !keys.isEmpty()) {
            gathering.suppressed += suppression.find(connection, keys).size();
        }
    }

    private CampaignPreview judge(Connection connection, CampaignSpec spec, Gathering gathering) throws SQLException {
        CampaignBook.Last last = book.last(connection, spec);
        List<String> held = Expectations.unmet(spec, gathering.members, last);
        CampaignState state = held.isEmpty() ? CampaignState.READY : CampaignState.HELD;
        String hash = gathering.hash();
        book.judged(connection, spec.id(), state, hash, gathering.members, String.join("\n", held));
        return new CampaignPreview(
                spec.id(),
                state,
                hash,
                gathering.members,
                gathering.duplicates,
                gathering.unreadable,
                gathering.withoutConsent,
                gathering.suppressed,
                last.members(),
                last.shared(),
                held,
                book.samples(connection, spec.id(), gathering.members));
    }

    /**
     * Lets a held campaign go on.
     *
     * @param hash of the preview that was looked at
     * @param by who looked at it
     * @param why for the audit
     * @throws CampaignException {@code CAMPAIGN_STATE} if it is not held; {@code CAMPAIGN_HASH} if that is not its audience
     */
    public void approve(String id, String hash, String by, String why) {
        store.inTransaction(connection -> {
            CampaignBook.Row row = book.lock(connection, id);
            expect(row, CampaignState.HELD);
            if (!row.hash().equals(hash)) {
                throw new CampaignException(
                        "CAMPAIGN_HASH",
                        "campaign " + id + ": the hash is of another audience; nothing was approved, look at it again",
                        null);
            }
            book.move(connection, id, CampaignState.READY, "", store.nowMicros(connection));
            book.audit(connection, id, "APPROVED", by, why, store.nowMicros(connection));
            return true;
        });
    }

    /**
     * Hands the next members to the outbox, as many as fit into the window. Call it again and again until the campaign is final or
     * paused, with a pause when it returns with nothing changed.
     *
     * @return where the campaign stands then
     * @throws CampaignException {@code CAMPAIGN_STATE} if it is held, paused or was never prepared to the end
     */
    public CampaignProgress step(String id, Writer writer) {
        store.inTransaction(connection -> {
            CampaignBook.Row row = book.lock(connection, id);
            long now = store.nowMicros(connection);
            if (row.state() == CampaignState.READY) {
                book.start(connection, id, now);
            } else if (row.state().isFinal()) {
                return false;
            } else {
                expect(row, CampaignState.RUNNING);
            }
            long room = row.window() - stillOpen(connection, id);
            if (room > 0) {
                hand(connection, row, writer, (int) Math.min(room, BATCH), now);
            }
            if (book.isDone(connection, id)) {
                book.move(connection, id, CampaignState.FINISHED, "", now);
            }
            return true;
        });
        outbox.wake();
        return progress(id);
    }

    /** Notes which members are finished and returns how many are not. */
    private long stillOpen(Connection connection, String id) throws SQLException {
        List<CampaignBook.Open> queued = book.in(connection, id, "Q");
        Set<String> open = outbox.open(
                connection, queued.stream().map(CampaignBook.Open::messageId).toList());
        for (CampaignBook.Open one : queued) {
            if (!open.contains(one.messageId())) {
                book.done(connection, id, one.ordinal());
            }
        }
        return open.size();
    }

    private void hand(Connection connection, CampaignBook.Row row, Writer writer, int most, long now)
            throws SQLException {
        List<CampaignBook.Waiting> next = book.next(connection, row.id(), most);
        List<Message> messages = new ArrayList<>();
        List<CampaignBook.Waiting> written = new ArrayList<>();
        int broken = 0;
        for (CampaignBook.Waiting waiting : next) {
            String key = "campaign/" + row.id() + "/" + waiting.ordinal() + "/" + waiting.round();
            try {
                messages.add(checked(row, writer.write(waiting.member(), key), key));
                written.add(waiting);
            } catch (CampaignException e) {
                throw e;
            } catch (RuntimeException e) {
                book.failed(
                        connection, row.id(), waiting.ordinal(), e.getClass().getSimpleName());
                broken++;
            }
        }
        List<EnqueueAnswer> answers = outbox.enqueueAll(connection, messages);
        for (int i = 0; i < answers.size(); i++) {
            EnqueueAnswer answer = answers.get(i);
            if (answer instanceof EnqueueAnswer.Ack ack) {
                book.queued(connection, row.id(), written.get(i).ordinal(), ack.messageId());
            } else {
                String code = answer instanceof EnqueueAnswer.Reject reject ? reject.code() : "UNKNOWN";
                book.failed(connection, row.id(), written.get(i).ordinal(), code);
                broken++;
            }
        }
        if (broken > MOST_BROKEN && broken > next.size() / 2) {
            book.move(
                    connection,
                    row.id(),
                    CampaignState.PAUSED,
                    broken + " of " + next.size() + " messages could not be written or stored",
                    now);
        }
    }

    /** A message under another key, to another person or of another kind would undo what was looked at. */
    private static Message checked(CampaignBook.Row row, Message message, String key) {
        boolean kind = Objects.equals(row.scope(), message.scope());
        if (!message.key().equals(key) || !kind || message.recipients().size() != 1) {
            throw new CampaignException(
                    "CAMPAIGN_MESSAGE",
                    "campaign " + row.id()
                            + ": the writer must give one recipient, the key that it was given and the scope "
                            + row.scope() + "; nothing of this step was queued",
                    null);
        }
        return message;
    }

    /**
     * Stops a running campaign at once: what waits in the outbox and has not left is taken back and goes out after {@link #resume}.
     *
     * @return how many were taken back
     */
    public int pause(String id, String by, String why) {
        return stop(id, CampaignState.PAUSED, by, why);
    }

    /**
     * Gives a campaign up: what has not left never will.
     *
     * @return how many waiting messages were withdrawn
     */
    public int cancel(String id, String by, String why) {
        return stop(id, CampaignState.CANCELLED, by, why);
    }

    private int stop(String id, CampaignState to, String by, String why) {
        List<CampaignBook.Open> open = store.inTransaction(connection -> {
            CampaignBook.Row row = book.lock(connection, id);
            long now = store.nowMicros(connection);
            if (row.state().isFinal()) {
                throw state(row, "already " + row.state());
            }
            if (to == CampaignState.PAUSED) {
                expect(row, CampaignState.RUNNING);
            }
            book.move(connection, id, to, why, now);
            book.audit(connection, id, to.name(), by, why, now);
            // Whatever is withdrawn from now on is withdrawn by this, also if this process dies before it could note
            // it.
            book.taking(connection, id);
            return book.in(connection, id, "T");
        });
        int back = 0;
        String reason = "campaign " + id + " " + to.name().toLowerCase(Locale.ROOT);
        for (CampaignBook.Open one : open) {
            for (Delivery delivery : deliveries(one)) {
                back += outbox.cancel(delivery.id(), by, reason) ? 1 : 0;
            }
        }
        settleTaken(id);
        return back;
    }

    private List<Delivery> deliveries(CampaignBook.Open one) {
        return outbox.deliveries(DeliveryQuery.all().messageId(one.messageId())).toList();
    }

    /** Members whose messages were taken back wait again; those whose messages had left are what they became. */
    private void settleTaken(String id) {
        Map<CampaignBook.Open, DeliveryState> taken = new LinkedHashMap<>();
        for (CampaignBook.Open one : store.read(connection -> book.in(connection, id, "T"))) {
            deliveries(one).forEach(delivery -> taken.put(one, delivery.state()));
        }
        store.inTransaction(connection -> {
            boolean over = book.lock(connection, id).state().isFinal();
            for (Map.Entry<CampaignBook.Open, DeliveryState> each : taken.entrySet()) {
                long ordinal = each.getKey().ordinal();
                if (each.getValue() == DeliveryState.CANCELLED && !over) {
                    book.takenBack(connection, id, ordinal);
                } else if (each.getValue().isFinal()) {
                    book.done(connection, id, ordinal);
                } else {
                    book.left(connection, id, ordinal);
                }
            }
            return true;
        });
    }

    /**
     * Lets a paused campaign go on.
     *
     * @throws CampaignException {@code CAMPAIGN_STATE} if it is not paused
     */
    public void resume(String id, String by, String why) {
        settleTaken(id);
        store.inTransaction(connection -> {
            CampaignBook.Row row = book.lock(connection, id);
            expect(row, CampaignState.PAUSED);
            long now = store.nowMicros(connection);
            book.move(connection, id, CampaignState.RUNNING, "", now);
            book.audit(connection, id, "RESUMED", by, why, now);
            return true;
        });
    }

    /**
     * Changes how many messages wait in the outbox at once, from the next step on.
     *
     * @throws IllegalArgumentException unless 1 to 100,000
     */
    public void window(String id, int messages) {
        if (messages < 1 || messages > 100_000) {
            throw new IllegalArgumentException(
                    "campaign " + id + ": expected a window of 1 to 100,000, got " + messages);
        }
        store.inTransaction(connection -> {
            book.lock(connection, id);
            book.window(connection, id, messages);
            return true;
        });
    }

    /**
     * Returns how far a campaign is.
     *
     * @throws CampaignException {@code CAMPAIGN_UNKNOWN} if there is none of this id
     */
    public CampaignProgress progress(String id) {
        return store.read(connection -> book.progress(connection, id, store.nowMicros(connection)));
    }

    /** Returns who did what to a campaign, oldest first, one line each. */
    public List<String> history(String id) {
        return store.read(connection -> book.history(connection, id));
    }

    private static void expect(CampaignBook.Row row, CampaignState state) {
        if (row.state() != state) {
            throw state(row, "expected " + state + ", is " + row.state());
        }
    }

    private static CampaignException state(CampaignBook.Row row, String what) {
        return new CampaignException(
                "CAMPAIGN_STATE", "campaign " + row.id() + ": " + what + "; nothing was changed", null);
    }

    /** Collects what campaigns work with; not thread-safe. */
    public static final class Builder {
        private final Store store;
        private final Outbox outbox;
        private @Nullable ConsentLedger ledger;
        private @Nullable SuppressionList suppression;

        private Builder(Store store, Outbox outbox) {
            this.store = Objects.requireNonNull(store, "store");
            this.outbox = Objects.requireNonNull(outbox, "outbox");
        }

        /** The ledger that previews ask; the outbox asks its own when a message leaves. */
        public Builder consent(ConsentLedger ledger) {
            this.ledger = Objects.requireNonNull(ledger, "ledger");
            return this;
        }

        /** The list that previews ask. */
        public Builder suppression(SuppressionList list) {
            this.suppression = Objects.requireNonNull(list, "list");
            return this;
        }

        /** The campaigns. */
        public Campaigns build() {
            return new Campaigns(this);
        }
    }
}
