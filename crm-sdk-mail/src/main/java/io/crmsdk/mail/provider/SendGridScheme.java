package io.crmsdk.mail.provider;

import io.crmsdk.mail.internal.JsonTree;
import io.crmsdk.mail.provider.WebhookEvent.Bounce;
import io.crmsdk.mail.provider.WebhookEvent.Type;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** SendGrid's event webhook. */
final class SendGridScheme extends WebhookScheme {
    private static final String SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature";
    private static final String TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp";

    private final List<PublicKey> keys;

    SendGridScheme(Collection<String> publicKeys) {
        super("sendgrid");
        secrets(publicKeys, "public keys");
        keys = publicKeys.stream()
                .map(key -> Signatures.publicKey("EC", Base64.getDecoder().decode(key)))
                .toList();
    }

    @Override
    Report read(WebhookRequest request, Instant now, Duration tolerance) throws Refused {
        String timestamp = request.header(TIMESTAMP);
        byte[] signature = Signatures.base64(request.header(SIGNATURE));
        boolean signed = keys.stream()
                .anyMatch(key ->
                        Signatures.fits("SHA256withECDSA", key, signature, Signatures.utf8(timestamp), request.raw()));
        if (!signed) {
            throw Refused.signature();
        }
        fresh(seconds(timestamp), now, tolerance);
        JsonTree body = WebhookJson.parse(request.raw());
        if (!body.isArray() && !body.isObject()) {
            throw Refused.malformed();
        }
        List<Report.Entry> entries = new ArrayList<>();
        for (JsonTree event : body.objects()) {
            String id = event.get("sg_event_id").string();
            String key = !id.isEmpty()
                    ? id
                    : String.join(
                            "|",
                            event.get("sg_message_id").string(),
                            event.get("email").string(),
                            event.get("event").string(),
                            event.get("timestamp").string());
            entries.add(new Report.Entry(
                    key,
                    event(event),
                    Report.Marks.of(
                            event.get("crm_message").string(),
                            event.get("smtp-id").string())));
        }
        return Report.of(entries);
    }

    private static WebhookEvent event(JsonTree event) {
        WebhookEvent plain = WebhookEvent.of(
                Type.UNKNOWN,
                event.get("email").string(),
                event.get("sg_message_id").text(),
                event.get("timestamp").epochSeconds());
        String group = event.get("asm_group_id").string();
        return switch (event.get("event").string()) {
            case "processed" -> plain.as(Type.ACCEPTED);
            case "delivered" -> plain.as(Type.DELIVERED);
            case "deferred" -> plain.as(Type.DEFERRED);
            case "bounce" -> bounce(plain, event);
            case "blocked" -> plain.bounced(Bounce.POLICY, event.get("status").text());
            case "dropped" -> plain.rejected(reason(event.get("reason").string()));
            case "spamreport" -> plain.as(Type.COMPLAINED);
            case "unsubscribe" -> plain.about(Type.UNSUBSCRIBED, "all");
            case "group_unsubscribe" -> plain.about(Type.UNSUBSCRIBED, "group:" + group);
            case "group_resubscribe" -> plain.about(Type.RESUBSCRIBED, "group:" + group);
            case "open" -> plain.as(Type.OPENED);
            case "click" -> plain.as(Type.CLICKED);
            default -> plain;
        };
    }

    /** Events add to the id of the send call, after a dot, which machine did what. */
    @Override
    String remoteId(String messageId) {
        int dot = messageId.indexOf('.');
        return dot < 0 ? messageId : messageId.substring(0, dot);
    }

    private static WebhookEvent bounce(WebhookEvent plain, JsonTree event) {
        String status = event.get("status").text();
        boolean blocked = event.get("type").string().equals("blocked");
        return plain.bounced(blocked ? Bounce.POLICY : StatusCode.bounce(status), status);
    }

    /** SendGrid never sent it: the words of its list of drop reasons. */
    private static String reason(String words) {
        String text = words.toLowerCase(Locale.ROOT);
        if (text.contains("unsubscribed")) {
            return "unsubscribed";
        }
        if (text.contains("bounced")) {
            return "bounced";
        }
        if (text.contains("spam reporting")) {
            return "complained";
        }
        if (text.contains("invalid")) {
            return "invalid";
        }
        return text.contains("content") || text.contains("smtpapi") ? "content" : "other";
    }
}
