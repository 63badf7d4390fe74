package io.crmsdk.time;

/** Reads a text from left to right. Numbers are ASCII digits only; a number that cannot be read is −1. */
final class Scan {
    private static final int NANO_DIGITS = 9;

    private final String text;
    private int at;

    Scan(String text) {
        this.text = text;
    }

    boolean atEnd() {
        return at == text.length();
    }

    int position() {
        return at;
    }

    void back(int position) {
        at = position;
    }

    String rest() {
        return text.substring(at);
    }

    /** The next character, or NUL at the end. */
    char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    boolean take(char wanted) {
        if (at < text.length() && text.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    /** One of several characters, or NUL if none of them is next. */
    char takeAny(String wanted) {
        if (at < text.length() && wanted.indexOf(text.charAt(at)) >= 0) {
            return text.charAt(at++);
        }
        return '\0';
    }

    boolean take(String wanted) {
        if (text.startsWith(wanted, at)) {
            at += wanted.length();
            return true;
        }
        return false;
    }

    boolean takeIgnoringCase(String wanted) {
        if (text.regionMatches(true, at, wanted, 0, wanted.length())) {
            at += wanted.length();
            return true;
        }
        return false;
    }

    void spaces() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    /** How many digits are next. */
    int digitsAhead() {
        int end = at;
        while (end < text.length() && isDigit(text.charAt(end))) {
            end++;
        }
        return end - at;
    }

    /** Exactly so many digits; more may follow. Takes nothing if there are fewer. */
    int number(int digits) {
        if (at + digits > text.length()) {
            return -1;
        }
        int number = 0;
        for (int i = at; i < at + digits; i++) {
            if (!isDigit(text.charAt(i))) {
                return -1;
            }
            number = number * 10 + text.charAt(i) - '0';
        }
        at += digits;
        return number;
    }

    /** One or two digits. */
    int upToTwoDigits() {
        int ahead = digitsAhead();
        return ahead == 1 || ahead == 2 ? number(ahead) : -1;
    }

    /** Fraction digits as nanoseconds, cut after the ninth; −1 if there is none. */
    int fraction() {
        int digits = digitsAhead();
        if (digits == 0) {
            return -1;
        }
        int nano = 0;
        for (int i = 0; i < NANO_DIGITS; i++) {
            nano = nano * 10 + (i < digits ? text.charAt(at + i) - '0' : 0);
        }
        at += digits;
        return nano;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
