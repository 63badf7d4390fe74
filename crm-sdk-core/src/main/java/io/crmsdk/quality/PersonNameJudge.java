package io.crmsdk.quality;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of persons as one text; never split, since nothing in a Chinese name says where. */
final class PersonNameJudge implements Judge<String> {
    private static final int MAX = 255;
    private static final Set<String> COMPOUND_FAMILY_NAMES = Set.of(
            "欧阳", "太史", "端木", "上官", "司马", "东方", "独孤", "南宫", "万俟", "闻人", "夏侯", "诸葛", "尉迟", "公羊", "赫连", "澹台", "皇甫", "宗政",
            "濮阳", "公冶", "太叔", "申屠", "公孙", "慕容", "仲孙", "钟离", "长孙", "宇文", "司徒", "鲜于", "司空", "闾丘", "子车", "亓官", "司寇", "巫马",
            "公西", "颛孙", "壤驷", "公良", "漆雕", "乐正", "宰父", "谷梁", "拓跋", "夹谷", "轩辕", "令狐", "段干", "百里", "呼延", "东郭", "南门", "羊舌",
            "微生", "梁丘", "左丘", "东门", "西门", "第五", "歐陽", "諸葛", "尉遲", "東方");
    private static final String LONG_TITLES =
            "先生|女士|小姐|太太|夫人|同志|总经理|副总经理|经理|总监|副总|主任|老师|教授|博士|医生|大夫|律师|师傅|董事长|厂长|店长|科长|处长|局长|院长|校长|部长|组长|队长|会计|出纳|工程师|助理|秘书|采购|销售|总裁|老板|老板娘|阿姨|叔叔|大姐|大哥";
    private static final Pattern TITLED = Pattern.compile("(.+?)\\s*(" + LONG_TITLES + "|总)");
    private static final Pattern TITLE_ALONE = Pattern.compile(LONG_TITLES);
    private static final Pattern SEVERAL = Pattern.compile("\\p{IsHan}{2,4}\\s*[/、,，;；]\\s*\\p{IsHan}{2,4}.*");
    private static final Pattern LABEL = Pattern.compile("^(?:姓名|联系人|名字|客户姓名)\\s*[:：]\\s*");
    private static final Pattern WRAPPING = Pattern.compile("^[·,，、;；。.．]+(?=\\p{IsHan})|(?<=\\p{IsHan})[·,，、;；。.．]+$");
    private static final int LONGEST_CHINESE_NAME = 4;
    private static final Pattern ONE_LETTER_TITLE = Pattern.compile("(.+?)\\s*[工董姐哥叔]");
    private static final Pattern BRACKETED =
            Pattern.compile("(\\p{IsHan}[\\p{IsHan}·]*)\\s*[(（【\\[]([^()（）【】\\[\\]]{1,20})[)）】\\]]");
    private static final Pattern OLD_OR_YOUNG = Pattern.compile("[小老阿]\\p{IsHan}");
    private static final Pattern DOT_VARIANT = Pattern.compile("(?<=\\p{IsHan})\\s*[•・‧．.∙⋅●ㆍ･]\\s*(?=\\p{IsHan})");
    private static final Pattern PHONE_LIKE = Pattern.compile("[+\\d][\\d() -]{6,}");
    private static final Pattern DIGIT_RUN = Pattern.compile(".*\\d{5,}.*");

    @Override
    public String name() {
        return "personName";
    }

