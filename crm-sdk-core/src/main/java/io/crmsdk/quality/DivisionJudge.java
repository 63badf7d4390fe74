package io.crmsdk.quality;

import java.util.List;

/** Names of provinces, cities and counties. An unknown one is refused softly: the table may be older than the sheet. */
final class DivisionJudge implements Judge<Division> {
    private final Division.Level level;

    DivisionJudge(Division.Level level) {
        this.level = level;
    }

    @Override
    public String name() {
        return "division";
    }

    @Override
    public Judged<Division> judge(Cell cell, JudgeContext context) {
        Draft draft = new Draft(name(), cell);
        if (cell.kind() == Cell.Kind.ERROR) {
            return draft.reject(FindingCode.FORMULA_ERROR, "a formula failed here");
        }
        String digits = Spelling.wholeNumber(cell);
        String text = digits != null ? digits : Spelling.narrow(Spelling.visible(cell.text(), draft), draft);
        if (text.isEmpty()) {
            return Judged.nothing();
        }
        if (Spelling.isNothing(text)) {
            return draft.empty();
        }
        return text.matches("\\d+") ? byCode(text, draft) : byName(text, context, draft);
    }

    private Judged<Division> byCode(String code, Draft draft) {
        return Division.ofCode(code)
                .filter(division -> division.level() == level)
                .map(division -> {
                    draft.repaired(FindingCode.FORM, "a division code instead of a name");
                    return draft.take(division);
                })
                .orElseGet(() -> unknown(draft));
    }

    private Judged<Division> byName(String name, JudgeContext context, Draft draft) {
        List<Division> named = Division.named(name, level);
        if (named.isEmpty() && level == Division.Level.PREFECTURE) {
            // A municipality repeats itself as its only city.
            named = Division.named(name, Division.Level.PROVINCE).stream()
                    .filter(division -> List.of("11", "12", "31", "50").contains(division.code()))
                    .toList();
        }
        if (named.size() > 1 && level == Division.Level.COUNTY) {
            named = named.stream()
                    .filter(division -> context.city() != null && division.isWithinNamed(context.city()))
                    .toList();
            if (named.size() != 1) {
                return draft.reject(
                        FindingCode.AMBIGUOUS,
                        Certainty.SUSPECT,
                        null,
                        "several counties have this name; state the city");
            }
        }
        if (named.size() != 1) {
            return unknown(draft);
        }
        Division division = named.get(0);
        if (!division.name().equals(name)) {
            draft.repaired(FindingCode.FORM, "brought to the full name of the division");
        }
        return draft.take(division);
    }

    private static Judged<Division> unknown(Draft draft) {
        return draft.reject(FindingCode.UNKNOWN_WORD, Certainty.SUSPECT, null, "not in the table of divisions of 2023");
    }
}
