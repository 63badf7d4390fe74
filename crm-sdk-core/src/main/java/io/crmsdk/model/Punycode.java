package io.crmsdk.model;

/** Bootstring with the parameters of RFC 3492, for one label without its prefix. */
final class Punycode {
    private static final int BASE = 36;
    private static final int T_MIN = 1;
    private static final int T_MAX = 26;
    private static final int SKEW = 38;
    private static final int DAMP = 700;
    private static final int INITIAL_BIAS = 72;
    private static final int INITIAL_N = 0x80;

    private Punycode() {}

    static String encode(String label) {
        int[] input = label.codePoints().toArray();
        StringBuilder out = new StringBuilder();
        for (int c : input) {
            if (c < INITIAL_N) {
                out.append((char) c);
            }
        }
        int basic = out.length();
        int handled = basic;
        if (basic > 0) {
            out.append('-');
        }
        int n = INITIAL_N;
        int delta = 0;
        int bias = INITIAL_BIAS;
        while (handled < input.length) {
            int next = smallestFrom(input, n);
            delta = Math.addExact(delta, Math.multiplyExact(next - n, handled + 1));
            n = next;
            for (int c : input) {
                if (c < n) {
                    delta++;
                } else if (c == n) {
                    appendVariableLength(out, delta, bias);
                    bias = adapt(delta, handled + 1, handled == basic);
                    delta = 0;
                    handled++;
                }
            }
            delta++;
            n++;
        }
        return out.toString();
    }

    static String decode(String encoded) {
        int split = encoded.lastIndexOf('-');
        StringBuilder out = new StringBuilder(split > 0 ? encoded.substring(0, split) : "");
        int position = split > 0 ? split + 1 : 0;
        if (position >= encoded.length()) {
            throw EmailAddress.invalid("an xn-- label that names nothing");
        }
        int n = INITIAL_N;
        int i = 0;
        int bias = INITIAL_BIAS;
        int count = out.length();
        while (position < encoded.length()) {
            int old = i;
            long weight = 1;
            for (int k = BASE; ; k += BASE) {
                int digit = position < encoded.length() ? digit(encoded.charAt(position++)) : -1;
                long sum = i + digit * weight;
                if (digit < 0 || sum > Integer.MAX_VALUE) {
                    throw EmailAddress.invalid("an xn-- label that names nothing");
                }
                i = (int) sum;
                int t = threshold(k, bias);
                if (digit < t) {
                    break;
                }
                weight *= BASE - t;
                if (weight > Integer.MAX_VALUE) {
                    throw EmailAddress.invalid("an xn-- label that names nothing");
                }
            }
            count++;
            bias = adapt(i - old, count, old == 0);
            n += i / count;
            i %= count;
            if (n > Character.MAX_CODE_POINT || (n >= Character.MIN_SURROGATE && n <= Character.MAX_SURROGATE)) {
                throw EmailAddress.invalid("an xn-- label that names nothing");
            }
            out.insert(out.offsetByCodePoints(0, i), Character.toString(n));
            i++;
        }
        return out.toString();
    }

    private static int smallestFrom(int[] input, int n) {
        int smallest = Integer.MAX_VALUE;
        for (int c : input) {
            if (c >= n && c < smallest) {
                smallest = c;
            }
        }
        return smallest;
    }

    private static void appendVariableLength(StringBuilder out, int delta, int bias) {
        int q = delta;
        for (int k = BASE; ; k += BASE) {
            int t = threshold(k, bias);
            if (q < t) {
                out.append(character(q));
                return;
            }
            out.append(character(t + (q - t) % (BASE - t)));
            q = (q - t) / (BASE - t);
        }
    }

    private static int threshold(int k, int bias) {
        return Math.max(T_MIN, Math.min(T_MAX, k - bias));
    }

    private static int adapt(int delta, int points, boolean first) {
        int d = first ? delta / DAMP : delta / 2;
        d += d / points;
        int k = 0;
        while (d > (BASE - T_MIN) * T_MAX / 2) {
            d /= BASE - T_MIN;
            k += BASE;
        }
        return k + (BASE - T_MIN + 1) * d / (d + SKEW);
    }

    private static char character(int digit) {
        return (char) (digit < 26 ? 'a' + digit : '0' + digit - 26);
    }

    private static int digit(char c) {
        if (c >= 'a' && c <= 'z') {
            return c - 'a';
        }
        return c >= '0' && c <= '9' ? c - '0' + 26 : -1;
    }
}
