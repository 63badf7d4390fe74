package io.crmsdk.erp.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.crmsdk.quality.Cell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Files beside these tests, and what is in them. */
final class TestData {
    private static final JsonFactory JSON = new JsonFactory();

    private TestData() {}

    static Path file(String name) {
        return Path.of("src/test/resources/io/crmsdk/erp/file").resolve(name);
    }

    static List<Map<String, Object>> lines(String name) {
        List<Map<String, Object>> objects = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(file(name).toFile())) {
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                objects.add(object(parser));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return objects;
    }

    private static Map<String, Object> object(JsonParser parser) throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            object.put(name, value(parser));
        }
        return object;
    }

    private static Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser));
                }
                yield list;
            }
            case VALUE_NULL -> null;
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            default -> parser.getText();
        };
    }

    static Path csv(Path folder, String text, Charset charset) {
        return bytes(folder, text.getBytes(charset));
    }

    static Path bytes(Path folder, byte[] content) {
        try {
            return Files.write(Files.createTempFile(folder, "sheet", ".csv"), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every row of a source. */
    static List<SheetRow> rows(SheetSource source) {
        List<SheetRow> rows = new ArrayList<>();
        try (SheetRows open = source.open()) {
            open.forEachRemaining(rows::add);
        }
        return rows;
    }

    /** The texts of the records of a source. */
    static List<List<String>> records(SheetSource source) {
        return rows(source).stream()
                .filter(row -> row.kind() == RowKind.DATA)
                .map(row -> row.cells().stream().map(Cell::text).toList())
                .toList();
    }
}
