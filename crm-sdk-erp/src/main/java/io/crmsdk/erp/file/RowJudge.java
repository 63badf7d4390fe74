package io.crmsdk.erp.file;

import io.crmsdk.quality.Cell;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** Tells records from what else stands in a sheet: sums, remarks, the header once more. */
final class RowJudge {
    private static final Pattern SUM = Pattern.compile(
            "(.{0,16})(小计|合计|总计|共计|累计|汇总|总数|总额|小計|合計|總計|subtotal|sub-total|grandtotal|total|sum)[:：]?(.{0,24})");
    private static final String SUM_SIGNS = "计計总總汇tuTUｔｕＴＵ";
    private static final int LONGEST_SUM = 60;
    private static final Pattern SUBTOTAL = Pattern.compile(".*(小计|小計|sub).*");
    private static final Pattern AMOUNT = Pattern.compile("[-+￥¥$€(]*[\\d.,]+[)%]?(?:元|万|万元|亿|条|人|个|家|笔|户)?|[-—/]+");
    private static final Pattern REMARK = Pattern.compile(
            "(?:备注|说明|注意|注|制表|制单|打印|导出|填表|审核|note|notes|remark|exported|printed)[^:：]{0,8}[:：].*|第\\d+页.*|page\\d+.*");

    private final Header header;
    private final Set<String> titles = new HashSet<>();

    RowJudge(Header header) {
        this.header = header;
    }

    RowKind kind(RawRow row) {
        if (row.isBlank()) {
            return RowKind.BLANK;
        }
        if (row.number < header.firstRow()) {
            titles.add(text(row));
            return RowKind.TITLE;
        }
        if (row.number <= header.lastRow()) {
            return RowKind.HEADER;
        }
        if (header.isRepeatedBy(row)) {
            return RowKind.REPEATED_HEADER;
        }
        if (!titles.isEmpty() && titles.contains(text(row))) {
            return RowKind.TITLE;
        }
        RowKind sum = sum(row);
        if (sum != RowKind.DATA) {
            return sum;
        }
        return isRemark(row) ? RowKind.REMARK : RowKind.DATA;
    }

    /** A sum: its first word says so, and nothing but amounts follows. */
    private static RowKind sum(RawRow row) {
        String word = null;
        for (Cell cell : row.cells) {
            if (Labels.isBlank(cell)) {
                continue;
            }
            if (word == null && !mayBeSum(cell.text())) {
                return RowKind.DATA;
            }
            String text = Labels.key(cell.text());
            if (word == null) {
                var matcher = SUM.matcher(text);
                if (cell.kind() != Cell.Kind.TEXT || !matcher.matches() || !isPlain(matcher.group(3))) {
                    return RowKind.DATA;
                }
                word = text;
            } else if (cell.kind() == Cell.Kind.TEXT && !AMOUNT.matcher(text).matches()) {
                return RowKind.DATA;
            }
        }
        return word == null ? RowKind.DATA : SUBTOTAL.matcher(word).matches() ? RowKind.SUBTOTAL : RowKind.TOTAL;
    }

    /** The signs that one of the words has, looked for before the text is brought to its usual writing. */
    private static boolean mayBeSum(String text) {
        if (text.length() > LONGEST_SUM) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (SUM_SIGNS.indexOf(text.charAt(i)) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** Behind the word stands nothing, or an amount: "Total Energies" is a customer. */
    private static boolean isPlain(String rest) {
        return rest.isEmpty() || AMOUNT.matcher(rest).matches() || rest.startsWith("(");
    }

    private boolean isRemark(RawRow row) {
        return header.names().size() >= 3
                && row.filled() == 1
                && REMARK.matcher(text(row)).matches();
    }

    private static String text(RawRow row) {
        StringBuilder text = new StringBuilder();
        for (Cell cell : row.cells) {
            text.append(Labels.key(cell.text()));
        }
        return text.toString();
    }
}
