package io.crmsdk.mail.provider;

import io.crmsdk.mail.internal.JsonTree;
import io.crmsdk.mail.provider.WebhookEvent.Bounce;
import io.crmsdk.mail.provider.WebhookEvent.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Brevo's webhooks, behind a bearer token. */
final class BrevoScheme extends WebhookScheme {
    private final List<byte[]> tokens;

    BrevoScheme(Collection<String> tokens) {
        super("brevo");
        this.tokens = secrets(tokens, "tokens");
    }

    @Override
    Report read(WebhookRequest request, Instant now, Duration tolerance) throws Refused {
        String authorization = request.header("Authorization");
        boolean bearer = authorization.toLowerCase(Locale.ROOT).startsWith("bearer ");
        byte[] given = Signatures.utf8(bearer ? authorization.substring(7).strip() : "");
        boolean known = false;
        for (byte[] token : tokens) {
            known |= Signatures.same(token, given);
        }
        if (!known) {
            throw new Refused("CREDENTIALS_INVALID");
        }
        JsonTree body = WebhookJson.parse(request.raw());
        if (!body.isObject() && !body.isArray()) {
            throw Refused.malformed();
        }
        List<Report.Entry> entries = new ArrayList<>();
        for (JsonTree event : body.objects()) {
            entries.add(new Report.Entry(
                    String.join(
                            "|",
                            event.get("message-id").string(),
                            event.get("event").string(),
                            event.get("email").string(),
                            event.get("ts_epoch").string(),
                            event.get("ts_event").string()),
                    event(event),
                    marks(event)));
        }
        return Report.of(entries);
    }

    private static Report.Marks marks(JsonTree event) {
        String custom = event.get("X-Mailin-custom").string();
        return Report.Marks.of(
                custom.startsWith(BrevoSend.CUSTOM) ? custom.substring(BrevoSend.CUSTOM.length()) : "",
                event.get("message-id").string());
    }

    private static WebhookEvent event(JsonTree event) {
        WebhookEvent plain = WebhookEvent.of(
                Type.UNKNOWN,
                event.get("email").string(),
                event.get("message-id").text(),
                at(event));
        return switch (event.get("event").string()) {
            case "request" -> plain.as(Type.ACCEPTED);
            case "delivered" -> plain.as(Type.DELIVERED);
            case "deferred" -> plain.as(Type.DEFERRED);
            case "hard_bounce", "invalid_email" -> plain.bounced(Bounce.HARD, null);
            case "soft_bounce" -> plain.bounced(Bounce.SOFT, null);
            case "blocked" -> plain.rejected("suppressed");
            case "spam", "complaint" -> plain.as(Type.COMPLAINED);
            case "unsubscribe", "unsubscribed" -> plain.about(Type.UNSUBSCRIBED, "all");
            case "list_addition" -> plain.about(Type.RESUBSCRIBED, "all");
            case "opened", "unique_opened", "proxy_open", "unique_proxy_open" -> plain.as(Type.OPENED);
            case "click" -> plain.as(Type.CLICKED);
            default -> plain;
        };
    }

    /** Its {@code date} is in the account's zone, and its {@code ts} has been seen hours away: neither is used. */
    private static @Nullable Instant at(JsonTree event) {
        Instant exact = event.get("ts_epoch").epochMillis();
        return exact != null ? exact : event.get("ts_event").epochSeconds();
    }
}
