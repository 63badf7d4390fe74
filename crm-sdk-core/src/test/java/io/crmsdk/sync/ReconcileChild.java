package io.crmsdk.sync;

import io.crmsdk.store.Store;
import io.crmsdk.store.internal.Sql;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares two sides that are made up as they are read, first equal, then damaged; says what was found. */
final class ReconcileChild {
    private static final String FILLER = "x".repeat(800);

    private ReconcileChild() {}

    /** Arguments: the store's address, how many records each side has. */
    public static void main(String[] arguments) {
        int records = Integer.parseInt(arguments[1]);
        try (Store store = Store.open(arguments[0])) {
            link(store, records);
            ReconcileReport equal = pair(store, records, false).reconciliation();
            say("EQUAL " + equal.records(Side.SOURCE) + " " + equal.equal() + " " + equal.isEqual() + " "
                    + equal.buckets());
            ReconcileReport damaged = pair(store, records, true).reconciliation();
            say("DAMAGED " + damaged.records(Side.SOURCE) + " " + damaged.records(Side.TARGET) + " "
                    + damaged.count(Difference.Kind.FIELDS) + " " + damaged.count(Difference.Kind.BROKEN_LINK) + " "
                    + (damaged.count() - 110));
        }
    }

    private static void link(Store store, int records) {
        Made made = new Made(records, false);
        PairBooks books = new PairBooks(store, "memory");
        for (int from = 0; from < records; from += 1000) {
            List<Link> links = new ArrayList<>();
            for (int i = from; i < from + 1000; i++) {
                links.add(new Link("s" + id(i), "t" + id(i), true, Fields.none(), Fields.none(), "1", "1"));
            }
            store.inTransaction(connection -> {
                Sql.batch(
                        connection,
                        "INSERT INTO crm_sync_link (pair, source_id, target_id, state, source_base, target_base, seen,"
                                + " changed_us) VALUES ('memory', ?, ?, 'LIVE', '{}', '{}', 0, 0)",
                        links,
                        (statement, link) -> {
                            statement.setString(1, link.sourceId());
                            statement.setString(2, link.targetId());
                        });
                return books.linked(connection);
            });
        }
        say("LINKED " + made.records);
    }

    private static SyncPair pair(Store store, int records, boolean damaged) {
        return SyncPair.builder("memory", store)
                .source(new Made(records, false))
                .target(new Made(records, damaged) {
                    @Override
                    String prefix() {
                        return "t";
                    }
                })
                .build();
    }

    private static String id(int number) {
        return String.format("%07d", number);
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    /** Records by their number; damaged, every thousandth says something else and every ten thousandth is gone. */
    private static class Made implements Connector {
        private final int records;
        private final boolean damaged;

        private Made(int records, boolean damaged) {
            this.records = records;
            this.damaged = damaged;
        }

        String prefix() {
            return "s";
        }

        @Override
        public Capabilities capabilities() {
            return Capabilities.builder("made", "", "Record").pageSize(500).build();
        }

        @Override
        public Page list(@Nullable String next, int limit) {
            List<RemoteRecord> page = new ArrayList<>();
            int number = next == null ? 0 : Integer.parseInt(next);
            for (; number < records && page.size() < limit; number++) {
                if (!isGone(number)) {
                    page.add(record(number));
                }
            }
            return number < records ? Page.of(page, String.valueOf(number)) : Page.last(page);
        }

        private boolean isGone(int number) {
            return damaged && number % 10_000 == 5;
        }

        private RemoteRecord record(int number) {
            boolean other = damaged && number % 1000 == 0;
            return RemoteRecord.of(
                    prefix() + id(number),
                    FakeSystem.fields("name", "Name " + number, "note", FILLER, "city", other ? "Ulm" : "Bonn"));
        }

        @Override
        public Found fetch(String id) {
            int number = Integer.parseInt(id.substring(1));
            return isGone(number) ? new Found.Gone() : new Found.Present(record(number));
        }

        @Override
        public List<Written> write(List<Write> writes) {
            throw new IllegalStateException("a comparison writes nothing");
        }
    }
}
