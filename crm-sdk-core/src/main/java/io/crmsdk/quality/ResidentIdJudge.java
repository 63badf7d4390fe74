package io.crmsdk.quality;

import java.util.Locale;

/** Resident identity numbers; damaged ones are refused, since a check digit can only accuse. */
final class ResidentIdJudge implements Judge<ResidentId> {
    @Override
    public String name() {
        return "residentId";
    }

    @Override
    public Judged<ResidentId> judge(Cell cell, JudgeContext context) {
        Draft draft = new Draft(name(), cell);
        return switch (cell.kind()) {
            case EMPTY -> Judged.nothing();
            case ERROR -> draft.reject(FindingCode.FORMULA_ERROR, "a formula failed here");
            case BOOLEAN -> draft.reject(FindingCode.INVALID, "not an identity number");
            case NUMBER, DATE -> number(cell, context, draft);
            case TEXT -> text(cell.text(), context, draft);
        };
    }

    private static Judged<ResidentId> number(Cell cell, JudgeContext context, Draft draft) {
        String digits = Spelling.wholeNumber(cell);
        if (digits == null) {
            return draft.reject(FindingCode.INVALID, "not an identity number");
        }
        if (digits.length() > 15) {
            return draft.reject(FindingCode.DIGITS_ZEROED, "a number cell keeps 15 digits; the last three are lost");
        }
        return number(digits, context, draft);
    }

    private static Judged<ResidentId> text(String raw, JudgeContext context, Draft draft) {
        if (raw.length() > 200) {
            return draft.reject(FindingCode.LENGTH, "far too long for an identity number");
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
        if (text.indexOf('*') >= 0 || Spelling.isMasked(text)) {
            return draft.reject(FindingCode.MASKED, "masked; it must not replace a whole number");
        }
        if (Spelling.isExponent(text)) {
            return draft.reject(FindingCode.EXPONENT, "a spreadsheet shortened it and digits are lost");
        }
        text = Spelling.unlabelled(text, draft);
        String number = Spelling.withoutBlanks(text).replace("-", "").toUpperCase(Locale.ROOT);
        if (!number.equals(text)) {
            draft.repaired(FindingCode.FORM, "blanks were removed and x brought to upper case");
        }
        return number(number, context, draft);
    }

    private static Judged<ResidentId> number(String number, JudgeContext context, Draft draft) {
        if (number.length() == 15) {
            return oldForm(number, context, draft);
        }
        if (!ResidentId.hasShape(number)) {
            return draft.reject(
                    number.length() == 18 ? FindingCode.INVALID : FindingCode.LENGTH,
                    "an identity number has 18 places");
        }
        boolean zeroed = number.endsWith("000");
        if (!ResidentId.checkDigitFits(number)) {
            return zeroed
                    ? draft.reject(FindingCode.DIGITS_ZEROED, "a spreadsheet turned the last three places into zeros")
                    : draft.reject(FindingCode.CHECKSUM, "the check digit does not fit");
        }
        if (!ResidentId.isValid(number)) {
            return draft.reject(FindingCode.IMPOSSIBLE_DATE, "the birth date within does not exist");
        }
        ResidentId id = new ResidentId(number);
        if (id.birthDate().isAfter(context.today())) {
            return draft.reject(FindingCode.FUTURE, "the birth date within is still to come");
        }
        return zeroed
                ? draft.suspect(
                        id, FindingCode.DIGITS_ZEROED, "ends in three zeros, as a spreadsheet leaves it; check it")
                : draft.take(id);
    }

    private static Judged<ResidentId> oldForm(String number, JudgeContext context, Draft draft) {
        if (number.chars().allMatch(c -> c == number.charAt(0))) {
            return draft.reject(
                    FindingCode.PLACEHOLDER, Certainty.SUSPECT, null, "a made-up number that stands for no number");
        }
        ResidentId derived = ResidentId.fromOldForm(number).orElse(null);
        if (derived == null || derived.birthDate().isAfter(context.today())) {
            return draft.reject(FindingCode.INVALID, "neither an 18-place nor an old 15-digit number");
        }
        return draft.guess(derived, FindingCode.OLD_FORM, derived.number(), "derived from the old 15-digit form");
    }
}
