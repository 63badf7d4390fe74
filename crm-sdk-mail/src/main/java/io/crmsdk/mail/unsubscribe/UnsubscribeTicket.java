package io.crmsdk.mail.unsubscribe;

import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.Scope;
import java.util.Objects;

/**
 * What an unsubscribe link says: who leaves what.
 *
 * @param key whose link it is
 * @param scope what it unsubscribes from
 */
public record UnsubscribeTicket(ContactKey key, Scope scope) {
    /** Both parts are needed. */
    public UnsubscribeTicket {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(scope, "scope");
    }
}
