package io.crmsdk.erp.tryton;

import io.crmsdk.sync.Cause;
import io.crmsdk.sync.ConnectorException;
import io.crmsdk.sync.Fields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of a write, with the commands that change a party's children. */
final class PartyValues {
    private PartyValues() {}

    static Map<String, Object> create(Fields fields, String key) {
        Map<String, Object> values = plain(fields);
        List<Object> made = new ArrayList<>();
        for (String type : PartyRecord.MECHANISMS) {
            String value = fields.text(type);
            if (value != null && !value.isBlank()) {
                made.add(Map.<String, Object>of("type", type, "value", value));
            }
        }
        if (!made.isEmpty()) {
            values.put("contact_mechanisms", List.<Object>of(List.<Object>of("create", made)));
        }
        values.put(
                "identifiers",
                List.<Object>of(List.<Object>of("create", List.<Object>of(Map.<String, Object>of("code", key)))));
        return values;
    }

    static Map<String, Object> update(Fields changes, PartyRecord now) {
        Map<String, Object> values = plain(changes);
        List<Object> commands = new ArrayList<>();
        for (String type : PartyRecord.MECHANISMS) {
            if (changes.get(type) != null) {
                command(type, changes.text(type), now.mechanism(type), commands);
            }
        }
        if (!commands.isEmpty()) {
            values.put("contact_mechanisms", commands);
        }
        return values;
    }

    /** A value that goes away is taken out of use, as a person would, and not deleted. */
    private static void command(String type, @Nullable String value, @Nullable Long mechanism, List<Object> commands) {
        if (value == null || value.isBlank()) {
            if (mechanism != null) {
                commands.add(
                        List.<Object>of("write", List.<Object>of(mechanism), Map.<String, Object>of("active", false)));
            }
        } else if (mechanism != null) {
            commands.add(List.<Object>of("write", List.<Object>of(mechanism), Map.<String, Object>of("value", value)));
        } else {
            commands.add(
                    List.<Object>of("create", List.<Object>of(Map.<String, Object>of("type", type, "value", value))));
        }
    }

    private static Map<String, Object> plain(Fields fields) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (String path : fields.paths()) {
            if (PartyRecord.PLAIN.contains(path)) {
                values.put(path, new Json.Raw(String.valueOf(fields.get(path))));
            } else if (!PartyRecord.MECHANISMS.contains(path)) {
                throw new ConnectorException(
                        Cause.BUG,
                        "TRYTON_WORD",
                        path + " is no word for a party; nothing was written. Correct the fields of the pair",
                        null,
                        null);
            }
        }
        return values;
    }
}
