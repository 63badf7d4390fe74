package io.crmsdk.mapping;

import java.util.List;
import java.util.Map;

/** A part of a configuration file in which every scalar is text, whatever it looks like. */
sealed interface TextNode {
    /** Where it begins, from 1; 0 if it has no place. */
    int line();

    /** What it is, for messages. */
    String kind();

    record Scalar(String text, int line) implements TextNode {
        @Override
        public String kind() {
            return "a text";
        }
    }

    record Items(List<TextNode> items, int line) implements TextNode {
        @Override
        public String kind() {
            return "a list";
        }
    }

    record Block(Map<String, TextNode> entries, int line) implements TextNode {
        @Override
        public String kind() {
            return "a block of keys";
        }
    }
}
