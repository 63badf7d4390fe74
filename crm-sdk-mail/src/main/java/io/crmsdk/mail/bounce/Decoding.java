package io.crmsdk.mail.bounce;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The reading of one mail. */
final class Decoding {
    private static final Pattern STATUS_FIELD = Pattern.compile("([245])\\s*\\.\\s*(\\d{1,3})\\s*\\.\\s*(\\d{1,3})");

    private final MailPart mail;
    private final boolean cut;
    private final RecipientJudge judge;
    private final List<MailPart> parts;
    private final MailHeader original;
    private final BounceSigns signs;
    private String all = "";
    private @Nullable List<String> lines;

    Decoding(MailPart mail, boolean cut, RecipientJudge judge) {
        this.mail = mail;
        this.cut = cut;
        this.judge = judge;
        this.parts = mail.ownParts();
        this.original = original();
        this.signs = new BounceSigns(mail.header);
    }

    MailReport report() {
        MailReport feedback = feedback();
        if (feedback != null) {
            return feedback;
        }
        MailReport notified = notification();
        if (notified != null) {
            return notified;
        }
        MailReport status = statusReport();
        if (status != null) {
            return status;
        }
        MailReport receipt = receipt();
        if (receipt != null) {
            return receipt;
        }
        if (signs.isFromServer(text())) {
            MailReport words = wordsReport();
            if (words != null) {
                return words;
            }
        }
        String from = MailAddresses.first(mail.header.text("from"));
        if (AutoReplies.isOne(mail.header) && !from.isEmpty() && !signs.isFromDaemon()) {
            return report(ReportKind.AUTO_REPLY, ReportFormat.TEXT, List.of(plain(from, BounceClass.AUTO_REPLY)), null);
        }
        if (Unsubscribing.isWish(mail.header, parts)) {
            return report(ReportKind.UNSUBSCRIBE_REQUEST, ReportFormat.TEXT, List.of(), null);
        }
        return report(ReportKind.NONE, ReportFormat.NONE, List.of(), null);
    }

    private MailReport report(
            ReportKind kind, ReportFormat format, List<RecipientReport> recipients, @Nullable String feedbackType) {
        return new MailReport(kind, format, recipients, traces(), feedbackType, cut);
    }

    private static RecipientReport plain(String address, BounceClass bounceClass) {
        return new RecipientReport(address, List.of(), "", "", "", null, bounceClass, "");
    }

    // ---- The enclosed mail ----

    /** The header of the first enclosed mail, empty if there is none. */
    private MailHeader original() {
        for (MailPart part : parts) {
            if (part.isEnclosedMail()) {
                if (!part.children.isEmpty()) {
                    return part.children.get(0).header;
                }
                List<MailHeader> groups = ReportFields.groups(ReportFields.text(part));
                return groups.isEmpty() ? new MailHeader() : groups.get(0);
            }
        }
        return new MailHeader();
    }

    private MailTraces traces() {
        Set<String> arrivedAt = new LinkedHashSet<>();
        for (String field : List.of("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to")) {
            mail.header.all(field).forEach(value -> arrivedAt.addAll(MailAddresses.all(MailText.ofHeader(value))));
        }
        Set<String> ids = new LinkedHashSet<>();
        String envelope = null;
        for (MailPart part : parts) {
            if (isReport(part)) {
                for (MailHeader group : ReportFields.groups(ReportFields.text(part))) {
                    envelope = envelope == null && group.has("original-envelope-id")
                            ? group.first("original-envelope-id")
                            : envelope;
                    addIds(group.first("original-message-id"), ids);
                    addIds(group.first("x-original-message-id"), ids);
                }
            }
        }
        addIds(original.first("message-id"), ids);
        addIds(mail.header.first("in-reply-to"), ids);
        List<String> returnPaths = original.all("return-path").stream()
                .map(MailAddresses::first)
                .filter(address -> !address.isEmpty())
                .toList();
        return new MailTraces(List.copyOf(arrivedAt), envelope, List.copyOf(ids), returnPaths);
    }

    private static void addIds(String value, Set<String> ids) {
        int open = value.indexOf('<');
        int close = value.indexOf('>', open + 1);
        if (open >= 0 && close > open) {
            ids.add(value.substring(open, close + 1));
        }
    }

    private static boolean isReport(MailPart part) {
        String type = part.mediaType();
        return isStatus(type) || type.endsWith("disposition-notification") || type.endsWith("feedback-report");
    }

    private static boolean isStatus(String type) {
        return type.endsWith("delivery-status") || type.equals("message/xdelivery-status");
    }

    // ---- Feedback (RFC 5965) ----

