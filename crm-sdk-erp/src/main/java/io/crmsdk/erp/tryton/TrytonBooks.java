package io.crmsdk.erp.tryton;

import io.crmsdk.model.Coded;
import io.crmsdk.model.ExternalId;
import io.crmsdk.model.Invoice;
import io.crmsdk.model.InvoiceStatus;
import io.crmsdk.model.InvoiceType;
import io.crmsdk.model.Money;
import io.crmsdk.model.OrderStatus;
import io.crmsdk.model.RecordRef;
import io.crmsdk.model.SalesOrder;
import io.crmsdk.receivables.ControlTotal;
import io.crmsdk.receivables.DocumentPage;
import io.crmsdk.receivables.DocumentSource;
import io.crmsdk.receivables.LedgerDocument;
import io.crmsdk.sync.Cause;
import io.crmsdk.sync.ConnectorException;
import io.crmsdk.sync.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The sales, customer invoices and payments of a Tryton database, for a {@link io.crmsdk.receivables.ReceivablesLedger}.
 *
 * <p>What pays an invoice is what Tryton itself counts: lines on receivable accounts that are noted as its payments, and lines that are
 * reconciled with its own. A payment that covers several invoices is shared out among the lines of its reconciliation, and a credit
 * note is set off first. A payment that was cancelled is reconciled with its counterpart and no longer with the invoice, so the
 * ledger enters its reversal. Money on a receivable account that belongs to no invoice is a payment that nothing was allocated to.
 * A line that was delegated to another party is only announced; Tryton no longer counts it as open, so the ledger shows a difference.
 *
 * <p>Payments are in the company's currency, allocations in the invoice's. Suppliers' invoices are left out. The user needs the right to
 * read sales, invoices and moves. Source: trytond 6.0, {@code account_invoice/invoice.py} ({@code get_amount_to_pay}) and
 * {@code account/move.py}. Only reads.
 */
public final class TrytonBooks implements DocumentSource {
    static final String SYSTEM = "tryton";
    static final String SALE = "sale.sale";
    static final String INVOICE = "account.invoice";
    static final String LINE = "account.move.line";

    private static final List<String> ORDER_OF_MODELS = List.of(SALE, INVOICE, LINE);
    private static final List<Object> SALE_ASKED =
            List.<Object>of("number", "state", "party", "currency.code", "total_amount");
    private static final List<Object> INVOICE_ASKED =
            List.<Object>of("number", "state", "party", "currency.code", "total_amount", "amount_to_pay", "sales");

    private final TrytonServer server;
    private final String instance;

    private TrytonBooks(TrytonServer server, String instance) {
        this.server = Objects.requireNonNull(server, "server");
        this.instance = Objects.requireNonNull(instance, "instance");
    }

    /**
     * The books of a database; closing them closes the server's.
     *
     * @param instance which of several databases this is; may be empty
     */
    public static TrytonBooks of(TrytonServer server, String instance) {
        return new TrytonBooks(server, instance);
    }

    @Override
    public String system() {
        return SYSTEM;
    }

    @Override
    public String instance() {
        return instance;
    }

    /**
     * Sales first, then invoices, then what settles them, each in the order of their ids.
     *
     * @throws ConnectorException if the page could not be read as a whole
     */
    @Override
    public DocumentPage page(@Nullable String next, int limit) {
        String[] at = (next == null ? SALE + ":0" : next).split(":", 2);
        long after = Long.parseLong(at[1]);
        return switch (at[0]) {
            case SALE -> page(SALE, List.of(), SALE_ASKED, after, limit, this::orders);
            case INVOICE ->
                page(INVOICE, List.<Object>of(BookFigures.OURS), INVOICE_ASKED, after, limit, this::invoices);
            default -> page(LINE, BookLine.SETTLING, BookLine.ASKED, after, limit, this::settlements);
        };
    }

    private DocumentPage page(
            String model,
            List<Object> domain,
            List<Object> asked,
            long after,
            int limit,
            Function<List<Fields>, List<LedgerDocument>> reading) {
        List<Object> rest = new ArrayList<>(domain);
        rest.add(List.<Object>of("id", ">", after));
        List<Fields> records = server.read(model, rest, limit, asked);
        if (!records.isEmpty()) {
            return new DocumentPage(reading.apply(records), model + ":" + id(records.get(records.size() - 1)));
        }
        int following = ORDER_OF_MODELS.indexOf(model) + 1;
        return new DocumentPage(
                List.of(), following < ORDER_OF_MODELS.size() ? ORDER_OF_MODELS.get(following) + ":0" : null);
    }

    private List<LedgerDocument> orders(List<Fields> records) {
        return records.stream().map(this::order).toList();
    }

