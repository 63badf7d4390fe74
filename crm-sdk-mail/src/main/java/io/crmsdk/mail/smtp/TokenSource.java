package io.crmsdk.mail.smtp;

import org.jspecify.annotations.Nullable;

/**
 * Where the OAuth 2.0 access token of a login comes from.
 *
 * <p>The channel keeps the token it got and asks again only after the server refused it, from one thread at a time, so
 * that many workers cause one refresh.
 */
@FunctionalInterface
public interface TokenSource {
    /**
     * Gives a token that is valid now.
     *
     * @param refused the token that the server has just refused, which must not be given again; null at the first call
     * @return the bare token, without {@code Bearer}
     * @throws Exception if there is none to be had; nothing is sent then, and the messages wait
     */
    String token(@Nullable String refused) throws Exception;
}
