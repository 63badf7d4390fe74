package io.crmsdk.mail;

import io.crmsdk.delivery.Message;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.time.UtcClock;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A mail that can be sent: who, to whom, what it says, what goes with it.
 *
 * <p>Everything that becomes part of a header passes one check when it is given: a line end, another control character or
 * half a character is an error there and then, and is never cleaned silently. A mail in HTML always has a text beside it,
 * made from the HTML if none is given. Advertising carries the headers with which the recipient leaves by one click
 * (RFC 8058) and a line in the text that says so.
 *
 * <p>Immutable and thread-safe; {@code toString} shows no personal value.
 */
public final class Email {
    /** The attribute of a {@link Message} that holds the envelope's sender. */
    public static final String ENVELOPE_FROM = "envelope.from";

    private static final int MESSAGE_ID_LENGTH = 40;
    private static final int MAX_SUBJECT = 10_000;
    private static final int MAX_TEXT = 5_000_000;
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM uuuu HH:mm:ss '+0000'", Locale.ROOT);

    private final Mailbox from;
    private final List<Mailbox> to;
    private final List<Mailbox> cc;
    private final List<Mailbox> bcc;
    private final List<Mailbox> replyTo;
    private final EmailAddress envelopeFrom;
    private final String subject;
    private final String text;
    private final String html;
    private final @Nullable Locale language;
    private final Map<String, Attachment> inline;
    private final List<Attachment> attachments;
    private final List<CustomHeader> headers;
    private final @Nullable String scope;
    private final @Nullable Unsubscribe unsubscribe;
    private final @Nullable DkimSigner dkim;
    private final UtcClock clock;

    private Email(Builder builder) {
        from = Objects.requireNonNull(builder.from);
        to = List.copyOf(builder.to);
        cc = List.copyOf(builder.cc);
        bcc = List.copyOf(builder.bcc);
        replyTo = List.copyOf(builder.replyTo);
        envelopeFrom = builder.envelopeFrom == null ? from.address() : builder.envelopeFrom;
        SubjectMark mark = builder.mark;
        String plainSubject = Objects.requireNonNull(builder.subject);
        subject = mark == null ? plainSubject : mark.mark(plainSubject);
        language = builder.language;
        scope = builder.scope;
        unsubscribe = builder.unsubscribe;
        html = Footer.html(builder.html, unsubscribe, language);
        text = Footer.text(builder.text.isEmpty() ? derived(builder.html) : builder.text, unsubscribe, language);
        inline = Collections.unmodifiableMap(new LinkedHashMap<>(builder.inline));
        attachments = List.copyOf(builder.attachments);
        headers = List.copyOf(builder.headers);
        dkim = builder.dkim;
        clock = builder.clock;
    }

    private static String derived(String html) {
        return html.isEmpty() ? "" : HtmlText.of(html);
    }

    /** Starts a mail. */
    public static Builder builder() {
        return new Builder();
    }

    /** The subject as the reader sees it, mark included. */
    public String subject() {
        return subject;
    }

    /** The text part, footer included. */
    public String text() {
        return text;
    }

    /** The HTML part, footer included; empty if there is none. */
    public String html() {
        return html;
    }

    /**
     * The mail as a message for the outbox, complete with its bytes.
     *
     * @param key the sender's own stable name for it; the same key always gives the same Message-ID
     */
    public Message toMessage(String key) {
        return prepare(key).build();
    }

    /**
     * As {@link #toMessage}, with channel, priority and times still to be chosen.
     *
     * @throws MailException {@code ATTACHMENT_CHANGED} if a file is no longer what was attached
     */
    public Message.Builder prepare(String key) {
        Message.Builder message = scope == null ? Message.transactional(key) : Message.marketing(key, scope);
        for (List<Mailbox> group : List.of(to, cc, bcc)) {
            group.forEach(mailbox -> message.to(mailbox.address().raw()));
        }
        return message.content("message/rfc822", bytes(key))
                .attribute(ENVELOPE_FROM, envelopeFrom.raw())
                .fingerprint(fingerprint());
    }

    /** The Message-ID for a key: the same at every repeat, and telling nothing of the key. */
    public String messageId(String key) {
        return "<" + digest("message-id", key).substring(0, MESSAGE_ID_LENGTH) + "@"
                + from.address().domain() + ">";
    }

    /**
     * Whether a Message-ID, with or without its angle brackets, is the one that a mail has under a key.
     *
     * @param messageId as a report or a provider's event gives it; may be anything
     */
    public static boolean isMessageIdOf(String messageId, String key) {
        String plain = messageId.strip();
        String local = plain.startsWith("<") ? plain.substring(1) : plain;
        return local.startsWith(digest("message-id", key).substring(0, MESSAGE_ID_LENGTH) + "@");
    }

