package io.crmsdk.identity;

import io.crmsdk.model.Customer;
import io.crmsdk.model.ExternalId;
import io.crmsdk.model.internal.CustomerJson;
import org.jspecify.annotations.Nullable;

/** A row of crm_record; the customer in it and its evidence are made when somebody asks. */
final class StoredRecord {
    final String id;
    final ExternalId origin;
    final String customerId;
    final long revision;
    final byte @Nullable [] content;
    final long createdUs;
    final long updatedUs;

    private @Nullable Customer customer;
    private @Nullable Evidence evidence;

    StoredRecord(
            String id,
            ExternalId origin,
            String customerId,
            long revision,
            byte @Nullable [] content,
            long createdUs,
            long updatedUs) {
        this.id = id;
        this.origin = origin;
        this.customerId = customerId;
        this.revision = revision;
        this.content = content;
        this.createdUs = createdUs;
        this.updatedUs = updatedUs;
    }

    /** Null if the record was erased. */
    @Nullable
    Customer customer() {
        if (customer == null && content != null) {
            customer = CustomerJson.read(content);
        }
        return customer;
    }

    Evidence evidence() {
        Evidence made = evidence;
        if (made == null) {
            Customer known = customer();
            made = known == null ? Evidence.nothing() : Evidence.of(known);
            evidence = made;
        }
        return made;
    }
}
