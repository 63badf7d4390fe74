package io.crmsdk.mail.provider;

import io.crmsdk.mail.internal.JsonTree;
import io.crmsdk.mail.provider.WebhookEvent.Bounce;
import io.crmsdk.mail.provider.WebhookEvent.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Events of Alibaba Cloud DirectMail that EventBridge hands on as CloudEvents, behind the token of its HTTP target.
 *
 * <p>Times are the envelope's, which state their offset; {@code send_time} and {@code deliver_time} are Beijing's without saying so,
 * and are not read. EventBridge's own signature is not checked: its two forms are of SHA-1 or of a certificate that lies at an address
 * in the call.
 */
final class AliyunScheme extends WebhookScheme {
    private static final Pattern STATUS = Pattern.compile("\\b([245]\\.\\d{1,3}\\.\\d{1,3})\\b");

    private final List<byte[]> tokens;

    AliyunScheme(Collection<String> tokens) {
        super("aliyun-dm");
        this.tokens = secrets(tokens, "tokens");
    }

    @Override
    Report read(WebhookRequest request, Instant now, Duration tolerance) throws Refused {
        byte[] given = Signatures.utf8(request.header("x-eventbridge-signature-token"));
        boolean known = false;
        for (byte[] token : tokens) {
            known |= Signatures.same(token, given);
        }
        if (!known) {
            throw new Refused("CREDENTIALS_INVALID");
        }
        JsonTree body = WebhookJson.parse(request.raw());
        if (!body.isObject() && !body.isArray()) {
            throw Refused.malformed();
        }
        List<Report.Entry> entries = new ArrayList<>();
        for (JsonTree event : body.objects()) {
            String id = event.get("id").string();
            if (id.isEmpty() || !event.get("data").isObject()) {
                throw Refused.malformed();
            }
            JsonTree data = event.get("data");
            // The event's id is EventBridge's; one call of a rule that splits its events may repeat it for another
            // recipient.
            entries.add(new Report.Entry(
                    id + "|" + event.get("type").string() + "|"
                            + data.get("rcpt").string(),
                    event(event, data),
                    Report.Marks.of("", data.get("msg_id").string())));
        }
        return Report.of(entries);
    }

    private static WebhookEvent event(JsonTree event, JsonTree data) {
        WebhookEvent plain = WebhookEvent.of(
                Type.UNKNOWN,
                data.get("rcpt").string(),
                data.get("env_id").text(),
                event.get("time").time());
        return switch (event.get("type").string()) {
            case "dm:Deliver:Succeed" -> plain.as(Type.DELIVERED);
            case "dm:Deliver:Fail" -> failed(plain, data);
            case "dm:Feedback:FblReport" -> plain.as(Type.COMPLAINED);
            case "dm:Feedback:UnSubscribe" -> plain.about(Type.UNSUBSCRIBED, "all");
            case "dm:Feedback:Subscribe" -> plain.about(Type.RESUBSCRIBED, "all");
            case "dm:Trace:Open" -> plain.as(Type.OPENED);
            case "dm:Trace:Click" -> plain.as(Type.CLICKED);
            default -> plain;
        };
    }

    /** Only the one type that is known to be about the address suppresses it; a failure of another name came back all the same. */
    private static WebhookEvent failed(WebhookEvent plain, JsonTree data) {
        Matcher found = STATUS.matcher(data.get("err_msg").string());
        String status = found.find() ? found.group(1) : null;
        String type = data.get("failed_type").string().toLowerCase(Locale.ROOT);
        if (type.equals("smtpnxbox")) {
            return plain.bounced(Bounce.HARD, status);
        }
        boolean passing = data.get("err_code").string().matches("4\\d\\d");
        return plain.bounced(passing ? Bounce.SOFT : Bounce.POLICY, status);
    }
}
