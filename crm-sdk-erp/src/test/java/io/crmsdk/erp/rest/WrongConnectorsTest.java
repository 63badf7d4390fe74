package io.crmsdk.erp.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.sync.Capabilities;
import io.crmsdk.sync.Cause;
import io.crmsdk.sync.Connector;
import io.crmsdk.sync.ConnectorContract;
import io.crmsdk.sync.ConnectorException;
import io.crmsdk.sync.Fields;
import io.crmsdk.sync.Found;
import io.crmsdk.sync.Page;
import io.crmsdk.sync.RemoteRecord;
import io.crmsdk.sync.Write;
import io.crmsdk.sync.Written;
import io.crmsdk.testkit.ConnectorTrial;
import io.crmsdk.testkit.ConnectorWorld;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** The trial catches connectors that are wrong in the usual ways, and says what they did. */
class WrongConnectorsTest {
    @TempDir
    private Path folder;

    /** The checks of a kind that a connector fails. */
    private List<String> failed(String kind, UnaryOperator<Connector> wrong) {
        List<String> failed = new ArrayList<>();
        for (ConnectorContract.Check check : ConnectorTrial.of(
                        () -> new Wrong(new RestWorld(RestWorld.CURSOR, folder), wrong))
                .checks()) {
            if (!check.name().contains(kind)) {
                continue;
            }
            try {
                check.run();
            } catch (TestAbortedException e) {
                throw new AssertionError(check.name() + " was left out", e);
            } catch (AssertionError e) {
                failed.add(check.name());
            }
        }
        return failed;
    }

    @Test
    void the_connector_without_a_fault_fails_nothing() {
        assertThat(failed("records arrive once", connector -> connector)).isEmpty();
        assertThat(failed("records are made once", connector -> connector)).isEmpty();
    }

    @Test
    @Tag("slow")
    void F_806_one_that_passes_over_records_of_the_same_time_fails() {
        UnaryOperator<Connector> wrong = inner -> new Passing(inner) {
            private Instant last = Instant.EPOCH;

            @Override
            public Page changesSince(Instant from, String next, int limit) {
                Page page = super.changesSince(from, next, limit);
                Instant before = last;
                List<RemoteRecord> later = page.records().stream()
                        .filter(record ->
                                next == null || Instant.parse(record.modified()).isAfter(before))
                        .toList();
                page.records().forEach(record -> last = Instant.parse(record.modified()));
                return new Page(later, page.next(), page.serverNow());
            }
        };

        assertThat(failed("records of one time", wrong)).contains("reading: records of one time are all seen: pages");
    }

    @Test
    @Tag("slow")
    void F_501_one_that_takes_too_many_requests_for_the_end_fails() {
        UnaryOperator<Connector> wrong = inner -> new Passing(inner) {
            @Override
            public Page list(String next, int limit) {
                try {
                    return super.list(next, limit);
                } catch (ConnectorException e) {
                    if (e.kind() == Cause.LIMIT) {
                        return Page.last(List.of());
                    }
                    throw e;
                }
            }
        };

        assertThat(failed("never taken for the end if each says 429", wrong)).hasSize(1);
    }

    @Test
    void F_815_one_that_takes_a_batch_with_refusals_for_done_fails() {
        UnaryOperator<Connector> wrong = inner -> new Passing(inner) {
            @Override
            public List<Written> write(List<Write> writes) {
                List<Written> results = new ArrayList<>();
                for (Written result : super.write(writes)) {
                    results.add(
                            result instanceof Written.Refused
                                    ? new Written.Stored(
                                            result.ref(), RemoteRecord.of("made-up-" + result.ref(), Fields.none()))
                                    : result);
                }
                return results;
            }
        };

        assertThat(failed("writing: a record that is refused", wrong)).hasSize(1);
    }

    @Test
    @Tag("slow")
    void F_503_one_that_takes_doubt_for_not_done_fails() {
        UnaryOperator<Connector> wrong = inner -> new Passing(inner) {
            @Override
            public List<Written> write(List<Write> writes) {
                return super.write(writes).stream()
                        .<Written>map(result -> result instanceof Written.Unknown
                                ? new Written.NotTaken(result.ref(), Cause.DOWN, "SURELY_NOT")
                                : result)
                        .toList();
            }
        };

        assertThat(failed("lost after the work was done", wrong)).hasSize(1);
    }

    @Test
    void F_813_one_that_writes_whatever_the_version_is_fails() {
        UnaryOperator<Connector> wrong = inner -> new Passing(inner) {
            @Override
            public List<Written> write(List<Write> writes) {
                return super.write(writes.stream()
                        .map(write -> write instanceof Write.Update update ? whole(update) : write)
                        .toList());
            }

            private Write whole(Write.Update update) {
                Fields all = Fields.builder().text("city", "as it was").build().with(update.changes());
                return new Write.Update(update.ref(), update.id(), null, all);
            }
        };

        assertThat(failed("writing: what a user changed", wrong)).hasSize(1);
    }

    /** A world whose connectors are made wrong. */
    private record Wrong(RestWorld world, UnaryOperator<Connector> wrong) implements ConnectorWorld {
        @Override
        public URI address() {
            return world.address();
        }

        @Override
        public Connector connect(URI through) {
            return wrong.apply(world.connect(through));
        }

        @Override
        public Fields sample(int number) {
            return world.sample(number);
        }

        @Override
        public Fields change(int number) {
            return world.change(number);
        }

        @Override
        public Optional<Fields> unacceptable() {
            return world.unacceptable();
        }

        @Override
        public String make(Fields fields) {
            return world.make(fields);
        }

        @Override
        public void edit(String id, Fields changes) {
            world.edit(id, changes);
        }

        @Override
        public Map<String, Fields> records() {
            return world.records();
        }

        @Override
        public boolean stopTime(boolean stopped) {
            return world.stopTime(stopped);
        }

        @Override
        public Optional<String> makeLate(Fields fields, Duration before) {
            return world.makeLate(fields, before);
        }

        @Override
        public void close() {
            world.close();
        }
    }

    /** Passes everything on. */
    private static class Passing implements Connector {
        private final Connector inner;

        private Passing(Connector inner) {
            this.inner = inner;
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
            inner.close();
        }
    }
}
