package io.crmsdk.sync;

import io.crmsdk.CrmException;
import io.crmsdk.consent.ConsentEvent;
import io.crmsdk.consent.ConsentEvidence;
import io.crmsdk.consent.ConsentKey;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.Recorded;
import io.crmsdk.consent.Scope;
import io.crmsdk.consent.SubjectKey;
import io.crmsdk.identity.CustomerRegistry;
import io.crmsdk.identity.Sheet;
import io.crmsdk.identity.SourceRecord;
import io.crmsdk.identity.Upserted;
import io.crmsdk.mapping.ConsentSignal;
import io.crmsdk.mapping.MappedRecord;
import io.crmsdk.model.Customer;
import io.crmsdk.model.ExternalId;
import io.crmsdk.quality.Action;
import io.crmsdk.quality.Finding;
import io.crmsdk.quality.OptOut;
import io.crmsdk.store.Store;
import io.crmsdk.store.StoreException;
import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One reading of a sheet or of a system's records into the registry and the consent ledger.
 *
 * <p>Each row ends as a record in the registry or as a reject that is kept with its reasons, and every opt-out it carries is in
 * the ledger, also that of a reject. Rows are stored some at a time, each batch whole or not at all, so a reading that is cut off
 * can simply be repeated: the same reading again changes nothing. Nothing in a row ever permits anything: a cell that says "yes,
 * please" is not recorded as consent. Not thread-safe.
 *
 * <pre>{@code
 * RecordImport run = RecordImport.builder(store, registry, ledger).source("customers.csv").version(sha256).build();
 * for (…) { run.take(rowNumber, mapping.read(rowNumber, cells)); }
 * ImportReport report = run.finish();
 * }</pre>
 */
public final class RecordImport {
    /** The reason of a reject whose opt-out could be attached to nobody. */
    public static final String UNPLACED = "OPT_OUT_UNPLACED";

    private final Store store;
    private final CustomerRegistry registry;
    private final ConsentLedger ledger;
    private final String source;
    private final String run;
    private final @Nullable String system;
    private final int batch;
    private final Consumer<? super ImportedRow> listener;
    private final Sheet sheet;
    private final List<Row> waiting = new ArrayList<>();
    private final ImportReport.Counter counter = new ImportReport.Counter();

    private final long began;

    private RecordImport(Builder builder, String named, String version) {
        this.store = builder.store;
        this.registry = builder.registry;
        this.ledger = builder.ledger;
        this.began = store.read(store::nowMicros);
        this.source = builder.fingerprint == null ? named : firstNameOf(builder.fingerprint, named);
        this.run = source + "@" + version;
        this.system = builder.system;
        this.batch = builder.batch;
        this.listener = builder.listener;
        this.sheet = registry.sheet(source);
    }

