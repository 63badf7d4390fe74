package io.crmsdk.delivery;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A finished message with all that is known of it, as one line of JSON. */
final class ArchiveLines {
    private static final JsonFactory JSON = new JsonFactory();

    private ArchiveLines() {}

    static String line(Message message, List<Delivery> deliveries) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("message", deliveries.get(0).messageId());
            json.writeStringField("key", message.key());
            json.writeStringField("channel", String.valueOf(message.channel()));
            json.writeStringField("kind", message.kind().name());
            optional(json, "scope", message.scope());
            json.writeStringField("priority", message.priority().name());
            json.writeStringField("mediaType", message.mediaType());
            json.writeObjectFieldStart("attributes");
            for (Map.Entry<String, String> each : message.attributes().entrySet()) {
                json.writeStringField(each.getKey(), each.getValue());
            }
            json.writeEndObject();
            json.writeBinaryField("content", message.bytes());
            optional(json, "notBefore", message.notBefore());
            optional(json, "expires", message.expires());
            json.writeArrayFieldStart("deliveries");
            for (Delivery delivery : deliveries) {
                write(json, delivery);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void optional(JsonGenerator json, String name, @Nullable Object value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value.toString());
        }
    }

    private static void write(JsonGenerator json, Delivery delivery) throws IOException {
        json.writeStartObject();
        json.writeStringField("delivery", delivery.id());
        json.writeStringField("recipient", delivery.recipient());
        json.writeStringField("state", delivery.state().name());
        json.writeNumberField("attempts", delivery.attempts());
        json.writeBooleanField("possibleDuplicate", delivery.possibleDuplicate());
        json.writeArrayFieldStart("history");
        for (HistoryEntry entry : delivery.history()) {
            json.writeStartObject();
            json.writeStringField("at", entry.at().toString());
            json.writeStringField("state", entry.state().name());
            json.writeBooleanField("applied", entry.applied());
            json.writeNumberField("attempt", entry.attempt());
            json.writeStringField("node", entry.node());
            json.writeStringField("detail", entry.detail());
            Evidence evidence = entry.evidence();
            if (evidence != null) {
                json.writeObjectFieldStart("evidence");
                json.writeStringField("host", evidence.host());
                json.writeStringField("reply", evidence.reply());
                optional(json, "remoteId", evidence.remoteId());
                json.writeStringField("at", evidence.at().toString());
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
