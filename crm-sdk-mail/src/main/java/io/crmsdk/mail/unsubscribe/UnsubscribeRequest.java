package io.crmsdk.mail.unsubscribe;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request, as any server can give it.
 *
 * @param method for example {@code POST}
 * @param target path and query as they came, percent-encoding and all
 * @param headers by name, any case; of several with one name, one
 * @param body what was sent, at most as much as {@link UnsubscribeEndpoint#MAX_BODY}; more may be left out
 * @param remote the address it came from, or null if the host does not want it kept
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out; never compared
public record UnsubscribeRequest(
        String method,
        String target,
        Map<String, String> headers,
        byte[] body,
        @Nullable String remote) {
    /** Copies headers and body; names of headers become lower case. */
    public UnsubscribeRequest {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(target, "target");
        Map<String, String> lower = new LinkedHashMap<>();
        headers.forEach((name, value) -> lower.putIfAbsent(name.toLowerCase(Locale.ROOT), value));
        headers = Map.copyOf(lower);
        body = body.clone();
    }

    @Override
    public byte[] body() {
        return body.clone();
    }

    /** A header's value, or nothing. */
    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** Without the target, which acts for whoever holds it. */
    @Override
    public String toString() {
        return "UnsubscribeRequest[" + method + ", " + body.length + " bytes]";
    }
}
