package io.crmsdk.mail.bounce;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds in words for people which recipients failed and what the server said of each. All writers of such mails follow one of few
 * manners: an address that begins a line, an address behind a label, a list below a sentence, or an address in a sentence.
 */
final class TextBounce {
    private static final int MOST_LINES = 2_000;
    private static final int MOST_RECIPIENTS = 1_000;
    private static final int LONGEST_LINE = 600;
    private static final int LONGEST_TEXT = 100_000;

    /** From here on a mail is the one that came back. */
    private static final Pattern ORIGINAL = Pattern.compile(String.join(
            "|",
            "original message( |-)*(\\(|follow|header|as received|attached|:?\\s*$|-----|is |text)",
            "-{2,} ?original (message|mail)",
            "(?<!receive a )(copy|text|header|headers|part|contents|body) of (the |your )?(original |returned |unsent |undelivered |first )?(message|mail|e-mail)",
            "(?<!receive a )copy of the message",
            "(message|mail) (headers?|text|body) follows?",
            "(unsent|returned|undelivered|failed|rejected) (message|mail) (below|follows?|is attached|header|text|-----)",
            "-{3,} ?(returned|undelivered|unsent|the unsent|failed) (message|mail)( ?-|$)",
            "-{2,} ?the (header|body|message|original)",
            "below (this line|the next line|is|are)",
            "message (that was )?follows ?:?\\s*$",
            "(your|the) (message|mail) (reads|began|said|was) ?(\\(in part\\))?:?\\s*$",
            "the first [0-9]+ (lines|bytes)",
            "here is (a copy|the first|your)",
            "original (mail|e-mail) (header|follow|text)",
            "begin (forwarded|original|included)",
            "included (message|is a copy)",
            "message contents",
            "the attached file contains",
            "以下是.*(原|邮件)",
            "原始邮件",
            "原邮件(内容|如下)"));

    private static final Pattern HEADER_OF_ORIGINAL = Pattern.compile(
            "^>? ?(received|return-path|dkim-signature|domainkey-signature|message-id|x-mailer|mime-version|delivered-to|arc-seal"
                    + "|x-received|authentication-results)\\s*:.*");

    /** Addresses in such lines are of people who help or of the sender. */
    private static final Pattern NOT_THE_RECIPIENT = Pattern.compile(
            "contact|assistance|mailto:|questions|help ?desk|if you (need|have|believe|feel|think|do)|^\\W*(from|sender|reply-to|cc|date|subject)\\s*:"
                    + "|mail from|message from|message-id|\\bsent by\\b|your mail from|in-reply-to|references|https?://|please (send|write|call|e-?mail)"
                    + "|reporting-mta|received|arrival|unsubscribe|report(ed)? to postmaster|发件人|联系");

    private static final Pattern LABEL = Pattern.compile(
            "(recipients?|address(es)?|addressee|addressed|users?|mailbox|undeliver\\w*|deliver\\w*( to)?|failed|failure|reach\\w*|rcpt( to)?"
                    + "|intended|for|to|destination|unknown|bounced|returned|rejected|account|e-?mail|full|error-for|收件人|地址|收信人"
                    + "|empf(ä|ae)nger\\w*|destinataires?|destinatari\\w*|получател\\w*|адресат\\w*|宛先|あて先|送信先|受信者|받는 ?사람|수신자|수신인)"
                    + "[^@:]{0,60}[:：(（]?\\s*[\"'<(（]*$");

    private static final Pattern LIST_BELOW = Pattern.compile(
            "recipient|address|deliver|failed|fatal|permanent|following|unknown|users?\\b|mailbox|problem|error|reject|收件|地址|退");

    private static final Pattern ADDRESSEE = Pattern.compile("\\s*(to|an|à|para|收件人)\\s*[:：]");

    /** An address that was led to the one that failed. */
    private static final Pattern ORIGIN =
            Pattern.compile("^\\W*(ultimately )?(generated|expanded|forwarded) (from|by)");

