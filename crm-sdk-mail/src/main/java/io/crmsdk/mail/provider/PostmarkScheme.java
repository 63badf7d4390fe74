package io.crmsdk.mail.provider;

import io.crmsdk.mail.internal.JsonTree;
import io.crmsdk.mail.provider.WebhookEvent.Bounce;
import io.crmsdk.mail.provider.WebhookEvent.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Postmark's webhooks, behind basic authentication. */
final class PostmarkScheme extends WebhookScheme {
    private final byte[] credentials;

    PostmarkScheme(String user, String password) {
        super("postmark");
        if (user.isEmpty() || password.isEmpty()) {
            throw new IllegalArgumentException(
                    "user and password: neither may be empty, they are all the proof there is");
        }
        credentials = Signatures.utf8(user + ":" + password);
    }

    @Override
    Report read(WebhookRequest request, Instant now, Duration tolerance) throws Refused {
        String authorization = request.header("Authorization");
        boolean basic = authorization.toLowerCase(Locale.ROOT).startsWith("basic ");
        byte[] given = basic ? Signatures.base64(authorization.substring(6).strip()) : null;
        if (!Signatures.same(credentials, given)) {
            throw new Refused("CREDENTIALS_INVALID");
        }
        JsonTree body = WebhookJson.parse(request.raw());
        if (!body.isObject() && !body.isArray()) {
            throw Refused.malformed();
        }
        List<Report.Entry> entries = new ArrayList<>();
        for (JsonTree record : body.objects()) {
            WebhookEvent event = event(record);
            String id = record.get("ID").string();
            String kind = record.get("RecordType").string();
            entries.add(new Report.Entry(
                    id.isEmpty()
                            ? String.join("|", kind, event.recipient(), String.valueOf(event.messageId()), time(record))
                            : kind + " " + id,
                    event,
                    Report.Marks.of(record.get("Metadata", "crm_message").string(), "")));
        }
        return Report.of(entries);
    }

    /** As it stands, with all its digits: two opens within a millisecond are two. */
    private static String time(JsonTree record) {
        for (String name : List.of("DeliveredAt", "BouncedAt", "ReceivedAt", "ChangedAt")) {
            String text = record.get(name).text();
            if (text != null) {
                return text;
            }
        }
        return "";
    }

    private static WebhookEvent event(JsonTree record) {
        String recipient = record.get("Recipient").string();
        WebhookEvent plain = WebhookEvent.of(
                Type.UNKNOWN,
                recipient.isEmpty() ? record.get("Email").string() : recipient,
                record.get("MessageID").text(),
                at(record));
        return switch (record.get("RecordType").string()) {
            case "Delivery" -> plain.as(Type.DELIVERED);
            case "Bounce" -> bounce(plain, record);
            case "SpamComplaint" -> plain.as(Type.COMPLAINED);
            case "SubscriptionChange" -> change(plain, record);
            case "Open" -> plain.as(Type.OPENED);
            case "Click" -> plain.as(Type.CLICKED);
            default -> plain;
        };
    }

    private static @Nullable Instant at(JsonTree record) {
        for (String name : List.of("DeliveredAt", "BouncedAt", "ReceivedAt", "ChangedAt")) {
            Instant at = record.get(name).time();
            if (at != null) {
                return at;
            }
        }
        return null;
    }

    private static WebhookEvent bounce(WebhookEvent plain, JsonTree record) {
        return switch (record.get("Type").string()) {
            case "HardBounce", "BadEmailAddress" -> plain.bounced(Bounce.HARD, null);
            case "SoftBounce" -> plain.bounced(Bounce.SOFT, null);
            case "Transient", "DnsError" -> plain.as(Type.DEFERRED);
            case "Blocked", "DMARCPolicy", "VirusNotification", "SpamNotification" ->
                plain.bounced(Bounce.POLICY, null);
            case "AutoResponder", "AddressChange", "ChallengeVerification" -> plain.as(Type.AUTO_REPLIED);
            case "SpamComplaint" -> plain.as(Type.COMPLAINED);
            case "Unsubscribe" -> plain.about(Type.UNSUBSCRIBED, stream(record));
            case "ManuallyDeactivated" -> plain.rejected("suppressed");
            default -> plain.bounced(Bounce.UNKNOWN, null);
        };
    }

    /** Sent for bounces and complaints too, which are no unsubscribes. */
    private static WebhookEvent change(WebhookEvent plain, JsonTree record) {
        if (record.get("SuppressSending").isFalse()) {
            return plain.about(Type.RESUBSCRIBED, stream(record));
        }
        return switch (record.get("SuppressionReason").string()) {
            case "HardBounce" -> plain.bounced(Bounce.HARD, null);
            case "SpamComplaint" -> plain.as(Type.COMPLAINED);
            // What else stops a person's mail is taken as the person's wish until it is known better.
            default -> plain.about(Type.UNSUBSCRIBED, stream(record));
        };
    }

    private static String stream(JsonTree record) {
        String stream = record.get("MessageStream").string();
        return stream.isEmpty() ? "all" : "stream:" + stream;
    }
}
