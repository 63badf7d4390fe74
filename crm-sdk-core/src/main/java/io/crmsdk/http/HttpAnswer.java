package io.crmsdk.http;

import io.crmsdk.time.TimeConvention;
import io.crmsdk.time.TimeException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A complete answer: status, headers, and the body after inflation, within the gateway's limits. Immutable but for the
 * array that {@link #body()} hands out without copying. Its text form shows no body and no header values.
 */
public final class HttpAnswer {
    private static final TimeConvention HTTP_DATE = TimeConvention.of("http");

    private final int status;
    private final Map<String, List<String>> headers;
    private final byte[] body;
    private final Instant received;

    HttpAnswer(int status, Map<String, List<String>> headers, byte[] body, Instant received) {
        this.status = status;
        this.headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, values) -> this.headers.put(name, List.copyOf(values)));
        this.body = body;
        this.received = received;
    }

    /** The status code, 200 to 599. */
    public int status() {
        return status;
    }

    /** The first value of a header, whatever the case of its name. */
    public Optional<String> header(String name) {
        return headers(name).stream().findFirst();
    }

    /** All values of a header in order; empty if it is absent. */
    public List<String> headers(String name) {
        return headers.getOrDefault(name, List.of());
    }

    /** The body, empty if there was none. The array is not copied: do not write to it. */
    public byte[] body() {
        return body;
    }

    /**
     * The body as text, in the charset of {@code Content-Type}, else UTF-8.
     *
     * @throws HttpException {@code HTTP_BODY_CHARSET} if the charset is unknown or the bytes are not of it; nothing is
     *     replaced silently
     */
    public String text() {
        Charset charset = charset();
        try {
            return charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new HttpException("HTTP_BODY_CHARSET", "the body is not " + charset + " as declared", true, e);
        }
    }

    /**
     * The body in UTF-8, as parsers of JSON and XML like it; transcoded only if another charset was declared.
     *
     * @throws HttpException as {@link #text()}
     */
    public byte[] utf8() {
        return charset().equals(StandardCharsets.UTF_8) ? body : text().getBytes(StandardCharsets.UTF_8);
    }

    /** The {@code ETag} with its quotes, to be sent back in {@code If-Match}. */
    public Optional<String> etag() {
        return header("ETag");
    }

    /** When the answer was complete, by our clock. */
    public Instant received() {
        return received;
    }

    /** The service's time, from {@code Date}; nothing if it is absent or malformed. */
    public Optional<Instant> date() {
        return header("Date").flatMap(HttpAnswer::httpDate);
    }

    boolean isCached() {
        return !headers("Age").isEmpty();
    }

    boolean isJson() {
        String type = mediaType();
        return type.equals("application/json") || type.endsWith("+json") || type.equals("text/json");
    }

    Set<String> headerNames() {
        return headers.keySet();
    }

    boolean isEmpty() {
        return body.length == 0;
    }

    /** The date in a header's text, by RFC 9110. */
    static Optional<Instant> httpDate(String text) {
        try {
            return Optional.of(HTTP_DATE.parseInstant(text.strip()));
        } catch (TimeException e) {
            return Optional.empty();
        }
    }

    private String mediaType() {
        String type = header("Content-Type").orElse("");
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    private Charset charset() {
        String type = header("Content-Type").orElse("");
        int at = type.toLowerCase(Locale.ROOT).indexOf("charset=");
        if (at < 0) {
            return StandardCharsets.UTF_8;
        }
        String name = type.substring(at + "charset=".length())
                .split(";", 2)[0]
                .replace("\"", "")
                .strip();
        try {
            return Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new HttpException("HTTP_BODY_CHARSET", "the declared charset is not known here", true, e);
        }
    }

    @Override
    public String toString() {
        return "HttpAnswer[" + status + ", " + body.length + " bytes, " + headers.keySet() + "]";
    }
}
