package io.crmsdk.quality;

import io.crmsdk.model.VipLevel;
import java.text.Normalizer;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Membership levels. A word outside the known ones is refused: unknown is not VIP. */
final class VipJudge implements Judge<VipLevel> {
    private static final Map<String, Integer> WORDS = Map.ofEntries(
            Map.entry("普通", 0),
            Map.entry("普卡", 0),
            Map.entry("非会员", 0),
            Map.entry("非会", 0),
            Map.entry("无", 0),
            Map.entry("否", 0),
            Map.entry("银卡", 1),
            Map.entry("银", 1),
            Map.entry("白银", 1),
            Map.entry("金卡", 2),
            Map.entry("金", 2),
            Map.entry("黄金", 2),
            Map.entry("白金", 3),
            Map.entry("铂金", 3),
            Map.entry("白金卡", 3),
            Map.entry("铂金卡", 3),
            Map.entry("钻石", 4),
            Map.entry("钻石卡", 4),
            Map.entry("钻卡", 4),
            Map.entry("黑钻", 5),
            Map.entry("黑钻卡", 5),
            Map.entry("黑钻石", 5));
    private static final Pattern NUMBERED = Pattern.compile("(?:vip|v)[-_.]?([0-9])(?:级)?");
    private static final Pattern MISTYPED = Pattern.compile("v[il1|]p[-_.]?([0-9ol])");
    private static final Pattern AROUND = Pattern.compile("(?<=.)(?:会员|用户|客户|等级|级|vip)$|^vip(?=\\p{IsHan}{2})");

    private final Map<String, VipLevel> hostWords;

    VipJudge(Map<String, VipLevel> hostWords) {
        Map<String, VipLevel> keyed = new LinkedHashMap<>();
        hostWords.forEach((word, level) -> keyed.put(key(word), level));
        this.hostWords = Map.copyOf(keyed);
    }

    @Override
    public String name() {
        return "vip";
    }

    @Override
    public Judged<VipLevel> judge(Cell cell, JudgeContext context) {
        Draft draft = new Draft(name(), cell);
        if (cell.kind() == Cell.Kind.ERROR) {
            return draft.reject(FindingCode.FORMULA_ERROR, "a formula failed here");
        }
        String number = Spelling.wholeNumber(cell);
        String text = number != null ? number : Spelling.visible(cell.text(), draft);
        if (text.isEmpty()) {
            return Judged.nothing();
        }
        String key = key(text);
        VipLevel level = level(key);
        if (level != null) {
            if (!text.equals(Normalizer.normalize(text, Normalizer.Form.NFKC))) {
                draft.repaired(FindingCode.WIDTH, "full-width characters were brought to their usual form");
            }
            return draft.take(level);
        }
        Matcher mistyped = MISTYPED.matcher(key);
        if (mistyped.matches()) {
            String digit = mistyped.group(1).replace('o', '0').replace('l', '1');
            int tier = Integer.parseInt(digit);
            if (tier <= 5) {
                return draft.guess(
                        VipLevel.ofTier(tier),
                        FindingCode.LETTER_FOR_DIGIT,
                        digit,
                        "a look-alike letter was read as meant");
            }
        }
        return Spelling.isNothing(text)
                ? draft.empty()
                : draft.reject(FindingCode.UNKNOWN_WORD, "not a known level; unknown is not VIP");
    }

    private @Nullable VipLevel level(String key) {
        VipLevel declared = hostWords.get(key);
        if (declared != null) {
            return declared;
        }
        String bare = AROUND.matcher(key).replaceAll("");
        Integer tier = WORDS.getOrDefault(key, WORDS.get(bare));
        if (tier != null) {
            return VipLevel.ofTier(tier);
        }
        Matcher numbered = NUMBERED.matcher(bare);
        if (numbered.matches() && numbered.group(1).charAt(0) <= '5') {
            return VipLevel.ofTier(numbered.group(1).charAt(0) - '0');
        }
        return null;
    }

    private static String key(String text) {
        return Spelling.withoutBlanks(Normalizer.normalize(text, Normalizer.Form.NFKC))
                .toLowerCase(Locale.ROOT);
    }
}
