package io.crmsdk.identity;

import io.crmsdk.internal.Sha256;
import io.crmsdk.model.Customer;
import io.crmsdk.model.CustomerEmail;
import io.crmsdk.model.CustomerPhone;
import io.crmsdk.model.ExternalId;
import io.crmsdk.model.internal.CustomerJson;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/**
 * One reading of a table whose rows have no ids, such as a spreadsheet: a row is known again by what it says.
 *
 * <p>A row is the same record as before if it has the same business number; else the same name, company and first e-mail
 * address; else the same name, company and first phone number; else the same content. Rows that agree in that are told
 * apart by their content, and only then by their order, so the same table read twice changes nothing, also when its rows were
 * sorted in between, and a row whose other cells were edited becomes a new revision. Take a new one for each reading. Not thread-safe.
 */
public final class Sheet {
    private static final String SYSTEM = "sheet";
    private static final String TYPE = "row";

    private final CustomerRegistry registry;
    private final String name;
    private final boolean known;
    private final Map<String, Integer> seen = new HashMap<>();
    private final Map<String, Alike> alike = new HashMap<>();

    /** Records of an earlier reading that agree in their natural key, and which of them this reading met. */
    private record Alike(SortedMap<Integer, byte[]> before, BitSet met) {
        int number(byte[] content) {
            for (Map.Entry<Integer, byte[]> one : before.entrySet()) {
                if (!met.get(one.getKey()) && Arrays.equals(one.getValue(), content)) {
                    return one.getKey();
                }
            }
            return met.nextClearBit(1);
        }
    }

    Sheet(CustomerRegistry registry, String name) {
        this.registry = registry;
        this.name = name;
        this.known = registry.hasOrigins(SYSTEM, name, TYPE);
    }

    /**
     * Takes the next row in, in the host's transaction. A row that has an external id in a system of its own is better
     * handed to {@link CustomerRegistry#upsert(Connection, SourceRecord)}.
     *
     * @throws IdentityException {@code IDENTITY_BUSY}: roll back and repeat with a new sheet
     * @throws SQLException if the database refused; roll back
     */
    public Upserted upsert(Connection connection, Customer row) throws SQLException {
        return registry.upsert(connection, new SourceRecord(origin(row), row));
    }

    /** The origin of the next row; each call counts as one row. */
    public ExternalId origin(Customer row) {
        String key = digest(naturalKey(row));
        return ExternalId.of(SYSTEM, name, TYPE, key + "-" + number(key, row));
    }

    private int number(String key, Customer row) {
        if (known && !seen.containsKey(key) && !alike.containsKey(key)) {
            SortedMap<Integer, byte[]> before = registry.contents(SYSTEM, name, TYPE, key + "-");
            if (before.size() > 1) {
                alike.put(key, new Alike(before, new BitSet()));
            }
        }
        Alike several = alike.get(key);
        if (several == null) {
            return seen.merge(key, 1, Integer::sum);
        }
        int number = several.number(CustomerJson.write(row));
        several.met().set(number);
        return number;
    }

    private static String naturalKey(Customer row) {
        if (row.number() != null) {
            return "number\n" + row.number();
        }
        Evidence evidence = Evidence.of(row);
        String who = "\n" + evidence.name + "\n" + evidence.company + "\n";
        for (CustomerEmail email : row.emails()) {
            return "email" + who + email.address().canonical();
        }
        for (CustomerPhone phone : row.phones()) {
            String text = phone.number().text();
            return "phone" + who + (text != null ? text : phone.raw().toLowerCase(Locale.ROOT));
        }
        return "content\n" + new String(CustomerJson.write(row), StandardCharsets.UTF_8);
    }

    private static String digest(String text) {
        return Sha256.hex(text).substring(0, 32);
    }
}
