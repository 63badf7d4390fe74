package io.crmsdk.model;

import io.crmsdk.Redaction;
import org.jspecify.annotations.Nullable;

/**
 * Who looks after a customer, by an id of some system; never guessed from a name. Immutable; equality by value.
 *
 * @param system whose user id it is
 * @param userId exact id there
 * @param email address of that user; null if absent
 * @param name name of that user; null if absent
 */
public record Owner(
        String system,
        String userId,
        @Nullable String email,
        @Nullable String name) {
    /**
     * Checks and normalises the parts.
     *
     * @throws ModelException if a text is malformed or too long
     */
    public Owner {
        system = Text.required("owner.system", system, 64);
        userId = Text.exact("owner.userId", userId, 255);
        email = Text.exactOrNull("owner.email", email, 254);
        name = Text.line("owner.name", name, 255);
    }

    /** System and user id. */
    @Override
    public String toString() {
        return system + ":" + (userId.indexOf('@') < 0 ? userId : Redaction.email(userId));
    }
}
