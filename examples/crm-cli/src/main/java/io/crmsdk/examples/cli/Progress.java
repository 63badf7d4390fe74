package io.crmsdk.examples.cli;

import java.io.PrintStream;

/** A bar that grows while long work goes on; silent where nobody watches. Not thread-safe. */
public final class Progress implements AutoCloseable {
    private static final int CELLS = 32;

    private final PrintStream out;
    private final boolean shown;
    private final String label;
    private final long total;
    private int drawn = -1;

    /**
     * @param label what is being done
     * @param total how much there is to do; below 1 draws no bar
     */
    @SuppressWarnings("SystemConsoleNull") // the launcher asks newer JDKs for the old answer: null where nobody watches
    public Progress(String label, long total) {
        this.out = System.err;
        this.shown = System.console() != null && total > 0;
        this.label = label;
        this.total = total;
    }

    /** Draws how much is done; more than all counts as all. */
    public void at(long done) {
        int percent = (int) Math.min(100, total <= 0 ? 0 : done * 100 / total);
        if (shown && percent != drawn) {
            drawn = percent;
            int full = CELLS * percent / 100;
            out.print("\r  " + label + " [" + "█".repeat(full) + "·".repeat(CELLS - full) + "] " + percent + " %");
            out.flush();
        }
    }

    /** Ends the line. */
    @Override
    public void close() {
        if (shown && drawn >= 0) {
            out.println();
        }
    }
}
