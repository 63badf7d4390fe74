package io.crmsdk.receivables;

import io.crmsdk.model.Money;
import io.crmsdk.store.Store;
import io.crmsdk.sync.Hold;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The orders, invoices and payments of one system, and what settles what.
 *
 * <p>The ledger only grows. What a payment does to a document is entered once, whatever the order in which its states arrive and however
 * often; a reversal is an entry of its own. How far something is paid is derived from the entries each time, exactly, in each currency
 * by itself. A contradiction, such as two documents with one number, is kept as a {@linkplain #findings finding} and counts for nothing.
 *
 * <p>{@link #holds} is the guard: as long as the books of the source and the ledger do not agree to the cent, it says so with both
 * figures, and a pair that asks it writes nothing. Thread-safe, also over processes.
 *
 * <pre>{@code
 * ReceivablesLedger ledger = ReceivablesLedger.open(store, "erp", "main");
 * ledger.read(source);                                  // everything, compared with the source's own totals
 * SyncPair pair = SyncPair.builder("orders-crm", store)
 *         .source(new OrderSource(ledger)).target(crm).controls(ledger::holds).build();
 * }</pre>
 */
public final class ReceivablesLedger {
    private static final int PAGE = 200;
    private static final int SAMPLES = 10;
    private static final Set<ControlTotal.Figure> COUNTED =
            EnumSet.of(ControlTotal.Figure.ORDERS, ControlTotal.Figure.INVOICES, ControlTotal.Figure.PAYMENTS);

    private final Store store;
    private final Books books;
    private final Document.Names names;

    private ReceivablesLedger(Store store, String system, String instance) {
        this.store = Objects.requireNonNull(store, "store");
        this.names = new Document.Names(system, instance);
        String name = system + "@" + instance;
        if (system.isBlank() || name.length() > 64) {
            throw new IllegalArgumentException(
                    "system and instance: expected 1 to 63 characters together, got " + (name.length() - 1));
        }
        this.books = new Books(store, name);
    }

    /**
     * The ledger of one system, which is empty if it was never filled.
     *
     * @param system kind of system, as in the ids of its documents
     * @param instance which one of its kind; may be empty
     */
    public static ReceivablesLedger open(Store store, String system, String instance) {
        return new ReceivablesLedger(store, system, instance);
    }

    /** The kind of system. */
    public String system() {
        return names.system();
    }

    /** Which one of its kind; may be empty. */
    public String instance() {
        return names.instance();
    }

    /**
     * Takes documents, all or none. Giving the same again changes nothing; an older state than the known one has no effect.
     *
     * @param documents at most some thousand, in any order
     * @throws ReceivablesException {@code RECEIVABLES_FOREIGN}, {@code RECEIVABLES_NO_ID} if a document speaks of another system; {@code
     *     RECEIVABLES_MIXED} if it has a revision and an earlier state of it had none, or the other way round
     */
    public TakeReport take(List<LedgerDocument> documents) {
        return take(documents, 0);
    }

    private TakeReport take(List<LedgerDocument> documents, long reading) {
        return store.inTransaction(connection -> {
            Books.Head head = books.lock(connection);
            long moment = reading > 0 ? reading : Math.max(head.reading() + 1, store.nowMicros(connection));
            List<Document> own = new ArrayList<>();
            for (LedgerDocument document : documents) {
                own.add(Document.of(document, moment, names));
            }
            Taking taking = new Taking(books, connection, head, store.nowMicros(connection), moment, reading > 0);
            long seq = taking.take(own);
            books.advance(connection, seq, Math.max(head.reading(), moment));
            return taking.report();
        });
    }

    /**
     * Reads everything that a source has, and compares what was taken with the source's own totals. A document that the source no
     * longer has is withdrawn only if those totals prove that it is gone; otherwise it stays, and the ledger is {@linkplain #holds held}.
     * A reading that was killed is simply repeated.
     *
     * @throws ReceivablesException {@code RECEIVABLES_FOREIGN} if the source is another system's; {@code RECEIVABLES_PAGE_LOOP}; {@code
     *     RECEIVABLES_MIXED} as {@link #take}
     * @throws io.crmsdk.sync.ConnectorException if the source could not be read; what was taken until then stays, and is held
     */
    public ReadingReport read(DocumentSource source) {
        if (!source.system().equals(system()) || !source.instance().equals(instance())) {
            throw new ReceivablesException(
                    "RECEIVABLES_FOREIGN",
                    "this is the ledger of " + system() + "@" + instance() + ", the source is " + source.system() + "@"
                            + source.instance() + "; nothing was taken",
                    null);
        }
        long reading = begin();
        TakeReport report = TakeReport.NOTHING;
        String next = null;
        do {
            DocumentPage page = source.page(next, PAGE);
            report = report.plus(take(page.documents(), reading));
            if (page.next() != null && page.next().equals(next)) {
                throw new ReceivablesException(
                        "RECEIVABLES_PAGE_LOOP",
                        "the source gives the same page again and again; look at its paging",
                        null);
            }
            next = page.next();
        } while (next != null);
        return finish(reading, report, source.totals());
    }

    private long begin() {
        return store.inTransaction(connection -> {
            Books.Head head = books.lock(connection);
            long reading = Math.max(head.reading() + 1, store.nowMicros(connection));
            books.advance(connection, head.seq(), reading);
            books.checked(connection, "a reading began and has not ended");
            return reading;
        });
    }

    private ReadingReport finish(long reading, TakeReport report, List<ControlTotal> declared) {
        TotalsCheck met = new TotalsCheck();
        long missing = 0;
        for (DocumentKind kind : DocumentKind.values()) {
            missing += count(kind, reading, met);
        }
        boolean proven = COUNTED.stream().allMatch(figure -> isDeclared(declared, figure))
                && met.against(declared, COUNTED).isEmpty();
        long withdrawn = proven && missing > 0 ? withdraw(reading) : 0;
        List<TotalsDifference> differences = new ArrayList<>(met.against(declared, COUNTED));
        differences.addAll(totalsCheck().against(declared, EnumSet.of(ControlTotal.Figure.OPEN)));
        ReadingReport end = new ReadingReport(report, withdrawn, missing - withdrawn, differences);
        String words = differences.stream().map(TotalsDifference::sentence).collect(Collectors.joining("; "));
        if (end.unseen() > 0) {
            words = words + (words.isEmpty() ? "" : "; ") + end.unseen()
                    + " documents were not given again and nothing proves that they are gone";
        }
        String kept = words.isEmpty() ? null : words;
        store.inTransaction(connection -> {
            books.lock(connection);
            books.checked(connection, kept);
            return null;
        });
        return end;
    }

    /** A currency in which a source has nothing is not named, so a figure counts as declared once it is named at all. */
    private static boolean isDeclared(List<ControlTotal> declared, ControlTotal.Figure figure) {
        return declared.stream().anyMatch(total -> total.figure() == figure);
    }

    /** Adds up what a reading met; gives how many documents it did not meet. */
    private long count(DocumentKind kind, long reading, TotalsCheck met) {
        long missing = 0;
        for (String after = ""; after != null; ) {
            List<Books.Current> page = page(kind, after);
            for (Books.Current one : page) {
                if (one.seen() >= reading) {
                    met.add(one.document());
                } else if (!one.document().status().equals(Withdrawal.GONE)) {
                    missing++;
                }
            }
            after = last(page);
        }
        return missing;
    }

    private List<Books.Current> page(DocumentKind kind, String after) {
        return store.read(connection -> books.currentAfter(connection, kind, after, PAGE));
    }

    private static @Nullable String last(List<Books.Current> page) {
        return page.isEmpty() ? null : page.get(page.size() - 1).document().doc();
    }

    private long withdraw(long reading) {
        long withdrawn = 0;
        for (DocumentKind kind : DocumentKind.values()) {
            for (String after = ""; after != null; ) {
                List<Books.Current> page = page(kind, after);
                List<Books.Current> gone = page.stream()
                        .filter(one ->
                                one.seen() < reading && !one.document().status().equals(Withdrawal.GONE))
                        .toList();
                if (!gone.isEmpty()) {
                    withdraw(gone, reading);
                    withdrawn += gone.size();
                }
                after = last(page);
            }
        }
        return withdrawn;
    }

    private void withdraw(List<Books.Current> gone, long reading) {
        store.inTransaction(connection -> {
            Books.Head head = books.lock(connection);
            Taking taking = new Taking(books, connection, head, store.nowMicros(connection), reading, true);
            books.advance(connection, taking.withdraw(gone), Math.max(head.reading(), reading));
            return null;
        });
    }

    /** Calls with every invoice and how far it is paid, in the order of their ids, a page in memory at a time. */
    public void forEachInvoice(Consumer<InvoiceStanding> consumer) {
        forEachClaim(claim -> consumer.accept(claim.standing()));
    }

    private void forEachClaim(Consumer<Standings.Claim> consumer) {
        for (String after = ""; after != null; ) {
            List<Books.Current> page = page(DocumentKind.INVOICE, after);
            claims(page).forEach(consumer);
            after = last(page);
        }
    }

    private List<Standings.Claim> claims(List<Books.Current> page) {
        return store.read(connection -> new Standings(books, connection).claims(page));
    }

    /** Calls with every order and how far it is paid, in the order of their ids, a page in memory at a time. */
    public void forEachOrder(Consumer<OrderStanding> consumer) {
        for (String after = ""; after != null; ) {
            List<OrderStanding> page = orders(after, PAGE);
            page.forEach(consumer);
            after = page.isEmpty() ? null : page.get(page.size() - 1).document();
        }
    }

    /**
     * Orders after one of them, in the order of their ids.
     *
     * @param after id of an order; empty to begin
     */
    public List<OrderStanding> orders(String after, int limit) {
        return store.read(connection -> new Standings(books, connection)
                .orders(books.currentAfter(connection, DocumentKind.ORDER, after, limit)));
    }

    /** One order, or null if it never came. */
    public @Nullable OrderStanding order(String document) {
        List<OrderStanding> found = store.read(connection -> new Standings(books, connection)
                .orders(List.copyOf(books.current(connection, DocumentKind.ORDER, List.of(document))
                        .values())));
        return found.isEmpty() ? null : found.get(0);
    }

    /** One invoice, or null if it never came. */
    public @Nullable InvoiceStanding invoice(String document) {
        List<Standings.Claim> found = store.read(connection -> new Standings(books, connection)
                .claims(List.copyOf(books.current(connection, DocumentKind.INVOICE, List.of(document))
                        .values())));
        return found.isEmpty() ? null : found.get(0).standing();
    }

    /** Entries after a number, in their order. */
    public List<LedgerEntry> entries(long after, int limit) {
        return store.read(connection -> books.entriesAfter(connection, after, limit));
    }

    /** What the ledger comes to, in the figures of {@link ControlTotal}, currency by currency. */
    public List<ControlTotal> totals() {
        return totalsCheck().totals();
    }

    private TotalsCheck totalsCheck() {
        TotalsCheck totals = new TotalsCheck();
        for (DocumentKind kind : DocumentKind.values()) {
            for (String after = ""; after != null; ) {
                List<Books.Current> page = page(kind, after);
                page.forEach(one -> totals.add(one.document()));
                after = last(page);
            }
        }
        forEachClaim(totals::open);
        return totals;
    }

    /** What contradicts itself, at most so many. */
    public List<LedgerFinding> findings(int limit) {
        List<LedgerFinding> findings = new ArrayList<>(store.read(connection -> books.refusals(connection, limit)));
        store.read(connection -> missing(connection)).forEach(findings::add);
        forEachClaim(claim -> {
            if (findings.size() < limit) {
                judge(claim, findings);
            }
        });
        return findings.size() <= limit ? findings : List.copyOf(findings.subList(0, limit));
    }

    private List<LedgerFinding> missing(Connection connection) throws SQLException {
        Map<String, Money> sums = new LinkedHashMap<>();
        for (Books.Sum sum : books.missingTargets(connection)) {
            sums.merge(
                    sum.kind() + "\n" + sum.doc() + "\n" + sum.line().currency(),
                    Money.of(sum.amount(), sum.line().currency()),
                    Money::plus);
        }
        List<LedgerFinding> findings = new ArrayList<>();
        sums.forEach((key, sum) -> {
            String[] parts = key.split("\n", -1);
            if (sum.signum() != 0) {
                findings.add(new LedgerFinding(
                        DocumentKind.valueOf(parts[0]),
                        parts[1],
                        "TARGET_MISSING",
                        sum + " is applied to it, and it never came"));
            }
        });
        return findings;
    }

    private static void judge(Standings.Claim claim, List<LedgerFinding> findings) {
        InvoiceStanding standing = claim.standing();
        claim.foreign()
                .forEach(amount -> findings.add(new LedgerFinding(
                        DocumentKind.INVOICE,
                        standing.document(),
                        "CURRENCY",
                        amount + " is applied to an invoice in "
                                + standing.gross().currency())));
        if (claim.isPosted() && !claim.invoice().reconciles(claim.payments())) {
            findings.add(new LedgerFinding(
                    DocumentKind.INVOICE,
                    standing.document(),
                    "BALANCE_DIFFERS",
                    "the source says that " + standing.stated() + " is open, the payments leave " + standing.open()));
        }
    }

    /**
     * Why nothing that rests on these books may be released; empty if the last complete reading agreed with the source to the cent and
     * nothing contradicts itself. For {@link io.crmsdk.sync.SyncPair.Builder#controls}.
     */
    public List<Hold> holds() {
        List<Hold> holds = new ArrayList<>();
        Books.Head head = store.read(connection -> books.head(connection, ""));
        if (head != null && head.differences() != null) {
            holds.add(new Hold(Hold.Kind.TOTALS, head.differences(), List.of()));
        }
        List<LedgerFinding> findings = findings(SAMPLES);
        if (!findings.isEmpty()) {
            LedgerFinding first = findings.get(0);
            holds.add(new Hold(
                    Hold.Kind.TOTALS,
                    "the books contradict themselves: " + first.kind() + " " + first.document() + " " + first.message(),
                    findings.stream().map(LedgerFinding::document).toList()));
        }
        return holds;
    }

    @Override
    public String toString() {
        return "ReceivablesLedger[" + system() + "@" + instance() + "]";
    }
}
