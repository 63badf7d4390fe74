package io.crmsdk.mapping;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.crmsdk.internal.Sha256;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mapping as one line of JSON in which everything that means the same is written the same: keys in fixed order, what is not
 * stated left out. The order of rules is kept, because list items are made in it; so is the order of a table of words, whose
 * first word is the one that is written.
 */
final class CanonicalForm {
    private static final JsonFactory JSON = new JsonFactory();

    private CanonicalForm() {}

    static String hash(MappingSpec spec) {
        return Sha256.hex(of(spec));
    }

    static String of(MappingSpec spec) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("format", "1");
            json.writeStringField("mapping", spec.name());
            word(json, "record", spec.record());
            json.writeStringField("input", spec.rows() ? "rows" : "json");
            text(json, "system", spec.system());
            text(json, "object", spec.object());
            text(json, "region", spec.region());
            word(json, "direction", spec.direction());
            word(json, "blank", spec.blank());
            word(json, "null", spec.nulls());
            word(json, "clear", spec.clearing());
            texts(json, "nullWords", spec.nullWords());
            text(json, "doc", spec.doc());
            json.writeObjectFieldStart("fields");
            for (VendorField field : spec.fields().values()) {
                field(json, field);
            }
            json.writeEndObject();
            table(json, "constants", spec.constants());
            json.writeArrayFieldStart("rules");
            for (MappingRule rule : spec.rules()) {
                rule(json, rule);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return out.toString();
    }

    private static void field(JsonGenerator json, VendorField field) throws IOException {
        json.writeObjectFieldStart(field.path());
        word(json, "type", field.type());
        if (field.length() > 0) {
            json.writeNumberField("length", field.length());
            word(json, "unit", field.unit());
        }
        json.writeBooleanField("required", field.required());
        json.writeBooleanField("writable", field.writable());
        texts(json, "values", field.values());
        text(json, "doc", field.doc());
        json.writeEndObject();
    }

    private static void rule(JsonGenerator json, MappingRule rule) throws IOException {
        json.writeStartObject();
        text(json, "name", rule.name());
        texts(json, "from", rule.from());
        json.writeStringField("to", rule.to());
        if (rule.as() != null) {
            conversion(json, rule.as());
        }
        word(json, "direction", rule.direction());
        if (!rule.when().isEmpty()) {
            json.writeObjectFieldStart("when");
            for (Map.Entry<String, List<String>> condition : rule.when().entrySet()) {
                texts(json, condition.getKey(), condition.getValue());
            }
            json.writeEndObject();
        }
        json.writeBooleanField("required", rule.required());
        text(json, "default", rule.fallback());
        word(json, "blank", rule.blank());
        word(json, "null", rule.nulls());
        word(json, "clear", rule.clearing());
        word(json, "onError", rule.onError());
        word(json, "owner", rule.owner());
        word(json, "tooLong", rule.tooLong());
        word(json, "sensitivity", rule.sensitivity());
        texts(json, "aliases", rule.aliases());
        json.writeArrayFieldStart("variants");
        for (MappingRule.Variant variant : rule.variants()) {
            json.writeStartObject();
            json.writeStringField("from", variant.from());
            conversion(json, variant.as());
            json.writeEndObject();
        }
        json.writeEndArray();
        text(json, "doc", rule.doc());
        json.writeEndObject();
    }

    private static void conversion(JsonGenerator json, Conversion conversion) throws IOException {
        json.writeObjectFieldStart("as");
        json.writeStringField("converter", conversion.converter());
        argument(json, "argument", conversion.argument());
        for (Map.Entry<String, Object> option : conversion.options().entrySet()) {
            argument(json, "option " + option.getKey(), option.getValue());
        }
        json.writeEndObject();
    }

    private static void argument(JsonGenerator json, String key, @Nullable Object value) throws IOException {
        if (value instanceof String text) {
            json.writeStringField(key, text);
        } else if (value instanceof List<?> list) {
            json.writeArrayFieldStart(key);
            for (Object item : list) {
                json.writeString((String) item);
            }
            json.writeEndArray();
        } else if (value instanceof Map<?, ?> table) {
            json.writeArrayFieldStart(key);
            for (Map.Entry<?, ?> entry : table.entrySet()) {
                json.writeStartArray();
                json.writeString((String) entry.getKey());
                json.writeString((String) entry.getValue());
                json.writeEndArray();
            }
            json.writeEndArray();
        }
    }

    private static void table(JsonGenerator json, String key, Map<String, String> table) throws IOException {
        json.writeObjectFieldStart(key);
        for (Map.Entry<String, String> entry : table.entrySet()) {
            json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
    }

    private static void text(JsonGenerator json, String key, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(key, value);
        }
    }

    private static void texts(JsonGenerator json, String key, List<String> values) throws IOException {
        if (!values.isEmpty()) {
            json.writeArrayFieldStart(key);
            for (String value : values) {
                json.writeString(value);
            }
            json.writeEndArray();
        }
    }

    private static void word(JsonGenerator json, String key, @Nullable Enum<?> value) throws IOException {
        if (value != null) {
            json.writeStringField(key, SpecReader.spelt(value));
        }
    }
}
