package io.crmsdk.quality;

import java.util.regex.Pattern;

/** Names of companies. */
final class CompanyJudge implements Judge<String> {
    private static final int MAX = 255;
    /** Marks around a Chinese name; those of others may belong to it, as in "Ltd.". */
    private static final Pattern WRAPPING =
            Pattern.compile("^[\"“'‘《,，、;；]+(?=\\p{IsHan})|(?<=[\\p{IsHan}）)])[\"”'’》,，、;；.。]+$");

    @Override
    public String name() {
        return "company";
    }

    @Override
    public Judged<String> judge(Cell cell, JudgeContext context) {
        Draft draft = new Draft(name(), cell);
        return switch (cell.kind()) {
            case EMPTY -> Judged.nothing();
            case ERROR -> draft.reject(FindingCode.FORMULA_ERROR, "a formula failed here");
            case DATE -> draft.reject(FindingCode.TURNED_INTO_DATE, "a spreadsheet turned the name into a date");
            case BOOLEAN -> draft.reject(FindingCode.INVALID, "not a name");
            case NUMBER -> number(cell, draft);
            case TEXT -> text(cell.text(), draft);
        };
    }

    private static Judged<String> number(Cell cell, Draft draft) {
        String digits = Spelling.wholeNumber(cell);
        if (digits == null || digits.length() > 15) {
            return draft.reject(FindingCode.INVALID, "a number, not a name");
        }
        return CompanyName.isPlaceholder(digits)
                ? draft.empty()
                : draft.suspect(digits, FindingCode.NUMBER_CELL, "a number where a name was to be expected");
    }

    private static Judged<String> text(String raw, Draft draft) {
        Judged<String> refused = Texts.refuse(raw, MAX, draft);
        if (refused != null) {
            return refused;
        }
        String text = Texts.composed(Spelling.visible(Texts.redecoded(raw, draft), draft), draft);
        if (text.isEmpty()) {
            return Judged.nothing();
        }
        text = Spelling.narrowAlphanumerics(text, draft);
        if (CompanyName.isPlaceholder(text)) {
            return draft.empty();
        }
        if (Mojibake.hasStandIns(text)) {
            return draft.reject(FindingCode.CHARACTERS_LOST, "question marks stand where characters were");
        }
        String tidy = tidy(WRAPPING.matcher(text).replaceAll(""));
        if (!tidy.equals(text)) {
            draft.repaired(
                    FindingCode.FORM, "blanks, brackets and marks around the name were brought to the usual form");
        }
        if (Spelling.isMasked(tidy)) {
            return draft.reject(FindingCode.MASKED, "masked; it must not replace a whole name");
        }
        Texts.remark(tidy, draft);
        return draft.take(tidy);
    }

    /** In a Chinese name blanks are layout and brackets are full-width; in others both are as written. */
    private static String tidy(String text) {
        long han = text.codePoints().filter(Spelling::isHan).count();
        if (han * 2 < text.codePointCount(0, text.length())) {
            return text.replaceAll("[\\s\\u00A0\\u3000]+", " ");
        }
        return Spelling.withoutBlanksBetweenHan(text).replace('(', '（').replace(')', '）');
    }
}
