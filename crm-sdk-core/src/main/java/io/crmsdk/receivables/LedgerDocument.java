package io.crmsdk.receivables;

import io.crmsdk.model.Allocation;
import io.crmsdk.model.Coded;
import io.crmsdk.model.ExternalId;
import io.crmsdk.model.Invoice;
import io.crmsdk.model.Money;
import io.crmsdk.model.Payment;
import io.crmsdk.model.PaymentStatus;
import io.crmsdk.model.RecordRef;
import io.crmsdk.model.SalesOrder;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One state of an order, invoice or payment, as its system gave it. Immutable.
 *
 * <p>States of one document are put in order by their revision, whatever the order in which they arrive: a stamp or version number of
 * the document's own system that grows with each change. A document that was read directly, in the state of this moment, needs none.
 */
public final class LedgerDocument {
    private final DocumentKind kind;
    private final ExternalId id;
    private final OptionalLong revision;
    private final @Nullable String number;
    private final RecordRef customer;
    private final Currency currency;
    private final @Nullable Money amount;
    private final @Nullable Money open;
    private final @Nullable String type;
    private final String status;
    private final List<RecordRef> orders;
    private final List<Line> lines;

    /** What a payment does to one target while it stands. */
    record Line(String targetKind, @Nullable RecordRef target, String settlement, String standing, Money amount) {}

    private LedgerDocument(
            DocumentKind kind,
            List<ExternalId> ids,
            OptionalLong revision,
            @Nullable String number,
            RecordRef customer,
            Currency currency,
            @Nullable Money amount,
            @Nullable Money open,
            @Nullable String type,
            String status,
            List<RecordRef> orders,
            List<Line> lines) {
        if (ids.isEmpty()) {
            throw new ReceivablesException(
                    "RECEIVABLES_NO_ID",
                    kind + " " + number + ": expected the id that its own system gave it; nothing was taken",
                    null);
        }
        this.kind = kind;
        this.id = ids.get(0).key();
        this.revision = revision;
        this.number = number;
        this.customer = customer;
        this.currency = currency;
        this.amount = amount;
        this.open = open;
        this.type = type;
        this.status = status;
        this.orders = orders;
        this.lines = lines;
    }

    /**
     * An order in its present state.
     *
     * @throws ReceivablesException {@code RECEIVABLES_NO_ID} if it has no external id; the first one names it
     */
    public static LedgerDocument of(SalesOrder order) {
        return new LedgerDocument(
                DocumentKind.ORDER,
                order.externalIds(),
                OptionalLong.empty(),
                order.number(),
                order.customer(),
                order.currency(),
                order.gross(),
                null,
                null,
                word(order.status()),
                List.of(),
                List.of());
    }

    /**
     * An invoice or credit note in its present state; its {@link Invoice#balance()} is compared with what the payments leave open.
     *
     * @throws ReceivablesException {@code RECEIVABLES_NO_ID} if it has no external id; the first one names it
     */
    public static LedgerDocument of(Invoice invoice) {
        return new LedgerDocument(
                DocumentKind.INVOICE,
                invoice.externalIds(),
                OptionalLong.empty(),
                invoice.number(),
                invoice.customer(),
                invoice.currency(),
                invoice.gross(),
                invoice.balance(),
                word(invoice.type()),
                word(invoice.status()),
                List.copyOf(invoice.orders()),
                List.of());
    }

    /**
     * A payment, a credit note that is set off, or a write-off in its present state. Only what is pending or cleared has an effect.
     *
     * @throws ReceivablesException {@code RECEIVABLES_NO_ID} if it has no external id; the first one names it
     */
    public static LedgerDocument of(Payment payment) {
        return new LedgerDocument(
                DocumentKind.PAYMENT,
                payment.externalIds(),
                OptionalLong.empty(),
                payment.number(),
                payment.customer(),
                payment.currency(),
                payment.amount(),
                null,
                payment.kind().name(),
                word(payment.status()),
                List.of(),
                lines(payment));
    }

    /** This state with its place among the states of the document. */
    public LedgerDocument at(long newRevision) {
        return new LedgerDocument(
                kind,
                List.of(id),
                OptionalLong.of(newRevision),
                number,
                customer,
                currency,
                amount,
                open,
                type,
                status,
                orders,
                lines);
    }

    /** Our own word where there is one, so that a source's spelling makes no difference. */
    private static <E extends Enum<E>> String word(Coded<E> coded) {
        E known = coded.known();
        return known != null ? known.name() : coded.text();
    }

    private static List<Line> lines(Payment payment) {
        boolean stands =
                payment.status().is(PaymentStatus.CLEARED) || payment.status().is(PaymentStatus.PENDING);
        if (!stands) {
            return List.of();
        }
        String settlement = payment.kind().name();
        String standing = word(payment.status());
        List<Line> lines = new ArrayList<>();
        for (Allocation part : payment.allocations()) {
            boolean toInvoice = part.invoice() != null;
            lines.add(new Line(
                    toInvoice ? DocumentKind.INVOICE.name() : DocumentKind.ORDER.name(),
                    toInvoice ? part.invoice() : part.order(),
                    settlement,
                    standing,
                    part.amount()));
        }
        payment.unallocated()
                .filter(rest -> rest.signum() != 0)
                .ifPresent(rest -> lines.add(new Line(LedgerEntry.UNALLOCATED, null, settlement, standing, rest)));
        return lines;
    }

    /** What it is. */
    public DocumentKind kind() {
        return kind;
    }

    /** Its id in its own system, without revision and address. */
    public ExternalId id() {
        return id;
    }

    /** Its place among the states of the document; empty for the state of this moment. */
    public OptionalLong revision() {
        return revision;
    }

    @Nullable
    String number() {
        return number;
    }

    RecordRef customer() {
        return customer;
    }

    Currency currency() {
        return currency;
    }

    @Nullable
    Money amount() {
        return amount;
    }

    @Nullable
    Money open() {
        return open;
    }

    @Nullable
    String type() {
        return type;
    }

    String status() {
        return status;
    }

    List<RecordRef> orders() {
        return orders;
    }

    List<Line> lines() {
        return lines;
    }

    /** Kind and id; no number, no amounts. */
    @Override
    public String toString() {
        return "LedgerDocument[" + kind + " " + id + "]";
    }
}
