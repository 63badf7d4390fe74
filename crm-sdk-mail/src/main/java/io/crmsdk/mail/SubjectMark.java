package io.crmsdk.mail;

import java.util.Objects;

/**
 * What a law wants the subject of an advertisement to begin with.
 *
 * @param text the beginning, with the space or colon that follows it
 */
public record SubjectMark(String text) {
    /** China, 互联网电子邮件服务管理办法 art. 13, in Chinese. */
    public static final SubjectMark CHINA = new SubjectMark("广告：");

    /** China, 互联网电子邮件服务管理办法 art. 13, in Latin letters. */
    public static final SubjectMark CHINA_LATIN = new SubjectMark("AD: ");

    /** Refuses a blank or long mark, or one with control characters. */
    public SubjectMark {
        Objects.requireNonNull(text, "text");
        HeaderText.check("subject mark", text, 40);
        if (text.isBlank()) {
            throw new IllegalArgumentException("a subject mark needs a text");
        }
    }

    /** The subject with the mark before it; a subject that begins with the mark already stays as it is. */
    public String mark(String subject) {
        return subject.startsWith(text.strip()) ? subject : text + subject;
    }
}
