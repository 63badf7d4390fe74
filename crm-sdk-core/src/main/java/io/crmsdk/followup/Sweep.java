package io.crmsdk.followup;

import io.crmsdk.followup.FollowUpCase.Hold;
import io.crmsdk.followup.FollowUpCase.Kind;
import io.crmsdk.internal.LogThread;
import io.crmsdk.internal.Micros;
import io.crmsdk.store.Restoration;
import io.crmsdk.store.Store;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks through the open follow-ups for what no claim finds: newly announced days, definitions nobody knows, a restored store. */
final class Sweep {
    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
    private static final int BATCH = 500;

    private final Store store;
    private final Book book;
    private final Map<String, FollowUp> definitions;
    private final String owner;
    private final LogThread log;

    Sweep(Store store, Book book, Map<String, FollowUp> definitions, String owner, LogThread log) {
        this.log = log;
        this.store = store;
        this.book = book;
        this.definitions = definitions;
        this.owner = owner;
    }

    void run() {
        recompute();
        holdUnknown();
    }

    /**
     * Holds what was due before a restore: it may have fired under the store that was lost. Needs no note that it was done, since what is
     * released afterwards is due later than the restore.
     */
    void afterRestore() {
        Restoration restoration = store.restoration().orElse(null);
        if (restoration == null) {
            return;
        }
        long restoredUs = Micros.of(restoration.restored());
        String detail = "the store was restored at " + restoration.restored()
                + "; whether this happened in between is not known here";
        int held = 0;
        int batch;
        do {
            batch = book.inTransaction(connection -> {
                List<Row> rows = book.dueBefore(connection, restoredUs, BATCH);
                hold(connection, rows, Hold.RESTORED, detail);
                return rows.size();
            });
            held += batch;
        } while (batch == BATCH);
        if (held > 0) {
            int all = held;
            log.write(() -> LOG.warn(
                    "{} follow-ups that were due before the restore are held; look at each and release or cancel it",
                    all));
        }
    }

    private int hold(Connection connection, List<Row> rows, Hold why, String detail) throws SQLException {
        int held = 0;
        long nowUs = store.nowMicros(connection);
        for (Row row : rows) {
            if (book.hold(connection, row, why)) {
                book.note(connection, row.key(), Book.Line.of(Kind.HELD, row, false, owner, detail), nowUs);
                held++;
            }
        }
        return held;
    }

    private void holdUnknown() {
        if (store.read(connection ->
                book.unknown(connection, 1, store.nowMicros(connection)).isEmpty())) {
            return;
        }
        int held;
        do {
            held = book.inTransaction(connection -> {
                List<Row> rows = book.unknown(connection, BATCH, store.nowMicros(connection));
                return hold(
                        connection,
                        rows,
                        Hold.UNKNOWN_DEFINITION,
                        "the engine here does not know its definition in this version and shape; one that does goes on");
            });
            if (held > 0) {
                int some = held;
                log.write(() -> LOG.warn(
                        "{} follow-ups are due whose definition is not known here: register every version that is open",
                        some));
            }
        } while (held == BATCH);
    }

    /** Acts on answers that were given where nobody knew what follows from them; returns on how many. */
    int applyAnswers() {
        List<Row> rows = store.read(connection -> book.answered(connection, BATCH));
        for (Row row : rows) {
            FollowUp definition = Objects.requireNonNull(definitions.get(row.reference()), row.reference());
            Answer answer = Objects.requireNonNull(row.answer(), row.key());
            book.inTransaction(connection -> {
                long nowUs = store.nowMicros(connection);
                // Its line in the history was written with the answer.
                return book.move(connection, row, Position.answered(definition, row, answer, nowUs), nowUs);
            });
        }
        return rows.size();
    }

    private void recompute() {
        String after = "";
        List<Row> rows;
        do {
            String from = after;
            rows = store.read(connection -> book.provisional(connection, from, BATCH, store.nowMicros(connection)));
            for (Row row : rows) {
                recompute(row);
                after = row.key();
            }
        } while (rows.size() == BATCH);
    }

    private void recompute(Row row) {
        FollowUp definition = Objects.requireNonNull(definitions.get(row.reference()), row.reference());
        Delay.Due due = row.recount(definition);
        if (due.provisional() && Micros.of(due.at()) == row.dueUs()) {
            return;
        }
        book.inTransaction(connection -> {
            if (book.recomputed(connection, row, due)) {
                noteRecomputed(book, connection, row, due, owner, store.nowMicros(connection));
            }
            return true;
        });
    }

    static void noteRecomputed(Book book, Connection connection, Row row, Delay.Due due, String owner, long nowUs)
            throws SQLException {
        String detail = "was due " + Micros.instant(row.dueUs()) + " by days that were not announced";
        Book.Line line = new Book.Line(
                Kind.RECOMPUTED, row.step(), Micros.of(due.at()), false, due.provisional(), owner, detail);
        book.note(connection, row.key(), line, nowUs);
    }
}
