package io.crmsdk.mail;

import jakarta.activation.DataHandler;
import jakarta.activation.DataSource;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.ContentDisposition;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimePart;
import jakarta.mail.internet.ParameterList;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Writes the bytes of a mail. The same mail gives the same bytes: the boundaries come from what is said, not from chance.
 */
final class MimeWriter {
    private static final Session SESSION = session();

    private final String seed;
    private int boundaries;

    /** @param seed what the boundaries are made of: hexadecimal digits */
    MimeWriter(String seed) {
        this.seed = seed;
    }

    private static Session session() {
        Properties properties = new Properties();
        // Headers are ASCII anyway, unless an address is not (RFC 6532).
        properties.setProperty("mail.mime.allowutf8", "true");
        return Session.getInstance(properties);
    }

    /** What a mail is made of. */
    record Content(String text, String html, Map<String, Attachment> inline, List<Attachment> attachments) {}

    byte[] write(List<String[]> headers, Content content) {
        try {
            Written message = new Written();
            for (String[] header : headers) {
                message.addHeader(header[0], header[1]);
            }
            body(message, content);
            message.saveChanges();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            message.writeTo(out);
            return out.toByteArray();
        } catch (MessagingException | IOException e) {
            throw new MailException("MAIL_UNWRITABLE", "the mail could not be written; nothing was sent", e);
        }
    }

    private void body(MimePart target, Content content) throws MessagingException {
        if (content.attachments().isEmpty()) {
            saying(target, content);
            return;
        }
        Boundary mixed = new Boundary("mixed");
        mixed.addBodyPart(said(content));
        for (Attachment attachment : content.attachments()) {
            mixed.addBodyPart(file(attachment, null));
        }
        target.setContent(mixed);
    }

    private BodyPart said(Content content) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        saying(part, content);
        return part;
    }

    private void saying(MimePart target, Content content) throws MessagingException {
        if (content.html().isEmpty()) {
            text(target, "plain", content.text());
            return;
        }
        Boundary alternative = new Boundary("alternative");
        MimeBodyPart plain = new MimeBodyPart();
        text(plain, "plain", content.text());
        alternative.addBodyPart(plain);
        MimeBodyPart rich = new MimeBodyPart();
        html(rich, content);
        alternative.addBodyPart(rich);
        target.setContent(alternative);
    }

    private void html(MimePart target, Content content) throws MessagingException {
        if (content.inline().isEmpty()) {
            text(target, "html", content.html());
            return;
        }
        Boundary related = new Boundary("related");
        MimeBodyPart page = new MimeBodyPart();
        text(page, "html", content.html());
        related.addBodyPart(page);
        for (Map.Entry<String, Attachment> image : content.inline().entrySet()) {
            related.addBodyPart(file(image.getValue(), image.getKey()));
        }
        target.setContent(related);
    }

    private static void text(MimePart part, String subtype, String text) throws MessagingException {
        byte[] bytes = text.replaceAll("\r\n|\r|\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        String type = "text/" + subtype + "; charset=UTF-8";
        part.setDataHandler(new DataHandler(new Bytes(type, bytes)));
        part.setHeader("Content-Type", type);
        // Encoded always: servers may cut long lines and mend line ends, which breaks text and signatures.
        part.setHeader("Content-Transfer-Encoding", mostlyAscii(bytes) ? "quoted-printable" : "base64");
    }

    private static boolean mostlyAscii(byte[] bytes) {
        int foreign = 0;
        for (byte b : bytes) {
            foreign += b < 0 ? 1 : 0;
        }
        return foreign <= bytes.length / 6;
    }

    private static BodyPart file(Attachment attachment, @Nullable String contentId) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setDataHandler(new DataHandler(new Bytes(attachment.mediaType(), attachment.content())));
        ContentType type = new ContentType(attachment.mediaType());
        type.setParameterList(named("name", attachment.name()));
        part.setHeader("Content-Type", type.toString());
        ContentDisposition disposition = new ContentDisposition(contentId == null ? "attachment" : "inline");
        disposition.setParameterList(named("filename", attachment.name()));
        part.setHeader("Content-Disposition", disposition.toString());
        part.setHeader("Content-Transfer-Encoding", "base64");
        if (contentId != null) {
            part.setHeader("Content-ID", "<" + contentId + ">");
        }
        return part;
    }

    /** RFC 2231, with continuations for a long name. */
    private static ParameterList named(String parameter, String name) {
        ParameterList parameters = new ParameterList();
        parameters.set(parameter, name, "UTF-8");
        return parameters;
    }

    /** A multipart whose boundary is known beforehand. */
    private final class Boundary extends MimeMultipart {
        Boundary(String subtype) {
            ParameterList parameters = new ParameterList();
            parameters.set("boundary", "=_crm." + seed.substring(0, 32) + "." + boundaries++);
            contentType = new ContentType("multipart", subtype, parameters).toString();
        }
    }

    /** Keeps the Message-ID that it was given. */
    private static final class Written extends MimeMessage {
        Written() {
            super(SESSION);
        }

        @Override
        protected void updateMessageID() {}
    }

    /** Bytes with a type. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Bytes(String type, byte[] bytes) implements DataSource {
        @Override
        public InputStream getInputStream() {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            throw new IOException("read only");
        }

        @Override
        public String getContentType() {
            return type;
        }

        @Override
        public String getName() {
            return "";
        }
    }
}
