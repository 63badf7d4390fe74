package io.crmsdk.consent;

import org.jspecify.annotations.Nullable;

/**
 * What a list that can only be asked says of one contact.
 *
 * @param key the contact
 * @param optedOut true only if the list positively says so; "cleaned", "archived" or missing is false
 * @param version what changes with each act on the list, such as the time of the last one, at most 200 characters; null if the
 *     list has no such thing
 */
public record PolledStatus(
        ContactKey key, boolean optedOut, @Nullable String version) {
    private static final int MAX_VERSION = 200;

    /** @throws ConsentException {@code VERSION_TOO_LONG} if it is longer than that */
    public PolledStatus {
        if (version != null && version.length() > MAX_VERSION) {
            throw new ConsentException("VERSION_TOO_LONG", "polled status: the version has more than 200 characters");
        }
    }
}
