package io.crmsdk.identity;

import java.util.Arrays;

/** Pairs of record numbers, the lower first, each once, with what was decided about them. */
final class Pairs {
    private static final Judge.Code[] CODES = Judge.Code.values();

    private final LongSet seen = new LongSet();
    private int[] a = new int[256];
    private int[] b = new int[256];
    private float[] score = new float[256];
    private byte[] code = new byte[256];
    private int size;

    void add(int x, int y, Judge.Code why, double bits) {
        int low = Math.min(x, y);
        int high = Math.max(x, y);
        if (!seen.add((long) low << 32 | high)) {
            return;
        }
        if (size == a.length) {
            int more = size + (size >> 1);
            a = Arrays.copyOf(a, more);
            b = Arrays.copyOf(b, more);
            score = Arrays.copyOf(score, more);
            code = Arrays.copyOf(code, more);
        }
        a[size] = low;
        b[size] = high;
        score[size] = (float) bits;
        code[size++] = (byte) why.ordinal();
    }

    int size() {
        return size;
    }

    int a(int pair) {
        return a[pair];
    }

    int b(int pair) {
        return b[pair];
    }

    double score(int pair) {
        return score[pair];
    }

    Judge.Code code(int pair) {
        return CODES[code[pair]];
    }
}
