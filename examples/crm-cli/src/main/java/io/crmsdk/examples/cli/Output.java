package io.crmsdk.examples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Option;

/** Where a command speaks: machines read JSON Lines on standard output, people read standard error or tables. */
final class Output {
    @Option(names = "--json", description = "JSON Lines on standard output, nothing else there.")
    private boolean json;

    private final PrintStream out =
            new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    private final PrintStream err =
            new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    private final JsonLines lines = new JsonLines(out);

    boolean isJson() {
        return json;
    }

    JsonLines lines() {
        return lines;
    }

    /** One thing that happened: a line for machines, or these words for people. */
    void show(JsonNode line, String words) {
        if (json) {
            lines.write(line);
        } else {
            say(words);
        }
    }

    /** Bytes as they are, on standard output. */
    void bytes(byte[] bytes) {
        out.writeBytes(bytes);
        out.flush();
    }

    /** One line for people: on standard output, or on standard error where that belongs to machines. */
    void say(String text) {
        PrintStream stream = json ? err : out;
        stream.println(text);
        stream.flush();
    }
}
