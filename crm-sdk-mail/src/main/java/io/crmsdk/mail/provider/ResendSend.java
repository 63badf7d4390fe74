package io.crmsdk.mail.provider;

import io.crmsdk.http.Authorization;
import io.crmsdk.http.HttpAnswer;
import io.crmsdk.http.HttpCall;
import io.crmsdk.mail.internal.JsonTree;
import io.crmsdk.mail.internal.JsonWriter;
import io.crmsdk.time.UtcClock;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Resend, {@code POST /emails}: 200 with the id; it remembers an Idempotency-Key for a day. */
record ResendSend(Supplier<String> apiKey, UtcClock clock) implements SendApi {
    private static final Set<String> ACCOUNT = Set.of(
            "missing_api_key",
            "invalid_api_key",
            "restricted_api_key",
            "daily_quota_exceeded",
            "monthly_quota_exceeded",
            "invalid_access",
            "rate_limit_exceeded");

    @Override
    public String provider() {
        return "resend";
    }

    @Override
    public URI origin() {
        return URI.create("https://api.resend.com");
    }

    @Override
    public Authorization authorization() {
        return Authorization.bearer(apiKey);
    }

    @Override
    public HttpCall call(byte[] content, String recipient, String messageId, String deliveryId)
            throws IOException, SentMail.UnreadableException {
        SentMail mail = SentMail.read(content);
        byte[] body = JsonWriter.object(json -> {
            json.writeStringField("from", mail.from().toUnicodeString());
            json.writeStringField("to", recipient);
            if (mail.replyTo() != null) {
                json.writeStringField("reply_to", mail.replyTo().toUnicodeString());
            }
            json.writeStringField("subject", mail.subject());
            JsonWriter.filled(json, "text", mail.text());
            JsonWriter.filled(json, "html", mail.html());
            json.writeObjectFieldStart("headers");
            for (Map.Entry<String, String> header : mail.headers().entrySet()) {
                json.writeStringField(header.getKey(), header.getValue());
            }
            json.writeEndObject();
            json.writeArrayFieldStart("tags");
            json.writeStartObject();
            json.writeStringField("name", "crm_message");
            json.writeStringField("value", messageId);
            json.writeEndObject();
            json.writeEndArray();
            if (!mail.attachments().isEmpty()) {
                json.writeArrayFieldStart("attachments");
                for (SentMail.Attachment file : mail.attachments()) {
                    json.writeStartObject();
                    json.writeStringField("filename", file.name());
                    json.writeStringField("content", Base64.getEncoder().encodeToString(file.bytes()));
                    json.writeStringField("content_type", file.type());
                    if (file.id() != null) {
                        json.writeStringField("content_id", file.id());
                    }
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
        });
        return HttpCall.post("/emails")
                .json(body)
                .idempotencyKey("Idempotency-Key", deliveryId, clock.instant().plus(Duration.ofHours(23)));
    }

    @Override
    public Reply accepted(HttpAnswer answer) {
        String id = JsonTree.parseIfJson(answer.text()).get("id").text();
        return id == null || id.isEmpty()
                ? new Reply(Meaning.UNCLEAR, null, "no id")
                : new Reply(Meaning.TAKEN, id, "");
    }

    @Override
    public Reply refused(HttpAnswer answer) {
        JsonTree body = JsonTree.parseIfJson(answer.text());
        String name = body.get("name").string();
        Meaning meaning = ACCOUNT.contains(name) ? Meaning.NOT_NOW : SendApi.byStatus(answer.status());
        return new Reply(meaning, null, (name + " " + body.get("message").string()).strip());
    }

    @Override
    public String toString() {
        return provider();
    }
}
