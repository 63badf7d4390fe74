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
import java.util.Set;
import java.util.function.Supplier;

/** Brevo, {@code POST /v3/smtp/email}: 201 with the id; it recognises repetitions by a header of the mail. */
record BrevoSend(Supplier<String> apiKey) implements SendApi {
    /** Before our id in the header that its events bring back. */
    static final String CUSTOM = "crm_message:";

    private static final Set<String> ACCOUNT = Set.of(
            "unauthorized",
            "permission_denied",
            "not_enough_credits",
            "account_under_validation",
            "reseller_permission_denied",
            "not_acceptable");

    @Override
    public String provider() {
        return "brevo";
    }

    @Override
    public URI origin() {
        return URI.create("https://api.brevo.com");
    }

    @Override
    public Authorization authorization() {
        return Authorization.header("api-key", apiKey);
    }

    @Override
    public HttpCall call(byte[] content, String recipient, String messageId, String deliveryId)
            throws IOException, SentMail.UnreadableException {
        SentMail mail = SentMail.read(content);
        byte[] body = JsonWriter.object(json -> {
            address(json, "sender", mail.from());
            json.writeArrayFieldStart("to");
            json.writeStartObject();
            json.writeStringField("email", recipient);
            json.writeEndObject();
            json.writeEndArray();
            if (mail.replyTo() != null) {
                address(json, "replyTo", mail.replyTo());
            }
            json.writeStringField("subject", mail.subject());
            JsonWriter.filled(json, "textContent", mail.text());
            JsonWriter.filled(json, "htmlContent", mail.html());
            json.writeObjectFieldStart("headers");
            for (Map.Entry<String, String> header : mail.headers().entrySet()) {
                json.writeStringField(header.getKey(), header.getValue());
            }
            json.writeStringField("X-Mailin-custom", CUSTOM + messageId);
            json.writeStringField("idempotencyKey", deliveryId);
            json.writeEndObject();
            if (!mail.attachments().isEmpty()) {
                json.writeArrayFieldStart("attachment");
                for (SentMail.Attachment file : mail.attachments()) {
                    json.writeStartObject();
                    json.writeStringField("name", file.name());
                    json.writeStringField("content", Base64.getEncoder().encodeToString(file.bytes()));
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
        });
        return HttpCall.post("/v3/smtp/email").json(body);
    }

    private static void address(JsonGenerator json, String name, InternetAddress address) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeStringField("email", address.getAddress());
        if (address.getPersonal() != null) {
            json.writeStringField("name", address.getPersonal());
        }
        json.writeEndObject();
    }

    @Override
    public Reply accepted(HttpAnswer answer) {
        String id = JsonTree.parseIfJson(answer.text()).get("messageId").text();
        return id == null || id.isEmpty()
                ? new Reply(Meaning.UNCLEAR, null, "no messageId")
                : new Reply(Meaning.TAKEN, id, "");
    }

    @Override
    public Reply refused(HttpAnswer answer) {
        JsonTree body = JsonTree.parseIfJson(answer.text());
        String code = body.get("code").string();
        Meaning meaning = ACCOUNT.contains(code) ? Meaning.NOT_NOW : SendApi.byStatus(answer.status());
        return new Reply(meaning, null, (code + " " + body.get("message").string()).strip());
    }

    @Override
    public String toString() {
        return provider();
    }
}
