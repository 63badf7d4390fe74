package io.crmsdk.mail.provider;

import io.crmsdk.http.Authorization;
import io.crmsdk.http.HttpAnswer;
import io.crmsdk.http.HttpCall;
import io.crmsdk.mail.internal.JsonTree;
import io.crmsdk.mail.internal.JsonWriter;
import java.io.IOException;
import java.net.URI;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Postmark, {@code POST /email}: an {@code ErrorCode} that is not 0 is a refusal, also inside a 200. */
record PostmarkSend(Supplier<String> serverToken, String stream) implements SendApi {
    /** Bad token, no credits, too many inactive, account not approved: Postmark's error codes about the account, not the mail. */
    private static final Set<Integer> ACCOUNT = Set.of(10, 100, 401, 402, 405, 412, 413, 510);

    @Override
    public String provider() {
        return "postmark";
    }

    @Override
    public URI origin() {
        return URI.create("https://api.postmarkapp.com");
    }

    @Override
    public Authorization authorization() {
        return Authorization.header("X-Postmark-Server-Token", serverToken);
    }

    @Override
    public HttpCall call(byte[] content, String recipient, String messageId, String deliveryId)
            throws IOException, SentMail.UnreadableException {
        SentMail mail = SentMail.read(content);
        byte[] body = JsonWriter.object(json -> {
            json.writeStringField("From", mail.from().toUnicodeString());
            json.writeStringField("To", recipient);
            if (mail.replyTo() != null) {
                json.writeStringField("ReplyTo", mail.replyTo().toUnicodeString());
            }
            json.writeStringField("Subject", mail.subject());
            JsonWriter.filled(json, "TextBody", mail.text());
            JsonWriter.filled(json, "HtmlBody", mail.html());
            json.writeStringField("MessageStream", stream);
            json.writeObjectFieldStart("Metadata");
            json.writeStringField("crm_message", messageId);
            json.writeEndObject();
            json.writeArrayFieldStart("Headers");
            for (Map.Entry<String, String> header : mail.headers().entrySet()) {
                json.writeStartObject();
                json.writeStringField("Name", header.getKey());
                json.writeStringField("Value", header.getValue());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("Attachments");
            for (SentMail.Attachment file : mail.attachments()) {
                json.writeStartObject();
                json.writeStringField("Name", file.name());
                json.writeStringField("Content", Base64.getEncoder().encodeToString(file.bytes()));
                json.writeStringField("ContentType", file.type());
                if (file.id() != null) {
                    json.writeStringField("ContentID", "cid:" + file.id());
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        });
        return HttpCall.post("/email").json(body);
    }

    @Override
    public Reply accepted(HttpAnswer answer) {
        JsonTree body = JsonTree.parseIfJson(answer.text());
        String code = body.get("ErrorCode").string();
        if (code.equals("0")) {
            return new Reply(
                    Meaning.TAKEN,
                    body.get("MessageID").text(),
                    body.get("Message").string());
        }
        return code.isEmpty() ? new Reply(Meaning.UNCLEAR, null, "no ErrorCode") : refused(answer);
    }

    @Override
    public Reply refused(HttpAnswer answer) {
        JsonTree body = JsonTree.parseIfJson(answer.text());
        String code = body.get("ErrorCode").string();
        boolean account = code.matches("\\d{1,6}") && ACCOUNT.contains(Integer.parseInt(code));
        Meaning meaning =
                account ? Meaning.NOT_NOW : code.isEmpty() ? SendApi.byStatus(answer.status()) : Meaning.NEVER;
        return new Reply(
                meaning, null, ("ErrorCode " + code + " " + body.get("Message").string()).strip());
    }

    @Override
    public String toString() {
        return provider();
    }
}
