package io.crmsdk.model;

import io.crmsdk.Redaction;
import org.jspecify.annotations.Nullable;

/**
 * An account of a customer in a messenger or network. Immutable; equality by value.
 *
 * @param service for example {@code wecom}, {@code dingtalk}, {@code linkedin}
 * @param id the account, exact
 * @param displayName name shown there; null if absent
 */
public record OnlineAccount(
        String service, String id, @Nullable String displayName) {
    /**
     * Checks and normalises the parts.
     *
     * @throws ModelException if a text is malformed or too long
     */
    public OnlineAccount {
        service = Text.required("onlineAccounts.service", service, 64);
        id = Text.exact("onlineAccounts.id", id, 255);
        displayName = Text.line("onlineAccounts.displayName", displayName, 255);
    }

    /** The service; the account is masked. */
    @Override
    public String toString() {
        return service + ":" + Redaction.text(id);
    }
}
