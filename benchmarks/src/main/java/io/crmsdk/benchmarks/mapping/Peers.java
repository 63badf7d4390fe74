package io.crmsdk.benchmarks.mapping;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.crmsdk.model.Customer;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;

/** Jackson databind into a record of the vendor's fields, and MapStruct from there. */
final class Peers {
    private Peers() {}

    /** As users write it, and with the same results and checks as the mapping: consent, margins, names, sizes and end. */
    static void add(Map<String, Callable<Object>> contestants, byte[] json, ByHand.Result expected) throws IOException {
        ObjectReader reader = JsonMapper.builder().build().readerFor(SalesforceContact.class);
        Customer mapped = ContactMapper.INSTANCE.customer(reader.readValue(json));
        if (!mapped.equals(expected.customer())) {
            throw new IllegalStateException("Jackson with MapStruct differs");
        }
        contestants.put("Jackson with MapStruct", () -> ContactMapper.INSTANCE.customer(reader.readValue(json)));
        ObjectReader strict = JsonMapper.builder(ByHand.STRICT)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build()
                .readerFor(SalesforceContact.class);
        if (!CarefulContactMapper.INSTANCE.result(strict.readValue(json)).equals(expected)) {
            throw new IllegalStateException("Jackson with MapStruct, names checked, differs");
        }
        contestants.put("the same, names checked", () -> CarefulContactMapper.INSTANCE.result(strict.readValue(json)));
    }
}
