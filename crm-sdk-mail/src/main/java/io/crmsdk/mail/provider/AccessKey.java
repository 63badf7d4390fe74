package io.crmsdk.mail.provider;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A key pair of a cloud's account. Immutable; shows no secret.
 *
 * @param id the access key's id
 * @param secret what signs; never sent
 * @param token of a temporary key; null for a lasting one
 */
public record AccessKey(String id, String secret, @Nullable String token) {
    /** @throws IllegalArgumentException if id or secret is blank */
    public AccessKey {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(secret, "secret");
        if (id.isBlank() || secret.isBlank()) {
            throw new IllegalArgumentException("access key: neither id nor secret may be blank");
        }
    }

    /** A lasting key. */
    public static AccessKey of(String id, String secret) {
        return new AccessKey(id, secret, null);
    }

    /** The id only. */
    @Override
    public String toString() {
        return "AccessKey[" + id + "]";
    }
}
