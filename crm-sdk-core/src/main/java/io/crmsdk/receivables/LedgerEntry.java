package io.crmsdk.receivables;

import io.crmsdk.model.Money;
import io.crmsdk.model.SettlementKind;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of the ledger: a part of a payment that was put to a document, or taken away again. Never changed; the sum of all entries
 * of a target is what is applied to it. Immutable.
 *
 * @param seq place in the ledger, from 1 without gaps
 * @param payment id of the payment in its own system
 * @param reason why it was entered
 * @param targetKind what it settles; null if it settles nothing yet
 * @param target id of that document; null if it settles nothing yet
 * @param settlement what kind of settlement
 * @param pending whether it is only announced; such entries are applied to nothing
 * @param amount in the currency of the target; negative where something is taken away
 * @param at when it was entered
 */
public record LedgerEntry(
        long seq,
        String payment,
        Reason reason,
        @Nullable DocumentKind targetKind,
        @Nullable String target,
        SettlementKind settlement,
        boolean pending,
        Money amount,
        Instant at) {
    /** Stands for the target of what settles nothing yet. */
    static final String UNALLOCATED = "UNALLOCATED";

    /** Why an entry was made. */
    public enum Reason {
        /** The payment came. */
        SETTLEMENT,
        /** The payment was reversed, failed or is gone. */
        REVERSAL,
        /** The payment came again in another state: allocated otherwise, cleared, another amount. */
        CORRECTION
    }

    /** Place, reason and payment; no amount. */
    @Override
    public String toString() {
        return "LedgerEntry[" + seq + ", " + reason + " of " + payment + "]";
    }
}
