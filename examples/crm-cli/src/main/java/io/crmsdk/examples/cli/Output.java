package io.crmsdk.examples.cli;

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

    /** One line for people: on standard output, or on standard error where that belongs to machines. */
    void say(String text) {
        PrintStream stream = json ? err : out;
        stream.println(text);
        stream.flush();
    }
}
