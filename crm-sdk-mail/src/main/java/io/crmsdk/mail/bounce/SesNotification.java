package io.crmsdk.mail.bounce;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What Amazon SES reports by a mail of SNS: JSON in the words for people (Amazon SES, "Amazon SNS notification contents"). Only what it
 * says of recipients is taken; whether the mail is to be believed is for whoever takes it.
 */
final class SesNotification {
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(20)
                    .maxStringLength(200_000)
                    .build())
            .build();

    private final Map<?, ?> fields;

    private SesNotification(Map<?, ?> fields) {
        this.fields = fields;
    }

    /** Returns the notification in a text; null if there is none. */
    static @Nullable SesNotification in(String text) {
        if (!text.stripLeading().startsWith("{")) {
            return null;
        }
        Map<?, ?> fields = parse(unfolded(text));
        if (fields != null && fields.get("Message") instanceof String inner) {
            fields = parse(inner);
        }
        return fields != null && fields.get("notificationType") instanceof String ? new SesNotification(fields) : null;
    }

    /** Sendmail breaks lines that are too long for mail with an exclamation mark. */
    private static String unfolded(String text) {
        StringBuilder json = new StringBuilder();
        boolean folded = false;
        for (String line : text.split("\n", -1)) {
            if (line.equals("--")) {
                break;
            }
            json.append(folded && line.startsWith(" ") ? line.substring(1) : line);
            folded = line.endsWith("!");
            if (folded) {
                json.setLength(json.length() - 1);
            }
        }
        return json.toString();
    }

    ReportKind kind() {
        return switch (text(fields, "notificationType")) {
            case "Bounce" -> ReportKind.FAILED;
            case "Complaint" ->
                text(object(fields, "complaint"), "complaintFeedbackType").equals("not-spam")
                        ? ReportKind.NOT_SPAM
                        : ReportKind.COMPLAINT;
            case "Delivery" -> ReportKind.DELIVERED;
            default -> ReportKind.NONE;
        };
    }

    List<RecipientReport> recipients(RecipientJudge judge) {
        List<RecipientReport> recipients = new ArrayList<>();
        Map<?, ?> bounce = object(fields, "bounce");
        for (Object each : list(bounce, "bouncedRecipients")) {
            if (each instanceof Map<?, ?> one) {
                recipients.add(bounced(bounce, one, judge));
            }
        }
        for (Object each : list(object(fields, "complaint"), "complainedRecipients")) {
            if (each instanceof Map<?, ?> one) {
                BounceClass bounceClass = kind() == ReportKind.NOT_SPAM ? BounceClass.NOT_SPAM : BounceClass.COMPLAINT;
                recipients.add(
                        new RecipientReport(text(one, "emailAddress"), List.of(), "", "", "", null, bounceClass, ""));
            }
        }
        Map<?, ?> delivery = object(fields, "delivery");
        for (Object each : list(delivery, "recipients")) {
            recipients.add(judge.judge(new RecipientJudge.Said(
                    String.valueOf(each), List.of(), "delivered", "", "", text(delivery, "smtpResponse"), "", "")));
        }
        return recipients;
    }

    private static RecipientReport bounced(Map<?, ?> bounce, Map<?, ?> one, RecipientJudge judge) {
        String address = text(one, "emailAddress");
        String words = text(one, "diagnosticCode");
        int semicolon = words.indexOf(';');
        boolean typed = semicolon > 0 && semicolon < 20;
        String action = text(one, "action").toLowerCase(Locale.ROOT);
        String subtype = text(bounce, "bounceSubType");
        if (subtype.equals("Suppressed") || subtype.equals("OnAccountSuppressionList")) {
            // SES had the address on a list of its own and did not try.
            return new RecipientReport(
                    address,
                    List.of(),
                    "failed",
                    text(one, "status"),
                    "",
                    BounceReason.SUPPRESSED,
                    BounceClass.POLICY,
                    words);
        }
        return judge.judge(new RecipientJudge.Said(
                address,
                List.of(),
                action.isEmpty() ? "failed" : action,
                text(one, "status"),
                typed ? words.substring(0, semicolon).strip().toLowerCase(Locale.ROOT) : "",
                typed ? words.substring(semicolon + 1) : words,
                "",
                ""));
    }

    /** Returns the Message-ID that the mail had when it was given to SES; null if that is not told. */
    @Nullable
    String messageId() {
        String id = text(object(object(fields, "mail"), "commonHeaders"), "messageId");
        return id.isEmpty() ? null : id;
    }

    private static String text(Map<?, ?> of, String name) {
        return of.get(name) instanceof String text ? text : "";
    }

    private static Map<?, ?> object(Map<?, ?> of, String name) {
        return of.get(name) instanceof Map<?, ?> map ? map : Map.of();
    }

    private static List<?> list(Map<?, ?> of, String name) {
        return of.get(name) instanceof List<?> list ? list : List.of();
    }

    private static @Nullable Map<?, ?> parse(String text) {
        try (JsonParser json = JSON.createParser(text)) {
            json.nextToken();
            return read(json) instanceof Map<?, ?> map ? map : null;
        } catch (IOException broken) {
            return null;
        }
    }

    // The depth is bounded by the parser.
    private static @Nullable Object read(JsonParser json) throws IOException {
        JsonToken token = json.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                object.put(name, read(json));
            }
            return object;
        }
        if (token == JsonToken.START_ARRAY) {
            List<@Nullable Object> array = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY && json.currentToken() != null) {
                array.add(read(json));
            }
            return array;
        }
        return token == null || token == JsonToken.VALUE_NULL ? null : json.getText();
    }
}
