package io.crmsdk.http;

/**
 * Where a host keeps a refresh token, since many services give a new one with each use and forget the old. Called by one
 * thread at a time.
 */
public interface RefreshTokens {
    /** The token to use next. */
    String current();

    /**
     * The service replaced the token: keep it durably before returning. The access token that came with it is used only
     * afterwards. If this throws, the call that needed the token fails and nothing is sent.
     */
    void replaced(String token);
}
