package io.crmsdk.sync;

import io.crmsdk.internal.Suggestion;
import io.crmsdk.internal.TextFile;
import io.crmsdk.internal.TextFileException;
import io.crmsdk.internal.TextNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A block of a file of settings, YAML or JSON, in which every value is text until its reader says what it should be.
 *
 * <p>What is asked for is what is known: after everything was read, {@link #done()} refuses whatever else is in the block and says
 * what was probably meant. A secret never stands in the file, only where to find it. Not thread-safe; secrets are.
 *
 * <pre>{@code
 * Settings settings = Settings.load(Path.of("sync.yaml"), System::getenv);
 * String url = settings.text("url");
 * Supplier<String> token = settings.secret("token"); // token: env:ERP_TOKEN
 * settings.done();
 * }</pre>
 */
public final class Settings {
    private static final Pattern SPAN = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final int MOST_SECRET_CHARS = 64 << 10;

    private final String file;
    private final Path folder;
    private final Environment environment;
    private final String place;
    private final TextNode.Block block;
    private final TreeSet<String> asked = new TreeSet<>();

    /** Where {@code env:NAME} is looked up, usually {@code System::getenv}. */
    @FunctionalInterface
    public interface Environment {
        /** The value of a name; null if there is none. */
        @Nullable
        String get(String name);
    }

    private Settings(String file, Path folder, Environment environment, String place, TextNode.Block block) {
        this.file = file;
        this.folder = folder;
        this.environment = environment;
        this.place = place;
        this.block = block;
    }

    /**
     * Reads a file.
     *
     * @param environment where {@code env:NAME} is looked up, usually {@code System::getenv}
     * @throws SyncException {@code SETTINGS_UNREADABLE} if there is no such file, {@code SETTINGS} if it is malformed
     */
    public static Settings load(Path path, Environment environment) {
        String name = String.valueOf(path.getFileName());
        try {
            if (Files.size(path) > TextFile.MAX_CHARS) {
                throw new SyncException("SETTINGS", name + ": larger than " + TextFile.MAX_CHARS + " bytes", null);
            }
            return parse(name, Files.readString(path, StandardCharsets.UTF_8), path.toAbsolutePath(), environment);
        } catch (IOException e) {
            throw new SyncException(
                    "SETTINGS_UNREADABLE",
                    name + ": cannot be read as UTF-8: " + e.getClass().getSimpleName(),
                    e);
        }
    }

    private static Settings parse(String name, String text, Path path, Environment environment) {
        TextNode root;
        try {
            root = TextFile.read(name, text);
        } catch (TextFileException e) {
            throw new SyncException("SETTINGS", name + at(e.line()) + ": " + e.problem() + "; nothing was done", e);
        }
        if (!(root instanceof TextNode.Block top)) {
            throw new SyncException("SETTINGS", name + ": expected a block of keys, got " + root.kind(), null);
        }
        Path folder = Objects.requireNonNullElse(path.getParent(), path);
        return new Settings(name, folder, environment, "", top);
    }

    private static String at(int line) {
        return line > 0 ? ":" + line : "";
    }

    /** Whether the block has this key. */
    public boolean has(String key) {
        return node(key) != null;
    }

    /** A text that must be there and not be blank. */
    public String text(String key) {
        return find(key).orElseThrow(() -> problem(block.line(), key, "is missing"));
    }

    /** A text, or what holds if the key is absent. */
    public String text(String key, String usual) {
        return find(key).orElse(usual);
    }

    /** A text, if the key is there. */
    public Optional<String> find(String key) {
        TextNode node = node(key);
        return node == null ? Optional.empty() : Optional.of(scalar(key, node));
    }

    /** A whole number within bounds. */
    public int number(String key, int usual, int least, int most) {
        String text = find(key).orElse(null);
        if (text == null) {
            return usual;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw problem(line(key), key, "expected a whole number from " + least + " to " + most, e);
        }
        throw problem(line(key), key, "expected a whole number from " + least + " to " + most + ", got " + text);
    }

    /** {@code true} or {@code false}; no other word means either. */
    public boolean flag(String key, boolean usual) {
        return choice(key, String.valueOf(usual), List.of("true", "false")).equals("true");
    }

    /** A span of time such as {@code 30s}, {@code 10m}, {@code 2h}. */
    public Duration span(String key, Duration usual) {
        String text = find(key).orElse(null);
        if (text == null) {
            return usual;
        }
        Matcher span = SPAN.matcher(text);
        if (!span.matches()) {
            throw problem(line(key), key, "expected a span of time such as 30s, 10m or 2h, got " + text);
        }
        long number = Long.parseLong(span.group(1));
        return switch (span.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    /** One of some words. */
    public String choice(String key, String usual, List<String> words) {
        String text = find(key).orElse(usual).toLowerCase(Locale.ROOT);
        if (!words.contains(text)) {
            throw problem(
                    line(key),
                    key,
                    "expected one of " + String.join(", ", words) + ", got " + text + Suggestion.of(text, words));
        }
        return text;
    }

    /** A list of texts; empty if the key is absent. */
    public List<String> list(String key) {
        TextNode node = node(key);
        List<String> texts = new ArrayList<>();
        if (node instanceof TextNode.Items items) {
            items.items().forEach(item -> texts.add(scalar(key, item)));
        } else if (node != null) {
            texts.add(scalar(key, node));
        }
        return texts;
    }

    /** Texts under names of the file's own choice, in its order; empty if the key is absent. */
    public Map<String, String> texts(String key) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (has(key)) {
            block(key).block.entries().forEach((name, node) -> texts.put(name, scalar(key + "." + name, node)));
        }
        return texts;
    }

    /** A block within that must be there. */
    public Settings block(String key) {
        TextNode node = node(key);
        if (node == null) {
            throw problem(block.line(), key, "is missing");
        }
        if (!(node instanceof TextNode.Block inner)) {
            throw problem(node.line(), key, "expected a block of keys, got " + node.kind());
        }
        return new Settings(file, folder, environment, place + key + ".", inner);
    }

    /** A path; one that is not absolute starts at the folder of the file. */
    public Path path(String key) {
        return folder.resolve(text(key));
    }

    /** The folder that the file is in. */
    public Path folder() {
        return folder;
    }

    /**
     * Where a secret is: {@code env:NAME} or {@code file:PATH}. It is looked up now, so that a missing one is told at once, and
     * again each time it is used, so that it can be changed while the program runs.
     *
     * @throws SyncException {@code SETTINGS} if the file holds anything else: then it may be the secret itself, which is not
     *     repeated in the message
     */
    public Supplier<String> secret(String key) {
        String reference = text(key);
        Supplier<@Nullable String> source;
        if (reference.startsWith("env:")) {
            source = () -> environment.get(reference.substring("env:".length()));
        } else if (reference.startsWith("file:")) {
            source = () -> firstLine(folder.resolve(reference.substring("file:".length())));
        } else {
            throw problem(line(key), key, "expected env:NAME or file:PATH; a secret does not belong into this file");
        }
        there(key, reference, source.get());
        return () -> there(key, reference, source.get());
    }

    private String there(String key, String reference, @Nullable String secret) {
        if (secret == null || secret.isBlank()) {
            throw problem(line(key), key, "there is nothing at " + reference);
        }
        return secret;
    }

    private static @Nullable String firstLine(Path path) {
        try {
            if (Files.size(path) > MOST_SECRET_CHARS) {
                return null;
            }
            return Files.readString(path, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return null;
        }
    }

    /** Refuses keys that nobody asked for. */
    public void done() {
        block.entries().forEach((key, node) -> {
            if (!asked.contains(key)) {
                throw problem(node.line(), key, "is not known here" + Suggestion.of(key, asked));
            }
        });
    }

    /** An error about a value, with file, line and key. */
    public SyncException problem(String key, String what) {
        return problem(line(key), key, what);
    }

    private SyncException problem(int line, String key, String what) {
        return problem(line, key, what, null);
    }

    private SyncException problem(int line, String key, String what, @Nullable Exception cause) {
        return new SyncException(
                "SETTINGS", file + at(line) + ": " + place + key + ": " + what + "; nothing was done", cause);
    }

    private int line(String key) {
        TextNode node = block.entries().get(key);
        return node == null ? block.line() : node.line();
    }

    private @Nullable TextNode node(String key) {
        asked.add(key);
        return block.entries().get(key);
    }

    private String scalar(String key, TextNode node) {
        if (node instanceof TextNode.Scalar scalar && !scalar.text().isBlank()) {
            return scalar.text();
        }
        throw problem(
                node.line(),
                key,
                "expected a text, got " + (node instanceof TextNode.Scalar ? "nothing" : node.kind()));
    }

    /** The file and the place in it; no values. */
    @Override
    public String toString() {
        return "Settings[" + file + (place.isEmpty() ? "" : " " + place) + "]";
    }
}
