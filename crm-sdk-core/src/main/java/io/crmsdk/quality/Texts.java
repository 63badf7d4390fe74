package io.crmsdk.quality;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What names, companies and free text have in common: broken Unicode, wrong encodings, formulas, direction tricks. */
final class Texts {
    /** More marks on one letter than any orthography has. */
    private static final Pattern STACKED_MARKS = Pattern.compile("\\p{M}{9,}");

    private static final Pattern FORMULA = Pattern.compile("^[=+@\\-][^\\s].*", Pattern.DOTALL);
    private static final Set<UnicodeScript> LOOK_ALIKES =
            EnumSet.of(UnicodeScript.LATIN, UnicodeScript.CYRILLIC, UnicodeScript.GREEK, UnicodeScript.ARMENIAN);

    private Texts() {}

    /** Refuses what can never be text; null if there is nothing to refuse. */
    static <T> @Nullable Judged<T> refuse(String text, int maxCodePoints, Draft draft) {
        if (Spelling.hasLoneSurrogate(text)) {
            return draft.reject(FindingCode.CHARACTERS_LOST, "half a character; the rest was cut off");
        }
        if (text.length() > maxCodePoints && text.codePointCount(0, text.length()) > maxCodePoints) {
            return draft.reject(FindingCode.LENGTH, "more than " + maxCodePoints + " characters");
        }
        if (STACKED_MARKS.matcher(text).find()) {
            return draft.reject(FindingCode.LENGTH, "more marks on one letter than any language has");
        }
        if (Spelling.isErrorLiteral(Spelling.strip(text))) {
            return draft.reject(FindingCode.FORMULA_ERROR, "a formula failed here");
        }
        if (Mojibake.isLost(text)) {
            return draft.reject(FindingCode.CHARACTERS_LOST, "wrongly decoded and lost; take it from its source again");
        }
        return null;
    }

    /** NFC, noted only where the difference can be seen by a program. */
    static String composed(String text, Draft draft) {
        String composed = Normalizer.normalize(text, Normalizer.Form.NFC);
        if (!composed.equals(text)) {
            draft.repaired(FindingCode.FORM, "brought to composed Unicode (NFC)");
        }
        return composed;
    }

    /** Notes what deserves a second look; the value stays. */
    static void remark(String text, Draft draft) {
        if (FORMULA.matcher(text).matches()) {
            draft.note(
                    FindingCode.FORMULA_TEXT,
                    Certainty.CERTAIN,
                    Action.KEEP,
                    null,
                    "text, not a formula; neutralised when it is exported to a spreadsheet");
        }
        if (text.codePoints().anyMatch(c -> Character.getType(c) == Character.PRIVATE_USE)) {
            draft.note(
                    FindingCode.SUSPICIOUS,
                    Certainty.SUSPECT,
                    Action.FLAG_KEEP,
                    null,
                    "private-use characters; perhaps decoded as GBK instead of GB18030");
        }
        if (mixesLookAlikes(text)) {
            draft.note(
                    FindingCode.SUSPICIOUS,
                    Certainty.SUSPECT,
                    Action.FLAG_KEEP,
                    null,
                    "letters of several scripts that look alike");
        }
    }

    /**
     * The original of wrongly decoded text as a flagged guess, or the text itself. Asked first of all, since cleaning would
     * remove characters that stand for bytes.
     */
    static String redecoded(String text, Draft draft) {
        String original = Mojibake.original(text.trim());
        if (original == null) {
            return text;
        }
        draft.note(
                FindingCode.MOJIBAKE,
                Certainty.SUSPECT,
                Action.REPAIR_FLAGGED,
                original,
                "was decoded with the wrong encoding and brought back");
        return original;
    }

    private static boolean mixesLookAlikes(String text) {
        Set<UnicodeScript> found = EnumSet.noneOf(UnicodeScript.class);
        text.codePoints()
                .mapToObj(UnicodeScript::of)
                .filter(LOOK_ALIKES::contains)
                .forEach(found::add);
        return found.size() > 1;
    }
}