    private @Nullable MailReport feedback() {
        for (MailPart part : parts) {
            if (part.mediaType().equals("message/feedback-report")) {
                return feedback(ReportFields.groups(ReportFields.text(part)));
            }
        }
        String hidden = original.first("x-hmxmroriginalrecipient");
        String subject = mail.header.text("subject").toLowerCase(Locale.ROOT);
        if (!hidden.isEmpty() && subject.contains("complaint about message from")) {
            return report(
                    ReportKind.COMPLAINT,
                    ReportFormat.TEXT,
                    List.of(plain(MailAddresses.first(hidden), BounceClass.COMPLAINT)),
                    "abuse");
        }
        if (mail.header.first("x-apple-unsubscribe").equalsIgnoreCase("true")) {
            String from = MailAddresses.first(mail.header.text("from"));
            return report(
                    ReportKind.OPT_OUT, ReportFormat.TEXT, List.of(plain(from, BounceClass.UNSUBSCRIBED)), "opt-out");
        }
        return null;
    }

    private MailReport feedback(List<MailHeader> groups) {
        String type = "";
        Set<String> addresses = new LinkedHashSet<>();
        for (MailHeader group : groups) {
            type = type.isEmpty() ? group.first("feedback-type").strip().toLowerCase(Locale.ROOT) : type;
            for (String field : List.of("original-rcpt-to", "removal-recipient", "redacted-address")) {
                group.all(field).forEach(value -> addresses.addAll(MailAddresses.all(MailText.ofHeader(value))));
            }
        }
        if (addresses.isEmpty()) {
            for (String field : List.of("x-hmxmroriginalrecipient", "x-original-to", "delivered-to", "to")) {
                original.all(field).forEach(value -> addresses.addAll(MailAddresses.all(MailText.ofHeader(value))));
                if (!addresses.isEmpty()) {
                    break;
                }
            }
        }
        ReportKind kind = switch (type) {
            case "auth-failure", "dmarc" -> ReportKind.AUTH_FAILURE_REPORT;
            case "opt-out", "opt-out-list", "unsubscribe" -> ReportKind.OPT_OUT;
            case "not-spam" -> ReportKind.NOT_SPAM;
            default -> ReportKind.COMPLAINT;
        };
        BounceClass bounceClass = switch (kind) {
            case AUTH_FAILURE_REPORT -> BounceClass.AUTH_FAILURE;
            case OPT_OUT -> BounceClass.UNSUBSCRIBED;
            case NOT_SPAM -> BounceClass.NOT_SPAM;
            default -> BounceClass.COMPLAINT;
        };
        List<RecipientReport> recipients =
                addresses.stream().map(address -> plain(address, bounceClass)).toList();
        return report(kind, ReportFormat.ARF, recipients, type);
    }

    private @Nullable MailReport notification() {
        if (!mail.header.has("x-amz-sns-message-id")) {
            return null;
        }
        SesNotification notification = SesNotification.in(mail.text());
        if (notification == null || notification.kind() == ReportKind.NONE) {
            return null;
        }
        List<RecipientReport> recipients = notification.recipients(judge);
        String feedback = notification.kind() == ReportKind.COMPLAINT ? "abuse" : null;
        MailTraces plain = traces();
        List<String> ids = new ArrayList<>(plain.messageIds());
        if (notification.messageId() != null) {
            ids.add(notification.messageId());
        }
        return new MailReport(
                notification.kind() == ReportKind.FAILED && !recipients.isEmpty()
                        ? kind(recipients)
                        : notification.kind(),
                ReportFormat.TEXT,
                recipients,
                new MailTraces(plain.arrivedAt(), plain.envelopeId(), ids, plain.returnPaths()),
                feedback,
                cut);
    }

    // ---- Receipts (RFC 8098) ----

    private @Nullable MailReport receipt() {
        for (MailPart part : parts) {
            if (!part.mediaType().endsWith("disposition-notification")) {
                continue;
            }
            for (MailHeader group : ReportFields.groups(ReportFields.text(part))) {
                String disposition = group.first("disposition").toLowerCase(Locale.ROOT);
                // A rule of the recipient's refused the mail after the server had taken it (RFC 5429 section 2.2.2).
                boolean deleted = disposition.contains("automatic-action") && disposition.contains("deleted");
                if (deleted && text().toLowerCase(Locale.ROOT).contains("reject")) {
                    MailReport refused = wordsReport();
                    if (refused != null) {
                        return new MailReport(
                                refused.kind(), ReportFormat.MDN, refused.recipients(), refused.traces(), null, cut);
                    }
                }
            }
            return report(ReportKind.MDN, ReportFormat.MDN, List.of(), null);
        }
        return null;
    }

    // ---- Fields for programs (RFC 3464) ----

