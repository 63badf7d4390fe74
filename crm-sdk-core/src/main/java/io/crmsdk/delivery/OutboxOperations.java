package io.crmsdk.delivery;

import io.crmsdk.internal.Micros;
import io.crmsdk.store.Store;
import io.crmsdk.store.StoreException;
import io.crmsdk.store.internal.Dialect;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What one person does to an outbox by hand. Everything that changes something is written to the audit in the same transaction,
 * with who, when, what and why; nothing removes a line from it. Thread-safe.
 *
 * <pre>{@code
 * outbox.operations("eva").replay(deliveryId, CopyRisk.NONE, "the mailbox was full, they made room");
 * }</pre>
 */
public final class OutboxOperations {
    private final Store store;
    private final Outbox outbox;
    private final Settler settler;
    private final String by;

    OutboxOperations(Store store, Outbox outbox, Settler settler, String by) {
        this.store = store;
        this.outbox = outbox;
        this.settler = settler;
        this.by = needed("by", by, 100);
    }

    private static String needed(String what, String text, int most) {
        String cleaned = Texts.cut(Texts.clean(text), most);
        if (cleaned.isEmpty()) {
            throw new IllegalArgumentException("an action by hand needs " + what + " for the audit, got nothing");
        }
        return cleaned;
    }

    private static String why(String why) {
        return needed("why", why, 1000);
    }

    /**
     * Sends a delivery again, now. Limits on attempts and time begin anew; consent, suppression and expiry are asked as ever.
     *
     * @param risk {@link CopyRisk#ACCEPTED} is needed for what is in doubt; such a delivery stays {@link
     *     DeliveryState#UNCONFIRMED} until it is sent, and is a {@linkplain Delivery#possibleDuplicate() possible duplicate} then
     * @param why one line for the audit
     * @return the delivery afterwards
     * @throws DeliveryException and nothing is changed: {@code REPLAY_COPY_POSSIBLE} if it is in doubt and no copy was accepted;
     *     {@code REPLAY_ALREADY_TAKEN} if a server took it; {@code REPLAY_IN_WINDOW} if it is leaving now; {@code
     *     REPLAY_NOT_NEEDED} if it was not tried yet; {@code REPLAY_EXPIRED}; {@code REPLAY_REPLACED}; and as {@link
     *     Outbox#settle}
     */
    public Delivery replay(String deliveryId, CopyRisk risk, String why) {
        String reason = why(why);
        settler.change(
                deliveryId, audited(OperatorAction.Kind.REPLAY, reason, () -> "", (connection, standing, nowUs) -> {
                    DeliveryState state = settler.again(connection, standing, risk, nowUs);
                    if (state == null) {
                        return Settler.Result.OVERTAKEN;
                    }
                    settler.append(connection, standing, state, true, by, "sent again: " + reason, null, null, nowUs);
                    return Settler.Result.CHANGED;
                }));
        outbox.wake();
        return outbox.announce(deliveryId);
    }

    /**
     * Puts a corrected message in the place of a delivery: the one is withdrawn and the other stored, or neither.
     *
     * <p>Begin with {@link #message} and {@link Message#rewrite}. The other recipients of the message keep theirs.
     *
     * @param corrected under a key of its own; the same call repeated changes nothing more
     * @param risk as for {@link #replay}; what is in doubt stays so, without a repeat
     * @return what became of the corrected message; unless it is a new {@link EnqueueAnswer.Ack}, nothing was withdrawn
     * @throws DeliveryException {@code REPLACE_SAME_KEY} if it has the key of the message that it replaces; {@code
     *     REPLAY_REPLACED} if another took its place already; and as {@link #replay}
     */
    public EnqueueAnswer replace(String deliveryId, Message corrected, CopyRisk risk, String why) {
        String reason = why(why);
        refuseSameKey(deliveryId, corrected);
        List<EnqueueAnswer> answers = new ArrayList<>();
        settler.change(deliveryId, (connection, standing, nowUs) -> {
            answers.clear();
            EnqueueAnswer answer = outbox.insertOne(connection, corrected);
            answers.add(answer);
            if (!(answer instanceof EnqueueAnswer.Ack ack) || ack.duplicate()) {
                return Settler.Result.UNCHANGED;
            }
            return audited(OperatorAction.Kind.REPLACE, reason, ack::messageId, withdrawing(ack, risk, reason))
                    .make(connection, standing, nowUs);
        });
        outbox.wake();
        if (answers.get(0) instanceof EnqueueAnswer.Ack ack && !ack.duplicate()) {
            outbox.announce(deliveryId);
        }
        return answers.get(0);
    }

    private void refuseSameKey(String deliveryId, Message corrected) {
        if (outbox.delivery(deliveryId)
                .filter(old -> old.key().equals(corrected.key()))
                .isPresent()) {
            throw new DeliveryException(
                    "REPLACE_SAME_KEY",
                    "delivery " + deliveryId + ": a corrected message needs a key of its own, got that of the old one;"
                            + " nothing was changed",
                    null);
        }
    }

