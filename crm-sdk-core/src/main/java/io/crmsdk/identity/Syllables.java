package io.crmsdk.identity;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How Chinese characters are read, without tones; enough to recognise a romanised name, never to tell two names apart. */
final class Syllables {
    private static final int MAX_READINGS = 16;
    private static final Map<Character, List<String>> READINGS = read();
    private static final Set<String> DOUBLE_SURNAMES = Set.of(
            "欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯", "轩辕", "端木", "独孤", "南宫", "宇文", "长孙",
            "百里", "呼延", "闻人", "西门");

    private Syllables() {}

    private static Map<Character, List<String>> read() {
        Map<Character, List<String>> readings = new HashMap<>(32_000);
        for (String row : Table.lines("syllables.tsv")) {
            int tab = row.indexOf('\t');
            String syllable = row.substring(0, tab);
            for (int i = tab + 1; i < row.length(); i++) {
                readings.computeIfAbsent(row.charAt(i), c -> new ArrayList<>(1)).add(syllable);
            }
        }
        return readings;
    }

    /** How long the surname is: 1, or 2 for a double surname with something after it. */
    static int surnameLength(String name) {
        return name.length() > 2 && DOUBLE_SURNAMES.contains(name.substring(0, 2)) ? 2 : 1;
    }

    /** All readings of a text, at most 16; empty if a character has none. ü is read as v, u and yu. */
    static Set<String> readings(String text) {
        Set<String> partial = Set.of("");
        for (int i = 0; i < text.length(); i++) {
            List<String> next = READINGS.get(text.charAt(i));
            if (next == null) {
                return Set.of();
            }
            Set<String> longer = new LinkedHashSet<>();
            for (String head : partial) {
                for (String tail : next) {
                    longer.add(head + tail);
                    if (tail.indexOf('v') >= 0) {
                        longer.add(head + tail.replace('v', 'u'));
                        longer.add(head + tail.replace("v", "yu"));
                    }
                }
            }
            if (longer.size() > MAX_READINGS) {
                return Set.of();
            }
            partial = longer;
        }
        return partial;
    }
}
