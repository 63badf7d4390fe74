package io.crmsdk.quality;

import java.util.Locale;

/** Unified social credit codes. */
final class CreditCodeJudge implements Judge<CreditCode> {
    @Override
    public String name() {
        return "creditCode";
    }

    @Override
    public Judged<CreditCode> judge(Cell cell, JudgeContext context) {
        Draft draft = new Draft(name(), cell);
        return switch (cell.kind()) {
            case EMPTY -> Judged.nothing();
            case ERROR -> draft.reject(FindingCode.FORMULA_ERROR, "a formula failed here");
            case BOOLEAN -> draft.reject(FindingCode.INVALID, "not a credit code");
            case NUMBER, DATE -> number(cell, draft);
            case TEXT -> text(cell.text(), draft);
        };
    }

    private static Judged<CreditCode> number(Cell cell, Draft draft) {
        String digits = Spelling.wholeNumber(cell);
        if (digits != null && digits.length() > 15) {
            return draft.reject(FindingCode.DIGITS_ZEROED, "a number cell keeps 15 digits; the last three are lost");
        }
        return digits == null ? draft.reject(FindingCode.INVALID, "not a credit code") : code(digits, draft);
    }

    private static Judged<CreditCode> text(String raw, Draft draft) {
        if (raw.length() > 200) {
            return draft.reject(FindingCode.LENGTH, "far too long for a credit code");
        }
        String text = Spelling.visible(raw, draft);
        text = Spelling.withoutTextMark(Spelling.narrow(text, draft), draft);
        if (text.isEmpty()) {
            return Judged.nothing();
        }
        if (Spelling.isErrorLiteral(text)) {
            return draft.reject(FindingCode.FORMULA_ERROR, "a formula failed here");
        }
        if (Spelling.isNothing(text)) {
            return draft.empty();
        }
        if (text.indexOf('*') >= 0) {
            return draft.reject(FindingCode.MASKED, "masked; it must not replace a whole code");
        }
        if (Spelling.isExponent(text)) {
            return draft.reject(FindingCode.EXPONENT, "a spreadsheet shortened it and digits are lost");
        }
        text = Spelling.unlabelled(text, draft);
        String code = Spelling.withoutBlanks(text).replace("-", "").toUpperCase(Locale.ROOT);
        if (!code.equals(text)) {
            draft.repaired(FindingCode.FORM, "blanks were removed and letters brought to upper case");
        }
        return code(code, draft);
    }

    private static Judged<CreditCode> code(String code, Draft draft) {
        if (code.matches("\\d{15}")) {
            return draft.reject(FindingCode.OLD_FORM, "an old registration number, another kind of number");
        }
        if (code.length() != 18) {
            return draft.reject(FindingCode.LENGTH, "a credit code has 18 places");
        }
        if (CreditCode.isValid(code)) {
            CreditCode valid = new CreditCode(code);
            return code.matches("\\d{15}000")
                    ? draft.suspect(valid, FindingCode.DIGITS_ZEROED, "ends in three zeros, as a spreadsheet leaves it")
                    : draft.take(valid);
        }
        CreditCode meant = CreditCode.fromLookAlikes(code).orElse(null);
        if (meant != null) {
            return draft.guess(
                    meant, FindingCode.LETTER_FOR_DIGIT, meant.code(), "letters that no code has were read as digits");
        }
        return code.matches("\\d{15}000")
                ? draft.reject(FindingCode.DIGITS_ZEROED, "a spreadsheet turned the last three places into zeros")
                : draft.reject(FindingCode.CHECKSUM, "the check character does not fit");
    }
}
