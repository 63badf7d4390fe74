package io.crmsdk.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A signed assertion by RFC 7523, good for three minutes and one use. */
final class Jwt {
    private static final long LIFETIME_S = 180;
    private static final JsonFactory JSON = new JsonFactory();

    private Jwt() {}

    static String of(Authorization.Grant.Jwt grant, Instant now, String id) {
        PrivateKey key = grant.key().get();
        boolean rsa = key instanceof RSAKey;
        String signed = encode(header(rsa ? "RS256" : "ES256", grant.keyId())) + "." + encode(claims(grant, now, id));
        try {
            Signature signature = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
            signature.initSign(key);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + encode(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new HttpException("HTTP_TOKEN_KEY", "the key cannot sign; nothing was sent", false, e);
        }
    }

    private static byte[] header(String algorithm, @Nullable String keyId) {
        return json(out -> {
            out.writeStringField("alg", algorithm);
            out.writeStringField("typ", "JWT");
            if (keyId != null) {
                out.writeStringField("kid", keyId);
            }
        });
    }

    private static byte[] claims(Authorization.Grant.Jwt grant, Instant now, String id) {
        return json(out -> {
            out.writeStringField("iss", grant.issuer());
            out.writeStringField("sub", grant.subject());
            out.writeStringField("aud", grant.audience());
            out.writeNumberField("iat", now.getEpochSecond());
            out.writeNumberField("exp", now.getEpochSecond() + LIFETIME_S);
            out.writeStringField("jti", id);
        });
    }

    private interface Fields {
        void write(JsonGenerator out) throws IOException;
    }

    private static byte[] json(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            fields.write(out);
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
