package io.crmsdk.erp.file;

import io.crmsdk.quality.Cell;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The kinds of damage that cells of customer sheets suffer, applied at random to right values. */
final class Damage {
    private static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");
    private static final Charset GB18030 = Charset.forName("GB18030");
    private static final String[] INVISIBLE = {
        "\u200B", "\uFEFF", "\u202D", "\u202C", "\u00A0", "\u3000", "\t", " ", "\u2060", "\u200E"
    };

    private final Random random;
    private final boolean typed;
    private final boolean date1904;

    /**
     * @param typed whether the file has typed cells
     * @param date1904 whether its days count from 1904
     */
    Damage(Random random, boolean typed, boolean date1904) {
        this.random = random;
        this.typed = typed;
        this.date1904 = date1904;
    }

    /** A cell as a careful person would have typed it. */
    Cell clean(String field, String value) {
        return switch (field) {
            case "mobile" -> Cell.text(value.substring(3));
            case "landline" -> Cell.text(landline(value));
            case "vip" -> Cell.text("VIP" + value);
            case "registeredAt", "lastOrderAt" ->
                Cell.text(local(value).format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss")));
            default -> Cell.text(value);
        };
    }

    /** What a rough life made of it. */
    Cell damaged(String field, String value) {
        // In a remark a dash is a remark, and a level of "none" is a level.
        if (!field.equals("note") && !field.equals("vip") && random.nextInt(20) == 0) {
            return anywhere();
        }
        return switch (field) {
            case "mobile" -> mobile(value.substring(3));
            case "landline" -> Cell.text(roughLandline(landline(value)));
            case "email" -> Cell.text(email(value));
            case "idNumber" -> idNumber(value);
            case "creditCode" -> creditCode(value);
            case "birthday" -> birthday(LocalDate.parse(value));
            case "spent" -> spent(new BigDecimal(value));
            case "registeredAt", "lastOrderAt" -> moment(local(value));
            case "code" -> code(value);
            case "company" -> Cell.text(name(value, 6));
            case "contact" -> Cell.text(name(value, 8));
            case "vip" ->
                Cell.text(pick(
                        wide(value.isEmpty() ? "VIP" : "VIP" + value),
                        "vip " + value,
                        "VlP" + value,
                        "VIP9",
                        "钻",
                        "?"));
            default -> Cell.text(invisible(value));
        };
    }

    private Cell anywhere() {
        String text = pick("#N/A", "#REF!", "########", "无", "-", "N/A", "锟斤拷", "***", "");
        return typed && text.startsWith("#N") ? Cell.error(text) : Cell.text(text);
    }

    private Cell mobile(String digits) {
        BigDecimal number = new BigDecimal(digits);
        return switch (random.nextInt(typed ? 25 : 22)) {
            case 0 -> Cell.text(exponent(number, 3));
            case 1 -> Cell.text(exponent(number, 6));
            case 2 -> Cell.text(exponent(new BigDecimal("86" + digits), 5));
            case 3 -> Cell.text(Double.toString(number.doubleValue()));
            case 4 -> Cell.text(Double.toString(new BigDecimal("86" + digits).doubleValue()));
            case 5 -> Cell.text(digits + ".0");
            case 6 -> Cell.text(wide(digits));
            case 7 -> Cell.text(digits.substring(0, 3) + "****" + digits.substring(7));
            case 8 ->
                Cell.text(digits.substring(0, 3)
                        + pick(" ", "-", "\u00A0", ".", "－")
                        + digits.substring(3, 7)
                        + pick(" ", "-")
                        + digits.substring(7));
            case 9 -> Cell.text(pick("+86", "86", "0086", "(+86)", "+86 ", "+86-", "（＋８６）") + digits);
            case 10 -> Cell.text(invisible(digits));
            case 11 -> Cell.text("'" + digits);
            case 12 -> Cell.text(lettered(digits));
            case 13 -> Cell.text(digits.substring(0, digits.length() - 1 - random.nextInt(3)));
            case 14 -> Cell.text(digits + random.nextInt(10));
            case 15 -> Cell.text(pick("张三", "李 总", "电话", "手机：", "王工 ") + digits);
            case 16 -> Cell.text(digits + pick("/", "、", ",", "；", " ", "\n", "或") + "13900139000");
            case 17 -> Cell.text("0" + digits);
            case 18 -> Cell.text("010-6234" + digits.substring(7));
            case 19 -> Cell.text("1" + random.nextInt(3) + digits.substring(2));
            case 20 -> Cell.text("tel:" + digits);
            case 21 -> Cell.text(digits.substring(0, 5) + "×××" + digits.substring(8));
            case 22 -> Cell.number(digits, pick("General", "0", "0.00E+00", "@"));
            case 23 -> Cell.number("86" + digits, "General");
            default -> Cell.number(Double.toString(number.doubleValue()), "0.00E+00");
        };
    }

    private String landline(String value) {
        String national = value.substring(3);
        int semicolon = national.indexOf(';');
        String extension = semicolon < 0 ? "" : "转" + national.substring(semicolon + 5);
        String digits = semicolon < 0 ? national : national.substring(0, semicolon);
        int area = digits.startsWith("10") || digits.startsWith("2") ? 2 : 3;
        return "0" + digits.substring(0, area) + "-" + digits.substring(area) + extension;
    }

    private String roughLandline(String text) {
        return switch (random.nextInt(9)) {
            case 0 -> text.substring(1).replace("-", "");
            case 1 -> text.replaceFirst("(\\d+)-", "（$1）");
            case 2 -> text.replace("-", pick(" ", "－", "—", ""));
            case 3 ->
                text.contains("转")
                        ? text
                        : text + pick("转", "-", "分机", " ext ", "#", "转接") + (100 + random.nextInt(900));
            case 4 -> text.substring(text.indexOf('-') + 1);
            // A digit less of an extension is another extension that exists.
            case 5 -> text.contains("转") ? text : text.substring(0, text.length() - 1);
            case 6 -> wide(text);
            case 7 -> "+86 " + text.substring(1);
            default -> invisible(text);
        };
    }

    private String email(String value) {
        int at = value.indexOf('@');
        return switch (random.nextInt(12)) {
            case 0 -> value.toUpperCase(java.util.Locale.ROOT);
            case 1 -> wide(value);
            case 2 -> invisible(value);
            case 3 ->
                pick(
                        "<" + value + ">",
                        "mailto:" + value,
                        "邮箱：" + value,
                        "张三 <" + value + ">",
                        value + ";",
                        "\"" + value + "\"");
            case 4 -> value.replace("@", pick("#", "", "@@", " at ", "＠@"));
            case 5 -> value.replace('.', '。');
            case 6 -> value.replace(".", pick("..", ",", " ."));
            case 7 -> value + pick("；", ",", " / ", "、", "\n") + "other@example.org";
            case 8 -> value.substring(0, at + 1);
            case 9 -> value.charAt(0) + "***" + value.substring(at);
            case 10 -> value.substring(0, at) + "@" + value.substring(at + 1).replaceFirst("\\..*", "");
            default -> value.substring(0, at / 2) + " " + value.substring(at / 2);
        };
    }

    private Cell idNumber(String value) {
        boolean digits = value.chars().allMatch(Character::isDigit);
        return switch (random.nextInt(typed && digits ? 14 : 12)) {
            case 0 -> Cell.text(value.substring(0, 15) + "000");
            case 1 -> Cell.text(digits ? exponent(new BigDecimal(value), 6) : value.toLowerCase(java.util.Locale.ROOT));
            case 2 -> Cell.text(value.substring(0, 6) + "********" + value.substring(14));
            case 3 -> Cell.text(value.substring(0, 6) + " " + value.substring(6, 14) + " " + value.substring(14));
            case 4 -> Cell.text(wide(value));
            case 5 -> Cell.text(pick("'", "\t", "‘") + value);
            case 6 -> Cell.text(invisible(value));
            case 7 -> Cell.text(changedDigit(value));
            case 8 -> Cell.text(value.substring(0, 6) + value.substring(8, 17));
            case 9 -> Cell.text(value.substring(0, 10) + "0230" + value.substring(14));
            case 10 -> Cell.text(value.substring(0, 17));
            case 11 -> Cell.text("身份证号：" + value);
            case 12 -> Cell.number(value.substring(0, 15) + "000", "0");
            default ->
                Cell.number(new BigDecimal(value).round(new MathContext(15)).toString(), "General");
        };
    }

    private Cell creditCode(String value) {
        boolean digits = value.chars().allMatch(Character::isDigit);
        return switch (random.nextInt(typed && digits ? 11 : 10)) {
            case 0 -> Cell.text(value.toLowerCase(java.util.Locale.ROOT));
            case 1 -> Cell.text(wide(value));
            case 2 -> Cell.text(value.substring(0, 9) + " " + value.substring(9));
            case 3 -> Cell.text(value.replaceFirst("0", "O"));
            case 4 -> Cell.text(value.replaceFirst("5", "S").replaceFirst("2", "Z"));
            case 5 -> Cell.text(value.substring(0, 17));
            case 6 -> Cell.text(changedDigit(value));
            case 7 -> Cell.text(digits ? exponent(new BigDecimal(value), 6) : invisible(value));
            case 8 -> Cell.text(value.substring(0, 15));
            case 9 -> Cell.text(pick("'", "\u3000") + value);
            default ->
                Cell.number(new BigDecimal(value).round(new MathContext(15)).toString(), "General");
        };
    }

    private Cell birthday(LocalDate day) {
        long serial = serial(day);
        return switch (random.nextInt(typed ? 14 : 12)) {
            case 0 -> Cell.text(day.format(DateTimeFormatter.ofPattern("yyyy/M/d")));
            case 1 -> Cell.text(day.format(DateTimeFormatter.ofPattern("yyyy年M月d日")));
            case 2 -> Cell.text(day.format(DateTimeFormatter.ofPattern("yyyy.M.d")));
            case 3 -> Cell.text(day.format(DateTimeFormatter.BASIC_ISO_DATE));
            case 4 -> Cell.text(day.format(DateTimeFormatter.ofPattern("yy/M/d")));
            case 5 -> Cell.text(day.format(DateTimeFormatter.ofPattern("M月d日")));
            case 6 -> Cell.text(day.format(DateTimeFormatter.ofPattern("M/d/yyyy")));
            case 7 -> Cell.text(day.format(DateTimeFormatter.ofPattern("yyyy-MM-")) + pick("00", "32", "99"));
            case 8 -> Cell.text(String.valueOf(serial));
            case 9 -> Cell.text(wide(day.toString()));
            case 10 -> Cell.text(day + " 00:00:00");
            case 11 -> Cell.text((2030 + random.nextInt(60)) + day.toString().substring(4));
            case 12 ->
                Cell.date(
                        String.valueOf(serial),
                        pick("yyyy-mm-dd", "m/d/yy", "yyyy\"年\"m\"月\"d\"日\"", "[$-804]aaaa d"),
                        date1904);
            default -> Cell.number(String.valueOf(serial), "General");
        };
    }

    private Cell spent(BigDecimal value) {
        String plain = value.toPlainString();
        String grouped = new java.text.DecimalFormat(
                        "#,##0.00", java.text.DecimalFormatSymbols.getInstance(java.util.Locale.ROOT))
                .format(value);
        return switch (random.nextInt(typed ? 11 : 9)) {
            case 0 -> Cell.text("￥" + grouped);
            case 1 -> Cell.text(grouped + "元");
            case 2 -> Cell.text(grouped);
            case 3 -> Cell.text(wide(plain));
            case 4 -> Cell.text(grouped.replace(',', ';').replace('.', ',').replace(';', '.'));
            case 5 -> Cell.text("$" + plain);
            case 6 -> Cell.text(exponent(value, 3));
            case 7 -> Cell.text(pick("约" + plain, plain + "左右", plain + "/" + plain, "--"));
            case 8 -> Cell.text(invisible(plain));
            case 9 -> Cell.number(Double.toString(value.doubleValue() * 3 / 3), "#,##0.00");
            default -> Cell.number(plain, "General");
        };
    }

    private Cell moment(LocalDateTime local) {
        Instant instant = local.atZone(CHINA).toInstant();
        BigDecimal serial = BigDecimal.valueOf(serial(local.toLocalDate()))
                .add(BigDecimal.valueOf(local.toLocalTime().toSecondOfDay())
                        .divide(BigDecimal.valueOf(86_400), 9, RoundingMode.HALF_UP));
        return switch (random.nextInt(typed ? 16 : 13)) {
            case 0 -> Cell.text(local.format(DateTimeFormatter.ofPattern("yyyy/M/d H:mm:ss")));
            case 1 -> Cell.text(local.format(DateTimeFormatter.ofPattern("yyyy年M月d日 HH:mm:ss")));
            case 2 -> Cell.text(instant.toString());
            case 3 ->
                Cell.text(instant.atOffset(java.time.ZoneOffset.ofHours(8)).toString());
            case 4 ->
                Cell.text(instant.atOffset(java.time.ZoneOffset.ofHours(-5)).toString());
            case 5 -> Cell.text(String.valueOf(instant.getEpochSecond()));
            case 6 -> Cell.text(String.valueOf(instant.toEpochMilli()));
            case 7 -> Cell.text(serial.toPlainString());
            case 8 -> Cell.text(local.format(DateTimeFormatter.ofPattern("M/d/yy H:mm")));
            case 9 ->
                Cell.text(local.format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH")) + pick(":61:00", ":99", "h"));
            case 10 -> Cell.text(local.format(DateTimeFormatter.ofPattern("HH:mm:ss")));
            case 11 -> Cell.text(wide(local.format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss"))));
            case 12 -> Cell.text(exponent(new BigDecimal(instant.toEpochMilli()), 6));
            case 13 ->
                Cell.date(
                        serial.toPlainString(),
                        pick("yyyy-mm-dd hh:mm:ss", "m/d/yy h:mm", "yyyy/m/d h:mm;@"),
                        date1904);
            case 14 -> Cell.number(serial.toPlainString(), "General");
            default -> Cell.number(String.valueOf(instant.toEpochMilli()), "General");
        };
    }

    private Cell code(String value) {
        String stripped = value.replaceFirst("^0+(?=.)", "");
        return switch (random.nextInt(typed ? 6 : 4)) {
            case 0 -> Cell.text(stripped);
            case 1 -> Cell.text(wide(value));
            case 2 -> Cell.text(invisible(value));
            case 3 -> Cell.text(value + ".0");
            case 4 -> Cell.number(stripped, "000000");
            default -> Cell.number(stripped, "General");
        };
    }

    /** The last kinds befall persons only. */
    private String name(String value, int kinds) {
        return switch (random.nextInt(kinds)) {
            case 0 -> invisible(value);
            case 1 -> value.substring(0, 1) + "\u3000" + value.substring(1);
            case 2 -> new String(value.getBytes(StandardCharsets.UTF_8), GB18030);
            case 3 -> new String(value.getBytes(GB18030), StandardCharsets.ISO_8859_1);
            case 4 -> value.substring(0, value.length() - 1) + "?";
            case 5 -> value.substring(0, value.length() - 1) + "\uFFFD";
            case 6 -> "=" + value;
            default -> value + pick("先生", "女士", "经理");
        };
    }

    private LocalDateTime local(String instant) {
        return LocalDateTime.ofInstant(Instant.parse(instant), CHINA);
    }

    private long serial(LocalDate day) {
        return ChronoUnit.DAYS.between(date1904 ? LocalDate.of(1904, 1, 1) : LocalDate.of(1899, 12, 30), day);
    }

    private static String exponent(BigDecimal value, int digits) {
        BigDecimal rounded = value.round(new MathContext(digits)).stripTrailingZeros();
        String unscaled = rounded.unscaledValue().abs().toString();
        int power = unscaled.length() - 1 - rounded.scale();
        return unscaled.charAt(0) + (unscaled.length() > 1 ? "." + unscaled.substring(1) : "") + "E+"
                + (power < 10 ? "0" : "") + power;
    }

    private String invisible(String value) {
        String mark = pick(INVISIBLE);
        return random.nextBoolean() ? mark + value : value + mark;
    }

    private String lettered(String digits) {
        Map<Character, Character> letters = Map.of('0', 'O', '1', 'l');
        StringBuilder text = new StringBuilder(digits);
        for (int i = 0; i < text.length(); i++) {
            Character letter = letters.get(text.charAt(i));
            if (letter != null) {
                text.setCharAt(i, letter);
                break;
            }
        }
        return text.toString();
    }

    private String changedDigit(String value) {
        int at = random.nextInt(17);
        char c = value.charAt(at);
        return Character.isDigit(c)
                ? value.substring(0, at)
                        + (char) ('0' + (c - '0' + 1 + random.nextInt(9)) % 10)
                        + value.substring(at + 1)
                : value.substring(0, at) + "0" + value.substring(at + 1);
    }

    private static String wide(String text) {
        StringBuilder wide = new StringBuilder();
        text.chars().forEach(c -> wide.append(c > 0x20 && c < 0x7F ? (char) (c + 0xFEE0) : (char) c));
        return wide.toString();
    }

    private String pick(String... choices) {
        return List.of(choices).get(random.nextInt(choices.length));
    }
}
