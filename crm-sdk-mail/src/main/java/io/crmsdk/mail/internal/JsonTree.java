package io.crmsdk.mail.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON value read within limits. Missing members and members of another kind read as nothing, never as an error. */
public final class JsonTree {
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(32)
                    .maxNumberLength(40)
                    .maxNameLength(1_000)
                    .maxTokenCount(2_000_000)
                    .build())
            .build();

    private static final JsonTree NOTHING = new JsonTree(null);
    private static final BigDecimal LATEST = BigDecimal.valueOf(253_402_300_799L);

    private final @Nullable Object value;

    private JsonTree(@Nullable Object value) {
        this.value = value;
    }

    /** @throws IOException if it is not exactly one value in JSON, or beyond the limits */
    public static JsonTree parse(byte[] bytes) throws IOException {
        try (JsonParser parser = JSON.createParser(bytes)) {
            return whole(parser);
        }
    }

    /** Nothing for a text that is not JSON. */
    public static JsonTree parseIfJson(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            return whole(parser);
        } catch (IOException e) {
            return NOTHING;
        }
    }

    private static JsonTree whole(JsonParser parser) throws IOException {
        if (parser.nextToken() == null) {
            throw new IOException("expected a value in JSON, got nothing");
        }
        Object value = read(parser);
        if (parser.nextToken() != null) {
            throw new IOException("expected one value in JSON, got more");
        }
        return new JsonTree(value);
    }

    private static @Nullable Object read(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    object.put(name, read(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                List<@Nullable Object> array = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(read(parser));
                }
                yield array;
            }
            case VALUE_NULL -> null;
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
            default -> parser.getText();
        };
    }

    /** Whether it is an object. */
    public boolean isObject() {
        return value instanceof Map;
    }

    /** Whether it is an array. */
    public boolean isArray() {
        return value instanceof List;
    }

    /** A member, by a path of names. */
    public JsonTree get(String... path) {
        Object at = value;
        for (String name : path) {
            at = at instanceof Map<?, ?> object ? object.get(name) : null;
        }
        return at == null ? NOTHING : new JsonTree(at);
    }

    /** The items of an array; none for anything else. */
    public List<JsonTree> items() {
        if (!(value instanceof List<?> list)) {
            return List.of();
        }
        List<JsonTree> items = new ArrayList<>();
        list.forEach(item -> items.add(new JsonTree(item)));
        return items;
    }

    /** Itself if it is an object, the objects in it if it is an array. */
    public List<JsonTree> objects() {
        return isObject()
                ? List.of(this)
                : items().stream().filter(JsonTree::isObject).toList();
    }

    /** A text or number as text; null for anything else. */
    public @Nullable String text() {
        return value instanceof String text ? text : value instanceof BigDecimal number ? number.toPlainString() : null;
    }

    /** The same, empty where there is none. */
    public String string() {
        String text = text();
        return text == null ? "" : text;
    }

    /** Whether it is the word true. */
    public boolean isTrue() {
        return Boolean.TRUE.equals(value);
    }

    /** Whether it is the word false. */
    public boolean isFalse() {
        return Boolean.FALSE.equals(value);
    }

    /** Whether there is nothing, or null. */
    public boolean isMissing() {
        return value == null;
    }

    /** Seconds since the epoch, as a number or as text, to the millisecond; null for anything else. */
    public @Nullable Instant epochSeconds() {
        BigDecimal seconds = decimal();
        if (seconds == null || seconds.signum() < 0 || seconds.compareTo(LATEST) > 0) {
            return null;
        }
        return Instant.ofEpochMilli(seconds.movePointRight(3).longValue());
    }

    /** Milliseconds since the epoch; null for anything else. */
    public @Nullable Instant epochMillis() {
        BigDecimal millis = decimal();
        return millis == null || millis.signum() < 0 || millis.compareTo(LATEST.movePointRight(3)) > 0
                ? null
                : Instant.ofEpochMilli(millis.longValue());
    }

    private @Nullable BigDecimal decimal() {
        if (value instanceof BigDecimal number) {
            return number;
        }
        return value instanceof String text && text.matches("\\d{1,15}(\\.\\d{1,9})?") ? new BigDecimal(text) : null;
    }

    /** A time with its offset (RFC 3339), to the millisecond; null for anything else, since no offset is guessed. */
    public @Nullable Instant time() {
        try {
            return value instanceof String text
                    ? OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MILLIS)
                    : null;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
