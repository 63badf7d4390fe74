package io.crmsdk.examples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmsdk.mail.provider.SnsCertificates;
import io.crmsdk.mail.provider.WebhookEvent;
import io.crmsdk.mail.provider.WebhookReceiver;
import io.crmsdk.mail.provider.WebhookRequest;
import io.crmsdk.mail.provider.WebhookScheme;
import io.crmsdk.mail.provider.WebhookVerdict;
import io.crmsdk.store.Store;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code crm webhook}: looks at webhook calls of mail providers. */
@Command(name = "webhook", description = "Looks at webhook calls of mail providers.", mixinStandardHelpOptions = true)
final class WebhookCommand {
    private static final DateTimeFormatter MILLIS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(java.util.Locale.ROOT);

    @Command(
            name = "verify",
            description =
                    "Reads JSON Lines, each a call with the key that should fit, and says of each whether it is to be"
                            + " believed and what is new in it. Calls are kept in the store, so that a repeated one is known.",
            mixinStandardHelpOptions = true)
    int verify(
            @Mixin Output output,
            @Mixin StoreOption store,
            @Parameters(arity = "0..1", description = "file; standard input if absent or -") @Nullable String file)
            throws IOException {
        boolean[] refused = {false};
        try (Store opened = store.open()) {
            JsonLines.each(file, (number, text) -> {
                ObjectNode answer = answer(JsonLines.parse(text, "line " + number), "line " + number, opened);
                refused[0] |= answer.path("expect").asText().equals("reject");
                output.lines().write(answer);
            });
        }
        return refused[0] ? Exit.FINDINGS : Exit.DONE;
    }

    private static ObjectNode answer(JsonNode call, String place, Store store) {
        ObjectNode answer = JsonLines.object();
        answer.set("id", call.path("id"));
        WebhookReceiver receiver = WebhookReceiver.builder(scheme(call, place), store)
                .tolerance(Duration.ofSeconds(call.path("tolerance_s").asLong(300)))
                .build();
        WebhookVerdict verdict = receiver.receive(
                request(call, place), Instant.ofEpochSecond(call.path("now").asLong()));
        answer.put("expect", verdict.accepted() ? "accept" : "reject");
        if (!verdict.accepted()) {
            return answer.put("reason", verdict.code());
        }
        ArrayNode events = answer.putArray("events");
        verdict.events().forEach(event -> events.add(event(event)));
        if (verdict.confirm() != null) {
            answer.put("confirm", true);
        }
        return answer;
    }

    private static WebhookRequest request(JsonNode call, String place) {
        Map<String, List<String>> headers = new HashMap<>();
        call.path("headers").properties().forEach(header -> {
            List<String> values = new ArrayList<>();
            if (header.getValue().isArray()) {
                header.getValue().forEach(value -> values.add(value.asText()));
            } else {
                values.add(header.getValue().asText());
            }
            headers.put(header.getKey(), values);
        });
        try {
            byte[] body = Base64.getDecoder().decode(call.path("body_base64").asText());
            return new WebhookRequest(
                    call.path("method").asText("POST"), call.path("url").asText(), headers, body);
        } catch (IllegalArgumentException e) {
            throw new UsageException(place + ": body_base64 is not Base64");
        }
    }

    private static WebhookScheme scheme(JsonNode call, String place) {
        JsonNode key = call.path("key");
        String provider = call.path("provider").asText();
        try {
            return switch (provider) {
                case "sendgrid" -> WebhookScheme.sendGrid(texts(key, "public_key"));
                case "mailgun" -> WebhookScheme.mailgun(texts(key, "secret"));
                case "sns" -> WebhookScheme.amazonSns(topics(key), certificates(key.path("certificates")));
                case "postmark" ->
                    WebhookScheme.postmark(
                            key.path("user").asText(), key.path("password").asText());
                case "brevo" -> WebhookScheme.brevo(texts(key, "token"));
                case "aliyun-dm" -> WebhookScheme.aliyunDirectMail(texts(key, "token"));
                case "mandrill" ->
                    WebhookScheme.mandrill(URI.create(key.path("url").asText()), texts(key, "webhook_key"));
                case "standard-webhooks" -> WebhookScheme.standardWebhooks(texts(key, "secret", "public_key"));
                case "postal" -> WebhookScheme.postal(texts(key, "public_key"));
                default ->
                    throw new UsageException(
                            place + ": no provider is called " + provider
                                    + "; known are sendgrid, mailgun, sns, postmark, brevo, aliyun-dm, mandrill, standard-webhooks, postal");
            };
        } catch (IllegalArgumentException e) {
            throw new UsageException(place + ": the key does not fit " + provider + ": " + e.getMessage());
        }
    }

    /** The texts under these names, each a text or a list of them. */
    private static List<String> texts(JsonNode key, String... names) {
        List<String> texts = new ArrayList<>();
        for (String name : names) {
            JsonNode value = key.path(name);
            if (value.isArray()) {
                value.forEach(one -> texts.add(one.asText()));
            } else if (value.isTextual()) {
                texts.add(value.asText());
            }
        }
        return texts;
    }

    private static Set<String> topics(JsonNode key) {
        return new HashSet<>(texts(key, "topic_arn"));
    }

    /** Certificates by address, as the input gives them. */
    private static SnsCertificates certificates(JsonNode byAddress) {
        return address -> {
            JsonNode pem = byAddress.path(address.toString());
            if (!pem.isTextual()) {
                return null;
            }
            try {
                return (X509Certificate) CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(pem.asText().getBytes(StandardCharsets.US_ASCII)));
            } catch (CertificateException e) {
                throw new IllegalArgumentException("the certificate of " + address + " cannot be read", e);
            }
        };
    }

    private static ObjectNode event(WebhookEvent event) {
        ObjectNode line = JsonLines.object();
        line.put("type", event.type().text());
        line.put("recipient", event.recipient());
        line.put("provider_message_id", event.messageId());
        line.put("at", event.at() == null ? null : MILLIS.format(event.at()));
        if (event.bounce() != null) {
            line.put("bounce", event.bounce().text());
        }
        putIfThere(line, "status", event.status());
        putIfThere(line, "reason", event.reason());
        putIfThere(line, "scope", event.scope());
        return line;
    }

    private static void putIfThere(ObjectNode line, String name, @Nullable String value) {
        if (value != null) {
            line.put(name, value);
        }
    }
}
