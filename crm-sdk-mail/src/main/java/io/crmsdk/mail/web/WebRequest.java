package io.crmsdk.mail.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request, as any server can give it. Immutable.
 *
 * @param method for example {@code POST}; methods are case-sensitive (RFC 9110 §9.1)
 * @param target path and query as they came, percent-encoding and all
 * @param headers all values of each header; names become lower case
 * @param body the raw bytes, no more than the endpoint's {@link WebEndpoint#maxBody()}
 * @param remote the address it came from, or null if the host does not want it kept
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out; never compared
public record WebRequest(
        String method,
        String target,
        Map<String, List<String>> headers,
        byte[] body,
        @Nullable String remote) {
    /** Copies headers and body. */
    public WebRequest {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(target, "target");
        Map<String, List<String>> copy = new TreeMap<>();
        headers.forEach(
                (name, values) -> copy.merge(name.toLowerCase(Locale.ROOT), List.copyOf(values), WebRequest::joined));
        headers = Map.copyOf(copy);
        body = body.clone();
    }

    private static List<String> joined(List<String> one, List<String> other) {
        List<String> both = new ArrayList<>(one);
        both.addAll(other);
        return List.copyOf(both);
    }

    /** A copy of the raw bytes. */
    @Override
    public byte[] body() {
        return body.clone();
    }

    /** A header's first value, or an empty text; the case of the name does not matter. */
    public String header(String name) {
        List<String> values = headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
        return values.isEmpty() ? "" : values.get(0);
    }

    /** The path of the target, without query. */
    public String path() {
        return target.split("[?#]", 2)[0];
    }

    /** The query of the target as it came; empty if there is none. */
    public String query() {
        String[] parts = target.split("#", 2)[0].split("\\?", 2);
        return parts.length == 2 ? parts[1] : "";
    }

    /** Whether it only looks: {@code GET} or {@code HEAD}. */
    public boolean isReading() {
        return method.equals("GET") || method.equals("HEAD");
    }

    /** Without the target, which acts for whoever holds it, and without headers and body. */
    @Override
    public String toString() {
        return "WebRequest[" + method + ", " + headers.size() + " headers, " + body.length + " bytes]";
    }
}
