package io.crmsdk.mapping;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.crmsdk.quality.Action;
import io.crmsdk.quality.Certainty;
import io.crmsdk.quality.Finding;
import io.crmsdk.quality.FindingCode;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one vendor record from bytes or from a tree into a {@link Reading}; names that no rule knows are passed over. */
final class JsonReader {
    private final Plan plan;
    private final Reading reading;
    private final boolean[] seen;
    private boolean any;

    private JsonReader(Plan plan) {
        this.plan = plan;
        this.reading = new Reading(plan);
        this.seen = new boolean[plan.nodes];
    }

    /** @throws PayloadException if it is no JSON object within the limits, or holds a name twice */
    static Reading read(Plan plan, byte[] json) {
        JsonReader reader = new JsonReader(plan);
        try (JsonParser parser = Limits.JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new PayloadException("MALFORMED", "", "a record is a JSON object", null);
            }
            reader.object(parser, plan.trie);
            if (parser.nextToken() != null) {
                throw new PayloadException("MALFORMED", "", "something follows after the record", null);
            }
        } catch (IOException e) {
            throw refused(e);
        } catch (IllegalStateException e) {
            // The parser's table of names defends itself against crafted collisions in this way.
            throw new PayloadException("LIMIT_EXCEEDED", "", "too many colliding names", e);
        }
        return reader.finished();
    }

    /** A record without a single field that the mapping knows is likely to be another one. */
    private Reading finished() {
        reading.finish();
        if (!any) {
            reading.add(new Finding(
                    "",
                    "record",
                    FindingCode.NO_FIELDS,
                    Certainty.SUSPECT,
                    Action.FLAG_KEEP,
                    "",
                    null,
                    "none of the fields that the mapping " + plan.spec.name() + " reads"));
        }
        return reading;
    }

    static PayloadException refused(IOException e) {
        if (e instanceof StreamConstraintsException) {
            return new PayloadException(
                    "LIMIT_EXCEEDED", "", "nested too deeply, or a text, number or the whole too long", e);
        }
        String where = e instanceof JsonProcessingException json && json.getLocation() != null
                ? " at line " + json.getLocation().getLineNr() + ", column "
                        + json.getLocation().getColumnNr()
                : "";
        return new PayloadException("MALFORMED", "", "not JSON" + where, e);
    }

    private void object(JsonParser parser, Plan.Node node) throws IOException {
        Plan.Strangers strangers = node.strangers();
        long met = 0;
        Names others = null;
        Plan.Node before = null;
        Plan.Node found = next(parser, node, null);
        while (parser.currentToken() == JsonToken.FIELD_NAME) {
            if (found != null && !found.stranger) {
                see(found);
                value(parser, parser.nextToken(), found);
            } else {
                if (found != null && strangers.has(found)) {
                    met = with(met, found.number, node.path);
                } else {
                    others = others == null ? new Names() : others;
                    others.add(parser.currentName(), node.path);
                }
                JsonToken token = parser.nextToken();
                if (token == JsonToken.START_OBJECT && found != null && !node.stranger) {
                    object(parser, found); // knows its names from the last time, one level deep
                } else {
                    pass(parser, token, node.path);
                }
            }
            before = found == null ? before : found;
            found = next(parser, node, before);
        }
        if (parser.currentToken() != JsonToken.END_OBJECT) {
            throw new PayloadException("MALFORMED", node.path, "an object without end", null);
        }
    }

    /** The names met so far and one more. */
    private static long with(long met, int number, String path) {
        long one = 1L << number;
        if ((met & one) != 0) {
            throw Names.twice(path);
        }
        return met | one;
    }

    /** Goes to the next name, first trying the usual one; null if it is not known or the object ends here. */
    private static Plan.@Nullable Node next(JsonParser parser, Plan.Node node, Plan.@Nullable Node before)
            throws IOException {
        Plan.Node guess = node.guess(before);
        if (guess == null) {
            parser.nextToken();
        } else if (parser.nextFieldName(guess.name)) {
            return guess;
        }
        if (parser.currentToken() != JsonToken.FIELD_NAME) {
            return null;
        }
        String name = parser.currentName();
        Plan.Node found = node.child(name);
        if (found == null) {
            found = node.meet(name);
        }
        if (found != null) {
            node.learn(before, found);
        }
        return found;
    }

    private void see(Plan.Node node) {
        if (seen[node.number]) {
            throw Names.twice(node.path);
        }
        seen[node.number] = true;
        any = true;
    }

    private void value(JsonParser parser, JsonToken token, Plan.Node node) throws IOException {
        if (node.tree) {
            kept(node, JsonTree.read(parser, token, node.path));
            return;
        }
        switch (token) {
            case START_OBJECT -> {
                if (node.children == null) {
                    pass(parser, token, node.path);
                    shape(node, "an object");
                } else {
                    object(parser, node);
                }
            }
            case START_ARRAY -> {
                pass(parser, token, node.path);
                shape(node, "a list");
            }
            case VALUE_STRING -> scalar(node, parser.getText(), Scalar.Kind.TEXT);
            case VALUE_NUMBER_INT -> scalar(node, parser.getText(), Scalar.Kind.NUMBER);
            case VALUE_NUMBER_FLOAT -> scalar(node, JsonTree.number(parser.getText(), node.path), Scalar.Kind.NUMBER);
            case VALUE_TRUE -> scalar(node, "true", Scalar.Kind.BOOLEAN);
            case VALUE_FALSE -> scalar(node, "false", Scalar.Kind.BOOLEAN);
            case VALUE_NULL -> nothing(node);
            default -> throw new PayloadException("MALFORMED", node.path, "unexpected " + token, null);
        }
    }

    private void scalar(Plan.Node node, String text, Scalar.Kind kind) {
        if (node.keep >= 0) {
            reading.kept[node.keep] = new Scalar(text, kind);
        }
        for (CompiledRule rule : node.rules) {
            reading.take(rule, text, kind, reading.slots, node.path);
        }
        if (node.children != null && !plan.spec.nullWords().contains(text)) {
            withoutInside(node);
        } else if (node.children != null) {
            nothing(node);
        }
    }

    private void kept(Plan.Node node, Object tree) {
        reading.kept[node.keep] = tree;
        for (CompiledRule rule : node.rules) {
            reading.refuseShape(rule, "a list", node.path);
        }
    }

    /** A null says of everything within that it is null. */
    private void nothing(Plan.Node node) {
        if (node.keep >= 0) {
            reading.kept[node.keep] = Scalar.NULL;
        }
        for (CompiledRule rule : node.rules) {
            reading.takeNothing(rule, rule.nulls(), reading.slots);
        }
        Map<String, Plan.Node> children = node.children;
        if (children != null) {
            children.values().forEach(this::nothing);
        }
    }

    /** One value stands where an object with our fields was expected. */
    private void withoutInside(Plan.Node node) {
        Map<String, Plan.Node> children = node.children;
        if (children != null) {
            children.values().forEach(child -> shape(child, "one value for the whole"));
        }
    }

    private void shape(Plan.Node node, String found) {
        if (node.keep >= 0) {
            reading.kept[node.keep] = new Reading.Misfit(found);
        }
        for (CompiledRule rule : node.rules) {
            reading.refuseShape(rule, found, node.path);
        }
        Map<String, Plan.Node> children = node.children;
        if (children != null) {
            for (Plan.Node child : children.values()) {
                shape(child, found);
            }
        }
    }

    /** Passes over a value that no rule reads, with the same demands as if one did. */
    private static void pass(JsonParser parser, JsonToken token, String path) throws IOException {
        if (token == JsonToken.START_OBJECT) {
            Names names = new Names();
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                names.add(name, path);
                pass(parser, parser.nextToken(), path);
            }
        } else if (token == JsonToken.START_ARRAY) {
            for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                pass(parser, next, path);
            }
        } else if (token == JsonToken.VALUE_NUMBER_FLOAT) {
            JsonTree.number(parser.getText(), path);
        } else if (token == JsonToken.VALUE_STRING) {
            parser.getTextLength();
        }
    }

    /** Reads a record that is already a tree of maps, lists and values. */
    static Reading read(Plan plan, Map<String, ? extends @Nullable Object> tree) {
        JsonReader reader = new JsonReader(plan);
        reader.map(tree, plan.trie);
        return reader.finished();
    }

    private void map(Map<?, ? extends @Nullable Object> tree, Plan.Node node) {
        Map<String, Plan.Node> children = node.children;
        if (children == null) {
            return;
        }
        children.forEach((name, child) -> {
            if (tree.containsKey(name)) {
                any = true;
                treeValue(tree.get(name), child);
            }
        });
    }

    private void treeValue(@Nullable Object value, Plan.Node node) {
        if (value == null || value == Scalar.NULL) {
            nothing(node);
        } else if (node.tree) {
            kept(node, value);
        } else if (value instanceof Map<?, ?> map) {
            if (node.children == null) {
                shape(node, "an object");
            } else {
                map(map, node);
            }
        } else if (JsonTree.isScalar(value)) {
            treeScalar(value, node);
        } else {
            shape(node, "a list");
        }
    }

    private void treeScalar(Object value, Plan.Node node) {
        try {
            Scalar scalar = Scalar.of(value);
            scalar(node, scalar.text(), scalar.kind());
        } catch (ConversionFault e) {
            for (CompiledRule rule : node.rules) {
                reading.refuseValue(rule, e, node.path);
            }
        }
    }
}
