package io.crmsdk.examples.cli;

import io.crmsdk.mapping.Mapping;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the mapping that a person named. */
final class Mappings {
    private Mappings() {}

    /** The mapping of a file, or the bundled one of this name. */
    static Mapping named(String name) {
        if (Files.exists(Path.of(name))) {
            return Mapping.load(Path.of(name));
        }
        if (Mapping.bundledNames().contains(name)) {
            return Mapping.bundled(name);
        }
        throw new UsageException("--mapping " + name + ": neither a file nor a bundled mapping; see crm mapping list");
    }
}
