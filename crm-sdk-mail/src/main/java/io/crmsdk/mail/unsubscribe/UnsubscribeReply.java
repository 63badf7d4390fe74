package io.crmsdk.mail.unsubscribe;

import java.util.Map;

/**
 * The answer to an {@link UnsubscribeRequest}.
 *
 * @param status the HTTP status
 * @param headers by name
 * @param body UTF-8 text; to be left out when answering HEAD
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out; never compared
public record UnsubscribeReply(int status, Map<String, String> headers, byte[] body) {
    /** Copies headers and body. */
    public UnsubscribeReply {
        headers = Map.copyOf(headers);
        body = body.clone();
    }

    @Override
    public byte[] body() {
        return body.clone();
    }

    @Override
    public String toString() {
        return "UnsubscribeReply[" + status + ", " + body.length + " bytes]";
    }
}
