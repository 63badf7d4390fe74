package io.crmsdk.http;

import java.net.URI;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Proves who calls by a signature over each request, for services that want it so. Must be thread-safe. */
@FunctionalInterface
public interface RequestSigner {
    /**
     * A request as it is about to be sent.
     *
     * @param method in capital letters
     * @param target with scheme, host and query, percent-encoded
     * @param headers those that the call sets; the case of names does not matter. Length, encoding and host are added later; the host
     *     header names the host of the target, and its port where it is not the scheme's own
     * @param body empty if there is none
     * @param at now, by the gateway's clock
     */
    @SuppressWarnings("ArrayRecordComponent") // copied in and out; never compared
    record Draft(String method, URI target, Map<String, String> headers, byte[] body, Instant at) {
        /** Copies headers and body. */
        public Draft {
            Objects.requireNonNull(method, "method");
            Objects.requireNonNull(target, "target");
            Objects.requireNonNull(at, "at");
            Map<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            copy.putAll(headers);
            headers = Collections.unmodifiableMap(copy);
            body = body.clone();
        }

        /** The bytes, a copy. */
        @Override
        public byte[] body() {
            return body.clone();
        }

        /** Method and path; query and body may hold personal values. */
        @Override
        public String toString() {
            return "Draft[" + method + " " + target.getRawPath() + ", " + body.length + " bytes]";
        }
    }

    /** Headers to add, {@code Authorization} among them; asked anew for each attempt. */
    Map<String, String> sign(Draft draft);
}