    private byte[] bytes(String key) {
        List<String[]> lines = new ArrayList<>();
        add(lines, "From", from.header());
        add(lines, "To", join(to));
        add(lines, "Cc", join(cc));
        add(lines, "Reply-To", join(replyTo));
        add(lines, "Subject", HeaderText.unstructured(subject, "Subject: ".length()));
        add(lines, "Date", DATE.format(clock.instant().atOffset(ZoneOffset.UTC)));
        add(lines, "Message-ID", messageId(key));
        if (language != null) {
            add(lines, "Content-Language", language.toLanguageTag());
        }
        if (unsubscribe != null) {
            add(lines, "List-Unsubscribe", unsubscribe.header());
            add(lines, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }
        for (CustomHeader header : headers) {
            add(
                    lines,
                    header.name(),
                    HeaderText.unstructured(header.value(), header.name().length() + 2));
        }
        add(lines, "MIME-Version", "1.0");
        byte[] bytes = new MimeWriter(digest("boundary", key, fingerprint()))
                .write(lines, new MimeWriter.Content(text, html, inline, attachments));
        return dkim == null ? bytes : dkim.sign(bytes);
    }

    private static void add(List<String[]> lines, String name, String value) {
        if (!value.isEmpty()) {
            lines.add(new String[] {name, value});
        }
    }

    private static String join(List<Mailbox> mailboxes) {
        return String.join(",\r\n ", mailboxes.stream().map(Mailbox::header).toList());
    }

    /** Everything that was said, without what differs at each rendering. */
    private String fingerprint() {
        List<String> all = new ArrayList<>();
        all.add(String.valueOf(scope));
        all.add(envelopeFrom.raw());
        for (List<Mailbox> group : List.of(List.of(from), to, cc, bcc, replyTo)) {
            all.add(String.valueOf(group.size()));
            group.forEach(mailbox -> all.add(mailbox.header()));
        }
        all.add(subject);
        all.add(text);
        all.add(html);
        all.add(language == null ? "" : language.toLanguageTag());
        all.add(unsubscribe == null ? "" : unsubscribe.header());
        headers.forEach(header -> all.add(header.name() + ":" + header.value()));
        inline.forEach(
                (id, image) -> all.add(id + " " + image.name() + " " + image.mediaType() + " " + image.sha256()));
        attachments.forEach(file -> all.add(file.name() + " " + file.mediaType() + " " + file.sha256()));
        return digest(all.toArray(String[]::new));
    }

    private static String digest(String... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
                digest.update(bytes);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "Email[from " + from + ", " + (to.size() + cc.size() + bcc.size()) + " recipients, "
                + (scope == null ? "transactional" : "marketing " + scope) + ", " + attachments.size()
                + " attachments]";
    }

    /** Collects an {@link Email}; each method checks what it is given. Not thread-safe. */
    public static final class Builder {
        private @Nullable Mailbox from;
        private final List<Mailbox> to = new ArrayList<>();
        private final List<Mailbox> cc = new ArrayList<>();
        private final List<Mailbox> bcc = new ArrayList<>();
        private final List<Mailbox> replyTo = new ArrayList<>();
        private @Nullable EmailAddress envelopeFrom;
        private @Nullable String subject;
        private @Nullable SubjectMark mark;
        private String text = "";
        private String html = "";
        private @Nullable Locale language;
        private final Map<String, Attachment> inline = new LinkedHashMap<>();
        private final List<Attachment> attachments = new ArrayList<>();
        private final List<CustomHeader> headers = new ArrayList<>();
        private @Nullable String scope;
        private @Nullable Unsubscribe unsubscribe;
        private boolean without;
        private @Nullable DkimSigner dkim;
        private UtcClock clock = UtcClock.system();

        private Builder() {}

        /** Who it is from. */
        public Builder from(Mailbox mailbox) {
            this.from = Objects.requireNonNull(mailbox, "mailbox");
            return this;
        }

        /** Who it is from. */
        public Builder from(String address, String name) {
            return from(Mailbox.of(address, name));
        }

        /** Adds somebody it is for. */
        public Builder to(Mailbox mailbox) {
            to.add(Objects.requireNonNull(mailbox, "mailbox"));
            return this;
        }

        /** Adds somebody it is for. */
        public Builder to(String address) {
            return to(Mailbox.of(address));
        }

        /** Adds somebody who gets a copy that all see. */
        public Builder cc(Mailbox mailbox) {
            cc.add(Objects.requireNonNull(mailbox, "mailbox"));
            return this;
        }

        /** Adds somebody who gets a copy that nobody sees: in the envelope, in no header. */
        public Builder bcc(Mailbox mailbox) {
            bcc.add(Objects.requireNonNull(mailbox, "mailbox"));
            return this;
        }

        /** Adds where answers go. */
        public Builder replyTo(Mailbox mailbox) {
            replyTo.add(Objects.requireNonNull(mailbox, "mailbox"));
            return this;
        }

        /** Where reports about delivery go; without it, to the sender. */
        public Builder envelopeFrom(EmailAddress address) {
            this.envelopeFrom = Objects.requireNonNull(address, "address");
            return this;
        }

        /**
         * What it is about.
         *
         * @throws MailException {@code HEADER_INJECTION} or {@code LIMIT_EXCEEDED}
         */
        public Builder subject(String subject) {
            this.subject = HeaderText.check("subject", subject, MAX_SUBJECT);
            return this;
        }

        /** What the law wants the subject to begin with. */
        public Builder subjectMark(SubjectMark mark) {
            this.mark = Objects.requireNonNull(mark, "mark");
            return this;
        }

        /**
         * What it says, as text.
         *
         * @throws MailException {@code MALFORMED} for a NUL or half a character, {@code LIMIT_EXCEEDED} beyond five million
         *     characters
         */
        public Builder text(String text) {
            this.text = body("text", text);
            return this;
        }

        /** What it says, in HTML; checked as {@link #text}. */
        public Builder html(String html) {
            this.html = body("html", html);
            return this;
        }

        private static String body(String field, String content) {
            if (content.length() > MAX_TEXT) {
                throw new MailException(
                        "LIMIT_EXCEEDED", field + ": " + content.length() + " characters, at most " + MAX_TEXT, null);
            }
            boolean broken = content.indexOf('\0') >= 0
                    || content.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
            if (broken) {
                throw new MailException("MALFORMED", field + ": holds a NUL or half a character", null);
            }
            return content;
        }

        /** The language it is written in: stated in a header, and the language of the footer. */
        public Builder language(Locale language) {
            this.language = Objects.requireNonNull(language, "language");
            return this;
        }

        /** Adds a file. */
        public Builder attach(Attachment attachment) {
            attachments.add(Objects.requireNonNull(attachment, "attachment"));
            return this;
        }

        /**
         * Adds an image that the HTML shows as {@code cid:ID}.
         *
         * @param id letters, digits, dot, hyphen, underscore; an id given twice is an error
         */
        public Builder inline(String id, Attachment image) {
            if (!id.matches("[A-Za-z0-9._-]{1,100}(?:@[A-Za-z0-9.-]{1,100})?")) {
                throw new MailException("MALFORMED", "inline id: expected letters, digits and . _ -", null);
            }
            if (inline.putIfAbsent(id, Objects.requireNonNull(image, "image")) != null) {
                throw new MailException("DUPLICATE_KEY", "inline id: given twice", null);
            }
            return this;
        }

        /**
         * Adds a header of one's own.
         *
         * @throws MailException {@code HEADER_INJECTION} if name or value could do more than that, {@code RESERVED_HEADER}
         *     if the mail itself or a server sets it
         */
        public Builder header(String name, String value) {
            headers.add(new CustomHeader(name, value));
            return this;
        }

        /**
         * Makes it advertising, with the recipient's way to leave.
         *
         * @param scope what the person must have agreed to, in the text form of the consent ledger's scopes
         * @param unsubscribe this recipient's own way
         */
        public Builder marketing(String scope, Unsubscribe unsubscribe) {
            this.scope = Objects.requireNonNull(scope, "scope");
            this.unsubscribe = Objects.requireNonNull(unsubscribe, "unsubscribe");
            return this;
        }

        /**
         * Makes it advertising without a way to leave in it: only lawful where something else offers one, such as a
         * provider that adds its own.
         */
        public Builder marketingWithoutUnsubscribe(String scope) {
            this.scope = Objects.requireNonNull(scope, "scope");
            this.without = true;
            return this;
        }

        /** Signs it. */
        public Builder dkim(DkimSigner signer) {
            this.dkim = Objects.requireNonNull(signer, "signer");
            return this;
        }

        /** The clock for the date. */
        public Builder clock(UtcClock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * The mail.
         *
         * @throws MailException {@code INCOMPLETE} naming everything that is missing or contradicts itself
         */
        public Email build() {
            List<String> problems = new ArrayList<>();
            if (from == null) {
                problems.add("no sender: call from(...)");
            }
            if (to.isEmpty() && cc.isEmpty() && bcc.isEmpty()) {
                problems.add("no recipient: call to(...)");
            }
            if (subject == null) {
                problems.add("no subject: call subject(...)");
            }
            if (text.isBlank() && html.isBlank()) {
                problems.add("nothing said: call text(...) or html(...)");
            }
            if (html.isBlank() && !inline.isEmpty()) {
                problems.add("inline images without HTML that shows them");
            }
            inline.keySet().stream()
                    .filter(id -> !html.contains("cid:" + id))
                    .forEach(id -> problems.add("the HTML shows no cid:" + id));
            marketingProblems(problems);
            if (!problems.isEmpty()) {
                throw new MailException("INCOMPLETE", "mail: " + String.join("; ", problems), null);
            }
            return new Email(this);
        }

        private void marketingProblems(List<String> problems) {
            if (without && unsubscribe != null) {
                problems.add("marketing(...) and marketingWithoutUnsubscribe(...) contradict each other");
            }
            Set<EmailAddress> all = new LinkedHashSet<>();
            List.of(to, cc, bcc).forEach(group -> group.forEach(mailbox -> all.add(mailbox.address())));
            if (unsubscribe != null && all.size() > 1) {
                problems.add("an unsubscribe link belongs to one person, so advertising has one recipient a mail");
            }
        }
    }
}
