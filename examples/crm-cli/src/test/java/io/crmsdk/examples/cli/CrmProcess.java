package io.crmsdk.examples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Runs the command as a person does: a process of its own, with what it printed and how it ended. */
record CrmProcess(int exit, List<String> out, String err) {
    private static final JsonMapper MAPPER = new JsonMapper();

    static CrmProcess run(Path folder, String input, String... arguments) throws IOException, InterruptedException {
        return run(folder, Map.of(), input, arguments);
    }

    /** The same with more variables in its environment. */
    static CrmProcess run(Path folder, Map<String, String> environment, String input, String... arguments)
            throws IOException, InterruptedException {
        Path in = Files.writeString(Files.createTempFile(folder, "in", ".txt"), input);
        Path out = Files.createTempFile(folder, "out", ".txt");
        Path err = Files.createTempFile(folder, "err", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command(arguments));
        builder.environment().putAll(environment);
        Process process = builder.directory(folder.toFile())
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        if (!process.waitFor(180, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("crm " + String.join(" ", arguments) + " did not end: " + Files.readString(err));
        }
        return new CrmProcess(
                process.exitValue(), Files.readAllLines(out, StandardCharsets.UTF_8), Files.readString(err));
    }

    /** Runs it until it has printed so many lines, and kills it as kill -9 does; false if it had ended by then. */
    static boolean kill(Path folder, int lines, String... arguments) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command(arguments))
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            int seen = 0;
            while (seen < lines && out.readLine() != null) {
                seen++;
            }
            boolean killed = process.isAlive();
            process.destroyForcibly().waitFor();
            return killed && seen == lines;
        }
    }

    /** Runs it until something is seen, and kills it as kill -9 does; false if it had ended by then. */
    static boolean killWhen(Path folder, Map<String, String> environment, BooleanSupplier seen, String... arguments)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command(arguments));
        builder.environment().putAll(environment);
        Process process = builder.directory(folder.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        while (!process.waitFor(20, TimeUnit.MILLISECONDS)) {
            if (seen.getAsBoolean()) {
                process.destroyForcibly().waitFor();
                return true;
            }
        }
        return false;
    }

    private static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Crm.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Each line as JSON; a line that is none fails. */
    List<JsonNode> lines() {
        return out.stream().map(CrmProcess::json).toList();
    }

    private static JsonNode json(String line) {
        try {
            return MAPPER.readTree(line);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + line, e);
        }
    }
}
