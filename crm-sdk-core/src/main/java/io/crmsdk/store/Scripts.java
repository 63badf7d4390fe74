package io.crmsdk.store;

import io.crmsdk.store.internal.Dialect;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/** The scripts that this version of crm-sdk carries, found by their index: a class path cannot be listed. */
final class Scripts {
    private static final String ROOT = "/db/crmsdk/";

    private Scripts() {}

    /** In the order of their numbers. */
    static List<Script> of(Dialect dialect) {
        return names().stream()
                .map(name -> Script.of(name, text(ROOT + dialect.folder() + "/" + name)))
                .sorted(Comparator.comparingInt(Script::version))
                .toList();
    }

    private static List<String> names() {
        return text(ROOT + "index")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }

    private static String text(String resource) {
        try (InputStream in = Scripts.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new StoreException(
                        "STORE_SCHEMA_FAILED",
                        "the resource " + resource + " is missing; the crm-sdk-core jar was repackaged without it",
                        null);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the resource " + resource + " cannot be read", e);
        }
    }
}
