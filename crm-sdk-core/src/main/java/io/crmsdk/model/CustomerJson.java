package io.crmsdk.model;

/**
 * The canonical JSON form of a {@link Customer}: what stores, plans and tools exchange.
 *
 * <p>Lossless: {@code read(write(customer))} equals {@code customer}. Names are those of the record's components, absent
 * values are left out, decimals and ids are exact, instants are ISO 8601 in UTC; the form is versioned, and a reader passes
 * over names that it does not know.
 */
public final class CustomerJson {
    private CustomerJson() {}

    /** The customer as one JSON object in UTF-8; equal customers give equal bytes. */
    public static byte[] write(Customer customer) {
        return io.crmsdk.model.internal.CustomerJson.write(customer);
    }

    /**
     * Reads what {@link #write} wrote, in this or an earlier version.
     *
     * @param json one JSON object in UTF-8
     * @throws ModelException if it is not such an object, or holds what can never be right
     */
    public static Customer read(byte[] json) {
        return io.crmsdk.model.internal.CustomerJson.read(json);
    }
}
