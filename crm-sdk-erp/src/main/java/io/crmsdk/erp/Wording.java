package io.crmsdk.erp;

import io.crmsdk.mapping.MappedRecord;
import io.crmsdk.mapping.Mapping;
import io.crmsdk.model.Customer;
import io.crmsdk.sync.Fields;
import io.crmsdk.sync.SyncException;
import io.crmsdk.sync.Translation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** How a pair of the settings says one side's values in the other's words. */
final class Wording {
    private Wording() {}

    /** Fields that only have other names; whatever is not named is left alone on both sides. */
    static Translation names(Map<String, String> sourceOfTarget) {
        Map<String, String> targetOfSource = new LinkedHashMap<>();
        sourceOfTarget.forEach((target, source) -> targetOfSource.put(source, target));
        return Translation.of(
                "fields:" + hash(new TreeMap<>(sourceOfTarget).toString()),
                fields -> renamed(fields, sourceOfTarget),
                fields -> renamed(fields, targetOfSource));
    }

    private static Fields renamed(Fields fields, Map<String, String> fromOfTo) {
        Fields.Builder renamed = Fields.builder();
        fromOfTo.forEach((to, from) -> {
            renamed.copy(to, fields, from);
            renamed.object(to, fields.object(from));
        });
        return renamed.build();
    }

    /** From the source's words to a canonical customer, and from there to the target's. */
    static Translation mappings(Mapping source, Mapping target) {
        return Translation.of(
                "mappings:" + hash(source.version() + " " + target.version()),
                fields -> Fields.parse(target.out(customer(source, fields)).json()),
                fields -> {
                    throw new SyncException(
                            "SYNC_ONE_WAY", "mappings are for pairs that go one way; nothing was written", null);
                });
    }

    private static Customer customer(Mapping mapping, Fields fields) {
        MappedRecord record = mapping.in(fields.jsonBytes());
        Customer customer = record.rejected() ? null : record.customer();
        if (customer == null) {
            String why = record.findings().isEmpty()
                    ? "REJECTED"
                    : record.findings().get(0).code();
            throw new SyncException(why, "the mapping rejects the record", null);
        }
        return customer;
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