    private LedgerDocument order(Fields sale) {
        Money gross = money(sale, "total_amount");
        return LedgerDocument.of(SalesOrder.builder(customer(sale), gross.currency(), orderStatus(word(sale, "state")))
                .externalIds(List.of(named(SALE, id(sale))))
                .number(sale.text("number"))
                .gross(gross)
                .build());
    }

    private static Coded<OrderStatus> orderStatus(String state) {
        return switch (state) {
            case "draft", "quotation" -> Coded.of(OrderStatus.DRAFT);
            case "confirmed", "processing" -> Coded.of(OrderStatus.CONFIRMED);
            case "done" -> Coded.of(OrderStatus.CLOSED);
            case "cancelled" -> Coded.of(OrderStatus.CANCELLED);
            default -> Coded.other(state);
        };
    }

    private List<LedgerDocument> invoices(List<Fields> records) {
        return records.stream().map(this::invoice).toList();
    }

    private LedgerDocument invoice(Fields invoice) {
        Money gross = money(invoice, "total_amount");
        String state = word(invoice, "state");
        InvoiceType type = gross.signum() < 0 ? InvoiceType.CREDIT_NOTE : InvoiceType.INVOICE;
        boolean claims = BookFigures.CLAIMS.contains(state);
        return LedgerDocument.of(Invoice.builder(
                        customer(invoice), Coded.of(type), gross.currency(), gross, invoiceStatus(state))
                .externalIds(List.of(named(INVOICE, id(invoice))))
                .number(invoice.text("number"))
                .orders(ids(invoice, "sales").stream()
                        .map(sale -> RecordRef.of(named(SALE, sale)))
                        .toList())
                .balance(claims ? money(invoice, "amount_to_pay") : null)
                .build());
    }

    private static Coded<InvoiceStatus> invoiceStatus(String state) {
        return switch (state) {
            case "draft", "validated" -> Coded.of(InvoiceStatus.DRAFT);
            case "posted", "paid" -> Coded.of(InvoiceStatus.POSTED);
            case "cancelled" -> Coded.of(InvoiceStatus.VOID);
            default -> Coded.other(state);
        };
    }

    private List<LedgerDocument> settlements(List<Fields> records) {
        return new Settlements(server, this::named)
                .documents(records.stream().map(BookLine::of).toList());
    }

    /** Counted anew with questions of their own; what Tryton has none of is not declared. */
    @Override
    public List<ControlTotal> totals() {
        return new BookFigures(server).totals();
    }

    private RecordRef customer(Fields record) {
        return RecordRef.of(named("party.party", number(record, "party")));
    }

    private ExternalId named(String model, long id) {
        return ExternalId.of(SYSTEM, instance, model, String.valueOf(id));
    }

    static long id(Fields record) {
        return number(record, "id");
    }

    /**
     * A reference or an id.
     *
     * @throws ConnectorException if it is not there
     */
    static long number(Fields record, String field) {
        String text = record.get(field);
        if (text == null || !text.matches("\\d{1,18}")) {
            throw malformed(record, field, "a number");
        }
        return Long.parseLong(text);
    }

    /** The ids of a list. */
    static List<Long> ids(Fields record, String field) {
        String text = record.get(field);
        if (text == null || !text.matches("\\[[\\d,\\s]*\\]")) {
            throw malformed(record, field, "a list of ids");
        }
        List<Long> ids = new ArrayList<>();
        for (String one : text.substring(1, text.length() - 1).split(",", -1)) {
            if (!one.isBlank()) {
                ids.add(Long.parseLong(one.strip()));
            }
        }
        return ids;
    }

    static String word(Fields record, String field) {
        String text = record.text(field);
        if (text == null) {
            throw malformed(record, field, "a word");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    /** An exact amount in the record's currency. */
    static Money money(Fields record, String field) {
        return money(record, field, "currency\\..code");
    }

    static Money money(Fields record, String field, String currency) {
        String amount = record.text(field + ".decimal");
        String code = record.text(currency);
        if (amount == null || code == null) {
            throw malformed(record, field, "a decimal and a currency");
        }
        return Money.of(amount, code);
    }

    private static ConnectorException malformed(Fields record, String field, String expected) {
        return new ConnectorException(
                Cause.DATA,
                "TRYTON_FIELD",
                "record " + record.get("id") + ": expected " + expected + " in " + field
                        + ", got something else; nothing of this page was taken. Look at the version of the server",
                null,
                null);
    }

    @Override
    public void close() {
        server.close();
    }

    @Override
    public String toString() {
        return "TrytonBooks[" + server + "]";
    }
}