    private @Nullable MailReport statusReport() {
        List<MailHeader> groups = new ArrayList<>();
        for (MailPart part : parts) {
            if (isStatus(part.mediaType())) {
                groups.addAll(ReportFields.groups(ReportFields.text(part)));
            }
        }
        boolean loose = groups.stream().noneMatch(Decoding::namesRecipient);
        if (loose && signs.isFromServer(text())) {
            groups = ReportFields.groups(looseFields());
        }
        Map<String, RecipientReport> recipients = new LinkedHashMap<>();
        String reporter = groups.isEmpty() ? "" : groups.get(0).first("reporting-mta");
        for (MailHeader group : groups) {
            if (namesRecipient(group) && (group.has("action") || group.has("status"))) {
                RecipientReport recipient = judge.judge(said(group, reporter));
                if (!recipient.recipient().isEmpty()) {
                    recipients.putIfAbsent(MailAddresses.key(recipient.recipient()), recipient);
                }
            }
        }
        if (recipients.isEmpty()) {
            return enclosedReport();
        }
        List<RecipientReport> found = List.copyOf(recipients.values());
        return report(kind(found), ReportFormat.DSN, found, null);
    }

    /** A gateway may wrap the report of a server into one of its own; a person who forwards a report is no gateway. */
    private @Nullable MailReport enclosedReport() {
        if (!signs.isFromDaemon()) {
            return null;
        }
        for (MailPart part : parts) {
            if (part.isEnclosedMail() && !part.children.isEmpty()) {
                MailPart inner = part.children.get(0);
                if (inner.ownParts().stream().anyMatch(own -> isStatus(own.mediaType()))) {
                    return new Decoding(inner, cut, judge).report();
                }
            }
        }
        return null;
    }

    private static boolean namesRecipient(MailHeader group) {
        return group.has("final-recipient") || group.has("original-recipient") || group.has("x-actual-recipient");
    }

    /** Fields that stand in words for people, since a boundary is missing. */
    private String looseFields() {
        StringBuilder text = new StringBuilder();
        for (MailPart part : parts) {
            if (!part.isEnclosedMail() && !part.isMultipart()) {
                String body = part.text();
                int at = body.indexOf("inal-Recipient:");
                int mta = body.indexOf("Reporting-MTA:");
                if (at >= 0 || mta >= 0) {
                    text.append(body).append("\n\n");
                }
            }
        }
        if (mail.isMultipart() && mail.children.isEmpty()) {
            text.append(mail.rawBody());
        }
        return text.toString();
    }

    private static ReportKind kind(List<RecipientReport> recipients) {
        if (recipients.stream().anyMatch(recipient -> recipient.action().equals("failed"))) {
            return ReportKind.FAILED;
        }
        return recipients.stream().anyMatch(recipient -> recipient.action().equals("delayed"))
                ? ReportKind.DELAYED
                : ReportKind.DELIVERED;
    }

    private RecipientJudge.Said said(MailHeader group, String reporter) {
        List<String> addresses = new ArrayList<>(); // of this one recipient
        for (String field : List.of("final-recipient", "x-actual-recipient", "original-recipient")) {
            String address = ReportFields.address(group.first(field));
            if (!address.isEmpty() && !addresses.contains(address)) {
                addresses.add(address);
            }
        }
        String diagnostic = group.first("diagnostic-code");
        int semicolon = diagnostic.indexOf(';');
        String type = semicolon < 0 || semicolon > 20
                ? ""
                : diagnostic.substring(0, semicolon).strip().toLowerCase(Locale.ROOT);
        String words = semicolon < 0 || semicolon > 20 ? diagnostic : diagnostic.substring(semicolon + 1);
        addresses.sort(
                Comparator.comparing(address -> !MailAddresses.domain(address).contains(".")));
        if (addresses.isEmpty()) {
            addresses.addAll(MailAddresses.all(mail.header.first("x-failed-recipients")));
        }
        if (addresses.isEmpty()) {
            TextBounce.recipients(lines(), Set.of()).forEach(found -> addresses.add(found.address()));
        }
        String address = addresses.isEmpty() ? "" : addresses.get(0);
        if (words.isBlank()) {
            words = wordsAbout(addresses);
        }
        String host = name(group.first("remote-mta"));
        return new RecipientJudge.Said(
                address,
                addresses.isEmpty() ? List.of() : addresses.subList(1, addresses.size()),
                action(group.first("action"), status(group.first("status"))),
                status(group.first("status")),
                type,
                MailText.ofHeader(words.strip()),
                around(addresses),
                host.isEmpty() ? name(reporter) : host);
    }

