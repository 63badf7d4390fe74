package io.crmsdk.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Reads YAML or JSON as a tree of texts. Tags, anchors and aliases, second documents, repeated keys and whatever exceeds the
 * limits are refused: nothing in a file can name a class, refer to another file or grow when it is read.
 */
public final class TextFile {
    /** The longest text that is read. */
    public static final int MAX_CHARS = 1 << 20;

    private static final int MAX_DEPTH = 12;
    private static final int MAX_NODES = 50_000;
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_CHARS)
                    .build())
            .build();

    private final String name;
    private int nodes;

    private TextFile(String name) {
        this.name = name;
    }

    /**
     * Reads a file; JSON if its name ends in {@code .json}, else YAML.
     *
     * @param name for messages
     * @throws TextFileException at the first thing that is wrong
     */
    public static TextNode read(String name, String text) {
        TextFile file = new TextFile(name);
        if (text.length() > MAX_CHARS) {
            throw file.problem("LIMIT_EXCEEDED", 0, "at most " + MAX_CHARS + " characters, got " + text.length());
        }
        String bare = text.startsWith("\uFEFF") ? text.substring(1) : text;
        return name.endsWith(".json") ? file.json(bare) : file.yaml(bare);
    }

    private TextNode yaml(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(name)
                .setCodePointLimit(MAX_CHARS)
                .build();
        try {
            Iterator<Event> events = new ParserImpl(settings, new StreamReader(settings, text));
            TextNode root = null;
            while (events.hasNext()) {
                Event event = events.next();
                switch (event.getEventId()) {
                    case StreamStart, StreamEnd, DocumentStart, DocumentEnd, Comment -> {}
                    default -> {
                        if (root != null) {
                            throw problem("MALFORMED", line(event), "only one document is allowed");
                        }
                        root = yaml(event, events, 0);
                    }
                }
            }
            if (root == null) {
                throw problem("MALFORMED", 0, "the file is empty");
            }
            return root;
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
            throw problem("MALFORMED", line, "not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw problem("MALFORMED", 0, "not YAML: " + e.getMessage());
        }
    }

    private TextNode yaml(Event event, Iterator<Event> events, int depth) {
        count(line(event), depth);
        if (event.getEventId() == Event.ID.Alias) {
            throw problem("LIMIT_EXCEEDED", line(event), "aliases are not allowed; write the value out");
        }
        NodeEvent node = (NodeEvent) event;
        if (node.getAnchor().isPresent()) {
            throw problem("LIMIT_EXCEEDED", line(event), "anchors are not allowed; write the value out");
        }
        if (event instanceof ScalarEvent scalar) {
            refuseTag(scalar.getTag().orElse(null), event);
            return new TextNode.Scalar(scalar.getValue(), line(event));
        }
        refuseTag(((CollectionStartEvent) event).getTag().orElse(null), event);
        return event.getEventId() == Event.ID.SequenceStart
                ? yamlItems(event, events, depth)
                : yamlBlock(event, events, depth);
    }

    private TextNode yamlItems(Event start, Iterator<Event> events, int depth) {
        List<TextNode> items = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            items.add(yaml(event, events, depth + 1));
        }
        return new TextNode.Items(items, line(start));
    }

    private TextNode yamlBlock(Event start, Iterator<Event> events, int depth) {
        Map<String, TextNode> entries = new LinkedHashMap<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            if (!(yaml(event, events, depth + 1) instanceof TextNode.Scalar key)) {
                throw problem("MALFORMED", line(event), "a key is a text");
            }
            put(entries, key.text(), key.line(), yaml(events.next(), events, depth + 1));
        }
        return new TextNode.Block(entries, line(start));
    }

    private void refuseTag(@Nullable String tag, Event event) {
        if (tag != null) {
            throw problem("UNSAFE_TYPE", line(event), "tags are not allowed; every value is text");
        }
    }

    private static int line(Event event) {
        return event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    private TextNode json(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() == null) {
                throw problem("MALFORMED", 0, "the file is empty");
            }
            TextNode root = json(parser, 0);
            if (parser.nextToken() != null) {
                throw problem("MALFORMED", line(parser), "only one document is allowed");
            }
            return root;
        } catch (StreamConstraintsException e) {
            throw problem("LIMIT_EXCEEDED", line(e), "nested too deeply or too long");
        } catch (JsonProcessingException e) {
            String said = e.getOriginalMessage();
            boolean repeated = said != null && said.startsWith("Duplicate field");
            throw problem(
                    repeated ? "DUPLICATE_KEY" : "MALFORMED", line(e), repeated ? "a key twice" : "not JSON: " + said);
        } catch (IOException e) {
            throw problem("MALFORMED", 0, "not JSON: " + e.getMessage());
        }
    }

    private TextNode json(JsonParser parser, int depth) throws IOException {
        int line = line(parser);
        count(line, depth);
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, TextNode> entries = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String key = parser.currentName();
                int keyLine = line(parser);
                parser.nextToken();
                put(entries, key, keyLine, json(parser, depth + 1));
            }
            return new TextNode.Block(entries, line);
        }
        if (token == JsonToken.START_ARRAY) {
            List<TextNode> items = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                items.add(json(parser, depth + 1));
            }
            return new TextNode.Items(items, line);
        }
        if (token == JsonToken.VALUE_NULL) {
            throw problem("MALFORMED", line, "null is no value here; leave the key out");
        }
        return new TextNode.Scalar(parser.getText(), line);
    }

    private static int line(JsonParser parser) {
        return parser.currentTokenLocation().getLineNr();
    }

    private static int line(JsonProcessingException e) {
        return e.getLocation() == null ? 0 : e.getLocation().getLineNr();
    }

    private void put(Map<String, TextNode> entries, String key, int line, TextNode value) {
        if (entries.put(key, value) != null) {
            throw problem("DUPLICATE_KEY", line, "the key " + key + " twice");
        }
    }

    private void count(int line, int depth) {
        if (depth > MAX_DEPTH) {
            throw problem("LIMIT_EXCEEDED", line, "nested deeper than " + MAX_DEPTH);
        }
        if (++nodes > MAX_NODES) {
            throw problem("LIMIT_EXCEEDED", line, "more than " + MAX_NODES + " values");
        }
    }

    private TextFileException problem(String code, int line, String message) {
        return new TextFileException(name, code, line, message);
    }
}
