package io.crmsdk.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One request as its caller means it: method, path below the gateway's origin, headers, body, and whether it may be repeated.
 *
 * <p>GET, HEAD, OPTIONS, PUT and DELETE may be repeated (RFC 9110 section 9.2.2), POST and PATCH may not, unless they carry
 * an {@linkplain #idempotencyKey idempotency key} or their caller says {@link #repeatable()}. Immutable; every method gives a
 * changed copy.
 */
public final class HttpCall {
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final Set<String> REPEATABLE = Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE");
    private static final Set<String> OURS = Set.of(
            "authorization",
            "proxy-authorization",
            "host",
            "content-length",
            "transfer-encoding",
            "connection",
            "accept-encoding");

    private final String method;
    private final URI path;
    private final Map<String, String> headers;
    private final byte @Nullable [] body;
    private final boolean repeatable;
    private final boolean jsonExpected;
    private final @Nullable Instant keptUntil;
    private final @Nullable Duration within;

    private HttpCall(Draft draft) {
        method = draft.method;
        path = draft.path;
        headers = Collections.unmodifiableMap(draft.headers);
        body = draft.body;
        repeatable = draft.repeatable;
        jsonExpected = draft.jsonExpected;
        keptUntil = draft.keptUntil;
        within = draft.within;
    }

    /** The fields of a call while it is put together. */
    private static final class Draft {
        private final String method;
        private URI path;
        private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        private byte @Nullable [] body;
        private boolean repeatable;
        private boolean jsonExpected;
        private @Nullable Instant keptUntil;
        private @Nullable Duration within;

        private Draft(String method, URI path) {
            this.method = method;
            this.path = path;
            this.repeatable = REPEATABLE.contains(method);
        }

        private Draft(HttpCall call) {
            this(call.method, call.path);
            headers.putAll(call.headers);
            body = call.body;
            repeatable = call.repeatable;
            jsonExpected = call.jsonExpected;
            keptUntil = call.keptUntil;
            within = call.within;
        }
    }

    /** Reads. */
    public static HttpCall get(String path) {
        return of("GET", path);
    }

    /** Creates or acts; not repeated when its outcome is unknown. */
    public static HttpCall post(String path) {
        return of("POST", path);
    }

    /** Stores under a known address; repeatable. */
    public static HttpCall put(String path) {
        return of("PUT", path);
    }

    /** Changes a part; not repeated when its outcome is unknown. */
    public static HttpCall patch(String path) {
        return of("PATCH", path);
    }

    /** Removes; repeatable. */
    public static HttpCall delete(String path) {
        return of("DELETE", path);
    }

    /**
     * Any method.
     *
     * @param path starts with one {@code /}, is percent-encoded where it must be, and may have a query; it goes below the
     *     path of the gateway's origin. A link that a service gave is taken whole if it leads to the same origin.
     * @throws HttpException {@code HTTP_CALL_INVALID} if either is malformed
     */
    public static HttpCall of(String method, String path) {
        String upper = method.toUpperCase(Locale.ROOT);
        if (!TOKEN.matcher(upper).matches() || upper.equals("CONNECT") || upper.equals("TRACE")) {
            throw invalid("the method is not one that can be sent");
        }
        return new HttpCall(new Draft(upper, uri(path)));
    }

    /**
     * Appends a path segment, percent-encoded, so that an id with a slash stays one segment.
     *
     * @throws HttpException {@code HTTP_CALL_INVALID} if it is empty, {@code .} or {@code ..}
     */
    public HttpCall segment(String segment) {
        if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
            throw invalid("a path segment must be a name");
        }
        String before =
                path.getRawQuery() == null ? path.toString() : path.toString().split("\\?", 2)[0];
        String query = path.getRawQuery() == null ? "" : "?" + path.getRawQuery();
        return with(draft -> draft.path = uri(before + (before.endsWith("/") ? "" : "/") + encode(segment) + query));
    }

    /** Appends a query parameter, percent-encoded. */
    public HttpCall query(String name, String value) {
        String mark = path.getRawQuery() == null ? "?" : "&";
        return with(draft -> draft.path = uri(path + mark + encode(name) + "=" + encode(value)));
    }

    /**
     * Sets a header.
     *
     * @throws HttpException {@code HTTP_CALL_INVALID} if the name is not a token, the value has a line break or another
     *     control character, or the header belongs to the gateway ({@code Authorization}, {@code Host}, lengths, encodings)
     */
    public HttpCall header(String name, String value) {
        if (!TOKEN.matcher(name).matches() || OURS.contains(name.toLowerCase(Locale.ROOT))) {
            throw invalid("the header name is malformed or set by the gateway");
        }
        if (value.chars().anyMatch(c -> (c < 0x20 && c != '\t') || c == 0x7f || c > 0xff)) {
            throw invalid("the value of header " + name + " has a character that cannot be sent");
        }
        return with(draft -> draft.headers.put(name, value));
    }

    /** Gives a body and its type; the bytes are copied. */
    public HttpCall body(String contentType, byte[] bytes) {
        byte[] copy = bytes.clone();
        return header("Content-Type", contentType).with(draft -> draft.body = copy);
    }

    /** Gives a JSON body and asks for JSON back, as {@link #expectingJson()}. */
    public HttpCall json(byte[] bytes) {
        return body("application/json", bytes).expectingJson();
    }

    /** Gives a form body; pairs in the map's order. */
    public HttpCall form(Map<String, String> fields) {
        List<String> pairs = new ArrayList<>();
        fields.forEach((name, value) -> pairs.add(encode(name) + "=" + encode(value)));
        byte[] bytes = String.join("&", pairs).getBytes(StandardCharsets.US_ASCII);
        return body("application/x-www-form-urlencoded", bytes);
    }

    /**
     * Says that success is JSON: an accepted answer with another type, or with no body unless its status is 204, 205 or 304,
     * proves nothing and becomes {@link HttpOutcome.Unknown} with {@code HTTP_BODY_UNEXPECTED}.
     */
    public HttpCall expectingJson() {
        HttpCall accepting = headers.containsKey("Accept") ? this : header("Accept", "application/json");
        return accepting.with(draft -> draft.jsonExpected = true);
    }

    /** Says that doing it twice is doing it once, for example an upsert by external key sent with POST. */
    public HttpCall repeatable() {
        return with(draft -> draft.repeatable = true);
    }

    /** Says that it must not be sent twice, whatever its method promises. */
    public HttpCall once() {
        return with(draft -> draft.repeatable = false);
    }

    /**
     * Carries a key by which the service recognises a repetition.
     *
     * @param header how the service calls it, often {@code Idempotency-Key}
     * @param key the same for every attempt at the same thing
     * @param keptUntil until when the service surely remembers the key; after that the call is not repeated
     */
    public HttpCall idempotencyKey(String header, String key, Instant keptUntil) {
        Objects.requireNonNull(keptUntil, "keptUntil");
        return header(header, key).with(draft -> draft.keptUntil = keptUntil);
    }

    /** Bounds this call with all its attempts and waits, instead of the gateway's limit. */
    public HttpCall within(Duration limit) {
        if (limit.isNegative() || limit.isZero()) {
            throw invalid("a time limit is positive");
        }
        return with(draft -> draft.within = limit);
    }

    String method() {
        return method;
    }

    URI path() {
        return path;
    }

    Map<String, String> headers() {
        return headers;
    }

    byte @Nullable [] body() {
        return body;
    }

    boolean isJsonExpected() {
        return jsonExpected;
    }

    Optional<Duration> within() {
        return Optional.ofNullable(within);
    }

    boolean isSafe() {
        return method.equals("GET") || method.equals("HEAD") || method.equals("OPTIONS");
    }

    boolean isRepeatable(Instant now) {
        return repeatable || (keptUntil != null && now.isBefore(keptUntil));
    }

    private interface Change {
        void on(Draft draft);
    }

    private HttpCall with(Change change) {
        Draft draft = new Draft(this);
        change.on(draft);
        return new HttpCall(draft);
    }

    private static URI uri(String path) {
        try {
            return new URI(path);
        } catch (URISyntaxException e) {
            throw invalid("the path is not percent-encoded as RFC 3986 wants it");
        }
    }

    private static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if ((c < 0x80 && Character.isLetterOrDigit(c)) || "-._~".indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append('%').append(Character.toUpperCase(Character.forDigit(c >> 4, 16)));
                encoded.append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            }
        }
        return encoded.toString();
    }

    private static HttpException invalid(String message) {
        return HttpException.misuse("HTTP_CALL_INVALID", message);
    }

    /** Method and path; the query may hold personal values and is left out. */
    @Override
    public String toString() {
        return method + " " + path.getRawPath();
    }
}
