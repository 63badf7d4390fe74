package io.crmsdk.consent;

import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A way to keep one person's consent, as a history plays it. */
abstract class ConsentDesign {
    /** The person opens an unsubscribe link; the same link may be opened again much later. */
    abstract void clicked(int link, long time);

    /** The tool reports that the person unsubscribed there; a report may come twice. */
    abstract void reported(String event, long time);

    /** The tool's list is asked, and says whether the person is unsubscribed there. */
    abstract void polled(boolean unsubscribed, long time);

    /** Somebody asks to subscribe this address. */
    abstract Object challenge();

    /** The person answers. */
    abstract void confirmed(Object challenge, long time);

    /** A program that checks mail follows the link of a challenge. */
    void followed(Object challenge, long time) {}

    /** A file says "subscribed". */
    abstract void imported(long time);

    /** Another record of the same person, subscribed once by somebody's claim, is merged into this one and wins. */
    void merged(long time) {}

    /** The tool's list is cleaned up, and the file that it came from is imported again. */
    void cleaned(long time) {}

    /** What a backup holds. */
    abstract Object backup();

    /** The backup is brought back; true if the tool is asked before mail goes out again. */
    abstract boolean restored(Object backup);

    /** Whether the person would be mailed now. */
    abstract boolean mails();

    /** The design of this room. */
    static class Ledger extends ConsentDesign {
        static final ConsentKey PERSON = Events.CONTACTS.get(0);
        static final Scope SCOPE = Scope.of("marketing");
        private static final ConsentPolicy POLICY = ConsentPolicy.defaults().withMinimum(Rank.ASSERTED);

        Set<ConsentEvent> events = new LinkedHashSet<>();
        int incarnation = 1;
        boolean seenUnsubscribed;
        long seenTransition;
        private int acts;

        String clickId(int link) {
            return "person:" + acts++;
        }

        final void optOut(String id) {
            events.add(new OptOut(id, Set.of(PERSON), SCOPE, OptOutReason.UNSUBSCRIBE, "person:any", null, null));
        }

        @Override
        void clicked(int link, long time) {
            optOut(clickId(link));
        }

        @Override
        void reported(String event, long time) {
            optOut("provider:" + event);
        }

        @Override
        void polled(boolean unsubscribed, long time) {
            if (unsubscribed && !seenUnsubscribed) {
                seenTransition++;
                optOut("poll:" + incarnation + ":" + seenTransition);
            }
            seenUnsubscribed = unsubscribed;
        }

        @Override
        Object challenge() {
            Set<String> frontier = new HashSet<>();
            events.stream().filter(OptOut.class::isInstance).forEach(event -> frontier.add(event.id()));
            return new Challenge(
                    "n" + acts++,
                    (HashedKey) PERSON,
                    SCOPE,
                    frontier,
                    Grant.Starter.PERSON,
                    "double opt-in",
                    Events.NOW.minusSeconds(1),
                    Events.NOW.plusSeconds(1),
                    null,
                    "unsigned");
        }

        @Override
        void confirmed(Object challenge, long time) {
            events.add(Grant.confirmed((Challenge) challenge, "person:double opt-in", null));
        }

        @Override
        void imported(long time) {
            events.add(Grant.unconfirmed("system:" + acts++, PERSON, SCOPE, "system:file", Rank.ASSERTED, null, null));
        }

        @Override
        Object backup() {
            Ledger copy = new Ledger();
            copy.events = new LinkedHashSet<>(events);
            copy.incarnation = incarnation;
            copy.seenUnsubscribed = seenUnsubscribed;
            copy.seenTransition = seenTransition;
            return copy;
        }

        /** United with the copy that has every event; what was seen of the tool is forgotten. */
        @Override
        boolean restored(Object backup) {
            events.addAll(((Ledger) backup).events);
            incarnation++;
            seenTransition = 0;
            seenUnsubscribed = false;
            return true;
        }

        @Override
        boolean mails() {
            return Effective.decide(events, Set.of(PERSON), SCOPE, POLICY, Instant.EPOCH)
                    .allowed();
        }
    }

    /** One flag with the time of its last change. */
    static class Flag extends ConsentDesign {
        @Nullable
        Boolean subscribed;

        long changed = Long.MIN_VALUE;

        void set(boolean to, long time) {
            subscribed = to;
            changed = time;
        }

        @Override
        void clicked(int link, long time) {
            set(false, time);
        }

        @Override
        void reported(String event, long time) {
            set(false, time);
        }

        @Override
        void polled(boolean unsubscribed, long time) {
            if (unsubscribed) {
                set(false, time);
            }
        }

        @Override
        Object challenge() {
            return this;
        }

        @Override
        void confirmed(Object challenge, long time) {
            set(true, time);
        }

        @Override
        void imported(long time) {
            set(true, time);
        }

        @Override
        Object backup() {
            Flag copy = new Flag();
            copy.subscribed = subscribed;
            copy.changed = changed;
            return copy;
        }

        @Override
        boolean restored(Object backup) {
            return true;
        }

        @Override
        boolean mails() {
            return Boolean.TRUE.equals(subscribed);
        }
    }
}
