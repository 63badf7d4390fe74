package io.crmsdk.mail.bounce;

import java.util.ArrayList;
import java.util.List;

/** A part of a mail: a header, and either a body or further parts. Characters are bytes; lines end with LF. */
final class MailPart {
    final MailHeader header;
    final List<MailPart> children = new ArrayList<>();
    private final String source;
    private final int bodyFrom;
    private int bodyTo;

    MailPart(MailHeader header, String source, int bodyFrom) {
        this.header = header;
        this.source = source;
        this.bodyFrom = bodyFrom;
        this.bodyTo = source.length();
    }

    void endAt(int position) {
        bodyTo = Math.max(bodyFrom, Math.min(position, source.length()));
    }

    String mediaType() {
        return header.mediaType();
    }

    boolean isMultipart() {
        return mediaType().startsWith("multipart/");
    }

    /** Tells whether the part encloses a mail, or its header, that is not the mail itself. */
    boolean isEnclosedMail() {
        String type = mediaType();
        return type.startsWith("message/rfc822")
                || type.startsWith("message/global") && !type.contains("-")
                || type.equals("message/global-headers")
                || type.equals("text/rfc822-headers")
                || type.equals("message/rfc822-headers")
                || type.equals("text/rfc822");
    }

    /** Returns the body without its transfer encoding undone. */
    String rawBody() {
        return source.substring(bodyFrom, bodyTo);
    }

    /** Returns the body as text. */
    String text() {
        return MailText.ofBody(this);
    }

    /** Returns this part and all below it in the order of the mail, but nothing of enclosed mails. */
    List<MailPart> ownParts() {
        List<MailPart> found = new ArrayList<>();
        collect(this, found);
        return found;
    }

    // The depth is bounded by the reader.
    private static void collect(MailPart part, List<MailPart> found) {
        found.add(part);
        if (!part.isEnclosedMail()) {
            part.children.forEach(child -> collect(child, found));
        }
    }
}
