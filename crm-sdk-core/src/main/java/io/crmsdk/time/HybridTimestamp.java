package io.crmsdk.time;

/**
 * A stamp that orders events of several nodes without trusting their clocks to agree: 48 bits of Unix milliseconds, 16 bits
 * of counter, and a node for ties.
 *
 * <p>If one event was caused by another, and stamps travel with messages, its stamp is greater; see {@link HybridClock}. It
 * is not a business time: keep the {@code Instant} as well. Order and text form sort alike, as unsigned numbers.
 *
 * @param bits milliseconds shifted left by 16, plus the counter; unsigned
 * @param node which node made it; unsigned
 */
public record HybridTimestamp(long bits, int node) implements Comparable<HybridTimestamp> {
    /** Length of the text form. */
    public static final int TEXT_LENGTH = 25;

    private static final int COUNTER_BITS = 16;
    private static final int BITS_DIGITS = 16;
    private static final String DIGITS = "0123456789abcdef";

    /**
     * A stamp from its parts.
     *
     * @param millis Unix milliseconds, 0 to 2<sup>48</sup>−1
     * @param counter 0 to 65535
     * @param node any number
     * @throws IllegalArgumentException if a part does not fit
     */
    public static HybridTimestamp of(long millis, int counter, int node) {
        if (millis < 0 || millis >>> 48 != 0 || counter >>> COUNTER_BITS != 0) {
            throw new IllegalArgumentException("milliseconds take 48 bits and the counter 16");
        }
        return new HybridTimestamp(millis << COUNTER_BITS | counter, node);
    }

    /** Unix milliseconds; at least those of the node's clock when it was made. */
    public long millis() {
        return bits >>> COUNTER_BITS;
    }

    /** The counter within the millisecond, 0 to 65535. */
    public int counter() {
        return (int) bits & 0xffff;
    }

    /** By milliseconds, then counter, then node. */
    @Override
    public int compareTo(HybridTimestamp other) {
        int order = Long.compareUnsigned(bits, other.bits);
        return order != 0 ? order : Integer.compareUnsigned(node, other.node);
    }

    /**
     * Reads the text form.
     *
     * @throws TimeException with {@link TimeError#MALFORMED} if it is not exactly as {@link #toString} writes it
     */
    public static HybridTimestamp parse(String text) {
        if (text.length() != TEXT_LENGTH || text.charAt(BITS_DIGITS) != '-') {
            throw malformed(text);
        }
        return new HybridTimestamp(number(text, 0, BITS_DIGITS), (int) number(text, BITS_DIGITS + 1, TEXT_LENGTH));
    }

    private static long number(String text, int from, int to) {
        long number = 0;
        for (int i = from; i < to; i++) {
            int digit = DIGITS.indexOf(text.charAt(i));
            if (digit < 0) {
                throw malformed(text);
            }
            number = number << 4 | digit;
        }
        return number;
    }

    private static TimeException malformed(String text) {
        return TimeException.malformed("a stamp as 16 and 8 lower-case hexadecimal digits joined by -", text);
    }

    /** 25 characters that sort as the stamps do: 16 and 8 hexadecimal digits joined by {@code -}. */
    @Override
    public String toString() {
        char[] text = new char[TEXT_LENGTH];
        write(text, 0, BITS_DIGITS, bits);
        text[BITS_DIGITS] = '-';
        write(text, BITS_DIGITS + 1, TEXT_LENGTH, node);
        return new String(text);
    }

    private static void write(char[] text, int from, int to, long number) {
        long left = number;
        for (int i = to - 1; i >= from; i--) {
            text[i] = DIGITS.charAt((int) left & 0xf);
            left >>>= 4;
        }
    }
}
