package io.crmsdk.mail.provider;

import io.crmsdk.mail.internal.JsonTree;
import io.crmsdk.mail.provider.WebhookEvent.Bounce;
import io.crmsdk.mail.provider.WebhookEvent.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Mailgun's webhooks. */
final class MailgunScheme extends WebhookScheme {
    private final List<byte[]> keys;

    MailgunScheme(Collection<String> signingKeys) {
        super("mailgun");
        keys = secrets(signingKeys, "signing keys");
    }

    @Override
    Report read(WebhookRequest request, Instant now, Duration tolerance) throws Refused {
        JsonTree body = WebhookJson.parse(request.raw());
        String token = body.get("signature", "token").string();
        String timestamp = body.get("signature", "timestamp").string();
        if (token.isEmpty() || token.length() > 200 || !isSigned(body, timestamp, token)) {
            throw Refused.signature();
        }
        fresh(seconds(timestamp), now, tolerance);
        JsonTree event = body.get("event-data");
        List<Report.Entry> entries =
                event.isObject() ? List.of(new Report.Entry("token " + token, event(event), marks(event))) : List.of();
        return new Report(token, true, entries, null);
    }

    private static Report.Marks marks(JsonTree event) {
        return Report.Marks.of(
                event.get("user-variables", "crm_message").string(),
                event.get("message", "headers", "message-id").string());
    }

    private boolean isSigned(JsonTree body, String timestamp, String token) {
        for (String member : List.of("signature", "parent-signature")) {
            byte[] given = hex(body.get(member, "signature").string());
            String signedTime = member.equals("signature")
                    ? timestamp
                    : body.get(member, "timestamp").string();
            String signedToken = member.equals("signature")
                    ? token
                    : body.get(member, "token").string();
            for (byte[] key : keys) {
                byte[] wanted =
                        Signatures.hmac("HmacSHA256", key, Signatures.utf8(signedTime), Signatures.utf8(signedToken));
                if (Signatures.same(wanted, given) && signedTime.equals(timestamp) && signedToken.equals(token)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static byte[] hex(String text) {
        try {
            return HexFormat.of().parseHex(text.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static WebhookEvent event(JsonTree event) {
        WebhookEvent plain = WebhookEvent.of(
                Type.UNKNOWN,
                event.get("recipient").string(),
                event.get("message", "headers", "message-id").text(),
                event.get("timestamp").epochSeconds());
        return switch (event.get("event").string()) {
            case "accepted" -> plain.as(Type.ACCEPTED);
            case "delivered" -> plain.as(Type.DELIVERED);
            case "failed" -> failed(plain, event);
            case "rejected" -> plain.rejected("content");
            case "complained" -> plain.as(Type.COMPLAINED);
            case "unsubscribed" -> plain.about(Type.UNSUBSCRIBED, "all");
            case "opened" -> plain.as(Type.OPENED);
            case "clicked" -> plain.as(Type.CLICKED);
            default -> plain;
        };
    }

    private static WebhookEvent failed(WebhookEvent plain, JsonTree event) {
        String reason = event.get("reason").string();
        return switch (reason) {
            case "suppress-bounce" -> plain.rejected("bounced");
            case "suppress-complaint" -> plain.rejected("complained");
            case "suppress-unsubscribe" -> plain.rejected("unsubscribed");
            default ->
                event.get("severity").string().equals("permanent")
                        ? bounced(plain, event, reason)
                        : plain.as(Type.DEFERRED);
        };
    }

    private static WebhookEvent bounced(WebhookEvent plain, JsonTree event, String reason) {
        JsonTree answer = event.get("delivery-status");
        String enhanced = answer.get("enhanced-code").string();
        String status = StatusCode.in(enhanced.isEmpty() ? answer.get("message").string() : enhanced);
        // "old" is what it gives up after eight hours of trying.
        Bounce kind = reason.equals("old") ? Bounce.SOFT : StatusCode.bounce(status);
        return plain.bounced(kind == Bounce.UNKNOWN && reason.equals("bounce") ? Bounce.HARD : kind, status);
    }
}
