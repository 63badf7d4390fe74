package io.crmsdk.mail.provider;

import io.crmsdk.mail.internal.JsonTree;
import io.crmsdk.mail.provider.WebhookEvent.Bounce;
import io.crmsdk.mail.provider.WebhookEvent.Type;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;

/** Standard Webhooks (svix), with the events of Resend. */
final class StandardScheme extends WebhookScheme {
    private static final int MOST_SIGNATURES = 20;
    /** Checked here, since the JDK takes a longer one whose last bytes are zero. */
    private static final int ED25519_SIGNATURE = 64;

    /** What stands before the 32 bytes of an ed25519 key in its DER form (RFC 8410). */
    private static final byte[] ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");

    private final List<byte[]> secrets = new ArrayList<>();
    private final List<PublicKey> publicKeys = new ArrayList<>();

    StandardScheme(Collection<String> keys) {
        super("standard-webhooks");
        secrets(keys, "keys");
        for (String key : keys) {
            if (key.startsWith("whpk_")) {
                byte[] raw = Base64.getDecoder().decode(key.substring(5));
                byte[] der = new byte[ED25519.length + raw.length];
                System.arraycopy(ED25519, 0, der, 0, ED25519.length);
                System.arraycopy(raw, 0, der, ED25519.length, raw.length);
                publicKeys.add(Signatures.publicKey("Ed25519", der));
            } else if (key.startsWith("whsec_")) {
                secrets.add(Base64.getDecoder().decode(key.substring(6)));
            } else {
                throw new IllegalArgumentException("keys: expected whsec_… or whpk_…");
            }
        }
    }

    @Override
    Report read(WebhookRequest request, Instant now, Duration tolerance) throws Refused {
        String prefix = request.has("webhook-id") ? "webhook-" : "svix-";
        String id = request.header(prefix + "id");
        String timestamp = request.header(prefix + "timestamp");
        if (id.isEmpty() || id.length() > 200) {
            throw Refused.signature();
        }
        Instant signedAt = seconds(timestamp);
        byte[] head = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
        if (!isSigned(request.header(prefix + "signature"), head, request.raw())) {
            throw Refused.signature();
        }
        fresh(signedAt, now, tolerance);
        JsonTree body = WebhookJson.parse(request.raw());
        if (!body.isObject()) {
            throw Refused.malformed();
        }
        return Report.under(id, events(body), marks(body.get("data")));
    }

    /** Resend gives tags as an object in some events and as a list of names and values in others. */
    private static Report.Marks marks(JsonTree data) {
        String told = data.get("tags", "crm_message").string();
        for (JsonTree tag : data.get("tags").items()) {
            if (tag.get("name").string().equals("crm_message")) {
                told = tag.get("value").string();
            }
        }
        return Report.Marks.of(told, data.get("message_id").string());
    }

    private boolean isSigned(String signatures, byte[] head, byte[] body) {
        String[] given = signatures.split(" ", MOST_SIGNATURES + 1);
        boolean fits = false;
        for (int i = 0; i < Math.min(given.length, MOST_SIGNATURES); i++) {
            int comma = given[i].indexOf(',');
            byte[] signature = comma < 0 ? null : Signatures.base64(given[i].substring(comma + 1));
            // The version says which kind it is: an HMAC is never tried as a signature, nor the other way round.
            if (given[i].startsWith("v1,")) {
                for (byte[] secret : secrets) {
                    fits |= Signatures.same(Signatures.hmac("HmacSHA256", secret, head, body), signature);
                }
            } else if (given[i].startsWith("v1a,") && signature != null && signature.length == ED25519_SIGNATURE) {
                for (PublicKey key : publicKeys) {
                    fits |= Signatures.fits("Ed25519", key, signature, head, body);
                }
            }
        }
        return fits;
    }

    private static List<WebhookEvent> events(JsonTree body) {
        JsonTree data = body.get("data");
        List<String> recipients = new ArrayList<>();
        data.get("to").items().forEach(to -> recipients.add(to.string()));
        if (recipients.isEmpty()) {
            String to = data.get("to").string();
            recipients.add(to.isEmpty() ? data.get("email").string() : to);
        }
        return recipients.stream()
                .map(recipient -> event(
                        body,
                        data,
                        WebhookEvent.of(
                                Type.UNKNOWN,
                                recipient,
                                data.get("email_id").text(),
                                body.get("created_at").time())))
                .toList();
    }

    private static WebhookEvent event(JsonTree body, JsonTree data, WebhookEvent plain) {
        return switch (body.get("type").string()) {
            case "email.sent" -> plain.as(Type.SENT);
            case "email.delivered" -> plain.as(Type.DELIVERED);
            case "email.delivery_delayed" -> plain.as(Type.DEFERRED);
            case "email.bounced" ->
                plain.bounced(kind(data.get("bounce", "type").string()), null);
            case "email.suppressed" -> plain.rejected("suppressed");
            case "email.failed" -> plain.rejected("other");
            case "email.complained" -> plain.as(Type.COMPLAINED);
            case "email.opened" -> plain.as(Type.OPENED);
            case "email.clicked" -> plain.as(Type.CLICKED);
            default -> plain;
        };
    }

    private static Bounce kind(String type) {
        return switch (type) {
            case "Permanent" -> Bounce.HARD;
            case "Transient", "Temporary" -> Bounce.SOFT;
            default -> Bounce.UNKNOWN;
        };
    }
}
