package io.crmsdk.mail.provider;

import io.crmsdk.mail.internal.JsonTree;
import io.crmsdk.mail.provider.WebhookEvent.Bounce;
import io.crmsdk.mail.provider.WebhookEvent.Type;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Amazon SNS with events of SES in it. Amazon puts no limit on the age of a message, since it repeats for hours: what was seen before
 * is told by its id.
 */
final class SnsScheme extends WebhookScheme {
    private static final Pattern HOST = Pattern.compile("sns\\.[a-z0-9-]{3,}\\.amazonaws\\.com(\\.cn)?");
    private static final List<String> NOTIFICATION =
            List.of("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type");
    private static final List<String> CONFIRMATION =
            List.of("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type");
    private static final Map<String, String> ALGORITHMS = Map.of("1", "SHA1withRSA", "2", "SHA256withRSA");
    private static final Map<String, String> REPEATED = Map.of(
            "x-amz-sns-message-type", "Type",
            "x-amz-sns-message-id", "MessageId",
            "x-amz-sns-topic-arn", "TopicArn");
    private static final Set<String> POLICIES = Set.of("ContentRejected", "AttachmentRejected", "MessageTooLarge");

    private final Set<String> topics;
    private final SnsCertificates certificates;

    SnsScheme(Set<String> topics, SnsCertificates certificates) {
        super("sns");
        if (topics.isEmpty()) {
            throw new IllegalArgumentException("topics: expected at least one ARN; an empty list would trust nobody");
        }
        this.topics = Set.copyOf(topics);
        this.certificates = Objects.requireNonNull(certificates, "certificates");
    }

    @Override
    Report read(WebhookRequest request, Instant now, Duration tolerance) throws Refused {
        JsonTree body = WebhookJson.parse(request.raw());
        for (Map.Entry<String, String> header : REPEATED.entrySet()) {
            if (request.has(header.getKey())
                    && !request.header(header.getKey())
                            .equals(body.get(header.getValue()).string())) {
                throw Refused.signature();
            }
        }
        String type = body.get("Type").string();
        boolean confirmation = type.equals("SubscriptionConfirmation") || type.equals("UnsubscribeConfirmation");
        if (!confirmation && !type.equals("Notification")) {
            throw Refused.malformed();
        }
        // Before the signature, whose certificate may have to be fetched: a stranger's topic costs nothing.
        if (!topics.contains(body.get("TopicArn").string())) {
            throw new Refused("TOPIC_UNKNOWN");
        }
        verify(body, confirmation ? CONFIRMATION : NOTIFICATION);
        String id = body.get("MessageId").string();
        if (confirmation) {
            URI confirm = type.equals("SubscriptionConfirmation")
                    ? amazon(body.get("SubscribeURL").string())
                    : null;
            return new Report(id, false, List.of(), confirm);
        }
        JsonTree event = JsonTree.parseIfJson(body.get("Message").string());
        return Report.under(id, events(event), marks(event.get("mail")));
    }

    /** Tags come with a configuration set; headers, where the identity is set to include them. */
    private static Report.Marks marks(JsonTree mail) {
        String told = mail.get("tags", "crm_message").items().stream()
                .map(JsonTree::string)
                .findFirst()
                .orElse("");
        String header = mail.get("commonHeaders", "messageId").string();
        for (JsonTree each : mail.get("headers").items()) {
            if (each.get("name").string().equalsIgnoreCase("Message-ID")) {
                header = each.get("value").string();
            }
        }
        return Report.Marks.of(told, header);
    }

    private void verify(JsonTree body, List<String> names) throws Refused {
        String address = body.get("SigningCertURL").string();
        URI at = amazon(address.isEmpty() ? body.get("SigningCertUrl").string() : address);
        String path = at.getRawPath();
        if (path == null || !path.endsWith(".pem") || at.getRawQuery() != null) {
            throw new Refused("UNSAFE_URL");
        }
        String algorithm = ALGORITHMS.get(body.get("SignatureVersion").string());
        byte[] signature = Signatures.base64(body.get("Signature").string());
        if (algorithm == null || signature == null) {
            throw Refused.signature();
        }
        X509Certificate certificate = certificates.certificate(at);
        if (certificate == null
                || !Signatures.fits(
                        algorithm, certificate.getPublicKey(), signature, Signatures.utf8(canonical(body, names)))) {
            throw Refused.signature();
        }
    }

    /** Name and value of each field that is there, on a line each. */
    private static String canonical(JsonTree body, List<String> names) {
        StringBuilder text = new StringBuilder();
        for (String name : names) {
            String value = body.get(name).text();
            if (value != null) {
                text.append(name).append('\n').append(value).append('\n');
            }
        }
        return text.toString();
    }

    /** An address at an SNS host of Amazon's; anything else would let a stranger choose whom we call or trust. */
    private static URI amazon(String text) throws Refused {
        URI at;
        try {
            at = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new Refused("UNSAFE_URL");
        }
        if (!isAmazons(at)) {
            throw new Refused("UNSAFE_URL");
        }
        return at;
    }

