package io.crmsdk.consent;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.crmsdk.internal.Micros;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Events as text: one JSON object with its fields in a fixed order, so that the same event always has the same text. Keys are
 * hashed, evidence is a digest: the text holds nothing personal and needs no erasure.
 *
 * <p>What cannot be understood in full, by kind, version or value, is read as an {@link UnknownEvent} with its text.
 */
final class EventCodec {
    private static final int VERSION = 1;
    private static final JsonFactory JSON = new JsonFactory();

    private EventCodec() {}

    /** The text of an event without its evidence. */
    static String write(ConsentEvent event, Pepper pepper, Collection<HashedKey> families) {
        if (event instanceof UnknownEvent unknown) {
            return unknown.body();
        }
        StringWriter out = new StringWriter(200);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeNumberField("v", VERSION);
            json.writeStringField("kind", kind(event));
            json.writeStringField("id", event.id());
            writeArray(
                    json, "keys", texts(event.keys().stream().map(pepper::hash).toList()));
            if (!families.isEmpty()) {
                writeArray(json, "families", texts(families));
            }
            json.writeStringField("scope", event.scope().toString());
            json.writeStringField("source", event.source());
            writeRest(json, event);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    static String kind(ConsentEvent event) {
        if (event instanceof OptOut) {
            return "optout";
        } else if (event instanceof Grant) {
            return "grant";
        } else if (event instanceof Release) {
            return "release";
        }
        return event instanceof ConsentNote ? "note" : "unknown";
    }

    private static Set<String> texts(Collection<HashedKey> keys) {
        Set<String> texts = new TreeSet<>();
        keys.forEach(key -> texts.add(key.text()));
        return texts;
    }

    private static void writeRest(JsonGenerator json, ConsentEvent event) throws IOException {
        if (event instanceof OptOut optOut) {
            json.writeStringField("reason", optOut.reason().name());
            writeOptional(json, "carriedFrom", optOut.carriedFrom());
        } else if (event instanceof Grant grant) {
            json.writeStringField("rank", grant.rank().name());
            writeArray(json, "supersedes", ConsentEvent.sorted(grant.supersedes()));
            json.writeStringField("begunBy", grant.begunBy().name());
            writeOptional(json, "challenge", grant.challenge());
            writeOptional(json, "signature", grant.signature());
            if (grant.expires() != null) {
                json.writeNumberField("expires", Micros.of(grant.expires()));
            }
        } else if (event instanceof Release release) {
            writeArray(json, "releases", ConsentEvent.sorted(release.releases()));
            json.writeStringField("role", release.role().name());
            writeOptional(json, "second", release.second());
        } else if (event instanceof ConsentNote note) {
            json.writeStringField("what", note.what());
            json.writeStringField("detail", note.detail());
        }
    }

    private static void writeOptional(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    private static void writeArray(JsonGenerator json, String name, Collection<String> values) throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }

    /** The text with the digest of its evidence as the last field. */
    static String withEvidence(String text, @Nullable String digest) {
        return digest == null ? text : text.substring(0, text.length() - 1) + ",\"evidence\":\"" + digest + "\"}";
    }

    /** The text of an event without the digest of its evidence, whatever else it holds. */
    static String withoutEvidence(String text) {
        int at = text.lastIndexOf(",\"evidence\":\"");
        return at < 0 || !text.endsWith("\"}") || text.indexOf('"', at + 13) != text.length() - 2
                ? text
                : text.substring(0, at) + "}";
    }

    /**
     * Reads an event.
     *
     * @throws ConsentException {@code INVALID_EVENT} if not even its id and keys can be read
     */
    static Stored read(String text) {
        Fields fields = Fields.of(text);
        List<HashedKey> keys = hashed(fields.list("keys"));
        List<HashedKey> families = hashed(fields.list("families"));
        ConsentEvent event = known(fields, keys);
        if (event == null) {
            event = new UnknownEvent(fields.text("id"), keys, Scope.ALL, fields.textOr("source", "unknown:"), text);
        }
        return new Stored(event, families);
    }

    private static List<HashedKey> hashed(List<String> texts) {
        return texts.stream().map(HashedKey::new).toList();
    }

    private static @Nullable ConsentEvent known(Fields fields, List<HashedKey> keys) {
        if (fields.number("v") != VERSION) {
            return null;
        }
        try {
            ConsentEvent event = switch (fields.textOr("kind", "")) {
                case "optout" -> optOut(fields, keys);
                case "grant" -> grant(fields, keys);
                case "release" -> release(fields, keys);
                case "note" -> note(fields, keys);
                default -> null;
            };
            return fields.allRead() ? event : null;
        } catch (IllegalArgumentException | ConsentException e) {
            // A value of a newer version, such as a rank that does not exist here: kept, and taken for a no.
            return null;
        }
    }

    private static OptOut optOut(Fields fields, List<HashedKey> keys) {
        return new OptOut(
                fields.text("id"),
                keys,
                Scope.of(fields.text("scope")),
                new OptOutReason(fields.text("reason")),
                fields.text("source"),
                fields.textOrNull("carriedFrom"),
                null);
    }

    private static Grant grant(Fields fields, List<HashedKey> keys) {
        if (keys.size() != 1) {
            throw new IllegalArgumentException("a grant has one key");
        }
        Long expires = fields.numberOrNull("expires");
        return Grant.stored(
                fields.text("id"),
                keys.get(0),
                Scope.of(fields.text("scope")),
                fields.text("source"),
                Rank.valueOf(fields.text("rank")),
                fields.list("supersedes"),
                Grant.Starter.valueOf(fields.text("begunBy")),
                fields.textOrNull("challenge"),
                fields.textOrNull("signature"),
                expires == null ? null : Micros.instant(expires));
    }

    private static Release release(Fields fields, List<HashedKey> keys) {
        return new Release(
                fields.text("id"),
                keys,
                Scope.of(fields.text("scope")),
                fields.text("source"),
                fields.list("releases"),
                Release.Role.valueOf(fields.text("role")),
                fields.textOrNull("second"),
                null);
    }

    private static ConsentNote note(Fields fields, List<HashedKey> keys) {
        return new ConsentNote(
                fields.text("id"),
                keys,
                Scope.of(fields.text("scope")),
                fields.text("source"),
                fields.text("what"),
                fields.text("detail"),
                null);
    }

    static String writeParts(Map<String, String> parts) {
        StringWriter out = new StringWriter(100);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            for (Map.Entry<String, String> part : new TreeMap<>(parts).entrySet()) {
                json.writeStringField(part.getKey(), part.getValue());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    static Map<String, String> readParts(String text) {
        Fields fields = Fields.of(text);
        Map<String, String> parts = new TreeMap<>();
        fields.names().forEach(name -> parts.put(name, fields.text(name)));
        return parts;
    }

    /**
     * An event as it is stored.
     *
     * @param event the event, its keys hashed
     * @param families the families of its contacts, where they differ from the contact
     */
    record Stored(ConsentEvent event, List<HashedKey> families) {
        Stored {
            families = List.copyOf(families);
        }
    }

    /** The fields of one JSON object; remembers which were asked for. */
    private static final class Fields {
        private final Map<String, Object> values = new HashMap<>();
        private final Set<String> read = new HashSet<>(Set.of("evidence", "v", "kind", "id", "keys", "families"));

        static Fields of(String text) {
            Fields fields = new Fields();
            try (JsonParser json = JSON.createParser(text)) {
                if (json.nextToken() != JsonToken.START_OBJECT) {
                    throw unreadable("it is no JSON object", null);
                }
                while (json.nextToken() != JsonToken.END_OBJECT) {
                    String name = json.currentName();
                    fields.put(name, value(json));
                }
            } catch (IOException e) {
                throw unreadable("it is no JSON", e);
            }
            return fields;
        }

        private void put(String name, Object value) {
            if (values.put(name, value) != null) {
                throw unreadable("field " + name + " occurs twice", null);
            }
        }

        private static Object value(JsonParser json) throws IOException {
            JsonToken token = json.nextToken();
            if (token == JsonToken.START_ARRAY) {
                return array(json);
            } else if (token == JsonToken.START_OBJECT) {
                json.skipChildren();
                return Map.of();
            }
            return token == JsonToken.VALUE_NUMBER_INT ? (Object) json.getLongValue() : json.getText();
        }

        private static List<String> array(JsonParser json) throws IOException {
            List<String> values = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                values.add(json.getText());
                json.skipChildren();
            }
            return values;
        }

        private static ConsentException unreadable(String why, @Nullable Throwable cause) {
            return new ConsentException("INVALID_EVENT", "a stored consent event cannot be read: " + why, cause);
        }

        Set<String> names() {
            return values.keySet();
        }

        boolean allRead() {
            return read.containsAll(values.keySet());
        }

        String text(String name) {
            String value = textOrNull(name);
            if (value == null) {
                throw unreadable("field " + name + " is missing", null);
            }
            return value;
        }

        String textOr(String name, String otherwise) {
            String value = textOrNull(name);
            return value == null ? otherwise : value;
        }

        @Nullable
        String textOrNull(String name) {
            read.add(name);
            return values.get(name) instanceof String text ? text : null;
        }

        long number(String name) {
            return values.get(name) instanceof Long number ? number : -1;
        }

        @Nullable
        Long numberOrNull(String name) {
            read.add(name);
            return values.get(name) instanceof Long number ? number : null;
        }

        List<String> list(String name) {
            read.add(name);
            List<String> texts = new ArrayList<>();
            if (values.get(name) instanceof List<?> list) {
                list.forEach(each -> texts.add(String.valueOf(each)));
            }
            return texts;
        }
    }
}
