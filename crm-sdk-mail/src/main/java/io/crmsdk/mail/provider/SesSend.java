package io.crmsdk.mail.provider;

import io.crmsdk.http.Authorization;
import io.crmsdk.http.HttpAnswer;
import io.crmsdk.http.HttpCall;
import io.crmsdk.mail.internal.JsonTree;
import io.crmsdk.mail.internal.JsonWriter;
import java.io.IOException;
import java.net.URI;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Amazon SES, {@code POST /v2/email/outbound-emails}: it takes the mail as it is, writes a Message-ID of its own over ours, and knows no
 * idempotency key. Source: Amazon SES API v2 Reference, SendEmail.
 */
record SesSend(
        String region, Supplier<AccessKey> key, @Nullable String configurationSet) implements SendApi {
    private static final Set<String> ACCOUNT = Set.of(
            "AccountSuspendedException",
            "SendingPausedException",
            "LimitExceededException",
            "MailFromDomainNotVerifiedException",
            "NotFoundException",
            "ThrottlingException",
            "TooManyRequestsException",
            "AccessDeniedException",
            "ExpiredTokenException",
            "IncompleteSignature",
            "IncompleteSignatureException",
            "InvalidClientTokenId",
            "InvalidSignatureException",
            "MissingAuthenticationTokenException",
            "OptInRequired",
            "RequestExpired",
            "SignatureDoesNotMatch",
            "UnrecognizedClientException");

    SesSend {
        if (!region.matches("[a-z0-9-]{3,40}")) {
            throw new IllegalArgumentException("region: expected a name such as eu-central-1");
        }
    }

    @Override
    public String provider() {
        return "ses";
    }

    @Override
    public URI origin() {
        return URI.create("https://email." + region + ".amazonaws.com" + (region.startsWith("cn-") ? ".cn" : ""));
    }

    @Override
    public Authorization authorization() {
        return Authorization.signed(new AwsSigner(region, "ses", key));
    }

    @Override
    public HttpCall call(byte[] content, String recipient, String messageId, String deliveryId) throws IOException {
        byte[] body = JsonWriter.object(json -> {
            json.writeObjectFieldStart("Destination");
            json.writeArrayFieldStart("ToAddresses");
            json.writeString(recipient);
            json.writeEndArray();
            json.writeEndObject();
            json.writeObjectFieldStart("Content");
            json.writeObjectFieldStart("Raw");
            json.writeStringField("Data", Base64.getEncoder().encodeToString(content));
            json.writeEndObject();
            json.writeEndObject();
            json.writeArrayFieldStart("EmailTags");
            json.writeStartObject();
            json.writeStringField("Name", "crm_message");
            json.writeStringField("Value", messageId);
            json.writeEndObject();
            json.writeEndArray();
            if (configurationSet != null) {
                json.writeStringField("ConfigurationSetName", configurationSet);
            }
        });
        return HttpCall.post("/v2/email/outbound-emails").json(body);
    }

    @Override
    public Reply accepted(HttpAnswer answer) {
        String id = JsonTree.parseIfJson(answer.text()).get("MessageId").text();
        return id == null || id.isEmpty()
                ? new Reply(Meaning.UNCLEAR, null, "no MessageId")
                : new Reply(Meaning.TAKEN, id, "");
    }

    @Override
    public Reply refused(HttpAnswer answer) {
        JsonTree body = JsonTree.parseIfJson(answer.text());
        String type =
                type(answer.header("x-amzn-ErrorType").orElse(body.get("__type").string()));
        String message = body.get("message").string();
        String words = message.isEmpty() ? body.get("Message").string() : message;
        // An identity that is not verified is told as a mail that was rejected.
        boolean settings = ACCOUNT.contains(type)
                || type.equals("MessageRejected")
                        && words.toLowerCase(Locale.ROOT).contains("not verified");
        Meaning meaning = settings ? Meaning.NOT_NOW : SendApi.byStatus(answer.status());
        return new Reply(meaning, null, (type + " " + words).strip());
    }

    /** {@code MessageRejected:http://…} and {@code com.amazonaws…#MessageRejected} are both written. */
    private static String type(String text) {
        int colon = text.indexOf(':');
        String head = colon < 0 ? text : text.substring(0, colon);
        return head.substring(head.lastIndexOf('#') + 1);
    }

    @Override
    public String toString() {
        return provider();
    }
}
