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
 * Alibaba Cloud's signature V3 ({@code ACS3-HMAC-SHA256}). Source: "V3版本请求体&签名机制", help.aliyun.com; agrees with the vendor's own
 * signer.
 *
 * @param nonce a new one at each call
 */
record AliyunSigner(Supplier<AccessKey> key, Supplier<String> nonce) implements RequestSigner {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String ALGORITHM = "ACS3-HMAC-SHA256";

    @Override
    public Map<String, String> sign(Draft draft) {
        AccessKey pair = key.get();
        Map<String, String> added = new LinkedHashMap<>();
        added.put("x-acs-date", TIME.format(draft.at()));
        added.put("x-acs-signature-nonce", nonce.get());
        added.put("x-acs-content-sha256", WebhookBook.hash(draft.body()));
        if (pair.token() != null) {
            added.put("x-acs-security-token", pair.token());
        }
        SortedMap<String, String> signed = new TreeMap<>(added);
        signed.put("host", CanonicalRequest.host(draft.target()));
        draft.headers().forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.equals("content-type") || lower.startsWith("x-acs-")) {
                signed.put(lower, value);
            }
        });
        CanonicalRequest request = CanonicalRequest.of(
                draft.method(), draft.target(), signed, signed.getOrDefault("x-acs-content-sha256", ""));
        byte[] signature = Signatures.hmac(
                "HmacSHA256", Signatures.utf8(pair.secret()), Signatures.utf8(ALGORITHM + "\n" + request.hash()));
        added.put(
                "Authorization",
                ALGORITHM + " Credential=" + pair.id() + ",SignedHeaders=" + request.signedHeaders() + ",Signature="
                        + HexFormat.of().formatHex(signature));
        return added;
    }

    @Override
    public String toString() {
        return "AliyunSigner";
    }
}
