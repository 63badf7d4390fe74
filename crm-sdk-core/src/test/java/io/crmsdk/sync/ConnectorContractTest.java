package io.crmsdk.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The contract passes a good connector and catches bad ones. */
class ConnectorContractTest {
    private static Fields customer(int number) {
        return FakeSystem.fields("name", "Customer " + number, "city", "Bonn");
    }

    private static ConnectorContract contract(Connector connector) {
        return ConnectorContract.of(
                connector, ConnectorContractTest::customer, fields -> FakeSystem.fields("city", "Ulm"));
    }

    private static FakeConnector good() {
        return new FakeConnector(new FakeSystem(), FakeConnector.full("good").build());
    }

    private static List<String> broken(Connector connector) {
        List<String> broken = new ArrayList<>();
        for (ConnectorContract.Check check : contract(connector).checks()) {
            try {
                check.run();
            } catch (AssertionError e) {
                broken.add(check.name());
            }
        }
        return broken;
    }

    @TestFactory
    Stream<DynamicTest> a_good_connector_keeps_the_contract() {
        return contract(good()).checks().stream().map(check -> DynamicTest.dynamicTest(check.name(), check::run));
    }

    @Test
    void a_strict_comparison_of_times_is_caught_F806() {
        FakeSystem system = new FakeSystem();
        Connector strict =
                new FakeConnector(system, FakeConnector.full("strict").build()) {
                    @Override
                    public Page changesSince(Instant from, String next, int limit) {
                        return super.changesSince(from.plusNanos(1), next, limit);
                    }
                };

        assertThat(broken(strict)).containsExactly("changes since a time have every later change, in order");
    }

    @Test
    void a_listing_that_stops_early_is_caught_F803() {
        Connector early =
                new FakeConnector(new FakeSystem(), FakeConnector.full("early").build()) {
                    @Override
                    public Page list(String next, int limit) {
                        return Page.last(super.list(next, limit).records());
                    }
                };

        assertThat(broken(early)).containsExactly("a listing in small pages has every record once and ends");
    }

    @Test
    void answers_without_a_ref_are_caught_F506() {
        Connector forgetful = new FakeConnector(
                new FakeSystem(), FakeConnector.full("forgetful").build()) {
            @Override
            public List<Written> write(List<Write> writes) {
                List<Written> results = super.write(writes);
                return results.size() > 1 ? results.subList(1, results.size()) : results;
            }
        };

        assertThat(broken(forgetful)).containsExactly("every write of a batch has one answer under its ref");
    }
}