    static boolean isAmazons(URI at) {
        return "https".equals(at.getScheme())
                && at.getHost() != null
                && HOST.matcher(at.getHost()).matches()
                && at.getRawUserInfo() == null
                && (at.getPort() == -1 || at.getPort() == 443)
                && at.getRawFragment() == null;
    }

    private static List<WebhookEvent> events(JsonTree event) {
        String type = event.get("eventType").string();
        if (type.isEmpty()) {
            type = event.get("notificationType").string();
        }
        if (type.isEmpty()) {
            return List.of();
        }
        Mail mail = new Mail(event);
        return switch (type) {
            case "Send" ->
                mail.all(Type.ACCEPTED, event.get("mail", "timestamp").time());
            case "Delivery" -> mail.listed(Type.DELIVERED, event.get("delivery"), "recipients");
            case "DeliveryDelay" -> mail.listed(Type.DEFERRED, event.get("deliveryDelay"), "delayedRecipients");
            case "Bounce" -> bounces(mail, event.get("bounce"));
            case "Complaint" -> complaints(mail, event.get("complaint"));
            case "Reject" ->
                mail.all(Type.REJECTED, null).stream()
                        .map(one -> one.rejected("content"))
                        .toList();
            case "Open" -> mail.all(Type.OPENED, event.get("open", "timestamp").time());
            case "Click" ->
                mail.all(Type.CLICKED, event.get("click", "timestamp").time());
            case "Subscription" -> subscriptions(mail, event.get("subscription"));
            default -> mail.all(Type.UNKNOWN, event.get("mail", "timestamp").time());
        };
    }

    /** The message that an event is about. */
    private record Mail(JsonTree event) {
        WebhookEvent one(Type type, String recipient, @Nullable Instant at) {
            return WebhookEvent.of(
                    type, recipient, event.get("mail", "messageId").text(), at);
        }

        List<WebhookEvent> all(Type type, @Nullable Instant at) {
            return event.get("mail", "destination").items().stream()
                    .map(recipient -> one(type, recipient.string(), at))
                    .toList();
        }

        /** Recipients are texts in some events and objects in others. */
        List<WebhookEvent> listed(Type type, JsonTree part, String list) {
            return part.get(list).items().stream()
                    .map(item -> one(
                            type,
                            item.isObject() ? item.get("emailAddress").string() : item.string(),
                            part.get("timestamp").time()))
                    .toList();
        }
    }

    private static List<WebhookEvent> bounces(Mail mail, JsonTree bounce) {
        String type = bounce.get("bounceType").string();
        String detail = bounce.get("bounceSubType").string();
        List<WebhookEvent> events = new ArrayList<>();
        for (JsonTree recipient : bounce.get("bouncedRecipients").items()) {
            WebhookEvent plain = mail.one(
                    Type.BOUNCED,
                    recipient.get("emailAddress").string(),
                    bounce.get("timestamp").time());
            // On Amazon's own list: the mail was never sent, so this says nothing new about the address.
            boolean neverSent = detail.equals("Suppressed") || detail.equals("OnAccountSuppressionList");
            events.add(
                    neverSent
                            ? plain.rejected("suppressed")
                            : plain.bounced(
                                    kind(type, detail), recipient.get("status").text()));
        }
        return events;
    }

    /** "Undetermined" also holds vacation replies. */
    private static Bounce kind(String type, String detail) {
        return switch (type) {
            case "Permanent" -> Bounce.HARD;
            case "Transient" -> POLICIES.contains(detail) ? Bounce.POLICY : Bounce.SOFT;
            default -> Bounce.UNKNOWN;
        };
    }

    private static List<WebhookEvent> complaints(Mail mail, JsonTree complaint) {
        boolean notSpam = complaint.get("complaintFeedbackType").string().equals("not-spam");
        boolean neverSent = complaint.get("complaintSubType").string().equals("OnAccountSuppressionList");
        return mail.listed(notSpam ? Type.NOT_SPAM : Type.COMPLAINED, complaint, "complainedRecipients").stream()
                .map(one -> neverSent ? one.rejected("suppressed") : one)
                .toList();
    }

    private static List<WebhookEvent> subscriptions(Mail mail, JsonTree subscription) {
        JsonTree wanted = subscription.get("newTopicPreferences");
        List<WebhookEvent> events = new ArrayList<>();
        for (WebhookEvent one :
                mail.all(Type.UNKNOWN, subscription.get("timestamp").time())) {
            if (wanted.get("unsubscribeAll").isTrue()) {
                events.add(one.about(Type.UNSUBSCRIBED, "all"));
                continue;
            }
            for (JsonTree topic : wanted.get("topicSubscriptionStatus").items()) {
                boolean out = topic.get("subscriptionStatus").string().equals("OptOut");
                events.add(one.about(
                        out ? Type.UNSUBSCRIBED : Type.RESUBSCRIBED,
                        "topic:" + topic.get("topicName").string()));
            }
        }
        return events;
    }
}
