package io.crmsdk.benchmarks.mapping;

import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.crmsdk.model.Customer;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;

/** Jackson databind into a record of the vendor's fields, and MapStruct from there. */
final class Peers {
    private Peers() {}

    static void add(Map<String, Callable<Object>> contestants, byte[] json, Customer expected) throws IOException {
        ObjectReader reader = JsonMapper.builder().build().readerFor(SalesforceContact.class);
        Customer mapped = ContactMapper.INSTANCE.customer(reader.readValue(json));
        if (!mapped.equals(expected)) {
            throw new IllegalStateException("Jackson with MapStruct differs");
        }
        contestants.put("Jackson with MapStruct", () -> ContactMapper.INSTANCE.customer(reader.readValue(json)));
    }
}
