package io.crmsdk.consent;

import org.jspecify.annotations.Nullable;

/**
 * May this contact be addressed about this scope?
 *
 * @param key whom
 * @param scope about what; null for a transactional message, which is outside the tree of scopes: only a legal block of
 *     everything stops it
 */
public record ConsentQuestion(ContactKey key, @Nullable Scope scope) {
    /** May this contact be sent a message that is owed to them? */
    public static ConsentQuestion transactional(ContactKey key) {
        return new ConsentQuestion(key, null);
    }
}
