package io.crmsdk.quality;

import io.crmsdk.model.EmailAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** E-mail addresses as people type and paste them; what is taken is always a strictly parsed address. */
final class EmailJudge implements Judge<EmailAddress> {
    private static final Pattern LABEL = Pattern.compile(
            "^(?:e-?mail|mail|mailto|邮箱地址|邮箱|电子邮箱|电子邮件|邮件)(?:\\s*[:：]\\s*|\\s+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern NAMED = Pattern.compile("([^<>]*)<\\s*([^<>]+?)\\s*>");
    private static final Pattern WRAPPING = Pattern.compile("^[\\s,;:、\"'“”‘’(\\[<。]+|[\\s,;:、.。\"'“”‘’)\\]>]+$");
    private static final Pattern SEPARATOR = Pattern.compile("[\\s,;、/|]+");
    private static final Pattern AMONG_CHINESE_WORDS = Pattern.compile(
            "[\\p{IsHan}:()（）·\\s]*?([^\\p{IsHan}()（）\\s<>:]+@[^\\p{IsHan}()（）\\s<>:]+)(?:[\\s(（][\\p{IsHan}()（）·\\s]*)?");
    private static final Set<String> MADE_UP =
            Set.of("test@test.com", "a@a.com", "xxx@xxx.com", "123@123.com", "123@qq.com", "abc@abc.com");
    private static final Pattern STANDS_FOR_NOTHING = Pattern.compile("([^@]+)@\\1");

    @Override
    public String name() {
        return "email";
    }

    @Override
    public Judged<EmailAddress> judge(Cell cell, JudgeContext context) {
        Draft draft = new Draft(name(), cell);
        return switch (cell.kind()) {
            case EMPTY -> Judged.nothing();
            case ERROR -> draft.reject(FindingCode.FORMULA_ERROR, "a formula failed here");
            case BOOLEAN, NUMBER, DATE -> draft.reject(FindingCode.INVALID, "not an e-mail address");
            case TEXT -> text(cell.text(), draft);
        };
    }

    private Judged<EmailAddress> text(String raw, Draft draft) {
        if (raw.length() > 2000) {
            return draft.reject(FindingCode.LENGTH, "far too long for an e-mail address");
        }
        if (raw.codePoints().anyMatch(EmailJudge::isDirectionTrick)) {
            return draft.reject(FindingCode.SUSPICIOUS, "characters that reverse the direction of text");
        }
        if (Spelling.strip(raw)
                .chars()
                .anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\r' && c != '\t')) {
            return draft.reject(FindingCode.INVALID, "a control character in an address");
        }
        String text = Spelling.visible(raw, draft);
        if (text.isEmpty()) {
            return Judged.nothing();
        }
        text = Spelling.withoutTextMark(narrow(text, draft), draft);
        if (Spelling.isErrorLiteral(text)) {
            return draft.reject(FindingCode.FORMULA_ERROR, "a formula failed here");
        }
        if (Spelling.isNothing(text)
                || STANDS_FOR_NOTHING.matcher(text.toLowerCase(Locale.ROOT)).matches()) {
            return draft.empty();
        }
        if (text.contains("**")) {
            return draft.reject(FindingCode.MASKED, "masked; it must not replace a whole address");
        }
        return written(text, draft);
    }

    private Judged<EmailAddress> written(String text, Draft draft) {
        EmailAddress plain = read(text);
        if (plain != null) {
            return taken(plain, draft);
        }
        String inner = LABEL.matcher(text).replaceFirst("");
        Matcher named = NAMED.matcher(inner);
        if (named.matches() && named.group(1).indexOf('@') < 0) {
            inner = named.group(2);
        }
        inner = WRAPPING.matcher(inner).replaceAll("");
        EmailAddress unwrapped = inner.equals(text) ? null : read(inner);
        if (unwrapped != null) {
            draft.repaired(FindingCode.SURROUNDED, "words or marks around the address were removed");
            return taken(unwrapped, draft);
        }
        Judged<EmailAddress> several = several(inner, draft);
        if (several != null) {
            return several;
        }
        Matcher among = AMONG_CHINESE_WORDS.matcher(inner);
        EmailAddress surrounded =
                among.matches() ? read(WRAPPING.matcher(among.group(1)).replaceAll("")) : null;
        if (surrounded != null) {
            draft.repaired(FindingCode.SURROUNDED, "words around the address were removed");
            return taken(surrounded, draft);
        }
        EmailAddress dotted = inner.indexOf('。') < 0 ? null : read(inner.replace('。', '.'));
        return dotted == null
                ? draft.reject(FindingCode.INVALID, "not an e-mail address")
                : draft.guess(dotted, FindingCode.FORM, dotted.raw(), "Chinese full stops were read as dots");
    }

    private static Judged<EmailAddress> taken(EmailAddress address, Draft draft) {
        if (address.needsSmtpUtf8()) {
            return draft.suspect(
                    address,
                    FindingCode.SUSPICIOUS,
                    "characters beyond ASCII before the @; perhaps a name glued to it");
        }
        return MADE_UP.contains(address.canonical())
                ? draft.suspect(address, FindingCode.PLACEHOLDER, "looks made up")
                : draft.take(address);
    }

    /** Every part must be an address, or the text means something else. */
    private static @Nullable Judged<EmailAddress> several(String text, Draft draft) {
        List<EmailAddress> addresses = new ArrayList<>();
        boolean placeholder = false;
        for (String part : SEPARATOR.split(text, -1)) {
            String bare = WRAPPING.matcher(part).replaceAll("");
            EmailAddress address = read(bare);
            if (address != null) {
                addresses.add(address);
            } else if (Spelling.isNothing(bare)) {
                placeholder = true;
            } else if (!bare.isEmpty()) {
                return null;
            }
        }
        if (addresses.isEmpty() || (addresses.size() == 1 && !placeholder)) {
            return null;
        }
        if (addresses.size() == 1) {
            draft.repaired(FindingCode.SURROUNDED, "a placeholder beside the address was removed");
        } else {
            draft.repaired(FindingCode.MULTIPLE_VALUES, "several addresses; the first one was taken");
        }
        return draft.take(addresses.get(0), addresses.subList(1, addresses.size()));
    }

    /** Only what a keyboard's full-width mode produces; other compatibility characters are no writing of ASCII. */
    private static String narrow(String text, Draft draft) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> out.appendCodePoint(
                        c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c == 0x3000 ? ' ' : c == 0xFF61 ? 0x3002 : c));
        String narrow = out.toString();
        if (!narrow.equals(text)) {
            draft.repaired(FindingCode.WIDTH, "full-width characters were brought to their usual form");
        }
        return narrow;
    }

    private static boolean isDirectionTrick(int c) {
        return c == 0x202B || c == 0x202E || (c >= 0x2066 && c <= 0x2069);
    }

    private static @Nullable EmailAddress read(String text) {
        return text.isEmpty() ? null : EmailAddress.tryParse(text).orElse(null);
    }
}
