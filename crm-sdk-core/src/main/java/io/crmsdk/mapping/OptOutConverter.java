package io.crmsdk.mapping;

import io.crmsdk.quality.Action;
import io.crmsdk.quality.Cell;
import io.crmsdk.quality.Certainty;
import io.crmsdk.quality.Finding;
import io.crmsdk.quality.FindingCode;
import io.crmsdk.quality.Judge;
import io.crmsdk.quality.JudgeContext;
import io.crmsdk.quality.Judged;
import io.crmsdk.quality.Judges;
import io.crmsdk.quality.OptOut;
import io.crmsdk.quality.Polarity;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a consent field says, by the polarity that the mapping states; three-valued and never written. */
final class OptOutConverter extends Bound.OneWay {
    private static final JudgeContext NOTHING_KNOWN = JudgeContext.on(java.time.LocalDate.EPOCH);

    private final Judge<OptOut> optOuts;
    /** What true and false say; null where only words do. */
    private final @Nullable Polarity polarity;

    private OptOutConverter(Judge<OptOut> judge, @Nullable Polarity polarity) {
        super("opt-out", judge);
        this.optOuts = judge;
        this.polarity = polarity;
    }

    /** What a JSON true or false says; null if this field is no yes or no. */
    @Nullable
    OptOut of(boolean yes) {
        if (polarity == null) {
            return null;
        }
        return yes == (polarity == Polarity.YES_MEANS_OPTED_OUT) ? OptOut.OPTED_OUT : OptOut.NOT_OPTED_OUT;
    }

    static Bound bind(Arguments a) {
        a.only("opted-out", "subscribed");
        if (a.target().kind() != Type.Kind.CONSENT) {
            throw new ConversionFault("CONSENT", "an opt-out is a consent signal, never a field of a record");
        }
        String polarity = a.text();
        if (polarity == null) {
            throw new ConversionFault(
                    "NO_POLARITY",
                    "state what the field says: yes-means-opted-out, yes-means-subscribed, any-value-means-opted-out or words");
        }
        return switch (polarity) {
            case "yes-means-opted-out" -> polar(Polarity.YES_MEANS_OPTED_OUT);
            case "yes-means-subscribed" -> polar(Polarity.YES_MEANS_SUBSCRIBED);
            case "any-value-means-opted-out" -> new OptOutConverter(new AnyValue(), null);
            case "words" -> new OptOutConverter(words(a), null);
            default -> throw new ConversionFault("NO_POLARITY", "no polarity is named " + polarity);
        };
    }

    private static Bound polar(Polarity polarity) {
        return new OptOutConverter(Judges.optOut(polarity), polarity);
    }

    private static Judge<OptOut> words(Arguments a) {
        List<String> optedOut = a.list("opted-out");
        if (optedOut.isEmpty()) {
            throw new ConversionFault("NO_POLARITY", "words needs opted-out: the words that are a no");
        }
        Map<String, OptOut> words = new HashMap<>();
        optedOut.forEach(word -> words.put(key(word), OptOut.OPTED_OUT));
        a.list("subscribed").forEach(word -> {
            if (words.put(key(word), OptOut.NOT_OPTED_OUT) != null) {
                throw new ConversionFault("NO_POLARITY", "the word " + word + " is both a yes and a no");
            }
        });
        return new ListedWords(Map.copyOf(words));
    }

    private static String key(String word) {
        return word.strip().toLowerCase(Locale.ROOT);
    }

    @Override
    Object get(String text) {
        OptOut state = optOuts.judge(Cell.text(text), NOTHING_KNOWN).value();
        return state == null ? OptOut.UNKNOWN : state;
    }

    /** A status field with a closed list of words. */
    private record ListedWords(Map<String, OptOut> words) implements Judge<OptOut> {
        @Override
        public String name() {
            return "optOut";
        }

        @Override
        public Judged<OptOut> judge(Cell cell, JudgeContext context) {
            if (cell.text().isBlank()) {
                return Judged.clean(OptOut.UNKNOWN);
            }
            OptOut state = words.get(key(cell.text()));
            return state != null ? Judged.clean(state) : unknown(cell);
        }

        private Judged<OptOut> unknown(Cell cell) {
            return new Judged<>(
                    OptOut.UNKNOWN,
                    List.of(),
                    List.of(new Finding(
                            null,
                            name(),
                            FindingCode.UNKNOWN_WORD,
                            Certainty.SUSPECT,
                            Action.FLAG_KEEP,
                            cell.text(),
                            null,
                            "a word that the mapping does not know; not mailed")));
        }
    }

    /** A field such as the date of an unsubscribe, which is empty otherwise. */
    private record AnyValue() implements Judge<OptOut> {
        @Override
        public String name() {
            return "optOut";
        }

        @Override
        public Judged<OptOut> judge(Cell cell, JudgeContext context) {
            return Judged.clean(cell.text().isBlank() ? OptOut.UNKNOWN : OptOut.OPTED_OUT);
        }
    }
}
