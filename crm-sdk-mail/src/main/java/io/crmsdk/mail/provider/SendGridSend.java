package io.crmsdk.mail.provider;

import com.fasterxml.jackson.core.JsonGenerator;
import io.crmsdk.http.Authorization;
import io.crmsdk.http.HttpAnswer;
import io.crmsdk.http.HttpCall;
import io.crmsdk.mail.internal.JsonTree;
import io.crmsdk.mail.internal.JsonWriter;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.net.URI;
import java.util.Base64;
import java.util.Map;
import java.util.function.Supplier;

/** SendGrid, {@code POST /v3/mail/send}: 202 without a body, the id in {@code X-Message-Id}; it knows no idempotency key. */
record SendGridSend(Supplier<String> apiKey) implements SendApi {
    @Override
    public String provider() {
        return "sendgrid";
    }

    @Override
    public URI origin() {
        return URI.create("https://api.sendgrid.com");
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
            json.writeArrayFieldStart("personalizations");
            json.writeStartObject();
            json.writeArrayFieldStart("to");
            json.writeStartObject();
            json.writeStringField("email", recipient);
            json.writeEndObject();
            json.writeEndArray();
            // Comes back at the top level of events, where a name of theirs could be shadowed: hence the prefix.
            json.writeObjectFieldStart("custom_args");
            json.writeStringField("crm_message", messageId);
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndArray();
            address(json, "from", mail.from());
            if (mail.replyTo() != null) {
                address(json, "reply_to", mail.replyTo());
            }
            json.writeStringField("subject", mail.subject());
            content(json, mail);
            attachments(json, mail);
            json.writeObjectFieldStart("headers");
            for (Map.Entry<String, String> header : mail.headers().entrySet()) {
                json.writeStringField(header.getKey(), header.getValue());
            }
            json.writeEndObject();
        });
        return HttpCall.post("/v3/mail/send").body("application/json", body);
    }

    private static void address(JsonGenerator json, String name, InternetAddress address) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeStringField("email", address.getAddress());
        if (address.getPersonal() != null) {
            json.writeStringField("name", address.getPersonal());
        }
        json.writeEndObject();
    }

    private static void content(JsonGenerator json, SentMail mail) throws IOException {
        json.writeArrayFieldStart("content");
        part(json, "text/plain", mail.text());
        part(json, "text/html", mail.html());
        json.writeEndArray();
    }

    private static void part(JsonGenerator json, String type, String value) throws IOException {
        if (!value.isEmpty()) {
            json.writeStartObject();
            json.writeStringField("type", type);
            json.writeStringField("value", value);
            json.writeEndObject();
        }
    }

    private static void attachments(JsonGenerator json, SentMail mail) throws IOException {
        if (mail.attachments().isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("attachments");
        for (SentMail.Attachment file : mail.attachments()) {
            json.writeStartObject();
            json.writeStringField("content", Base64.getEncoder().encodeToString(file.bytes()));
            json.writeStringField("type", file.type());
            json.writeStringField("filename", file.name());
            json.writeStringField("disposition", file.id() == null ? "attachment" : "inline");
            if (file.id() != null) {
                json.writeStringField("content_id", file.id());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    @Override
    public Reply accepted(HttpAnswer answer) {
        return new Reply(Meaning.TAKEN, answer.header("X-Message-Id").orElse(null), "");
    }

    @Override
    public Reply refused(HttpAnswer answer) {
        String words = JsonTree.parseIfJson(answer.text()).get("errors").objects().stream()
                .map(error -> error.get("message").string())
                .findFirst()
                .orElse("");
        return new Reply(SendApi.byStatus(answer.status()), null, words);
    }

    @Override
    public String toString() {
        return provider();
    }
}
