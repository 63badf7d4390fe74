package io.crmsdk.mail.smtp;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One complete reply of a server.
 *
 * @param code three digits, 200 to 599
 * @param texts what follows the code in each line, at least one
 */
record Reply(int code, List<String> texts) {
    private static final Pattern ENHANCED = Pattern.compile("([245]\\.\\d{1,3}\\.\\d{1,3})(?:\\s.*|)", Pattern.DOTALL);

    Reply {
        texts = List.copyOf(texts);
    }

    boolean isPositive() {
        return code / 100 == 2;
    }

    boolean isTemporary() {
        return code / 100 == 4;
    }

    boolean isPermanent() {
        return code / 100 == 5;
    }

    /** The server is closing the connection (RFC 5321 §3.8). */
    boolean isClosing() {
        return code == 421;
    }

    /** The enhanced status code (RFC 2034), or null; only of the reply's own class, since others contradict it. */
    @Nullable
    String enhanced() {
        Matcher matcher = ENHANCED.matcher(texts.get(texts.size() - 1));
        return matcher.matches() && matcher.group(1).charAt(0) - '0' == code / 100 ? matcher.group(1) : null;
    }

    /** All lines as they came, joined by line feeds. */
    String words() {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < texts.size(); i++) {
            boolean last = i == texts.size() - 1;
            words.append(code).append(last ? ' ' : '-').append(texts.get(i)).append(last ? "" : "\n");
        }
        return words.toString().strip();
    }

    /** All texts without codes, joined by spaces. */
    String text() {
        return String.join(" ", texts);
    }

    /** Without the words, which may quote an address. */
    @Override
    public String toString() {
        String enhanced = enhanced();
        return code + (enhanced == null ? "" : " " + enhanced);
    }
}
