package io.crmsdk.quality;

/** Free text such as addresses and remarks: everything that is text stays, only what was destroyed is refused. */
final class TextJudge implements Judge<String> {
    private final String name;
    private final int maxCodePoints;
    private final boolean placeholdersAreEmpty;

    TextJudge(String name, int maxCodePoints, boolean placeholdersAreEmpty) {
        this.name = name;
        this.maxCodePoints = maxCodePoints;
        this.placeholdersAreEmpty = placeholdersAreEmpty;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Judged<String> judge(Cell cell, JudgeContext context) {
        Draft draft = new Draft(name, cell);
        return switch (cell.kind()) {
            case EMPTY -> Judged.nothing();
            case ERROR -> draft.reject(FindingCode.FORMULA_ERROR, "a formula failed here");
            case DATE -> draft.reject(FindingCode.TURNED_INTO_DATE, "a spreadsheet turned the text into a date");
            case BOOLEAN -> draft.take(cell.text());
            case NUMBER -> number(cell, draft);
            case TEXT -> text(cell.text(), draft);
        };
    }

    private static Judged<String> number(Cell cell, Draft draft) {
        return cell.decimal()
                .map(value -> draft.suspect(
                        value.toPlainString(), FindingCode.NUMBER_CELL, "a number where text was to be expected"))
                .orElseGet(() -> draft.reject(FindingCode.INVALID, "not text"));
    }

    private Judged<String> text(String raw, Draft draft) {
        Judged<String> refused = Texts.refuse(raw, maxCodePoints, draft);
        if (refused != null) {
            return refused;
        }
        String text = Texts.composed(Spelling.visible(Texts.redecoded(raw, draft), draft), draft);
        if (text.isEmpty()) {
            return Judged.nothing();
        }
        if (placeholdersAreEmpty && Spelling.isNothing(text)) {
            return draft.empty();
        }
        if (Spelling.looksTurnedIntoDate(text)) {
            return draft.suspect(text, FindingCode.TURNED_INTO_DATE, "perhaps turned into a date by a spreadsheet");
        }
        Texts.remark(text, draft);
        return draft.take(text);
    }
}
