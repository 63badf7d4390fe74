package io.crmsdk.http;

/**
 * Lets retries be a tenth of the calls at most. Every call earns a tenth of a retry; up to ten may be saved up. When most
 * calls fail, retries stop first and first attempts go on. Thread-safe.
 */
final class RetryBudget {
    private static final int PRICE = 10;
    private static final int MOST = 10 * PRICE;

    private int saved = MOST;

    synchronized void earn() {
        saved = Math.min(MOST, saved + 1);
    }

    synchronized boolean spend() {
        if (saved < PRICE) {
            return false;
        }
        saved -= PRICE;
        return true;
    }
}
