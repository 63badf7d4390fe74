package io.crmsdk.sync;

import io.crmsdk.identity.CustomerRegistry;
import io.crmsdk.identity.GoldenCustomer;
import io.crmsdk.mapping.Mapping;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The registry's customers as the source of a pair, each said in the words of a target by a mapping. A customer that was merged
 * into another is gone, and its record at the target is archived. Only reads. Thread-safe.
 */
public final class CustomerSource implements Connector {
    private static final int PAGE = 200;

    private final CustomerRegistry registry;
    private final Mapping mapping;
    private final Capabilities capabilities =
            Capabilities.builder("registry", "", "Customer").pageSize(PAGE).build();

    /**
     * @param mapping writes customers in the target's words; use {@link #translation()} for the pair
     */
    public CustomerSource(CustomerRegistry registry, Mapping mapping) {
        this.registry = Objects.requireNonNull(registry, "registry");
        this.mapping = Objects.requireNonNull(mapping, "mapping");
    }

    /** For the pair of this source: its records are in the target's words already, by this version of the mapping. */
    public Translation translation() {
        return Translation.of("mapping:" + mapping.version(), fields -> fields, fields -> fields);
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public Page list(@Nullable String next, int limit) {
        List<GoldenCustomer> customers = registry.list(next == null ? "" : next, limit);
        List<RemoteRecord> records = customers.stream().map(this::record).toList();
        return customers.isEmpty()
                ? Page.last(records)
                : Page.of(records, customers.get(customers.size() - 1).id());
    }

    private RemoteRecord record(GoldenCustomer customer) {
        return RemoteRecord.of(
                customer.id(), Fields.parse(mapping.out(customer.customer()).json()));
    }

    @Override
    public Found fetch(String id) {
        GoldenCustomer found = registry.find(id).orElse(null);
        if (found == null) {
            return new Found.Gone();
        }
        return found.id().equals(id) ? new Found.Present(record(found)) : new Found.MergedInto(found.id());
    }

    @Override
    public List<Written> write(List<Write> writes) {
        throw new ConnectorException(
                Cause.BUG, "READ_ONLY", "the registry is written by imports, not by this source", null, null);
    }
}
