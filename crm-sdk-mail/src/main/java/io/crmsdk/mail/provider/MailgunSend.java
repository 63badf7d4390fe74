package io.crmsdk.mail.provider;

import io.crmsdk.http.Authorization;
import io.crmsdk.http.HttpAnswer;
import io.crmsdk.http.HttpCall;
import io.crmsdk.mail.internal.JsonTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** Mailgun, {@code POST /v3/{domain}/messages.mime}: it takes the mail as it is, with our Message-ID, and knows no idempotency key. */
record MailgunSend(String domain, Supplier<String> apiKey) implements SendApi {
    @Override
    public String provider() {
        return "mailgun";
    }

    @Override
    public URI origin() {
        return URI.create("https://api.mailgun.net");
    }

    @Override
    public Authorization authorization() {
        return Authorization.basic("api", apiKey);
    }

    @Override
    public HttpCall call(byte[] content, String recipient, String messageId, String deliveryId) throws IOException {
        // The same delivery has the same bytes; that no part holds the boundary is as sure as that two hashes differ.
        String boundary =
                "crm-" + WebhookBook.hash((deliveryId + "\n" + content.length).getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        field(body, boundary, "to", recipient);
        field(body, boundary, "v:crm_message", messageId);
        text(
                body,
                "--" + boundary + "\r\nContent-Disposition: form-data; name=\"message\"; filename=\"message.mime\"\r\n"
                        + "Content-Type: message/rfc822\r\n\r\n");
        body.write(content);
        text(body, "\r\n--" + boundary + "--\r\n");
        return HttpCall.post("/v3")
                .segment(domain)
                .segment("messages.mime")
                .body("multipart/form-data; boundary=" + boundary, body.toByteArray())
                .expectingJson();
    }

    private static void field(ByteArrayOutputStream body, String boundary, String name, String value)
            throws IOException {
        text(
                body,
                "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n");
    }

    private static void text(ByteArrayOutputStream body, String text) throws IOException {
        body.write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Reply accepted(HttpAnswer answer) {
        JsonTree body = JsonTree.parseIfJson(answer.text());
        String id = body.get("id").text();
        // Its events give it without the brackets.
        return id == null || id.isEmpty()
                ? new Reply(Meaning.UNCLEAR, null, "no id")
                : new Reply(
                        Meaning.TAKEN,
                        id.replaceAll("[<>]", ""),
                        body.get("message").string());
    }

    @Override
    public String toString() {
        return provider();
    }
}
