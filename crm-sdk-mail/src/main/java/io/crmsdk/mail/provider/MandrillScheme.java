package io.crmsdk.mail.provider;

import io.crmsdk.mail.internal.JsonTree;
import io.crmsdk.mail.provider.WebhookEvent.Bounce;
import io.crmsdk.mail.provider.WebhookEvent.Type;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Mailchimp Transactional, formerly Mandrill. */
final class MandrillScheme extends WebhookScheme {
    /** The constant key while a webhook is being made: everybody knows it. */
    private static final String PUBLIC_KEY = "test-webhook";

    private final String url;
    private final List<byte[]> keys;

    MandrillScheme(URI url, Collection<String> webhookKeys) {
        super("mandrill");
        if (webhookKeys.contains(PUBLIC_KEY)) {
            throw new IllegalArgumentException("webhook keys: " + PUBLIC_KEY + " is known to everybody");
        }
        this.url = url.toString();
        this.keys = secrets(webhookKeys, "webhook keys");
    }

    @Override
    Report read(WebhookRequest request, Instant now, Duration tolerance) throws Refused {
        SortedMap<String, String> form = form(new String(request.raw(), StandardCharsets.UTF_8));
        StringBuilder signed = new StringBuilder(url);
        form.forEach((name, value) -> signed.append(name).append(value));
        byte[] given = Signatures.base64(request.header("X-Mandrill-Signature"));
        byte[] text = Signatures.utf8(signed.toString());
        boolean fits = false;
        for (byte[] key : keys) {
            fits |= Signatures.same(Signatures.hmac("HmacSHA1", key, text), given);
        }
        if (!fits) {
            throw Refused.signature();
        }
        List<Report.Entry> entries = new ArrayList<>();
        JsonTree events = WebhookJson.parse(Signatures.utf8(form.getOrDefault("mandrill_events", "")));
        for (JsonTree event : events.objects()) {
            String key = String.join(
                    "|",
                    event.get("_id").string(),
                    event.get("event").string(),
                    event.get("ts").string(),
                    event.get("msg", "email").string());
            entries.add(new Report.Entry(
                    key,
                    event(event),
                    Report.Marks.of(event.get("msg", "metadata", "crm_message").string(), "")));
        }
        return Report.of(entries);
    }

    private static SortedMap<String, String> form(String body) throws Refused {
        SortedMap<String, String> form = new TreeMap<>();
        for (String pair : body.split("&", -1)) {
            int equals = pair.indexOf('=');
            try {
                String name = decode(equals < 0 ? pair : pair.substring(0, equals));
                if (form.put(name, equals < 0 ? "" : decode(pair.substring(equals + 1))) != null) {
                    throw Refused.malformed();
                }
            } catch (IllegalArgumentException e) {
                throw Refused.malformed();
            }
        }
        return form;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static WebhookEvent event(JsonTree event) {
        String id = event.get("_id").text();
        WebhookEvent plain = WebhookEvent.of(
                Type.UNKNOWN,
                event.get("msg", "email").string(),
                id == null ? event.get("msg", "_id").text() : id,
                event.get("ts").epochSeconds());
        return switch (event.get("event").string()) {
            case "send" -> plain.as(Type.SENT);
            case "deferral" -> plain.as(Type.DEFERRED);
            case "delivered" -> plain.as(Type.DELIVERED);
            case "hard_bounce" -> plain.bounced(Bounce.HARD, null);
            case "soft_bounce" -> plain.bounced(Bounce.SOFT, null);
            case "spam" -> plain.as(Type.COMPLAINED);
            case "unsub" -> plain.about(Type.UNSUBSCRIBED, "all");
            case "reject" -> plain.rejected("suppressed");
            case "open" -> plain.as(Type.OPENED);
            case "click" -> plain.as(Type.CLICKED);
            default -> plain;
        };
    }
}