    private static final Pattern LIST_HEAD = Pattern.compile(
            "(reach|following|failed|failing|undeliverable|deliver\\w*)\\b.*(recipients?|address(es)?|users?|persons?|to|failed)(\\(?(e?s)\\))?( or groups)?[ :.]*$");

    private static final Pattern FAILING = Pattern.compile(
            "undeliver|not (be )?deliver|deliver|fail|unknown|not exist|no such|no longer|reject|refus|invalid|not (a )?valid|not found|full|quota"
                    + "|disabled|inactive|bounce|unable|could not|cannot|can't|couldn't|not known|not recogni|not match|denied|error|moved|退|不存在|失败|满"
                    + "|nicht (zugestellt|gefunden|erreich)|unzustellbar|n'a pas (été|ete|pu)|introuvable|no se (ha )?(pud|encontr|entreg)|n(ã|a)o (foi|p(ô|o)de)"
                    + "|не (был|удалось|найден|доставлен)|недоставлен|できません|見つか|エラー|발송되지|발송실패|찾을 수 없");

    private static final Pattern BEFORE_ADDRESS = Pattern.compile(
            "^[\\s>*|#\\-–•]*(?:\"[^\"@]*\"\\s*)?[<('\"\\[]*(?:mailto:|smtp:|rfc822;?|[245]\\d\\d[ -](?:[245]\\.\\d\\.\\d{1,3} )?)?\\s*<?",
            Pattern.CASE_INSENSITIVE);

    private TextBounce() {}

    /** A recipient and the words about it. */
    record Found(String address, String words, boolean certain) {}

    private enum Manner {
        BLOCK,
        LABELLED,
        SENTENCE,
        ADDRESSEE
    }

    private record Mark(int line, String address, Manner manner) {}

    /** Returns the lines before the mail that came back. */
    static List<String> ownLines(String text) {
        List<String> lines = new ArrayList<>();
        int at = 0;
        while (at < Math.min(text.length(), LONGEST_TEXT) && lines.size() < MOST_LINES) {
            int end = text.indexOf('\n', at);
            end = end < 0 ? text.length() : end;
            String line = text.substring(at, Math.min(end, at + LONGEST_LINE));
            String lower = line.strip().toLowerCase(Locale.ROOT);
            if (!lower.isEmpty() && lines.stream().anyMatch(l -> !l.isBlank()) && beginsOriginal(line, lower)) {
                break;
            }
            lines.add(line.replace('\t', ' '));
            at = end + 1;
        }
        return lines;
    }

    private static boolean beginsOriginal(String line, String lower) {
        return HEADER_OF_ORIGINAL.matcher(lower).matches() && !Character.isWhitespace(line.charAt(0))
                || !lower.contains("@") && ORIGINAL.matcher(lower).find();
    }

    /**
     * Finds the recipients that failed.
     *
     * @param own addresses, in lower case, that are the sender's or the reporter's
     */
    static List<Found> recipients(List<String> lines, Set<String> own) {
        List<Mark> marks = new ArrayList<>();
        String before = "";
        for (int i = 0; i < lines.size() && marks.size() < MOST_RECIPIENTS; i++) {
            String line = lines.get(i);
            marks.addAll(marks(line, i, before));
            if (!line.isBlank()) {
                before = line.toLowerCase(Locale.ROOT);
            }
        }
        for (Manner manner : Manner.values()) {
            List<Mark> of = marks.stream()
                    .filter(mark -> mark.manner() == manner && !own.contains(MailAddresses.key(mark.address())))
                    .toList();
            if (!of.isEmpty()) {
                return found(of, lines);
            }
        }
        return List.of();
    }

