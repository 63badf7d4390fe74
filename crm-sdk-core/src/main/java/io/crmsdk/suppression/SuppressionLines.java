package io.crmsdk.suppression;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.crmsdk.consent.ConsentException;
import io.crmsdk.consent.ContactKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The list as JSON Lines. */
final class SuppressionLines {
    private static final JsonFactory JSON = new JsonFactory();

    private SuppressionLines() {}

    static long write(List<Suppression> suppressions, OutputStream out) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            json.setRootValueSeparator(null);
            for (Suppression each : suppressions) {
                json.writeStartObject();
                json.writeStringField("address", each.key().address());
                json.writeStringField("channel", each.key().channel());
                json.writeStringField("reason", each.reason().name());
                json.writeStringField("source", each.source());
                json.writeStringField("evidence", each.evidence());
                json.writeStringField("since", each.since().toString());
                if (each.expires() != null) {
                    json.writeStringField("expires", each.expires().toString());
                }
                json.writeEndObject();
                json.writeRaw('\n');
            }
        }
        return suppressions.size();
    }

    static List<Suppression> read(InputStream in, String source) throws IOException {
        List<Suppression> read = new ArrayList<>();
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (!line.isBlank()) {
                read.add(read(line, source, number));
            }
        }
        return read;
    }

    private static Suppression read(String line, String source, int number) throws IOException {
        try {
            Map<String, String> fields = fields(line);
            String address = fields.getOrDefault("address", "");
            String channel = fields.getOrDefault("channel", "email");
            ContactKey key = SuppressionBook.key(channel, address);
            String expires = fields.get("expires");
            return new Suppression(
                    key,
                    SuppressionReason.valueOf(fields.getOrDefault("reason", "IMPORTED")),
                    fields.getOrDefault("source", source),
                    fields.getOrDefault("evidence", ""),
                    Instant.parse(fields.getOrDefault("since", "1970-01-01T00:00:00Z")),
                    expires == null ? null : Instant.parse(expires));
        } catch (JsonParseException | ConsentException | DateTimeException | IllegalArgumentException e) {
            throw new SuppressionException(
                    "SUPPRESSION_LINE",
                    source + " line " + number
                            + ": expected {\"address\":…,\"reason\":…} with a readable address, a known reason and"
                            + " UTC instants; nothing was imported",
                    e);
        }
    }

    private static Map<String, String> fields(String line) throws IOException {
        Map<String, String> fields = new HashMap<>();
        try (JsonParser json = JSON.createParser(line)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("not an object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (!value.isScalarValue()) {
                    throw new IllegalArgumentException("not a plain value");
                }
                if (value != JsonToken.VALUE_NULL) {
                    fields.put(name, json.getText());
                }
            }
        }
        return fields;
    }
}
