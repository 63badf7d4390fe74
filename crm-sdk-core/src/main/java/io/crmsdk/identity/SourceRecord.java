package io.crmsdk.identity;

import io.crmsdk.model.Customer;
import io.crmsdk.model.ExternalId;
import java.util.Objects;

/**
 * One customer as one system has it. Immutable; equality by value.
 *
 * @param origin which object of which system it is; the same origin is always the same record, in a newer revision
 * @param customer what that system says of it
 */
public record SourceRecord(ExternalId origin, Customer customer) {
    /** Keeps of the origin what identifies it. */
    public SourceRecord {
        origin = origin.key();
        Objects.requireNonNull(customer, "customer");
    }

    /**
     * The record of a system that is named among the customer's external ids.
     *
     * @param system for example {@code salesforce}
     * @throws IdentityException {@code IDENTITY_ORIGIN} if the customer has no id in that system, or several
     */
    public static SourceRecord of(String system, Customer customer) {
        ExternalId found = null;
        for (ExternalId id : customer.externalIds()) {
            if (id.system().equals(system)) {
                if (found != null) {
                    throw new IdentityException(
                            "IDENTITY_ORIGIN", customer + " has several ids in " + system + "; say which one", null);
                }
                found = id;
            }
        }
        if (found == null) {
            throw new IdentityException(
                    "IDENTITY_ORIGIN",
                    customer + " has no id in " + system + "; rows without ids are taken by CustomerRegistry.sheet",
                    null);
        }
        return new SourceRecord(found, customer);
    }

    /** Of the origin, for what must not depend on ids of our own. */
    String name() {
        return name(origin);
    }

    static String name(ExternalId origin) {
        return String.join("/", origin.system(), origin.instance(), origin.objectType(), origin.value());
    }

    /** The origin and the customer, masked. */
    @Override
    public String toString() {
        return "SourceRecord[" + origin + ", " + customer + "]";
    }
}