    private Settler.Change withdrawing(EnqueueAnswer.Ack ack, CopyRisk risk, String reason) {
        return (connection, standing, nowUs) -> {
            Replay.refuseTaken(standing, risk);
            String other = Audit.replacement(connection, standing.deliveryId());
            if (other != null) {
                throw Replay.refused(standing, "REPLAY_REPLACED", "message " + other + " took its place already");
            }
            boolean doubtful = standing.state() == DeliveryState.UNCONFIRMED;
            DeliveryState to = doubtful ? DeliveryState.UNCONFIRMED : DeliveryState.CANCELLED;
            boolean moved = doubtful
                    ? Settler.hold(connection, standing)
                    : settler.move(connection, standing, DeliveryState.CANCELLED, nowUs) != null;
            if (!moved) {
                throw new DeliveryException(
                        "DELIVERY_BUSY",
                        "delivery " + standing.deliveryId() + " changed meanwhile; nothing was changed, try again",
                        null);
            }
            String detail = "replaced by message " + ack.messageId() + ": " + reason;
            settler.append(connection, standing, to, true, by, detail, null, null, nowUs);
            return Settler.Result.CHANGED;
        };
    }

    /**
     * The message of a delivery as it goes to this recipient alone, with its content: for looking at it, or for correcting it.
     *
     * @throws DeliveryException {@code UNKNOWN_DELIVERY} if there is no such delivery; {@code MESSAGE_UNREADABLE} if it is damaged
     *     or of a newer version; {@code STORE_UNREADABLE}
     */
    public Message message(String deliveryId) {
        Delivery delivery = outbox.delivery(deliveryId).orElseThrow(() -> unknown(deliveryId));
        Message read;
        try {
            read = store.read(connection -> new MessageReader()
                    .read(connection, Map.of(delivery.messageId(), delivery.recipient()))
                    .get(delivery.messageId()));
        } catch (StoreException e) {
            throw new DeliveryException("STORE_UNREADABLE", "the message could not be read", e);
        }
        if (read == null) {
            throw new DeliveryException(
                    "MESSAGE_UNREADABLE",
                    "message " + delivery.messageId() + " is damaged or was written by a newer version",
                    null);
        }
        return read.rewrite(read.key()).to(delivery.recipient()).build();
    }

    private static DeliveryException unknown(String deliveryId) {
        return new DeliveryException("UNKNOWN_DELIVERY", "there is no delivery " + deliveryId, null);
    }

    /**
     * Settles a delivery by what this person found at the other side, as {@link Outbox#settle}.
     *
     * @param evidence what the other side says
     * @param why how it was found
     */
    public Delivery settle(String deliveryId, Confirmation.Verdict verdict, Evidence evidence, String why) {
        Confirmation confirmation = new Confirmation(verdict, evidence, by, why);
        boolean changed = settler.change(
                deliveryId,
                audited(OperatorAction.Kind.SETTLE, why(why), verdict::name, settler.settling(confirmation)));
        outbox.wake();
        return changed
                ? outbox.announce(deliveryId)
                : outbox.delivery(deliveryId).orElseThrow(() -> unknown(deliveryId));
    }

    /**
     * Withdraws a delivery that has not left and of which no attempt is in doubt, as {@link Outbox#cancel}.
     *
     * @return false if it was too late; then there is no line in the audit
     */
    public boolean cancel(String deliveryId, String why) {
        String reason = why(why);
        boolean cancelled = settler.change(
                deliveryId, audited(OperatorAction.Kind.CANCEL, reason, () -> "", settler.cancelling(by, reason)));
        if (cancelled) {
            outbox.announce(deliveryId);
        }
        return cancelled;
    }

    private Settler.Change audited(
            OperatorAction.Kind kind, String why, Supplier<String> detail, Settler.Change change) {
        return (connection, standing, nowUs) -> {
            Settler.Result result = change.make(connection, standing, nowUs);
            if (result == Settler.Result.CHANGED) {
                Standing after = Standing.read(connection, standing.deliveryId());
                note(
                        connection,
                        kind,
                        standing.deliveryId(),
                        standing.state(),
                        after == null ? null : after.state(),
                        why,
                        detail.get(),
                        nowUs);
            }
            return result;
        };
    }

    private void note(
            Connection connection,
            OperatorAction.Kind kind,
            @Nullable String deliveryId,
            @Nullable DeliveryState before,
            @Nullable DeliveryState after,
            String why,
            String detail,
            long nowUs)
            throws SQLException {
        Audit.append(
                connection,
                new OperatorAction(Micros.instant(nowUs), kind, deliveryId, before, after, by, why, detail));
    }

    /**
     * Stops all claims of this store, on every machine, within a poll of each pool; what is in its window ends, what was claimed
     * and has not begun is given back. Messages can be stored meanwhile. It lasts through restarts, until {@link #resume}.
     *
     * @return the pause; the first one if it was stopped already
     * @throws DeliveryException {@code STORE_UNWRITABLE}; repeating is safe
     */
    public OutboxPause pause(String why) {
        String reason = why(why);
        return write(connection -> {
            long nowUs = store.nowMicros(connection);
            OutboxPause pause = new OutboxPause(Micros.instant(nowUs), by, reason);
            if (Pauses.pause(connection, Dialect.of(store), pause)) {
                note(connection, OperatorAction.Kind.PAUSE, null, null, null, reason, "", nowUs);
                return pause;
            }
            OutboxPause first = Pauses.read(connection);
            return first == null ? pause : first;
        });
    }

