package io.crmsdk.identity;

import io.crmsdk.model.Customer;
import java.util.List;
import java.util.Map;

/**
 * The view of one customer that is computed from its records by the rules of survivorship. Nothing of it is stored, so nothing
 * in a record is ever lost to it. Immutable; equality by value.
 *
 * @param customer the computed record; its id is the customer's, its provenance says for each field which system's record it
 *     comes from
 * @param fieldOrigins canonical path of each field to our id of the record it comes from
 * @param records what it was computed from, oldest first
 */
public record GoldenCustomer(Customer customer, Map<String, String> fieldOrigins, List<Member> records) {
    /** Copies the collections. */
    public GoldenCustomer {
        fieldOrigins = Map.copyOf(fieldOrigins);
        records = List.copyOf(records);
    }

    /** Our id of the customer. */
    public String id() {
        String id = customer.id();
        if (id == null) {
            throw new IllegalStateException("a golden customer has an id");
        }
        return id;
    }

    /** Whether several records make it up. */
    public boolean isLinked() {
        return records.size() > 1;
    }

    /**
     * One record of a customer.
     *
     * @param recordId our id of the record
     * @param revision its revision
     * @param source the record as its system has it
     */
    public record Member(String recordId, long revision, SourceRecord source) {}
}
