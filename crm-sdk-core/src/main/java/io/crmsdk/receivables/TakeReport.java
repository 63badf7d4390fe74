package io.crmsdk.receivables;

/**
 * What came of documents that were given to the ledger.
 *
 * @param taken how many new states were taken
 * @param repeated how many said nothing new
 * @param late how many were older than what is known; kept, without effect
 * @param refused how many contradict what was taken before; see {@link ReceivablesLedger#findings}
 */
public record TakeReport(long taken, long repeated, long late, long refused) {
    static final TakeReport NOTHING = new TakeReport(0, 0, 0, 0);

    TakeReport plus(TakeReport other) {
        return new TakeReport(
                taken + other.taken, repeated + other.repeated, late + other.late, refused + other.refused);
    }
}
