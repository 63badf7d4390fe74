package io.crmsdk.consent;

import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes the events of what a person says: by a link, a reply, a page.
 *
 * <p>Each call is a new act with a new id, however old the link is that led to it: who unsubscribes, agrees again, and then
 * clicks the old link, has unsubscribed again. Immutable and thread-safe.
 */
public final class PersonWriter {
    private final String source;

    PersonWriter(String way) {
        this.source = Sources.of("person", way);
    }

    /** The person unsubscribes. */
    public OptOut unsubscribe(ContactKey key, Scope scope, @Nullable ConsentEvidence evidence) {
        return new OptOut(freshId(), Set.of(key), scope, OptOutReason.UNSUBSCRIBE, source, null, evidence);
    }

    /**
     * The person objects to all marketing.
     *
     * @param keys the person's customer ids, all of a merged cluster, and every contact of theirs that is known
     * @throws ConsentException {@code NO_KEY} if there is none
     */
    public OptOut object(Collection<? extends ConsentKey> keys, @Nullable ConsentEvidence evidence) {
        return new OptOut(freshId(), keys, Scope.ALL, OptOutReason.OBJECTION, source, null, evidence);
    }

    /** The person filled in a form, and nobody checked that the address is theirs. Clears nothing. */
    public Grant subscribe(ContactKey key, Scope scope, @Nullable ConsentEvidence evidence) {
        return Grant.unconfirmed(freshId(), key, scope, source, Rank.SUBMITTED, null, evidence);
    }

    private static String freshId() {
        return "person:" + UUID.randomUUID();
    }
}