    private String wordsAbout(List<String> addresses) {
        List<TextBounce.Found> found = TextBounce.recipients(lines(), Set.of());
        for (TextBounce.Found one : found) {
            if (addresses.stream().anyMatch(address -> address.equalsIgnoreCase(one.address()))) {
                return one.words();
            }
        }
        return found.size() == 1 ? found.get(0).words() : "";
    }

    /** The words for people about a recipient, which may tell at which step it was refused. */
    private String around(List<String> addresses) {
        StringBuilder transcript = new StringBuilder(wordsAbout(addresses));
        for (String line : lines()) {
            if (line.startsWith(">>> ")) {
                transcript.append(' ').append(line);
            }
        }
        return transcript.toString();
    }

    private static String name(String mta) {
        String name = mta.substring(mta.indexOf(';') + 1).strip();
        int end = name.indexOf(' ');
        return end < 0 ? name : name.substring(0, end);
    }

    private static String status(String field) {
        Matcher found = STATUS_FIELD.matcher(field);
        return found.find() ? found.group(1) + "." + found.group(2) + "." + found.group(3) : "";
    }

    private static String action(String field, String status) {
        String word = field.strip().toLowerCase(Locale.ROOT);
        if (word.startsWith("delay") || word.startsWith("expir") && status.startsWith("4")) {
            return "delayed";
        }
        if (word.startsWith("deliverable") || word.startsWith("delivered")) {
            return "delivered";
        }
        if (word.startsWith("relay")) {
            return "relayed";
        }
        if (word.startsWith("expanded")) {
            return "expanded";
        }
        if (word.isEmpty()) {
            return status.startsWith("2") ? "delivered" : status.startsWith("4") ? "delayed" : "failed";
        }
        return "failed";
    }

    // ---- Words for people ----

    private String text() {
        return String.join("\n", lines());
    }

    private List<String> lines() {
        if (lines == null) {
            lines = readLines();
        }
        return lines;
    }

    private List<String> readLines() {
        StringBuilder text = new StringBuilder();
        for (MailPart part : parts) {
            boolean readable = !part.isEnclosedMail() && part.children.isEmpty() && !isReport(part);
            String type = part.mediaType();
            if (readable && (type.isEmpty() || type.startsWith("text/") || type.startsWith("multipart/"))) {
                text.append(part.text()).append('\n');
            }
        }
        all = text.toString();
        return TextBounce.ownLines(all);
    }

    private @Nullable MailReport wordsReport() {
        List<String> lines = lines();
        Set<String> own = new HashSet<>();
        for (String field : List.of("from", "to", "sender", "reply-to", "delivered-to", "return-path")) {
            mail.header
                    .all(field)
                    .forEach(value -> MailAddresses.all(value).forEach(a -> own.add(MailAddresses.key(a))));
        }
        MailAddresses.all(original.first("from")).forEach(a -> own.add(MailAddresses.key(a)));
        String text = text();
        if (!signs.isFailure(text)) {
            return null;
        }
        List<TextBounce.Found> found = TextBounce.recipients(lines, own);
        List<String> named = new ArrayList<>();
        mail.header.all("x-failed-recipients").forEach(value -> named.addAll(MailAddresses.all(value)));
        if (found.isEmpty() && named.isEmpty()) {
            found = TextBounce.recipients(lines, Set.of());
        }
        if (found.isEmpty() && named.isEmpty()) {
            named.addAll(MailAddresses.all(MailText.ofHeader(original.first("to"))));
        }
        if (found.isEmpty() && named.isEmpty()) {
            named.addAll(TextBounce.addressees(all));
        }
        List<RecipientReport> recipients = new ArrayList<>();
        Map<String, String> words = new HashMap<>();
        found.forEach(one -> words.put(MailAddresses.key(one.address()), one.words()));
        // The words are what a person would believe where the two differ.
        List<String> addresses =
                named.isEmpty() || named.size() <= found.size() && found.get(0).certain()
                        ? found.stream().map(TextBounce.Found::address).toList()
                        : named;
        String action = signs.isDelay(text) ? "delayed" : "failed";
        Set<String> done = new HashSet<>();
        for (String address : addresses) {
            if (!done.add(MailAddresses.key(address))) {
                continue;
            }
            String said = addresses.size() == 1
                    ? text.replace('\n', ' ')
                    : words.getOrDefault(MailAddresses.key(address), text.replace('\n', ' '));
            recipients.add(judge.judge(new RecipientJudge.Said(address, List.of(), action, "", "", said, "", "")));
        }
        if (recipients.isEmpty() && !signs.isCertain(text)) {
            return null;
        }
        return report(
                recipients.isEmpty() ? signs.isDelay(text) ? ReportKind.DELAYED : ReportKind.FAILED : kind(recipients),
                ReportFormat.TEXT,
                recipients,
                null);
    }
}
