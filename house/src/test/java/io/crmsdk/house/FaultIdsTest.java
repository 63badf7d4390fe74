package io.crmsdk.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The ids in the tests are explained in docs/architecture.md, and what it says of the tests is so. */
final class FaultIdsTest {
    private static final Pattern FAULT = Pattern.compile("(?<![A-Za-z0-9])F[-_]?([1-9]\\d{2})(?![0-9A-Za-z])");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([GLF]-?\\d+) \\| (.+) \\| (.+) \\|$");

    @Test
    void every_fault_that_a_test_names_is_explained() throws IOException {
        TreeSet<String> unexplained = new TreeSet<>();
        for (Path test : tests().values()) {
            unexplained.addAll(names(test));
        }
        assertThat(unexplained).hasSizeGreaterThan(50);

        unexplained.removeAll(rows().keySet());
        assertThat(unexplained).as("ids without a row in docs/architecture.md").isEmpty();
    }

    @Test
    void every_test_that_the_table_names_exists() throws IOException {
        Map<String, Path> tests = tests();
        List<String> missing = new ArrayList<>();
        rows().forEach((id, names) -> Stream.of(names.split(", "))
                .filter(name -> !name.equals("—") && !tests.containsKey(name))
                .forEach(name -> missing.add(id + ": " + name)));

        assertThat(missing).isEmpty();
    }

    @Test
    void every_test_that_the_table_names_for_a_fault_names_that_fault() throws IOException {
        Map<String, Path> tests = tests();
        List<String> silent = new ArrayList<>();
        for (Map.Entry<String, String> row : rows().entrySet()) {
            for (String name : row.getValue().split(", ")) {
                Path test = tests.get(name);
                if (row.getKey().startsWith("F") && test != null && !names(test).contains(row.getKey())) {
                    silent.add(row.getKey() + ": " + name);
                }
            }
        }

        assertThat(silent)
                .as("tests of which nobody can tell what provokes the fault")
                .isEmpty();
    }

    private static TreeSet<String> names(Path test) throws IOException {
        TreeSet<String> names = new TreeSet<>();
        Matcher matcher = FAULT.matcher(Files.readString(test));
        while (matcher.find()) {
            names.add("F-" + matcher.group(1));
        }
        return names;
    }

    private static Map<String, String> rows() throws IOException {
        Map<String, String> rows = new LinkedHashMap<>();
        Matcher matcher = ROW.matcher(Files.readString(root().resolve("docs/architecture.md")));
        while (matcher.find()) {
            rows.put(matcher.group(1), matcher.group(3));
        }
        return rows;
    }

    private static Map<String, Path> tests() throws IOException {
        Map<String, Path> tests = new LinkedHashMap<>();
        for (String module :
                List.of("crm-sdk-core", "crm-sdk-mail", "crm-sdk-erp", "examples/crm-cli", "examples/sandbox")) {
            Path folder = root().resolve(module).resolve("src/test/java");
            if (Files.exists(folder)) {
                try (Stream<Path> files = Files.walk(folder)) {
                    files.filter(file -> file.toString().endsWith(".java"))
                            .forEach(file ->
                                    tests.put(file.getFileName().toString().replace(".java", ""), file));
                }
            }
        }
        return tests;
    }

    private static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.exists(at.resolve("README.md"))) {
            at = at.getParent();
        }
        return at;
    }
}
