package io.crmsdk.internal;

import java.util.List;
import java.util.Map;

/** A part of a configuration file in which every scalar is text, whatever it looks like. */
public sealed interface TextNode {
    /** Where it begins, from 1; 0 if it has no place. */
    int line();

    /** What it is, for messages. */
    String kind();

    /** A text. */
    record Scalar(String text, int line) implements TextNode {
        @Override
        public String kind() {
            return "a text";
        }
    }

    /** A list. */
    record Items(List<TextNode> items, int line) implements TextNode {
        @Override
        public String kind() {
            return "a list";
        }
    }

    /** Keys in the order of the file, each with its value. */
    record Block(Map<String, TextNode> entries, int line) implements TextNode {
        @Override
        public String kind() {
            return "a block of keys";
        }
    }
}
