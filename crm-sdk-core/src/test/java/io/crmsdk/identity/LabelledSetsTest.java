package io.crmsdk.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.fixtures.SharedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bars on the labelled sets that are kept beside the project; their origin and licences are named there. */
@Tag("slow")
class LabelledSetsTest {
    /** Pairs that are linked or can be reached over questions that a person would answer with yes. */
    @ParameterizedTest
    @CsvSource({
        "crm-traps, 0.92, 0.995, 90",
        "febrl1, 0, 0.999, 300",
        "febrl3, 0, 0.999, 900",
        "fake1000, 0, 0.77, 4000",
        "hist50k, 0, 0.86, 18000",
        "senzing-truthset, 0, 0.95, 1800",
        "fodors-zagats, 0, 0.99, 400"
    })
    void nothing_false_is_linked_and_what_is_true_is_found(
            String set, double leastLinked, double leastFound, double mostAskedPerThousand) throws IOException {
        Path folder = SharedFiles.need("data/identity/" + set);
        List<List<String>> rows = CsvRows.read(folder.resolve("records.csv"));
        RecordColumns columns = RecordColumns.parse(Files.readString(folder.resolve("schema.properties")), rows.get(0));
        Map<String, String> truth = new HashMap<>();
        CsvRows.read(folder.resolve("truth.csv")).forEach(row -> truth.put(row.get(0), row.get(1)));
        MatchRules rules = MatchRules.defaults();
        Resolver resolver = columns.linksSources() ? Resolver.acrossSources(rules) : Resolver.of(rules);
        for (List<String> row : rows.subList(1, rows.size())) {
            resolver.add(row.get(0), columns.source(row), columns.evidence(row));
        }

        Resolution resolution = resolver.resolve();

        Map<String, String> joined = new HashMap<>();
        for (List<String> cluster : resolution.clusters()) {
            Set<String> people = new HashSet<>();
            cluster.forEach(id -> people.add(truth.get(id)));
            assertThat(people).as("%s: %s", set, cluster).hasSize(1);
            cluster.forEach(id -> joined.put(id, cluster.get(0)));
        }
        double all = pairsOf(truth.keySet(), truth, joined, false);
        assertThat(pairsOf(joined.keySet(), truth, joined, true) / all)
                .as("linked")
                .isGreaterThanOrEqualTo(leastLinked);
        List<Resolution.Pair> asked = resolution.reviews();
        assertThat(asked.size() * 1000.0 / resolver.size()).as("asked").isLessThanOrEqualTo(mostAskedPerThousand);
        for (Resolution.Pair pair : asked) {
            if (truth.get(pair.a()).equals(truth.get(pair.b()))) {
                String from = root(joined, pair.b());
                joined.put(from, root(joined, pair.a()));
            }
        }
        joined.replaceAll((id, to) -> root(joined, to));
        assertThat(pairsOf(joined.keySet(), truth, joined, true) / all)
                .as("found")
                .isGreaterThanOrEqualTo(leastFound);
    }

    private static String root(Map<String, String> joined, String id) {
        String at = id;
        while (!joined.get(at).equals(at)) {
            at = joined.get(at);
        }
        return at;
    }

    private static double pairsOf(
            Set<String> ids, Map<String, String> truth, Map<String, String> joined, boolean together) {
        Map<String, Integer> sizes = new HashMap<>();
        for (String id : ids) {
            if (!id.equals("id")) {
                sizes.merge(together ? truth.get(id) + "/" + joined.get(id) : truth.get(id), 1, Integer::sum);
            }
        }
        return sizes.values().stream().mapToDouble(n -> n * (n - 1) / 2.0).sum();
    }
}
