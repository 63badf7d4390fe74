package io.crmsdk.mail.provider;

import io.crmsdk.fixtures.JsonLines;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Calls as providers make them, each with the keys that a host would configure and what is right. */
record WebhookCalls(Map<String, Object> call) {
    static final Instant NOW = Instant.ofEpochSecond(1_772_452_800);

    static List<WebhookCalls> all() {
        return JsonLines.resource(WebhookCalls.class, "webhook-calls.jsonl").stream()
                .map(WebhookCalls::new)
                .toList();
    }

    static WebhookCalls of(String id) {
        return all().stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow();
    }

    String id() {
        return (String) call.get("id");
    }

    String after() {
        return (String) call.get("after");
    }

    boolean accept() {
        return "accept".equals(call.get("expect"));
    }

    boolean confirm() {
        return Boolean.TRUE.equals(call.get("confirm"));
    }

    byte[] body() {
        return Base64.getDecoder().decode((String) call.get("body_base64"));
    }

    WebhookRequest request() {
        return request(headers(), body());
    }

    WebhookRequest request(Map<String, List<String>> headers, byte[] body) {
        return new WebhookRequest((String) call.get("method"), (String) call.get("url"), headers, body);
    }

    Map<String, List<String>> headers() {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        map("headers").forEach((name, value) -> headers.put(name, List.of((String) value)));
        return headers;
    }

    WebhookScheme scheme() {
        Map<String, Object> key = map("key");
        return switch ((String) call.get("provider")) {
            case "sendgrid" -> WebhookScheme.sendGrid(List.of((String) key.get("public_key")));
            case "mailgun" -> WebhookScheme.mailgun(List.of((String) key.get("secret")));
            case "sns" -> WebhookScheme.amazonSns(Set.of((String) key.get("topic_arn")), this::certificate);
            case "postmark" -> WebhookScheme.postmark((String) key.get("user"), (String) key.get("password"));
            case "brevo" -> WebhookScheme.brevo(List.of((String) key.get("token")));
            case "mandrill" ->
                WebhookScheme.mandrill(URI.create((String) key.get("url")), List.of((String) key.get("webhook_key")));
            case "standard-webhooks" ->
                WebhookScheme.standardWebhooks(List.of((String) key.get("secret"), (String) key.get("public_key")));
            case "postal" -> WebhookScheme.postal(List.of((String) key.get("public_key")));
            default -> throw new AssertionError(call.get("provider"));
        };
    }

    @SuppressWarnings("unchecked")
    private X509Certificate certificate(URI address) {
        String pem = ((Map<String, String>) map("key").get("certificates")).get(address.toString());
        try {
            return pem == null
                    ? null
                    : (X509Certificate) CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
        } catch (CertificateException e) {
            throw new AssertionError(e);
        }
    }

    /** The events that are new, each as its members that are there, in words. */
    List<String> events() {
        List<String> events = new ArrayList<>();
        for (Object event : (List<?>) call.get("events")) {
            Map<?, ?> members = (Map<?, ?>) event;
            events.add(String.join(
                    " ",
                    String.valueOf(members.get("type")),
                    String.valueOf(members.get("recipient")),
                    String.valueOf(members.get("provider_message_id")),
                    members.get("at") == null
                            ? "null"
                            : Instant.parse((String) members.get("at")).toString(),
                    String.valueOf(members.get("bounce")),
                    String.valueOf(members.get("status")),
                    String.valueOf(members.get("reason")),
                    String.valueOf(members.get("scope"))));
        }
        return events;
    }

    static List<String> words(List<WebhookEvent> events) {
        return events.stream()
                .map(event -> String.join(
                        " ",
                        event.type().text(),
                        event.recipient(),
                        event.messageId(),
                        String.valueOf(event.at()),
                        event.bounce() == null ? "null" : event.bounce().text(),
                        String.valueOf(event.status()),
                        String.valueOf(event.reason()),
                        String.valueOf(event.scope())))
                .toList();
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> map(String name) {
        return (Map<String, Object>) call.get(name);
    }

    @Override
    public String toString() {
        return id();
    }
}