    @Override
    public Judged<String> judge(Cell cell, JudgeContext context) {
        Draft draft = new Draft(name(), cell);
        return switch (cell.kind()) {
            case EMPTY -> Judged.nothing();
            case ERROR -> draft.reject(FindingCode.FORMULA_ERROR, "a formula failed here");
            case DATE -> draft.reject(FindingCode.TURNED_INTO_DATE, "a date, not a name");
            case NUMBER, BOOLEAN -> draft.reject(FindingCode.INVALID, "not a name");
            case TEXT -> text(cell.text(), draft);
        };
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
        if (text.codePoints().anyMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029)) {
            return draft.reject(FindingCode.INVALID, "a line break or control character within a name");
        }
        if (isPlaceholder(text)) {
            return draft.empty();
        }
        if (Mojibake.hasStandIns(text)) {
            return draft.reject(FindingCode.CHARACTERS_LOST, "a question mark stands where a character was");
        }
        if (Spelling.isMasked(text) || text.matches("\\p{IsHan}{1,2}\\*+\\p{IsHan}?")) {
            return draft.reject(FindingCode.MASKED, "masked; it must not replace a whole name");
        }
        if (PHONE_LIKE.matcher(text).matches()) {
            return draft.reject(FindingCode.WRONG_FIELD, "a number, not a name");
        }
        return name(usual(text, draft), draft);
    }

    /** {@code Null} and {@code None} are surnames; only words that nobody bears stand for nothing here. */
    private static boolean isPlaceholder(String text) {
        return Spelling.isNothing(text) && !text.matches("(?i)null|none|na|test|nan|nil|unknown");
    }

    private static String usual(String written, Draft draft) {
        String text = Spelling.narrowAlphanumerics(written, draft);
        String bare = WRAPPING.matcher(LABEL.matcher(text).replaceFirst("")).replaceAll("");
        if (!bare.equals(text)) {
            draft.repaired(FindingCode.SURROUNDED, "a label or marks around the name were removed");
        }
        return spaced(bare, draft);
    }

    /** Between the characters of a short Chinese name a blank is padding; in a long one it may stand for the dot. */
    private static String spaced(String text, Draft draft) {
        String usual = DOT_VARIANT.matcher(text).replaceAll("·");
        String close = Spelling.withoutBlanks(usual);
        if (Spelling.isAllHan(close.replace("·", "")) && !close.equals(usual)) {
            boolean padding = close.length() <= LONGEST_CHINESE_NAME || close.indexOf('·') >= 0 || endsInTitle(close);
            usual = padding ? close : usual;
            if (!padding) {
                draft.note(
                        FindingCode.FORM,
                        Certainty.SUSPECT,
                        Action.FLAG_KEEP,
                        null,
                        "perhaps two names, or a lost dot");
            }
        }
        if (!usual.equals(text)) {
            draft.repaired(FindingCode.FORM, "padding blanks and the dot between parts were brought to the usual form");
        }
        return usual;
    }

    private static boolean endsInTitle(String text) {
        return TITLED.matcher(text).matches();
    }

    private static Judged<String> name(String text, Draft draft) {
        Matcher bracketed = BRACKETED.matcher(text);
        if (bracketed.matches()) {
            String rest = bracketed.group(1);
            return isFamilyNameOnly(rest) || endsInTitle(rest)
                    ? draft.reject(FindingCode.TITLE, "a form of address, not a name")
                    : draft.guess(rest, FindingCode.TITLE, rest, "a remark in brackets was removed");
        }
        if (TITLE_ALONE.matcher(text).matches()) {
            return draft.reject(FindingCode.TITLE, "a form of address, not a name");
        }
        Matcher titled = TITLED.matcher(text);
        if (titled.matches() && Spelling.isAllHan(titled.group(1).replace("·", ""))) {
            return withoutTitle(titled.group(1), titled.group(2), draft);
        }
        Matcher oneLetter = ONE_LETTER_TITLE.matcher(text);
        if (oneLetter.matches() && isFamilyNameOnly(oneLetter.group(1))) {
            return draft.reject(FindingCode.TITLE, "a form of address, not a name");
        }
        if (OLD_OR_YOUNG.matcher(text).matches() && text.charAt(0) != '阿') {
            draft.note(FindingCode.TITLE, Certainty.SUSPECT, Action.FLAG_KEEP, null, "perhaps a nickname");
        }
        if (SEVERAL.matcher(text).matches()) {
            draft.note(FindingCode.MULTIPLE_VALUES, Certainty.SUSPECT, Action.FLAG_KEEP, null, "perhaps several names");
        }
        if (text.indexOf('@') >= 0 || DIGIT_RUN.matcher(text).matches()) {
            draft.note(
                    FindingCode.SUSPICIOUS, Certainty.SUSPECT, Action.FLAG_KEEP, null, "holds an address or a number");
        }
        Texts.remark(text, draft);
        return draft.take(text);
    }

    /** A longer title is nobody's name; 总 ends one now and then. */
    private static Judged<String> withoutTitle(String rest, String title, Draft draft) {
        if (isFamilyNameOnly(rest)) {
            return draft.reject(FindingCode.TITLE, "a form of address, not a name");
        }
        String message = "a form of address behind the name was removed";
        if (title.length() == 1) {
            return draft.guess(rest, FindingCode.TITLE, rest, message);
        }
        draft.repaired(FindingCode.TITLE, message);
        return draft.take(rest);
    }

    private static boolean isFamilyNameOnly(String text) {
        return (text.codePointCount(0, text.length()) == 1 && Spelling.isAllHan(text))
                || COMPOUND_FAMILY_NAMES.contains(text);
    }
}
