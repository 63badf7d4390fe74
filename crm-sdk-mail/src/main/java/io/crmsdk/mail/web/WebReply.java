package io.crmsdk.mail.web;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * The answer to a {@link WebRequest}. Immutable.
 *
 * @param status the HTTP status
 * @param headers by name
 * @param body to be left out when answering HEAD
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out; never compared
public record WebReply(int status, Map<String, String> headers, byte[] body) {
    /** Copies headers and body. */
    public WebReply {
        headers = Map.copyOf(headers);
        body = body.clone();
    }

    /** An answer that says nothing beyond its status. */
    public static WebReply of(int status) {
        return new WebReply(status, Map.of("Cache-Control", "no-store"), new byte[0]);
    }

    /** An answer in a few words of plain text, for programs and their operators. */
    static WebReply plain(int status, String words, Map<String, String> more) {
        Map<String, String> headers = new TreeMap<>(more);
        headers.put("Cache-Control", "no-store");
        headers.put("Content-Type", "text/plain; charset=utf-8");
        headers.put("X-Content-Type-Options", "nosniff");
        return new WebReply(status, headers, (words + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public byte[] body() {
        return body.clone();
    }

    @Override
    public String toString() {
        return "WebReply[" + status + ", " + body.length + " bytes]";
    }
}
