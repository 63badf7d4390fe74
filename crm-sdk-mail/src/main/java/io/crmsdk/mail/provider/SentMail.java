package io.crmsdk.mail.provider;

import jakarta.mail.BodyPart;
import jakarta.mail.Header;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A mail of ours taken apart for providers that want its parts one by one. What they cannot be told is refused rather than left out.
 *
 * @param from with its name
 * @param replyTo the first address, with its name; null if none
 * @param headers those that are not told otherwise: list headers, custom ones
 */
record SentMail(
        InternetAddress from,
        @Nullable InternetAddress replyTo,
        String subject,
        String text,
        String html,
        List<Attachment> attachments,
        Map<String, String> headers) {
    private static final int DEEPEST = 10;

    /** Told otherwise, or for the provider to write. */
    private static final Set<String> TOLD = Set.of(
            "from",
            "to",
            "cc",
            "bcc",
            "reply-to",
            "subject",
            "date",
            "mime-version",
            "content-type",
            "content-transfer-encoding",
            "message-id",
            "dkim-signature");

    /** A file; {@code id} is what the HTML part calls it by, or null. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Attachment(String name, String type, @Nullable String id, byte[] bytes) {
        @Override
        public String toString() {
            return "Attachment[" + type + ", " + bytes.length + " bytes]";
        }
    }

    /** A mail that this cannot take apart. */
    static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnreadableException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    static SentMail read(byte[] content) throws UnreadableException {
        try {
            MimeMessage mail =
                    new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(content));
            Parts parts = new Parts();
            parts.take(mail, 0);
            Map<String, String> headers = new LinkedHashMap<>();
            for (Header header : Collections.list(mail.getAllHeaders())) {
                if (!TOLD.contains(header.getName().toLowerCase(Locale.ROOT))) {
                    headers.put(header.getName(), MimeUtility.unfold(header.getValue()));
                }
            }
            if (mail.getFrom() == null || mail.getFrom().length != 1) {
                throw new UnreadableException("the mail needs exactly one sender", null);
            }
            // Without a Reply-To header this gives the sender, which need not be said twice.
            InternetAddress reply = mail.getHeader("Reply-To") == null ? null : (InternetAddress) mail.getReplyTo()[0];
            String subject = mail.getSubject();
            return new SentMail(
                    (InternetAddress) mail.getFrom()[0],
                    reply,
                    subject == null ? "" : subject,
                    parts.text.toString(),
                    parts.html.toString(),
                    List.copyOf(parts.attachments),
                    Collections.unmodifiableMap(headers));
        } catch (MessagingException | IOException e) {
            throw new UnreadableException("the mail cannot be taken apart", e);
        }
    }

    private static final class Parts {
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder html = new StringBuilder();
        private final List<Attachment> attachments = new ArrayList<>();

        void take(Part part, int depth) throws MessagingException, IOException, UnreadableException {
            if (depth > DEEPEST) {
                throw new UnreadableException("the mail is nested deeper than " + DEEPEST, null);
            }
            boolean file = Part.ATTACHMENT.equalsIgnoreCase(part.getDisposition()) || part.getFileName() != null;
            if (part.isMimeType("multipart/*") && part.getContent() instanceof Multipart multipart) {
                for (int i = 0; i < multipart.getCount(); i++) {
                    BodyPart each = multipart.getBodyPart(i);
                    take(each, depth + 1);
                }
            } else if (!file && part.isMimeType("text/plain")) {
                text.append(part.getContent());
            } else if (!file && part.isMimeType("text/html")) {
                html.append(part.getContent());
            } else {
                attachments.add(attachment(part));
            }
        }

        private static Attachment attachment(Part part) throws MessagingException, IOException {
            String type = part.getContentType();
            int end = type.indexOf(';');
            String[] ids = part.getHeader("Content-ID");
            String id = ids == null ? null : ids[0].replaceAll("[<>]", "").strip();
            String name = part.getFileName();
            try (InputStream bytes = part.getInputStream()) {
                return new Attachment(
                        name == null ? "attachment" : MimeUtility.decodeText(name),
                        (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT),
                        id,
                        bytes.readAllBytes());
            }
        }
    }

    /** Shows no address. */
    @Override
    public String toString() {
        return "SentMail[" + attachments.size() + " attachments]";
    }
}
