package io.crmsdk.examples.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Records of JSON in any of the forms people have: a record a line, one array, or one record over many lines.
 *
 * <p>In lines, a broken record costs only itself. In an array everything behind the first error is lost, and one error says so.
 */
final class JsonInput {
    private final JsonMapper mapper;
    private final BufferedReader reader;
    private final Handler handler;

    /** Takes records, and what was none. */
    interface Handler {
        void record(JsonNode record) throws IOException;

        void broken(String place);
    }

    JsonInput(JsonMapper mapper, Reader reader, Handler handler) {
        this.mapper = mapper;
        this.reader = new BufferedReader(reader, 1 << 16);
        this.handler = handler;
    }

    void read() throws IOException {
        if (firstCharacter() == '[') {
            array();
        } else {
            lines();
        }
    }

    private int firstCharacter() throws IOException {
        int next;
        do {
            reader.mark(1);
            next = reader.read();
        } while (next == ' ' || next == '\n' || next == '\r' || next == '\t' || next == '\uFEFF');
        if (next >= 0) {
            reader.reset();
        }
        return next;
    }

    private void array() throws IOException {
        ObjectReader items = mapper.readerFor(JsonNode.class).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        try (JsonParser parser = mapper.createParser(reader)) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_ARRAY && parser.currentToken() != null) {
                handler.record(items.readTree(parser));
            }
        } catch (JsonProcessingException e) {
            handler.broken("line " + e.getLocation().getLineNr() + ", column "
                    + e.getLocation().getColumnNr());
        }
    }

    private void lines() throws IOException {
        Deque<Line> waiting = new ArrayDeque<>();
        int number = 0;
        for (String text = reader.readLine(); text != null; text = reader.readLine()) {
            number++;
            if (!text.isBlank() || !waiting.isEmpty()) {
                waiting.add(new Line(number, text));
                settle(waiting, false);
            }
        }
        settle(waiting, true);
    }

    private record Line(int number, String text) {}

    /** Takes what is whole; what is broken gives up its first line, so that the next ones are looked at by themselves. */
    private void settle(Deque<Line> waiting, boolean atEnd) throws IOException {
        while (!waiting.isEmpty()) {
            int taken = whole(waiting);
            if (taken == INCOMPLETE && !atEnd) {
                return;
            }
            if (taken <= 0) {
                handler.broken("line " + waiting.removeFirst().number);
            } else {
                for (int i = 0; i < taken; i++) {
                    waiting.removeFirst();
                }
            }
        }
    }

    private static final int INCOMPLETE = 0;
    private static final int BROKEN = -1;

    /** How many waiting lines make the first record, which is handed on; or why none do. */
    private int whole(Deque<Line> waiting) throws IOException {
        StringBuilder text = new StringBuilder();
        Iterator<Line> lines = waiting.iterator();
        int count = 0;
        while (lines.hasNext()) {
            text.append(lines.next().text).append('\n');
            count++;
            try {
                JsonNode record = mapper.readTree(text.toString());
                if (!record.isMissingNode()) {
                    handler.record(record);
                }
                return count;
            } catch (JsonProcessingException e) {
                // A record that only lacks its end may go on in the next line.
                if (!(e instanceof JsonEOFException)) {
                    return BROKEN;
                }
            }
        }
        return INCOMPLETE;
    }
}
