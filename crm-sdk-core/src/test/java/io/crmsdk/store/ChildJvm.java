package io.crmsdk.store;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A JVM of its own on the tests' class path, to be killed and frozen, and what it said on its output. */
public final class ChildJvm implements AutoCloseable {
    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Thread reader = new Thread(this::read);

    /** @param before what the command line begins with, for example options of a tracer; usually nothing */
    private ChildJvm(List<String> before, List<String> options, Class<?> main, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx128m");
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(options), main.getName()));
        command.addAll(arguments);
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a main class. */
    public static ChildJvm start(Class<?> main, String... arguments) throws IOException {
        return new ChildJvm(List.of(), List.of(), main, List.of(arguments));
    }

    /** Starts a main class with options for its JVM. */
    public static ChildJvm start(List<String> options, Class<?> main, String... arguments) throws IOException {
        return new ChildJvm(List.of(), options, main, List.of(arguments));
    }

    /** Starts a main class without the jars whose file names begin so. */
    public static ChildJvm without(String jar, Class<?> main, String... arguments) throws IOException {
        return new ChildJvm(List.of(), List.of("-Dchild.without=" + jar), main, List.of(arguments));
    }

    /** Starts a main class as another build has it: its classes and test classes come before everything of this one. */
    public static ChildJvm ofBuild(List<Path> classes, Class<?> main, String... arguments) throws IOException {
        String first = classes.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        return new ChildJvm(List.of(), List.of("-Dchild.first=" + first), main, List.of(arguments));
    }

    /** Starts a main class behind another command, such as a tracer. */
    public static ChildJvm behind(List<String> command, Class<?> main, String... arguments) throws IOException {
        return new ChildJvm(command, List.of(), main, List.of(arguments));
    }

    /** On the class path, whatever path the tests themselves run on. */
    private static String classPath(List<String> options) {
        List<String> entries = new ArrayList<>();
        for (String property : List.of("java.class.path", "jdk.module.path", "surefire.test.class.path")) {
            entries.addAll(List.of(System.getProperty(property, "").split(File.pathSeparator, -1)));
        }
        entries.add(Path.of("target", "classes").toAbsolutePath().toString());
        entries.add(Path.of("target", "test-classes").toAbsolutePath().toString());
        entries.removeIf(String::isBlank);
        for (String option : options) {
            if (option.startsWith("-Dchild.first=")) {
                entries.addAll(
                        0, List.of(option.substring(option.indexOf('=') + 1).split(File.pathSeparator, -1)));
            }
            if (option.startsWith("-Dchild.without=")) {
                String jar = option.substring(option.indexOf('=') + 1);
                entries.removeIf(
                        entry -> Path.of(entry).getFileName().toString().startsWith(jar));
            }
        }
        return String.join(File.pathSeparator, entries);
    }

    private void read() {
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add("ERROR " + e);
        }
    }

    /** What it said so far; after a kill the last line may be cut. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** Waits for a line that begins so, and gives it back. */
    public String await(String start) {
        try {
            Awaitility.await(start)
                    .atMost(3, TimeUnit.MINUTES)
                    .until(() -> lines.stream().anyMatch(line -> line.startsWith(start)));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    "a process that " + (process.isAlive() ? "still lives" : "ended with " + process.exitValue())
                            + " did not say " + start + " but " + lines,
                    e);
        }
        return lines.stream().filter(line -> line.startsWith(start)).findFirst().orElseThrow();
    }

    /** Sends it a signal, for example {@code STOP} or {@code CONT}. */
    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor();
    }

    /** Closes its input and waits for its end. */
    public void end() throws IOException, InterruptedException {
        process.getOutputStream().close();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("it did not end");
        }
        reader.join();
    }

    /** As kill -9 does. */
    public void kill() {
        try {
            process.destroyForcibly().waitFor();
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
