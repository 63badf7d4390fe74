package io.crmsdk.mail.provider;

import io.crmsdk.mail.internal.JsonTree;
import io.crmsdk.mail.provider.WebhookEvent.Bounce;
import io.crmsdk.mail.provider.WebhookEvent.Type;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.List;

/** A Postal server's webhooks. */
final class PostalScheme extends WebhookScheme {
    private final List<PublicKey> keys;

    PostalScheme(Collection<String> publicKeys) {
        super("postal");
        secrets(publicKeys, "public keys");
        keys = publicKeys.stream()
                .map(key -> Signatures.publicKey("RSA", Base64.getDecoder().decode(key)))
                .toList();
    }

    @Override
    Report read(WebhookRequest request, Instant now, Duration tolerance) throws Refused {
        byte[] signature = Signatures.base64(request.header("X-Postal-Signature-256"));
        if (keys.stream().noneMatch(key -> Signatures.fits("SHA256withRSA", key, signature, request.raw()))) {
            throw Refused.signature();
        }
        JsonTree body = WebhookJson.parse(request.raw());
        String id = body.get("uuid").string();
        if (id.isEmpty()) {
            throw Refused.malformed();
        }
        WebhookEvent event = event(body);
        // It relays mails as they are, so what it calls the message is the Message-ID that we wrote.
        String header = event.messageId() == null ? "" : event.messageId();
        return Report.under(id, List.of(event), Report.Marks.of("", header));
    }

    private static WebhookEvent event(JsonTree body) {
        JsonTree payload = body.get("payload");
        JsonTree bounced = payload.get("original_message");
        JsonTree message = bounced.isMissing() ? payload.get("message") : bounced;
        WebhookEvent plain = WebhookEvent.of(
                Type.UNKNOWN,
                message.get("to").string(),
                message.get("message_id").text(),
                body.get("timestamp").epochSeconds());
        return switch (body.get("event").string()) {
            case "MessageSent" -> plain.as(Type.DELIVERED);
            case "MessageDelayed" -> plain.as(Type.DEFERRED);
            case "MessageHeld" -> plain.as(Type.HELD);
            case "MessageDeliveryFailed" ->
                plain.bounced(kind(payload.get("status").string()), null);
            case "MessageBounced" -> plain.bounced(Bounce.UNKNOWN, null);
            case "MessageLoaded" -> plain.as(Type.OPENED);
            case "MessageLinkClicked" -> plain.as(Type.CLICKED);
            default -> plain;
        };
    }

    private static Bounce kind(String status) {
        return switch (status) {
            case "HardFail" -> Bounce.HARD;
            case "SoftFail" -> Bounce.SOFT;
            default -> Bounce.UNKNOWN;
        };
    }
}
