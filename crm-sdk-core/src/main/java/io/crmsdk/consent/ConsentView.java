package io.crmsdk.consent;

/**
 * The ledger as of one position, for deciding about many contacts in a row: a contact that was asked about before costs no
 * query.
 *
 * <p>Whatever was committed before the view was taken is seen, by whichever process; what is committed later is not. So take a
 * new one for each batch of work. It does not make later opt-outs wait: the last look before a hand-over is {@link
 * ConsentLedger#decide(java.sql.Connection, java.util.Collection)}. Belongs to the connection and the thread it was taken
 * with.
 */
public interface ConsentView {
    /** How many events the ledger held when the view was taken. */
    long position();

    /** Whether this contact may be addressed about this scope. */
    ConsentDecision decide(ContactKey key, Scope scope);
}