    private static List<Mark> marks(String line, int number, String before) {
        List<MailAddresses.Found> addresses = MailAddresses.in(line);
        if (addresses.isEmpty()) {
            return List.of();
        }
        String lower = line.toLowerCase(Locale.ROOT);
        List<Mark> marks = new ArrayList<>();
        MailAddresses.Found first = addresses.get(0);
        if (ORIGIN.matcher(lower).find()) {
            marks.add(new Mark(number, first.address(), Manner.ADDRESSEE));
            return marks;
        }
        boolean helper = NOT_THE_RECIPIENT
                        .matcher(lower.substring(0, first.from()))
                        .find()
                || NOT_THE_RECIPIENT.matcher(lower.substring(first.to())).find() && !endsAddress(line, first);
        if (beginsLine(line, first) && !(helper && !endsAddress(line, first))) {
            marks.add(new Mark(number, first.address(), Manner.BLOCK));
            addresses.stream()
                    .skip(1)
                    .filter(next -> line.substring(first.to(), next.from()).matches("[>)\\s]*[,;]\\s*[<(]?"))
                    .forEach(next -> marks.add(new Mark(number, next.address(), Manner.BLOCK)));
            return marks;
        }
        if (ADDRESSEE.matcher(lower).lookingAt()) {
            addresses.forEach(address -> marks.add(new Mark(number, address.address(), Manner.ADDRESSEE)));
            return marks;
        }
        boolean listed = LIST_HEAD.matcher(before).find();
        for (MailAddresses.Found address : addresses) {
            String prefix = lower.substring(0, address.from());
            if (listed && !NOT_THE_RECIPIENT.matcher(prefix).find()) {
                marks.add(new Mark(number, address.address(), Manner.BLOCK));
                continue;
            }
            if (NOT_THE_RECIPIENT.matcher(prefix).find()) {
                continue;
            }
            if (LABEL.matcher(prefix).find()) {
                marks.add(new Mark(number, address.address(), Manner.LABELLED));
            } else if (FAILING.matcher(lower).find()
                    || FAILING.matcher(before).find()
                            && LIST_BELOW.matcher(before).find()) {
                marks.add(new Mark(number, address.address(), Manner.SENTENCE));
            }
        }
        return marks;
    }

    /** Returns the addressees of the mail that came back, where its header stands among the words. */
    static List<String> addressees(String text) {
        List<String> found = new ArrayList<>();
        for (String line : text.split("\n", MOST_LINES)) {
            if (line.length() < LONGEST_LINE
                    && ADDRESSEE.matcher(line.toLowerCase(Locale.ROOT)).lookingAt()) {
                found.addAll(MailAddresses.all(line));
                if (!found.isEmpty()) {
                    break;
                }
            }
        }
        return found;
    }

    private static boolean beginsLine(String line, MailAddresses.Found address) {
        Matcher matcher = BEFORE_ADDRESS.matcher(line);
        return matcher.lookingAt() && matcher.end() == address.from();
    }

    private static boolean endsAddress(String line, MailAddresses.Found address) {
        String rest = line.substring(address.to()).strip();
        return rest.isEmpty()
                || rest.startsWith(">")
                || rest.startsWith(":")
                || rest.startsWith("...")
                || rest.startsWith(",")
                || rest.startsWith(";")
                || rest.startsWith("(")
                || rest.startsWith(")")
                || rest.startsWith("'");
    }

    private static List<Found> found(List<Mark> marks, List<String> lines) {
        // In a transcript of a session a recipient is named after what was said about it, else before.
        boolean transcript = lines.stream().anyMatch(line -> line.startsWith(">>> "));
        Map<String, StringBuilder> words = new LinkedHashMap<>();
        Map<String, String> written = new LinkedHashMap<>();
        for (int i = 0; i < marks.size(); i++) {
            Mark mark = marks.get(i);
            int from = mark.line();
            int until = i + 1 < marks.size() ? Math.max(marks.get(i + 1).line(), mark.line() + 1) : lines.size();
            if (transcript) {
                from = i == 0 ? 0 : Math.min(marks.get(i - 1).line() + 1, mark.line());
                until = mark.line() + 1;
            }
            String key = MailAddresses.key(mark.address());
            written.putIfAbsent(key, mark.address());
            StringBuilder text = words.computeIfAbsent(key, k -> new StringBuilder());
            for (String line : lines.subList(from, Math.min(until, lines.size()))) {
                text.append(line.strip()).append(' ');
            }
        }
        List<Found> found = new ArrayList<>();
        written.forEach((key, address) -> found.add(
                new Found(address, String.valueOf(words.get(key)), marks.get(0).manner() == Manner.BLOCK)));
        return found;
    }
}
