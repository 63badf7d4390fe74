package io.crmsdk.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a gateway proves to its origin who is calling. Secrets are asked for when they are needed, so that they can be
 * rotated, and never appear in any text form. Immutable.
 */
public final class Authorization {
    /** A grant of RFC 6749 or RFC 7523. */
    sealed interface Grant {
        record ClientCredentials() implements Grant {}

        record Refresh(RefreshTokens tokens) implements Grant {}

        record Jwt(
                String issuer,
                String subject,
                String audience,
                Supplier<PrivateKey> key,
                @Nullable String keyId) implements Grant {}
    }

    /** A token endpoint and how to ask it. */
    record OAuth(
            URI endpoint,
            Grant grant,
            @Nullable String clientId,
            @Nullable Supplier<String> secret,
            boolean secretInBody,
            Map<String, String> parameters) {}

    private final RequestSigner signer;
    private final String kind;
    private final @Nullable OAuth oauth;

    private Authorization(RequestSigner signer, String kind, @Nullable OAuth oauth) {
        this.signer = signer;
        this.kind = kind;
        this.oauth = oauth;
    }

    private static Authorization fixed(Supplier<Map<String, String>> headers) {
        return new Authorization(draft -> headers.get(), "fixed", null);
    }

    private static Authorization oauth(OAuth oauth) {
        return new Authorization(draft -> Map.of(), oauth.grant().getClass().getSimpleName(), oauth);
    }

    /** Nobody in particular. */
    public static Authorization none() {
        return fixed(Map::of);
    }

    /**
     * User and password in each request (RFC 7617, UTF-8).
     *
     * @throws IllegalArgumentException if the user has a colon
     */
    public static Authorization basic(String user, Supplier<String> password) {
        Objects.requireNonNull(password, "password");
        if (user.indexOf(':') >= 0) {
            throw new IllegalArgumentException("user: a colon cannot be part of a user name in basic authorization");
        }
        return fixed(() -> Map.of("Authorization", basicValue(user, password.get())));
    }

    /** A token that somebody else looks after (RFC 6750). */
    public static Authorization bearer(Supplier<String> token) {
        Objects.requireNonNull(token, "token");
        return fixed(() -> Map.of("Authorization", "Bearer " + token.get()));
    }

    /** A header with a secret, for example {@code X-Api-Key}, or {@code Authorization} in a vendor's own form. */
    public static Authorization header(String name, Supplier<String> value) {
        Objects.requireNonNull(value, "value");
        return fixed(() -> Map.of(name, value.get()));
    }

    /** A signature over each request. */
    public static Authorization signed(RequestSigner signer) {
        return new Authorization(Objects.requireNonNull(signer, "signer"), "signed", null);
    }

    /** OAuth 2 client credentials (RFC 6749 section 4.4), as the client itself. */
    public static Authorization clientCredentials(URI tokenEndpoint, String clientId, Supplier<String> secret) {
        Objects.requireNonNull(secret, "secret");
        return oauth(new OAuth(tokenEndpoint, new Grant.ClientCredentials(), clientId, secret, false, Map.of()));
    }

    /**
     * OAuth 2 with a refresh token that a person's consent once gave (RFC 6749 section 6).
     *
     * @param secret null for a public client
     */
    public static Authorization refreshToken(
            URI tokenEndpoint, String clientId, @Nullable Supplier<String> secret, RefreshTokens tokens) {
        Objects.requireNonNull(tokens, "tokens");
        return oauth(new OAuth(tokenEndpoint, new Grant.Refresh(tokens), clientId, secret, false, Map.of()));
    }

    /**
     * OAuth 2 with a signed assertion (RFC 7523), RS256 for an RSA key and ES256 for an elliptic one. The assertion's times
     * are corrected by the measured offset of the token endpoint's clock while that is beyond a minute, and no longer.
     *
     * @param keyId the {@code kid} of the key, or null
     */
    public static Authorization jwtBearer(
            URI tokenEndpoint,
            String issuer,
            String subject,
            String audience,
            Supplier<PrivateKey> key,
            @Nullable String keyId) {
        Grant grant = new Grant.Jwt(issuer, subject, audience, key, keyId);
        return oauth(new OAuth(tokenEndpoint, grant, null, null, false, Map.of()));
    }

    /**
     * Adds a field to each request for a token, for example {@code scope} or {@code resource}.
     *
     * @throws IllegalStateException if no token is requested
     */
    public Authorization parameter(String name, String value) {
        OAuth old = requireOAuth();
        Map<String, String> parameters = new LinkedHashMap<>(old.parameters());
        parameters.put(name, value);
        return oauth(new OAuth(
                old.endpoint(),
                old.grant(),
                old.clientId(),
                old.secret(),
                old.secretInBody(),
                Collections.unmodifiableMap(parameters)));
    }

    /**
     * Sends client id and secret as form fields, for services that do not read them from the header.
     *
     * @throws IllegalStateException if no token is requested
     */
    public Authorization secretInBody() {
        OAuth old = requireOAuth();
        return oauth(new OAuth(old.endpoint(), old.grant(), old.clientId(), old.secret(), true, old.parameters()));
    }

    private OAuth requireOAuth() {
        if (oauth == null) {
            throw new IllegalStateException("this authorization requests no token");
        }
        return oauth;
    }

    @Nullable
    OAuth oauth() {
        return oauth;
    }

    Map<String, String> headers(RequestSigner.Draft draft) {
        return signer.sign(draft);
    }

    static String basicValue(String user, String password) {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    /** The kind, never the secret. */
    @Override
    public String toString() {
        return "Authorization[" + kind + "]";
    }
}
