package io.crmsdk.mail.bounce;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The fields of a report for programs (RFC 3464 section 2.1): groups of fields with empty lines between them. Servers forget empty
 * lines, add some and put words for people among the fields, so a group also ends where the next recipient begins.
 */
final class ReportFields {
    private static final Set<String> RECIPIENTS = Set.of("final-recipient", "original-recipient", "x-actual-recipient");
    private static final int MOST_GROUPS = 1_000;

    private ReportFields() {}

    static List<MailHeader> groups(String text) {
        List<MailHeader> groups = new ArrayList<>();
        MailHeader group = new MailHeader();
        String name = "";
        StringBuilder value = new StringBuilder();
        for (String line : text.split("\n", -1)) {
            if (!name.isEmpty() && !line.isBlank() && (line.charAt(0) == ' ' || line.charAt(0) == '\t')) {
                value.append(' ').append(line.strip());
                continue;
            }
            add(group, name, value);
            name = "";
            if (line.isBlank()) {
                group = next(groups, group);
                continue;
            }
            int colon = line.indexOf(':');
            String word = colon < 0 ? "" : line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            if (!isName(word)) {
                continue;
            }
            if (beginsRecipient(group, word)) {
                group = next(groups, group);
            }
            name = word;
            value.append(line, colon + 1, line.length());
            if (groups.size() >= MOST_GROUPS) {
                break;
            }
        }
        add(group, name, value);
        next(groups, group);
        return groups;
    }

    private static void add(MailHeader group, String name, StringBuilder value) {
        if (!name.isEmpty()) {
            group.add(name, value.toString().strip());
        }
        value.setLength(0);
    }

    private static MailHeader next(List<MailHeader> groups, MailHeader group) {
        if (group.isEmpty()) {
            return group;
        }
        groups.add(group);
        return new MailHeader();
    }

    private static boolean beginsRecipient(MailHeader group, String name) {
        return RECIPIENTS.contains(name)
                        && (group.has(name) || group.has("reporting-mta") && !name.equals("x-actual-recipient"))
                || name.equals("original-recipient") && group.has("final-recipient") && group.has("status");
    }

    private static boolean isName(String word) {
        return !word.isEmpty()
                && word.length() < 60
                && word.chars().allMatch(c -> c >= 'a' && c <= 'z' || c == '-' || c >= '0' && c <= '9');
    }

    /** Returns the address of a field as {@code rfc822; ann@example.com} (RFC 3464 section 2.1.2, RFC 6533 section 3). */
    static String address(String value) {
        int semicolon = value.indexOf(';');
        String type = semicolon < 0 ? "" : value.substring(0, semicolon).strip().toLowerCase(Locale.ROOT);
        String address = MailText.ofHeader(value.substring(semicolon + 1).strip());
        if (type.equals("utf-8")) {
            address = withoutEscapes(address);
        } else if (type.equals("rfc822") && address.indexOf('+') >= 0) {
            address = withoutXtext(address);
        }
        String found = MailAddresses.first(address);
        return found.isEmpty() ? "" : found;
    }

    /** Undoes xtext (RFC 3461 section 4): {@code ann+2Bcrm@…}. A plus that a tag begins with stays. */
    private static String withoutXtext(String address) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < address.length(); i++) {
            char c = address.charAt(i);
            String two = c == '+' && i + 3 <= address.length() ? address.substring(i + 1, i + 3) : "";
            if (two.matches("2B|3D|40")) {
                plain.append((char) Integer.parseInt(two, 16));
                i += 2;
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }

    /** Undoes {@code \x{5F20}} (RFC 6533 section 3, utf-8-addr-xtext). */
    private static String withoutEscapes(String address) {
        StringBuilder plain = new StringBuilder();
        int at = 0;
        while (at < address.length()) {
            int end = address.startsWith("\\x{", at) ? address.indexOf('}', at) : -1;
            if (end > 0 && end - at <= 9 && address.substring(at + 3, end).matches("[0-9A-Fa-f]{2,6}")) {
                int code = Integer.parseInt(address.substring(at + 3, end), 16);
                plain.append(Character.isValidCodePoint(code) ? Character.toString(code) : "\uFFFD");
                at = end + 1;
            } else {
                plain.append(address.charAt(at++));
            }
        }
        return plain.toString();
    }

    /** Fields are ASCII or, in mails with non-ASCII addresses, UTF-8. */
    static String text(MailPart part) {
        byte[] bytes = MailText.bytes(part.rawBody(), MailText.transferEncoding(part));
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
