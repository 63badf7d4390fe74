package io.crmsdk.mail.provider;

import io.crmsdk.http.Authorization;
import io.crmsdk.http.HttpAnswer;
import io.crmsdk.http.HttpCall;
import io.crmsdk.mail.internal.JsonTree;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Alibaba Cloud DirectMail, {@code SingleSendMail} of version 2015-11-23. It takes text and HTML only, brings nothing of ours back, and
 * knows no idempotency key: its {@code EnvId} is all there is to find a mail again. What it cannot carry surely (attachments, custom
 * and list headers) is refused rather than left out; its SMTP server takes such mails. Source: help.aliyun.com, SingleSendMail.
 */
record AliyunSend(Supplier<AccessKey> key) implements SendApi {
    private static final int LONGEST_SUBJECT = 100;
    private static final int LONGEST_BODY = 80 * 1024;
    private static final int LONGEST_ALIAS = 14;

    /** Of the mail or its recipient; whatever else is declined is about the account, the sender or the settings. */
    private static final Set<String> NEVER = Set.of(
            "InvalidToAddress",
            "InvalidToAddress.Malformed",
            "InvalidToAddress.Spam",
            "InvalidSubject.Malformed",
            "InvalidBody",
            "InvalidBody.Malformed",
            "EmailLengthError");

    /** Written for people's eyes or for servers on the way; leaving them out changes nothing that was asked for. */
    private static final Set<String> NEEDLESS = Set.of("content-language");

    @Override
    public String provider() {
        return "aliyun";
    }

    @Override
    public URI origin() {
        return URI.create("https://dm.aliyuncs.com");
    }

    @Override
    public Authorization authorization() {
        return Authorization.signed(
                new AliyunSigner(key, () -> UUID.randomUUID().toString().replace("-", "")));
    }

    @Override
    public HttpCall call(byte[] content, String recipient, String messageId, String deliveryId)
            throws SentMail.UnreadableException {
        SentMail mail = SentMail.read(content);
        check(mail);
        HttpCall call = HttpCall.post("/")
                .header("x-acs-action", "SingleSendMail")
                .header("x-acs-version", "2015-11-23")
                .query("AccountName", mail.from().getAddress())
                .query("AddressType", "1")
                .query("ReplyToAddress", "false")
                .query("ToAddress", recipient)
                .query("Subject", mail.subject())
                .query("ClickTrace", "0");
        String alias = mail.from().getPersonal();
        call = alias == null ? call : call.query("FromAlias", alias);
        call = mail.replyTo() == null
                ? call
                : call.query("ReplyAddress", mail.replyTo().getAddress());
        call = mail.text().isEmpty() ? call : call.query("TextBody", mail.text());
        call = mail.html().isEmpty() ? call : call.query("HtmlBody", mail.html());
        return call.expectingJson();
    }

    private static void check(SentMail mail) throws SentMail.UnreadableException {
        if (!mail.attachments().isEmpty()) {
            throw refusal("attachments");
        }
        for (String name : mail.headers().keySet()) {
            if (!NEEDLESS.contains(name.toLowerCase(Locale.ROOT))) {
                throw refusal("the header " + name);
            }
        }
        if (mail.subject().length() > LONGEST_SUBJECT) {
            throw refusal("a subject of more than " + LONGEST_SUBJECT + " characters");
        }
        for (String body : new String[] {mail.text(), mail.html()}) {
            if (body.getBytes(StandardCharsets.UTF_8).length > LONGEST_BODY) {
                throw refusal("a body of more than " + LONGEST_BODY + " bytes");
            }
        }
        String alias = mail.from().getPersonal();
        if (alias != null && alias.length() > LONGEST_ALIAS) {
            throw refusal("a sender's name of more than " + LONGEST_ALIAS + " characters");
        }
    }

    private static SentMail.UnreadableException refusal(String what) {
        return new SentMail.UnreadableException(
                "DirectMail's API does not carry " + what + "; send by its SMTP server with SmtpChannel", null);
    }

    @Override
    public Reply accepted(HttpAnswer answer) {
        String id = JsonTree.parseIfJson(answer.text()).get("EnvId").text();
        return id == null || id.isEmpty()
                ? new Reply(Meaning.UNCLEAR, null, "no EnvId")
                : new Reply(Meaning.TAKEN, id, "");
    }

    @Override
    public Reply refused(HttpAnswer answer) {
        JsonTree body = JsonTree.parseIfJson(answer.text());
        String code = body.get("Code").string();
        String words = (code + " " + message(body.get("Message").text())).strip();
        return new Reply(NEVER.contains(code) ? Meaning.NEVER : Meaning.NOT_NOW, null, words);
    }

    private static String message(@Nullable String text) {
        return text == null ? "" : text;
    }

    @Override
    public String toString() {
        return provider();
    }
}
