package io.crmsdk.mail.provider;

import io.crmsdk.http.RequestSigner;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Amazon's Signature Version 4, in headers. Source: "Signing AWS API requests", IAM User Guide; checked against the published test
 * suite.
 */
record AwsSigner(String region, String service, Supplier<AccessKey> key) implements RequestSigner {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";

    @Override
    public Map<String, String> sign(Draft draft) {
        AccessKey pair = key.get();
        String time = TIME.format(draft.at());
        String day = time.substring(0, 8);
        SortedMap<String, String> signed = new TreeMap<>();
        draft.headers().forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            // Others may be changed on the way.
            if (lower.equals("content-type") || lower.startsWith("x-amz-")) {
                signed.put(lower, value);
            }
        });
        signed.put("host", CanonicalRequest.host(draft.target()));
        signed.put("x-amz-date", time);
        if (pair.token() != null) {
            signed.put("x-amz-security-token", pair.token());
        }
        CanonicalRequest request =
                CanonicalRequest.of(draft.method(), draft.target(), signed, WebhookBook.hash(draft.body()));
        String scope = String.join("/", day, region, service, "aws4_request");
        byte[] text = Signatures.utf8(String.join("\n", ALGORITHM, time, scope, request.hash()));
        String signature = HexFormat.of().formatHex(hmac(derived(pair, day), text));
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-Amz-Date", time);
        if (pair.token() != null) {
            headers.put("X-Amz-Security-Token", pair.token());
        }
        headers.put(
                "Authorization",
                ALGORITHM + " Credential=" + pair.id() + "/" + scope + ", SignedHeaders=" + request.signedHeaders()
                        + ", Signature=" + signature);
        return headers;
    }

    private byte[] derived(AccessKey pair, String day) {
        byte[] derived = Signatures.utf8("AWS4" + pair.secret());
        for (String part : new String[] {day, region, service, "aws4_request"}) {
            derived = hmac(derived, Signatures.utf8(part));
        }
        return derived;
    }

    private static byte[] hmac(byte[] secret, byte[] text) {
        return Signatures.hmac("HmacSHA256", secret, text);
    }

    @Override
    public String toString() {
        return "AwsSigner[" + region + ", " + service + "]";
    }
}