    /**
     * Keeps back what goes to one destination, on every machine, within a poll of each pool; what is in its window ends, everything else
     * goes on. Deliveries to it can be stored meanwhile; each is met once by a worker and then waits. It lasts through restarts, until
     * {@link #resumeDestination}.
     *
     * @param destination what addresses have behind the at sign, such as {@code example.com}, in any case and script
     * @return the pause; the first one if it was stopped already
     * @throws IllegalArgumentException if that is no destination
     * @throws DeliveryException {@code STORE_UNWRITABLE}; repeating is safe
     */
    public OutboxPause pauseDestination(String destination, String why) {
        String reason = why(why);
        String to = Pauses.destination(destination);
        return write(connection -> {
            long nowUs = store.nowMicros(connection);
            OutboxPause pause = new OutboxPause(Micros.instant(nowUs), by, reason);
            if (Pauses.pause(connection, Dialect.of(store), to, pause)) {
                note(connection, OperatorAction.Kind.PAUSE, null, null, null, reason, "destination " + to, nowUs);
                return pause;
            }
            return Pauses.destinations(connection).getOrDefault(to, pause);
        });
    }

    /**
     * Lets what goes to a destination go on; what waited for it is due at once.
     *
     * @return false if it was not stopped; then there is no line in the audit
     * @throws IllegalArgumentException if that is no destination
     * @throws DeliveryException {@code STORE_UNWRITABLE}; repeating is safe, and workers let go what this could not
     */
    public boolean resumeDestination(String destination, String why) {
        String reason = why(why);
        String to = Pauses.destination(destination);
        boolean resumed = write(connection -> {
            boolean was = Pauses.resume(connection, to);
            if (was) {
                long nowUs = store.nowMicros(connection);
                note(connection, OperatorAction.Kind.RESUME, null, null, null, reason, "destination " + to, nowUs);
            }
            return was;
        });
        try {
            new Parked(store).release();
        } catch (StoreException e) {
            throw new DeliveryException(
                    "STORE_UNWRITABLE",
                    "destination " + to
                            + " is resumed, but what waited for it could not all be let go; workers do that",
                    e);
        }
        outbox.wake();
        return resumed;
    }

    /**
     * Lets claims go on, within a poll of each pool.
     *
     * @return false if it was not stopped; then there is no line in the audit
     * @throws DeliveryException {@code STORE_UNWRITABLE}; repeating is safe
     */
    public boolean resume(String why) {
        String reason = why(why);
        boolean resumed = write(connection -> {
            boolean was = Pauses.resume(connection);
            if (was) {
                long nowUs = store.nowMicros(connection);
                note(connection, OperatorAction.Kind.RESUME, null, null, null, reason, "", nowUs);
            }
            return was;
        });
        outbox.wake();
        return resumed;
    }

    private <T> T write(Store.Work<T> work) {
        try {
            return store.inTransaction(work);
        } catch (StoreException e) {
            throw new DeliveryException("STORE_UNWRITABLE", "the outbox could not be changed; repeating is safe", e);
        }
    }

    /**
     * Archives what has been final for long enough and takes it out of the store, beside whatever else goes on. Nothing is taken out
     * before the archive has kept it; what is not final, in doubt or young stays, whatever the clock of this host says.
     *
     * <p>A key is recognised after its message is gone: enqueued again, it is acknowledged as a duplicate, with ids that can no longer be
     * looked up. The audit stays, with a line for each batch.
     *
     * @param archive where it goes
     * @throws IOException if the archive failed; what it had kept before is taken out, nothing else
     * @throws DeliveryException {@code STORE_UNWRITABLE}; repeating is safe
     */
    public RetentionReport retain(Retention retention, DeliveryArchive archive, String why) throws IOException {
        String reason = why(why);
        try {
            return new Retaining(store, new DeliveryReader(store), retention, archive, by, reason).run();
        } catch (StoreException e) {
            throw new DeliveryException(
                    "STORE_UNWRITABLE", "the store could not be read or written; repeating is safe", e);
        }
    }

    /** Whether the outbox is stopped by hand, and by whom. */
    public Optional<OutboxPause> paused() {
        return outbox.paused();
    }

    /** Everything that was done by hand, by anybody, oldest first; read in pages while the stream is consumed. */
    public Stream<OperatorAction> audit() {
        return stream(null);
    }

    /** What was done to one delivery by hand, as {@link #audit()}. */
    public Stream<OperatorAction> audit(String deliveryId) {
        return stream(deliveryId);
    }

    private Stream<OperatorAction> stream(@Nullable String deliveryId) {
        int traits = Spliterator.ORDERED | Spliterator.NONNULL;
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(Audit.iterate(store, deliveryId), traits), false);
    }
}
