package io.crmsdk.quality;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Marketing columns. Explicit words win over the polarity; whatever is half-known never reads as a yes to mail. */
final class OptOutJudge implements Judge<OptOut> {
    private static final Set<String> OPTED_OUT = Set.of(
            "退订",
            "已退",
            "退",
            "不要",
            "不需要",
            "勿发",
            "拒绝接收",
            "停",
            "停发",
            "不发",
            "已退订",
            "退訂",
            "已退訂",
            "td",
            "t",
            "r",
            "拒收",
            "已拒收",
            "拒绝",
            "拒絕",
            "已拒绝",
            "不接收",
            "不接受",
            "不订阅",
            "未订阅",
            "不同意",
            "勿扰",
            "请勿打扰",
            "勿打扰",
            "免打扰",
            "免打擾",
            "黑名单",
            "黑名單",
            "取消订阅",
            "已取消订阅",
            "取消",
            "停止",
            "unsubscribed",
            "unsubscribe",
            "optout",
            "optedout",
            "unsub",
            "unsubed",
            "stop",
            "donotcontact",
            "donotmail",
            "donotemail",
            "dnc",
            "dnd",
            "donotdisturb",
            "notsubscribed",
            "请勿发送",
            "别发",
            "blacklisted",
            "blacklist",
            "blocklisted",
            "suppressed",
            "complained");
    private static final Set<String> SUBSCRIBED = Set.of(
            "订阅",
            "已订阅",
            "訂閱",
            "已訂閱",
            "接收",
            "接受",
            "同意",
            "未退订",
            "未退訂",
            "没有退订",
            "没退订",
            "正常",
            "subscribed",
            "subscribe",
            "optin",
            "optedin",
            "active");
    private static final Set<String> YES =
            Set.of("是", "是的", "y", "yes", "ja", "oui", "1", "true", "√", "✓", "✔", "☑", "有", "对", "對", "on");
    private static final Set<String> NO = Set.of(
            "否", "不", "n", "no", "nein", "non", "0", "false", "×", "✗", "✘", "☐", "无", "無", "没有", "错", "off", "不是");
    /** A no to mail somewhere in a longer remark, not itself denied. */
    private static final Pattern SPEAKS_OF_NO = Pattern.compile(
            "(?<![未没不非有])(?:退订|退訂|拒收|拒绝|勿扰|免打扰|黑名单|取消订阅)|不接收|不接受|不要再?发|别再?发|请勿|不愿|不想|不再|unsub|opt-?out|do not|don't|not subscribed|no thanks|stop|remove");
    /** A cross says no among ticks, and marks the row where nothing else stands in the column. */
    private static final String CROSS = "x";

    private final Polarity polarity;

    OptOutJudge(Polarity polarity) {
        this.polarity = polarity;
    }

    @Override
    public String name() {
        return "optOut";
    }

    @Override
    public Judged<OptOut> judge(Cell cell, JudgeContext context) {
        Draft draft = new Draft(name(), cell);
        if (cell.kind() == Cell.Kind.ERROR) {
            draft.note(FindingCode.FORMULA_ERROR, Certainty.CERTAIN, Action.FLAG_KEEP, null, "a formula failed here");
            return draft.take(OptOut.UNKNOWN);
        }
        String number = Spelling.wholeNumber(cell);
        String text = number != null ? number : Spelling.visible(cell.text(), draft);
        if (text.equals("1.0") || text.equals("0.0")) {
            draft.repaired(FindingCode.DECIMAL_TAIL, "the decimal tail of a spreadsheet was removed");
            text = text.substring(0, 1);
        }
        if (text.isEmpty()) {
            return draft.take(OptOut.UNKNOWN);
        }
        OptOut answer = answer(key(text));
        if (answer != null) {
            if (!text.equals(Normalizer.normalize(text, Normalizer.Form.NFKC))) {
                draft.repaired(FindingCode.WIDTH, "full-width characters were brought to their usual form");
            }
            return draft.take(answer);
        }
        if (CROSS.equals(key(text))) {
            return draft.guess(
                    OptOut.OPTED_OUT, FindingCode.UNKNOWN_WORD, "OPTED_OUT", "a cross, which can be a yes and a no");
        }
        if (SPEAKS_OF_NO
                .matcher(Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT))
                .find()) {
            return draft.guess(
                    OptOut.OPTED_OUT,
                    FindingCode.UNKNOWN_WORD,
                    "OPTED_OUT",
                    "speaks of a no without saying it plainly");
        }
        return draft.suspect(OptOut.UNKNOWN, FindingCode.UNKNOWN_WORD, "neither a yes nor a no; it says nothing");
    }

    private @Nullable OptOut answer(String key) {
        if (OPTED_OUT.contains(key)) {
            return OptOut.OPTED_OUT;
        }
        if (SUBSCRIBED.contains(key)) {
            return OptOut.NOT_OPTED_OUT;
        }
        if (YES.contains(key)) {
            return polarity == Polarity.YES_MEANS_OPTED_OUT ? OptOut.OPTED_OUT : OptOut.NOT_OPTED_OUT;
        }
        if (NO.contains(key)) {
            return polarity == Polarity.YES_MEANS_OPTED_OUT ? OptOut.NOT_OPTED_OUT : OptOut.OPTED_OUT;
        }
        return null;
    }

    private static String key(String text) {
        String plain = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        StringBuilder key = new StringBuilder(plain.length());
        plain.codePoints()
                .filter(c -> !Spelling.isBlank(c) && "-_.。!！'\"“”（）()[]".indexOf(c) < 0)
                .forEach(key::appendCodePoint);
        return key.toString();
    }
}