    /** The name under which these rows came first. */
    private String firstNameOf(String fingerprint, String named) {
        return store.inTransaction(connection -> {
            Sql.insertNew(
                    Dialect.of(store),
                    connection,
                    "crm_import_source (fingerprint, source, first_us) VALUES (?, ?, ?)",
                    List.of(fingerprint),
                    (statement, key) -> {
                        statement.setString(1, key);
                        statement.setString(2, named);
                        statement.setLong(3, began);
                    });
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT source FROM crm_import_source WHERE fingerprint = ?")) {
                statement.setString(1, fingerprint);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getString(1);
                }
            }
        });
    }

    /** Starts from the store and the two ledgers in it. */
    public static Builder builder(Store store, CustomerRegistry registry, ConsentLedger ledger) {
        return new Builder(store, registry, ledger);
    }

    /** A row on its way; its origin is decided once, however often its transaction runs. */
    private record Row(
            String ref,
            MappedRecord record,
            @Nullable SourceRecord source,
            @Nullable String refusal) {}

    /**
     * Takes the next row; it is durable once the listener hears of it, at the latest when the reading is finished.
     *
     * @param row which one, at most 100 characters: a row number, or the record's id in its system
     */
    public void take(String row, MappedRecord record) {
        Customer customer = record.customer();
        SourceRecord origin = null;
        String refusal = null;
        try {
            origin = customer == null ? null : origin(customer);
        } catch (CrmException e) {
            refusal = e.code();
        }
        waiting.add(new Row(row, record, origin, refusal));
        if (waiting.size() >= batch) {
            flush();
        }
    }

    private SourceRecord origin(Customer customer) {
        if (system != null) {
            return SourceRecord.of(system, customer);
        }
        ExternalId row = sheet.origin(customer);
        return new SourceRecord(row, customer);
    }

    /** The source that this is a reading of: the name it was given, or the one under which the same rows came first. */
    public String source() {
        return source;
    }

    /**
     * Stores what is still waiting, and gives the numbers. Rejects of earlier readings of the same sheet are forgotten: what this
     * one refused again is kept anew, the rest is mended or gone.
     */
    public ImportReport finish() {
        flush();
        if (system == null) {
            store.inTransaction(connection -> Sql.update(
                    connection, "DELETE FROM crm_import_reject WHERE source = ? AND last_us < ?", source, began));
        }
        return counter.report();
    }

    private void flush() {
        List<Row> rows = List.copyOf(waiting);
        waiting.clear();
        if (rows.isEmpty()) {
            return;
        }
        try {
            tell(store.inTransaction(connection -> store(connection, rows)));
        } catch (StoreException e) {
            throw e;
        } catch (CrmException e) {
            rows.forEach(this::alone);
        }
    }

    /** One row of a batch is not acceptable: each has to stand for itself. */
    private void alone(Row row) {
        try {
            tell(store.inTransaction(connection -> store(connection, List.of(row))));
        } catch (StoreException e) {
            throw e;
        } catch (CrmException e) {
            Row refused = new Row(row.ref(), row.record(), null, e.code());
            tell(store.inTransaction(connection -> store(connection, List.of(refused))));
        }
    }

    private void tell(List<ImportedRow> rows) {
        for (ImportedRow row : rows) {
            counter.add(row);
            listener.accept(row);
        }
    }

    private List<ImportedRow> store(Connection connection, List<Row> rows) throws SQLException {
        List<ImportedRow> done = new ArrayList<>();
        for (Row row : rows) {
            done.add(store(connection, row));
        }
        return done;
    }

    private ImportedRow store(Connection connection, Row row) throws SQLException {
        Upserted upserted = row.source() == null ? null : registry.upsert(connection, row.source());
        List<ConsentEvent> events = new ArrayList<>();
        boolean unplaced = false;
        for (ConsentSignal signal : row.record().consent()) {
            if (signal.state() == OptOut.OPTED_OUT) {
                Set<ConsentKey> keys = keys(signal, upserted);
                unplaced |= keys.isEmpty();
                if (!keys.isEmpty()) {
                    events.add(event(signal, keys));
                }
            }
        }
        if (upserted != null && upserted.outcome() != Upserted.Outcome.UNCHANGED) {
            registry.relate(connection, ledger, upserted.customerId());
        }
        int added = added(ledger.recordAll(connection, events));
        List<String> reasons = upserted == null ? reasons(row, unplaced) : List.of();
        keepReject(connection, row.ref(), reasons);
        return new ImportedRow(
                row.ref(),
                outcome(upserted),
                upserted == null ? null : upserted.customerId(),
                row.record().findings(),
                reasons,
                added);
    }

    private static int added(List<Recorded> recorded) {
        return (int) recorded.stream().filter(Recorded::fresh).count();
    }

    private ConsentEvent event(ConsentSignal signal, Set<ConsentKey> keys) {
        ConsentEvidence evidence = ConsentEvidence.builder()
                .text(signal.field() + ": " + signal.raw())
                .build();
        return ledger.system(source).optedOut(run, saying(signal, keys), keys, Scope.of(signal.scope()), evidence);
    }

    /** What is said of whom, wherever its row stands: the same rows in another order say the same. */
    private String saying(ConsentSignal signal, Set<ConsentKey> keys) {
        return signal.field() + "/" + signal.raw() + "/"
                + keys.stream().map(key -> ledger.hashed(key).text()).sorted().collect(Collectors.joining(" "));
    }

    /**
     * The addresses the row names; for mail also the customer, so that the person's other addresses are covered when rows of one
     * person disagree. The customer is named by the record's own id, which stands for whatever customer the record belongs to
     * later: the same row says the same of the same key, also after a merge.
     */
    private static Set<ConsentKey> keys(ConsentSignal signal, @Nullable Upserted upserted) {
        Set<ConsentKey> keys = new LinkedHashSet<>();
        signal.contactPoints().forEach(point -> keys.add(ContactKey.parse(point)));
        boolean whole =
                signal.channel() == ConsentSignal.Channel.EMAIL || signal.channel() == ConsentSignal.Channel.ANY;
        if (upserted != null && (whole || keys.isEmpty())) {
            keys.add(new SubjectKey(upserted.recordId()));
        }
        return keys;
    }

    private static ImportedRow.Outcome outcome(@Nullable Upserted upserted) {
        return upserted == null
                ? ImportedRow.Outcome.REJECTED
                : ImportedRow.Outcome.valueOf(upserted.outcome().name());
    }

    private static List<String> reasons(Row row, boolean unplaced) {
        Set<String> reasons = new LinkedHashSet<>();
        if (row.refusal() != null) {
            reasons.add(row.refusal());
        }
        for (Finding finding : row.record().findings()) {
            if (finding.action() == Action.REJECT) {
                reasons.add(finding.code());
            }
        }
        if (unplaced) {
            reasons.add(UNPLACED);
        }
        return reasons.isEmpty() ? List.of("REJECTED") : List.copyOf(reasons);
    }

    private void keepReject(Connection connection, String row, List<String> reasons) throws SQLException {
        if (reasons.isEmpty()) {
            Sql.update(connection, "DELETE FROM crm_import_reject WHERE source = ? AND row_ref = ?", source, row);
            return;
        }
        long now = store.nowMicros(connection);
        String words = String.join(",", reasons);
        int known = Sql.update(
                connection,
                "UPDATE crm_import_reject SET reasons = ?, last_us = ? WHERE source = ? AND row_ref = ?",
                words,
                now,
                source,
                row);
        if (known == 0) {
            Sql.insertNew(
                    Dialect.of(store),
                    connection,
                    "crm_import_reject (source, row_ref, reasons, first_us, last_us) VALUES (?, ?, ?, ?, ?)",
                    List.of(row),
                    (statement, ref) -> {
                        statement.setString(1, source);
                        statement.setString(2, ref);
                        statement.setString(3, words);
                        statement.setLong(4, now);
                        statement.setLong(5, now);
                    });
        }
    }

    /**
     * What imports of a source refused and did not take since, ordered by row.
     *
     * @param source as {@link Builder#source} had it
     * @param after the last row of the page before; empty for the first
     */
    public static List<ImportReject> rejects(Store store, String source, String after, int limit) {
        return store.read(connection -> {
            List<ImportReject> rejects = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(
                    "SELECT row_ref, reasons, first_us FROM crm_import_reject WHERE source = ? AND row_ref > ?"
                            + " ORDER BY row_ref LIMIT " + limit)) {
                statement.setString(1, source);
                statement.setString(2, after);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        Instant since = Instant.EPOCH.plus(row.getLong(3), ChronoUnit.MICROS);
                        rejects.add(new ImportReject(
                                row.getString(1), List.of(row.getString(2).split(",")), since));
                    }
                }
            }
            return rejects;
        });
    }

    /** Collects how to read; not thread-safe. */
    public static final class Builder {
        private final Store store;
        private final CustomerRegistry registry;
        private final ConsentLedger ledger;
        private @Nullable String source;
        private @Nullable String version;
        private @Nullable String fingerprint;
        private @Nullable String system;
        private int batch = 100;
        private Consumer<? super ImportedRow> listener = row -> {};

        private Builder(Store store, CustomerRegistry registry, ConsentLedger ledger) {
            this.store = Objects.requireNonNull(store, "store");
            this.registry = Objects.requireNonNull(registry, "registry");
            this.ledger = Objects.requireNonNull(ledger, "ledger");
        }

        /** What is read, under a name that stays the same from reading to reading; 1 to 100 characters. */
        public Builder source(String source) {
            if (source.isBlank() || source.length() > 100) {
                throw new IllegalArgumentException("source: expected 1 to 100 characters, got " + source.length());
            }
            this.source = source;
            return this;
        }

        /**
         * Which state of it is read, for example the hash of the file. An opt-out in another state of the source counts as
         * said anew, since the person may have said it since.
         */
        public Builder version(String version) {
            this.version = version;
            return this;
        }

        /**
         * What all rows together say, whatever their order and whatever the source is called, at most 128 characters. If the
         * same rows came earlier under another name, this is a reading of that source, so a renamed copy changes nothing. It
         * is also the version, unless one is said.
         */
        public Builder fingerprint(String fingerprint) {
            if (fingerprint.isBlank() || fingerprint.length() > 128) {
                throw new IllegalArgumentException(
                        "fingerprint: expected 1 to 128 characters, got " + fingerprint.length());
            }
            this.fingerprint = fingerprint;
            return this;
        }

        /** The system in which each record has an id of its own; without it, rows are known again by what they say. */
        public Builder system(String system) {
            this.system = system;
            return this;
        }

        /** How many rows are stored at once, 1 to 10,000; 100 if not said. */
        public Builder batch(int batch) {
            if (batch < 1 || batch > 10_000) {
                throw new IllegalArgumentException("batch: expected 1 to 10000, got " + batch);
            }
            this.batch = batch;
            return this;
        }

        /** Hears of each row once it is durable, in order. */
        public Builder listener(Consumer<? super ImportedRow> listener) {
            this.listener = listener;
            return this;
        }

        /**
         * The reading.
         *
         * @throws IllegalStateException if the source is missing, or both version and fingerprint are
         */
        public RecordImport build() {
            String state = version == null ? fingerprint : version;
            if (source == null || state == null) {
                throw new IllegalStateException("an import needs a source, and a version or a fingerprint");
            }
            return new RecordImport(this, source, state);
        }
    }
}
