package io.crmsdk.examples.sandbox;

import io.crmsdk.http.HttpGateway;
import io.crmsdk.store.Store;
import io.crmsdk.sync.Capabilities;
import io.crmsdk.sync.Connector;
import io.crmsdk.sync.Fields;
import io.crmsdk.sync.Found;
import io.crmsdk.sync.Page;
import io.crmsdk.sync.RemoteRecord;
import io.crmsdk.sync.SyncPair;
import io.crmsdk.sync.SyncPlan;
import io.crmsdk.sync.SyncReport;
import io.crmsdk.sync.Write;
import io.crmsdk.sync.Written;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process that brings records to a sandbox and may be killed at any moment. Arguments: store file, address, records. */
final class KilledSync {
    private KilledSync() {}

    public static void main(String[] arguments) {
        int records = Integer.parseInt(arguments[2]);
        try (Store store = Store.sqlite(Path.of(arguments[0]));
                HttpGateway gateway = SandboxConnector.gateway(URI.create(arguments[1]))) {
            SyncPair pair = SyncPair.builder("killed", store)
                    .source(new Numbers(records))
                    .target(new SandboxConnector(gateway))
                    .build();
            SyncPlan open = pair.latest();
            SyncPlan plan = open == null ? pair.plan() : open;
            System.out.println("planned");
            SyncReport report = pair.apply(plan.hash());
            for (int i = 0; i < 20 && !report.isComplete(); i++) {
                report = pair.apply(plan.hash());
            }
            System.out.println(report.isComplete() ? "complete" : "incomplete");
        }
    }

    /** As many records as it is told, always the same. */
    private record Numbers(int records) implements Connector {
        @Override
        public Capabilities capabilities() {
            return Capabilities.builder("numbers", "", "Number").pageSize(100).build();
        }

        @Override
        public Page list(String next, int limit) {
            int from = next == null ? 0 : Integer.parseInt(next);
            int to = Math.min(records, from + limit);
            List<RemoteRecord> page = new ArrayList<>();
            for (int i = from; i < to; i++) {
                page.add(record(i));
            }
            return to == records ? Page.last(page) : Page.of(page, String.valueOf(to));
        }

        private static RemoteRecord record(int number) {
            return RemoteRecord.of(
                    "n" + number,
                    Fields.builder().text("name", "Number " + number).build());
        }

        @Override
        public Found fetch(String id) {
            return new Found.Present(record(Integer.parseInt(id.substring(1))));
        }

        @Override
        public List<Written> write(List<Write> writes) {
            throw new UnsupportedOperationException("numbers are only read");
        }
    }
}
