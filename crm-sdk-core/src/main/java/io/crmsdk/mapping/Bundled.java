package io.crmsdk.mapping;

import io.crmsdk.internal.Suggestion;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The mappings that come with the SDK: files beside an index, in a folder that no module encloses, so that each module can bring
 * its own.
 */
final class Bundled {
    private static final String FOLDER = "META-INF/crm-sdk/mappings/";
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*";

    private Bundled() {}

    static List<String> names() {
        Set<String> names = new TreeSet<>();
        try {
            Enumeration<URL> indexes = loader().getResources(FOLDER + "index.txt");
            for (URL index : Collections.list(indexes)) {
                try (BufferedReader lines =
                        new BufferedReader(new InputStreamReader(index.openStream(), StandardCharsets.UTF_8))) {
                    lines.lines()
                            .map(String::strip)
                            .filter(line -> line.matches(NAME))
                            .forEach(names::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the index of bundled mappings cannot be read", e);
        }
        return List.copyOf(names);
    }

    static Mapping load(String name, Converter<?>... hosts) {
        try (InputStream file = name.matches(NAME) ? loader().getResourceAsStream(FOLDER + name + ".yaml") : null) {
            if (file == null) {
                throw Mapping.problem(
                        name,
                        "UNKNOWN_MAPPING",
                        "no bundled mapping has this name" + Suggestion.of(name, names()) + "; there are "
                                + String.join(", ", names()));
            }
            return Mapping.parse(name + ".yaml", Mapping.text(name, file.readAllBytes()), hosts);
        } catch (IOException e) {
            throw new UncheckedIOException("the bundled mapping " + name + " cannot be read", e);
        }
    }

    private static ClassLoader loader() {
        ClassLoader own = Bundled.class.getClassLoader();
        return own == null ? ClassLoader.getSystemClassLoader() : own;
    }

    /** How well a mapping for rows fits a header. */
    private record Fit(
            Mapping mapping,
            List<String> read,
            List<String> unread,
            @Nullable MappingException refused) {
        /** Most of a sheet's columns must mean something, and more than one. */
        boolean good() {
            return refused == null && read.size() >= 3 && read.size() >= unread.size();
        }
    }

    static Mapping fitting(List<String> header) {
        List<Fit> fits = new ArrayList<>();
        for (String name : names()) {
            Mapping mapping = load(name);
            if (mapping.forRows()) {
                fits.add(fit(mapping, header));
            }
        }
        Fit best = null;
        for (Fit fit : fits) {
            if (best == null || fit.read().size() > best.read().size()) {
                best = fit;
            }
        }
        if (best != null && best.good()) {
            return best.mapping();
        }
        throw Mapping.problem("bundled", "NO_FITTING_MAPPING", nearest(best));
    }

    private static Fit fit(Mapping mapping, List<String> header) {
        Set<String> known = new HashSet<>();
        for (CompiledRule rule : mapping.plan().rules) {
            rule.variants().forEach(column -> known.add(Headers.key(column.header())));
        }
        List<String> read = new ArrayList<>();
        List<String> unread = new ArrayList<>();
        for (String name : header) {
            if (!name.isBlank()) {
                (known.contains(Headers.key(name)) ? read : unread).add(name);
            }
        }
        try {
            mapping.forColumns(header);
            return new Fit(mapping, read, unread, null);
        } catch (MappingException e) {
            return new Fit(mapping, read, unread, e);
        }
    }

    private static String nearest(@Nullable Fit best) {
        if (best == null) {
            return "no bundled mapping is for rows";
        }
        String why =
                best.refused() == null ? "" : "; " + best.refused().problems().get(0);
        return "no bundled mapping fits the header; the nearest is "
                + best.mapping().name() + ", which knows "
                + (best.read().isEmpty() ? "none of its columns" : String.join(", ", best.read()))
                + (best.unread().isEmpty() ? "" : " and does not know " + String.join(", ", best.unread()))
                + why
                + ". State a mapping of your own, or rename the columns";
    }
}
