package io.crmsdk.mail.bounce;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds reply codes (RFC 5321 section 4.2) and enhanced status codes (RFC 3463) in words of servers. */
final class SmtpCodes {
    // Not part of an address, a version or a longer number: 192.0.2.5.1.1 and v5.1.1 hold no status.
    private static final Pattern STATUS =
            Pattern.compile("(?<![0-9./vV-])([245])\\.([0-7])\\.([0-9]{1,3})(?![0-9]|\\.[0-9])");
    // IronPort puts a rough code of its own before the server's: 5.1.0 - Unknown address error 550-'5.2.2 <ann@…>...
    // Mailbox Full'.
    private static final Pattern QUOTED =
            Pattern.compile("^\\s*[45]\\.[0-7]\\.0 - .{0,80}?[45][0-9]{2}-'([45]\\.[0-7]\\.[0-9]{1,3}) ");
    private static final Pattern REPLY =
            Pattern.compile("(?<![0-9./-]|[0-9]:)([245][0-5][0-9])(?![0-9./]|:[0-9]|-[0-9]{3})");
    private static final Pattern IPV4 =
            Pattern.compile("(?<![0-9.])[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}(?![0-9])");

    private SmtpCodes() {}

    /**
     * Returns the first status code in a text; empty if there is none. A code that says little (X.0.0, 4.4.7) gives way to a later
     * one that says more.
     */
    static String status(String text) {
        if (text.isEmpty()) {
            return "";
        }
        String vague = "";
        String success = "";
        String words = IPV4.matcher(text).replaceAll("*");
        Matcher quoted = QUOTED.matcher(words);
        if (quoted.find()) {
            return quoted.group(1);
        }
        Matcher found = STATUS.matcher(words);
        while (found.find()) {
            String code = found.group();
            if (code.startsWith("2")) {
                success = success.isEmpty() ? code : success;
            } else if (code.endsWith(".0.0") || code.equals("4.4.7")) {
                vague = code;
            } else {
                return code;
            }
        }
        return vague.isEmpty() ? success : vague;
    }

    /**
     * Returns the reply code in a text that fits the class of a status code; empty if there is none.
     *
     * @param status a status code, or empty if any class will do; failures go before success then
     */
    static String reply(String text, String status) {
        String best = "";
        Matcher found = REPLY.matcher(text);
        while (found.find()) {
            String code = found.group(1);
            if (!isReply(Integer.parseInt(code))) {
                continue;
            }
            if (!status.isEmpty()) {
                if (code.charAt(0) == status.charAt(0)) {
                    return code;
                }
            } else if (rank(code) > rank(best)) {
                best = code;
            }
        }
        return best;
    }

    private static int rank(String code) {
        return code.isEmpty() ? 0 : code.charAt(0) - '0';
    }

    private static boolean isReply(int code) {
        return code >= 211 && code <= 221
                || code == 235
                || code >= 250 && code <= 253
                || code == 421
                || code == 422
                || code >= 430 && code <= 459
                || code >= 500 && code <= 504
                || code >= 520 && code <= 557;
    }

    /**
     * Returns the status that says more: that of the field {@code Status} or that of the server's words.
     *
     * @param reply the reply code of the server's words, which decides if the two differ in class; empty if there is none
     */
    static String better(String field, String words, String reply) {
        if (field.isEmpty() || words.isEmpty() || field.equals(words)) {
            return field.isEmpty() ? words : field;
        }
        if (!reply.isEmpty() && field.charAt(0) != words.charAt(0)) {
            return reply.charAt(0) == words.charAt(0) ? words : field;
        }
        boolean vagueWords = words.endsWith(".0.0");
        if (field.endsWith(".0.0")) {
            return vagueWords ? field : words;
        }
        boolean roughField = field.contains(".0");
        boolean roughWords = words.contains(".0");
        if (roughField && !roughWords) {
            return words;
        }
        if (vagueWords) {
            return field;
        }
        // What these say is said by many servers that mean something else.
        if (field.equals("4.4.7") || field.startsWith("5.3.")) {
            return words;
        }
        if (field.equals("5.1.1")) {
            return roughWords ? field : words;
        }
        return field.equals("5.1.3") && words.startsWith("5.7.") ? words : field;
    }
}
