package io.crmsdk.examples.sandbox;

import io.crmsdk.http.HttpGateway;
import io.crmsdk.http.HttpLimits;
import io.crmsdk.sync.Capabilities;
import io.crmsdk.sync.Connector;
import io.crmsdk.sync.Fields;
import io.crmsdk.sync.Found;
import io.crmsdk.sync.Page;
import io.crmsdk.sync.RemoteRecord;
import io.crmsdk.sync.Write;
import io.crmsdk.sync.Written;
import io.crmsdk.testkit.ConnectorTrialContract;
import io.crmsdk.testkit.ConnectorWorld;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;

/** The sandbox's connector on bad days. */
@Tag("slow")
class SandboxTrialTest extends ConnectorTrialContract {
    @Override
    protected ConnectorWorld world() {
        return new World();
    }

    private static final class World implements ConnectorWorld {
        private final SandboxErp erp = SandboxErp.start();

        @Override
        public URI address() {
            return erp.address();
        }

        @Override
        public Connector connect(URI through) {
            return new Owning(HttpGateway.builder(through)
                    .privateNetworkAllowed()
                    .plainHttpAllowed()
                    .limits(HttpLimits.defaults().withCall(Duration.ofMinutes(2), 1))
                    .build());
        }

        @Override
        public Fields sample(int number) {
            return Fields.builder()
                    .text("name", "客户 " + number)
                    .text("address.city", "上海 " + number)
                    .build();
        }

        @Override
        public Fields change(int number) {
            return Fields.builder().text("address.city", "北京 " + number).build();
        }

        @Override
        public Optional<Fields> unacceptable() {
            return Optional.of(Fields.builder().text("name", "长".repeat(81)).build());
        }

        @Override
        public String make(Fields fields) {
            return stored(new Write.Create("user", "user-" + erp.requests(), fields));
        }

        @Override
        public void edit(String id, Fields changes) {
            stored(new Write.Update("user", id, null, changes));
        }

        private String stored(Write write) {
            try (Connector direct = connect(erp.address())) {
                return ((Written.Stored) direct.write(List.of(write)).get(0))
                        .record()
                        .id();
            }
        }

        @Override
        public Map<String, Fields> records() {
            Map<String, Fields> records = new TreeMap<>();
            erp.customers().stream()
                    .filter(customer -> !customer.archived())
                    .forEach(customer -> records.put(customer.id(), customer.fields()));
            return records;
        }

        @Override
        public void close() {
            erp.close();
        }
    }

    /** The sandbox's connector with a gateway of its own. */
    private record Owning(HttpGateway gateway, SandboxConnector inner) implements Connector {
        private Owning(HttpGateway gateway) {
            this(gateway, new SandboxConnector(gateway));
        }

        @Override
        public Capabilities capabilities() {
            return inner.capabilities();
        }

        @Override
        public Page list(String next, int limit) {
            return inner.list(next, limit);
        }

        @Override
        public Page changesSince(Instant from, String next, int limit) {
            return inner.changesSince(from, next, limit);
        }

        @Override
        public Found fetch(String id) {
            return inner.fetch(id);
        }

        @Override
        public List<RemoteRecord> find(String key) {
            return inner.find(key);
        }

        @Override
        public List<Written> write(List<Write> writes) {
            return inner.write(writes);
        }

        @Override
        public void close() {
            gateway.close();
        }
    }
}
