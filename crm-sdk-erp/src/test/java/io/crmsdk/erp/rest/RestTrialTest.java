package io.crmsdk.erp.rest;

import io.crmsdk.testkit.ConnectorTrial;
import io.crmsdk.testkit.ConnectorTrialContract;
import io.crmsdk.testkit.ConnectorWorld;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The connector for services that speak JSON on bad days: F-501, F-503, F-505, F-801, F-803, F-804, F-806, F-809, F-813, F-815, F-821. */
@Tag("slow")
class RestTrialTest extends ConnectorTrialContract {
    @TempDir
    private Path folder;

    @Override
    protected ConnectorWorld world() {
        return new RestWorld(RestWorld.CURSOR, folder);
    }

    /** Writes know nothing of pages. */
    @TestFactory
    Stream<DynamicTest> so_it_reads_with_every_kind_of_paging() {
        return Stream.of(
                        "{kind: page, parameter: page, size-parameter: limit}",
                        "{kind: offset, parameter: offset, size-parameter: limit}",
                        "{kind: keyset, parameter: start, size-parameter: limit}",
                        "{kind: link, size-parameter: limit}")
                .flatMap(paging -> ConnectorTrial.of(() -> new RestWorld(paging, folder)).checks().stream()
                        .filter(check -> check.name().startsWith("reading: "))
                        .map(check -> DynamicTest.dynamicTest(paging + ": " + check.name(), check::run)));
    }

    @Test
    void F_806_ten_thousand_and_one_records_of_one_time_all_arrive() {
        ConnectorTrial.of(this::world).sameTime(10_001).run();
    }
}
