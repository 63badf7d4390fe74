package io.crmsdk.examples.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** JSON Lines in and out: UTF-8, one object a line, each line flushed, numbers exact. */
final class JsonLines {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final PrintStream out;

    JsonLines(PrintStream out) {
        this.out = out;
    }

    /** A new object to fill. */
    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /**
     * Reads text as one JSON value.
     *
     * @throws UsageException naming the place where it stops being JSON
     */
    static JsonNode parse(String text, String place) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UsageException(
                    place + ": not JSON, column " + e.getLocation().getColumnNr());
        }
    }

    /** A new list to fill. */
    static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** Reads records in any form, see {@link JsonInput}, from a file or standard input. */
    static void records(@Nullable String file, JsonInput.Handler handler) throws IOException {
        try (InputStreamReader reader = new InputStreamReader(open(file), StandardCharsets.UTF_8)) {
            new JsonInput(MAPPER, reader, handler).read();
        }
    }

    /** Writes one line; returns once it is handed to the system. */
    synchronized void write(JsonNode line) {
        out.print(text(line) + "\n");
        out.flush();
    }

    static String text(JsonNode line) {
        try {
            return MAPPER.writeValueAsString(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain nodes cannot be written", e);
        }
    }

    /** Reads a file, or standard input for null and {@code -}, line by line; blank lines are passed over. */
    static void each(@Nullable String file, LineHandler handler) throws IOException {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(open(file), StandardCharsets.UTF_8), 1 << 16)) {
            int number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (!line.isBlank()) {
                    handler.line(number, line);
                }
            }
        }
    }

    /** Opens a file, or standard input for null and {@code -}. */
    static InputStream open(@Nullable String file) throws IOException {
        return file == null || file.equals("-") ? System.in : Files.newInputStream(Path.of(file));
    }

    /** Takes one line of input. */
    @FunctionalInterface
    interface LineHandler {
        void line(int number, String text) throws IOException;
    }
}
