package io.crmsdk.sync;

/** What a direct look at one record found. */
public sealed interface Found {
    /** It is there. */
    record Present(RemoteRecord record) implements Found {}

    /** The system says that it does not exist, or no longer. */
    record Gone() implements Found {}

    /**
     * The system merged it into another.
     *
     * @param id the record that lives on
     */
    record MergedInto(String id) implements Found {}
}
