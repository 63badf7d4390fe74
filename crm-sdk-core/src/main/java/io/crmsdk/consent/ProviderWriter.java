package io.crmsdk.consent;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the events of what a mail provider reports by its webhooks.
 *
 * <p>Ids are made from what the provider uses to tell its events apart: a repeated call is the same event, two acts are two.
 * Immutable and thread-safe.
 */
public final class ProviderWriter {
    private final Pepper pepper;
    private final String source;
    private final String slug;

    ProviderWriter(Pepper pepper, String name) {
        this.pepper = pepper;
        this.source = Sources.of("provider", name);
        this.slug = Sources.slug(name);
    }

    /**
     * The person unsubscribed at the provider.
     *
     * @param eventId the provider's id of the event; where it has none, its type, time and address joined
     */
    public OptOut unsubscribed(String eventId, ContactKey key, Scope scope, @Nullable ConsentEvidence evidence) {
        return optOut(eventId, key, scope, OptOutReason.UNSUBSCRIBE, evidence);
    }

    /**
     * The person reported a message as unwanted.
     *
     * @param eventId as in {@link #unsubscribed}
     */
    public OptOut complained(String eventId, ContactKey key, Scope scope, @Nullable ConsentEvidence evidence) {
        return optOut(eventId, key, scope, OptOutReason.COMPLAINT, evidence);
    }

    /**
     * The person subscribed on a form of the provider's. Without proof from the mailbox it clears nothing.
     *
     * @param eventId as in {@link #unsubscribed}
     * @param evidence with the form ({@code place}), the network address ({@code ip}) and the provider's time
     * @throws ConsentException {@code EVIDENCE_MISSING} if one of these is missing
     */
    public Grant subscribedOnForm(String eventId, ContactKey key, Scope scope, ConsentEvidence evidence) {
        if (!evidence.parts().keySet().containsAll(Set.of("place", "ip", "sourceTime"))) {
            throw new ConsentException(
                    "EVIDENCE_MISSING", "a subscription on a provider's form needs place, ip and sourceTime");
        }
        return Grant.unconfirmed(id(eventId), key, scope, source, Rank.SUBMITTED, null, evidence);
    }

    private OptOut optOut(
            String eventId, ContactKey key, Scope scope, OptOutReason reason, @Nullable ConsentEvidence evidence) {
        return new OptOut(id(eventId), Set.of(key), scope, reason, source, null, evidence);
    }

    private String id(String eventId) {
        return pepper.eventId("provider:" + slug, eventId);
    }
}
