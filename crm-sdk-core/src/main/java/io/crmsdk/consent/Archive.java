package io.crmsdk.consent;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.crmsdk.internal.Micros;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The ledger as lines of JSON, one event each, for a copy elsewhere: the event's text byte for byte, its evidence, and the
 * plain keys that are not erased.
 */
final class Archive {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int PAGE = 500;
    private static final String SELECT = "SELECT v.position, v.stamp, v.recorded_us, v.chain, v.body, p.salt, p.content"
            + " FROM crm_consent_event v LEFT JOIN crm_consent_evidence p ON p.position = v.position WHERE v.position > ?"
            + " AND v.position <= ? ORDER BY v.position";
    private static final String KEYS = "SELECT e.position, k.key_id, k.channel, k.address FROM crm_consent_entry e"
            + " JOIN crm_consent_key k ON k.key_id = e.key_id WHERE e.wide = 0 AND k.address IS NOT NULL"
            + " AND e.position IN";

    private final Pepper pepper;

    Archive(Pepper pepper) {
        this.pepper = pepper;
    }

    /** Writes the events of one page after a position; the position of the last, or the same if there was none. */
    long write(Connection connection, long after, OutputStream out) throws SQLException, IOException {
        List<Line> lines = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(SELECT)) {
            statement.setLong(1, after);
            statement.setLong(2, after + PAGE);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    lines.add(line(row));
                }
            }
        }
        Map<Long, Map<String, ConsentKey>> plain = plain(connection, lines);
        for (Line line : lines) {
            out.write(line.json(plain.getOrDefault(line.position, Map.of())).getBytes(StandardCharsets.UTF_8));
            out.write('\n');
        }
        return lines.isEmpty() ? after : lines.get(lines.size() - 1).position;
    }

    private static Line line(ResultSet row) throws SQLException {
        String salt = row.getString(6);
        return new Line(
                row.getLong(1),
                row.getString(2),
                row.getLong(3),
                row.getString(4),
                row.getString(5),
                salt == null ? null : new Draft.Proof(salt, row.getString(7)));
    }

    private static Map<Long, Map<String, ConsentKey>> plain(Connection connection, List<Line> lines)
            throws SQLException {
        Map<Long, Map<String, ConsentKey>> plain = new HashMap<>();
        List<String> positions =
                lines.stream().map(line -> String.valueOf(line.position)).toList();
        if (positions.isEmpty()) {
            return plain;
        }
        try (PreparedStatement statement =
                        connection.prepareStatement(KEYS + " (" + String.join(", ", positions) + ")");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                plain.computeIfAbsent(row.getLong(1), position -> new TreeMap<>())
                        .put(row.getString(2), plainKey(row.getString(3), row.getString(4)));
            }
        }
        return plain;
    }

    static ConsentKey plainKey(String channel, String address) {
        return switch (channel) {
            case "subject" -> new SubjectKey(address);
            case "email" -> ContactKey.email(address);
            case "phone" -> ContactKey.phone(address, "ZZ");
            default -> ContactKey.of(channel, address);
        };
    }

    /** Reads up to a page of lines; none at the end. */
    List<Draft> read(BufferedReader in) throws IOException {
        List<Draft> drafts = new ArrayList<>();
        while (drafts.size() < PAGE) {
            String line = in.readLine();
            if (line == null) {
                return drafts;
            }
            if (!line.isBlank()) {
                drafts.add(draft(line));
            }
        }
        return drafts;
    }

    static BufferedReader reader(InputStream in) {
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    private Draft draft(String line) throws IOException {
        Map<String, String> fields = new HashMap<>();
        Map<String, ConsentKey> plain = new HashMap<>();
        try (JsonParser json = JSON.createParser(line)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (name.equals("keys")) {
                    readKeys(json, plain);
                } else {
                    fields.put(name, json.getText());
                }
            }
        }
        String body = fields.get("body");
        if (body == null) {
            throw new ConsentException(
                    "INVALID_EVENT", "a line of the copy has no event; nothing of this page was taken");
        }
        return withPlainKeys(Draft.of(EventCodec.read(body), body, proof(fields, body)), plain);
    }

    private static void readKeys(JsonParser json, Map<String, ConsentKey> plain) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            json.nextToken();
            json.nextToken();
            String channel = json.getText();
            json.nextToken();
            plain.put(key, plainKey(channel, json.getText()));
            json.nextToken();
        }
    }

    /** Evidence counts only if it is what the event's digest says. */
    private static Draft.@Nullable Proof proof(Map<String, String> fields, String body) {
        String salt = fields.get("salt");
        String content = fields.get("content");
        if (salt == null || content == null) {
            return null;
        }
        Draft.Proof proof = new Draft.Proof(salt, content);
        return body.equals(EventCodec.withEvidence(EventCodec.withoutEvidence(body), proof.digest())) ? proof : null;
    }

    /** A plain key counts only if its hash is the key's. */
    private Draft withPlainKeys(Draft draft, Map<String, ConsentKey> plain) {
        Map<HashedKey, ConsentKey> keys = new TreeMap<>(Comparator.comparing(HashedKey::text));
        draft.keys().keySet().forEach(key -> {
            ConsentKey known = plain.get(key.text());
            keys.put(key, known != null && pepper.hash(known).equals(key) ? known : key);
        });
        return new Draft(draft.event(), draft.text(), draft.body(), keys, draft.families(), draft.evidence());
    }

    /** Writes what the ledger holds of one person, in the order in which it was recorded. */
    long writePerson(Connection connection, TreeSet<Long> positions, OutputStream out)
            throws SQLException, IOException {
        JsonGenerator json = JSON.createGenerator(out);
        json.writeStartArray();
        for (long position : positions) {
            try (PreparedStatement statement = connection.prepareStatement(SELECT)) {
                statement.setLong(1, position - 1);
                statement.setLong(2, position);
                try (ResultSet row = statement.executeQuery()) {
                    if (row.next()) {
                        line(row).describe(json);
                    }
                }
            }
        }
        json.writeEndArray();
        json.flush();
        return positions.size();
    }

    /** One event as it is kept. */
    private record Line(
            long position, String stamp, long recordedUs, String chain, String body, Draft.@Nullable Proof proof) {
        String json(Map<String, ConsentKey> plain) throws IOException {
            StringWriter out = new StringWriter(body.length() + 200);
            try (JsonGenerator json = JSON.createGenerator(out)) {
                json.writeStartObject();
                json.writeNumberField("position", position);
                json.writeStringField("stamp", stamp);
                json.writeNumberField("recorded", recordedUs);
                json.writeStringField("chain", chain);
                json.writeStringField("body", body);
                if (proof != null) {
                    json.writeStringField("salt", proof.salt());
                    json.writeStringField("content", proof.content());
                }
                json.writeObjectFieldStart("keys");
                for (Map.Entry<String, ConsentKey> key : plain.entrySet()) {
                    json.writeArrayFieldStart(key.getKey());
                    json.writeString(channel(key.getValue()));
                    json.writeString(address(key.getValue()));
                    json.writeEndArray();
                }
                json.writeEndObject();
                json.writeEndObject();
            }
            return out.toString();
        }

        void describe(JsonGenerator json) throws IOException {
            json.writeStartObject();
            json.writeNumberField("position", position);
            json.writeStringField("recordedAt", Micros.instant(recordedUs).toString());
            json.writeStringField("stamp", stamp);
            json.writeStringField("chain", chain);
            json.writeFieldName("event");
            json.writeRawValue(body);
            if (proof != null) {
                json.writeFieldName("evidence");
                json.writeRawValue(proof.content());
                json.writeStringField("evidenceSalt", proof.salt());
            }
            json.writeEndObject();
        }

        private static String channel(ConsentKey key) {
            return key instanceof ContactKey contact ? contact.channel() : "subject";
        }

        private static String address(ConsentKey key) {
            return key instanceof ContactKey contact ? contact.address() : ((SubjectKey) key).customerId();
        }
    }
}
