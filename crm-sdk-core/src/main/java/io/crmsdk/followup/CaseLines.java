package io.crmsdk.followup;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.crmsdk.internal.TextMap;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/** A follow-up that has ended, with all that is known of it, as one line of JSON. */
final class CaseLines {
    private static final JsonFactory JSON = new JsonFactory();

    private CaseLines() {}

    static String line(Row row, FollowUpCase ended) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("followup", ended.key());
            json.writeStringField("definition", ended.definition());
            json.writeNumberField("version", ended.version());
            json.writeStringField("subject", ended.subject());
            json.writeObjectFieldStart("data");
            for (Map.Entry<String, String> each : TextMap.read(row.fields()).entrySet()) {
                json.writeStringField(each.getKey(), each.getValue());
            }
            json.writeEndObject();
            json.writeStringField("zone", row.zoneId());
            json.writeStringField("state", ended.state().name());
            json.writeStringField("step", ended.step());
            json.writeArrayFieldStart("history");
            for (FollowUpCase.Entry entry : ended.history()) {
                json.writeStartObject();
                json.writeStringField("at", entry.at().toString());
                json.writeStringField("kind", entry.kind().name());
                json.writeStringField("step", entry.step());
                json.writeStringField("due", entry.due().toString());
                json.writeBooleanField("late", entry.late());
                json.writeBooleanField("provisional", entry.provisional());
                json.writeStringField("by", entry.by());
                json.writeStringField("detail", entry.detail());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
