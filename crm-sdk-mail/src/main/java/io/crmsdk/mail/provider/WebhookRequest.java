package io.crmsdk.mail.provider;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * One HTTP request as it came, from whatever server the host runs.
 *
 * @param method in capital letters
 * @param url as the server saw it
 * @param headers all values of each header; the case of names does not matter
 * @param body the raw bytes: parsed and written again they would not be what was signed
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out; never compared
public record WebhookRequest(String method, String url, Map<String, List<String>> headers, byte[] body) {
    /** Copies headers and body. */
    public WebhookRequest {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(url, "url");
        Map<String, List<String>> copy = new TreeMap<>();
        headers.forEach(
                (name, values) -> copy.merge(name.toLowerCase(Locale.ROOT), List.copyOf(values), (one, other) -> {
                    List<String> both = new java.util.ArrayList<>(one);
                    both.addAll(other);
                    return List.copyOf(both);
                }));
        headers = copy;
        body = body.clone();
    }

    /** The raw bytes, a copy. */
    @Override
    public byte[] body() {
        return body.clone();
    }

    byte[] raw() {
        return body;
    }

    /** The one value of a header; empty if it is missing or was sent several times, since nobody can tell which was meant. */
    String header(String name) {
        List<String> values = headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
        return values.size() == 1 ? values.get(0) : "";
    }

    boolean has(String name) {
        return headers.containsKey(name.toLowerCase(Locale.ROOT));
    }

    /** Method and sizes; headers and body may hold secrets and addresses. */
    @Override
    public String toString() {
        return "WebhookRequest[" + method + ", " + headers.size() + " headers, " + body.length + " bytes]";
    }
}
