package io.crmsdk.identity;

import java.util.List;

/**
 * What became of a record that was handed to the registry. Immutable; equality by value.
 *
 * @param outcome what happened
 * @param customerId our id of the customer it belongs to now
 * @param recordId our id of the record, which is what the customer's id would be if the record stood alone
 * @param revision the record's revision, 1 for the first
 * @param because the decisions that linked it, empty unless it was linked to others now
 * @param questions how many pairs with this record wait in the review queue
 */
public record Upserted(
        Outcome outcome,
        String customerId,
        String recordId,
        long revision,
        List<MatchDecision> because,
        int questions) {
    /** Copies the list. */
    public Upserted {
        because = List.copyOf(because);
    }

    /** What happened to the record. */
    public enum Outcome {
        /** A new record and a new customer; nothing in the registry resembles it. */
        CREATED,
        /** A new record that belongs to a customer who was there before. */
        LINKED,
        /** A new record and a new customer, with a question in the review queue. */
        REVIEW,
        /** A record that was there has a new revision; its customer may have changed with it. */
        CHANGED,
        /** Exactly what is stored; nothing was written. */
        UNCHANGED
    }
}
