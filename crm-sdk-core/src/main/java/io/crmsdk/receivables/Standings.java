package io.crmsdk.receivables;

import io.crmsdk.model.Allocation;
import io.crmsdk.model.Coded;
import io.crmsdk.model.ExternalId;
import io.crmsdk.model.Invoice;
import io.crmsdk.model.InvoiceStatus;
import io.crmsdk.model.InvoiceType;
import io.crmsdk.model.Money;
import io.crmsdk.model.OrderStatus;
import io.crmsdk.model.Payment;
import io.crmsdk.model.PaymentStatus;
import io.crmsdk.model.RecordRef;
import io.crmsdk.model.SalesOrder;
import io.crmsdk.model.SettlementKind;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Derives how far documents are paid, a page at a time. The arithmetic is the model's; here its inputs are put together: for each
 * target the sums of its entries by kind of settlement and standing.
 */
final class Standings {
    private static final RecordRef NOBODY = RecordRef.of("-");

    private final Books books;
    private final Connection connection;

    Standings(Books books, Connection connection) {
        this.books = books;
        this.connection = connection;
    }

    /** An invoice with the payments that touch it; those in another currency are apart, since they cannot be summed. */
    record Claim(Invoice invoice, List<Payment> payments, List<Money> foreign) {
        InvoiceStanding standing() {
            Money applied = invoice.applied(payments);
            return new InvoiceStanding(
                    value(invoice.externalIds()),
                    invoice.number(),
                    invoice.state(payments),
                    invoice.gross(),
                    applied,
                    invoice.openAmount(payments),
                    invoice.balance());
        }

        boolean isPosted() {
            return !invoice.status().is(InvoiceStatus.VOID) && !invoice.status().is(InvoiceStatus.DRAFT);
        }
    }

    List<Claim> claims(List<Books.Current> invoices) throws SQLException {
        List<String> docs = invoices.stream().map(one -> one.document().doc()).toList();
        Map<String, Map<Document.Line, BigDecimal>> sums = sums(DocumentKind.INVOICE, docs);
        List<Claim> claims = new ArrayList<>();
        for (Books.Current one : invoices) {
            Document document = one.document();
            List<Payment> payments = new ArrayList<>();
            List<Money> foreign = new ArrayList<>();
            sums.getOrDefault(document.doc(), Map.of())
                    .forEach((line, sum) -> place(line, sum, document.currency(), payments, foreign));
            claims.add(new Claim(invoice(document), payments, foreign));
        }
        return claims;
    }

    private Map<String, Map<Document.Line, BigDecimal>> sums(DocumentKind kind, List<String> docs) throws SQLException {
        Map<String, Map<Document.Line, BigDecimal>> sums = new HashMap<>();
        for (Books.Sum sum : books.entriesOf(connection, kind, docs)) {
            sums.computeIfAbsent(sum.doc(), k -> new TreeMap<>()).merge(sum.line(), sum.amount(), BigDecimal::add);
        }
        return sums;
    }

    private static void place(
            Document.Line line, BigDecimal sum, String currency, List<Payment> payments, List<Money> foreign) {
        Money amount = Money.of(sum, line.currency());
        if (sum.signum() == 0) {
            return;
        }
        if (!line.currency().equals(currency)) {
            foreign.add(amount);
            return;
        }
        boolean toInvoice = line.targetKind().equals(DocumentKind.INVOICE.name());
        RecordRef target = RecordRef.of(id(line.targetKind(), line.target()));
        payments.add(Payment.builder(NOBODY, amount, Coded.of(PaymentStatus.valueOf(line.standing())))
                .kind(SettlementKind.valueOf(line.settlement()))
                .addAllocation(toInvoice ? Allocation.toInvoice(target, amount) : Allocation.toOrder(target, amount))
                .build());
    }

    private static Invoice invoice(Document document) {
        Currency currency = Money.currency(document.currency());
        boolean gone = document.status().equals(Withdrawal.GONE);
        Coded<InvoiceStatus> status =
                gone ? Coded.of(InvoiceStatus.VOID) : Coded.parse(InvoiceStatus.class, document.status());
        String type = document.type() == null ? InvoiceType.INVOICE.name() : document.type();
        Money gross = document.amount() == null ? Money.zero(currency) : money(document.amount(), document);
        return Invoice.builder(NOBODY, Coded.parse(InvoiceType.class, type), currency, gross, status)
                .addExternalId(id(DocumentKind.INVOICE.name(), document.doc()))
                .number(document.number())
                .balance(document.open() == null ? null : money(document.open(), document))
                .orders(document.orders().stream()
                        .map(order -> RecordRef.of(id(DocumentKind.ORDER.name(), order)))
                        .toList())
                .build();
    }

    private static Money money(String amount, Document document) {
        return Money.of(amount, document.currency());
    }

    private static ExternalId id(String kind, String doc) {
        return ExternalId.of("ledger", kind, doc);
    }

    private static String value(List<ExternalId> ids) {
        return ids.get(0).value();
    }

    List<OrderStanding> orders(List<Books.Current> orders) throws SQLException {
        List<String> docs = orders.stream().map(one -> one.document().doc()).toList();
        Map<String, Set<String>> billing = books.billing(connection, docs);
        List<String> invoices =
                billing.values().stream().flatMap(Set::stream).distinct().toList();
        Map<String, Claim> claims = new HashMap<>();
        claims(List.copyOf(books.current(connection, DocumentKind.INVOICE, invoices)
                        .values()))
                .forEach(claim -> claims.put(value(claim.invoice().externalIds()), claim));
        Map<String, Map<Document.Line, BigDecimal>> own = sums(DocumentKind.ORDER, docs);
        List<OrderStanding> standings = new ArrayList<>();
        for (Books.Current one : orders) {
            String doc = one.document().doc();
            List<Claim> its = new ArrayList<>();
            for (String invoice : billing.getOrDefault(doc, Set.of())) {
                Claim claim = claims.get(invoice);
                if (claim != null
                        && claim.invoice()
                                .currency()
                                .getCurrencyCode()
                                .equals(one.document().currency())) {
                    its.add(claim);
                }
            }
            standings.add(standing(one.document(), its, own.getOrDefault(doc, Map.of())));
        }
        return standings;
    }

    private static OrderStanding standing(Document document, List<Claim> claims, Map<Document.Line, BigDecimal> own) {
        Currency currency = Money.currency(document.currency());
        List<Invoice> invoices = new ArrayList<>();
        List<Payment> payments = new ArrayList<>();
        Money invoiced = Money.zero(currency);
        Money applied = Money.zero(currency);
        for (Claim claim : claims) {
            invoices.add(claim.invoice());
            payments.addAll(claim.payments());
            if (claim.isPosted() && !claim.invoice().type().is(InvoiceType.CREDIT_NOTE)) {
                invoiced = invoiced.plus(claim.invoice().gross());
                applied = applied.plus(claim.invoice().applied(claim.payments()));
            }
        }
        own.forEach((line, sum) -> place(line, sum, document.currency(), payments, new ArrayList<>()));
        for (Map.Entry<Document.Line, BigDecimal> entry : own.entrySet()) {
            boolean counts = entry.getKey().standing().equals(PaymentStatus.CLEARED.name())
                    && entry.getKey().currency().equals(document.currency());
            applied = counts ? applied.plus(Money.of(entry.getValue(), document.currency())) : applied;
        }
        SalesOrder order = SalesOrder.builder(NOBODY, currency, Coded.parse(OrderStatus.class, document.status()))
                .addExternalId(id(DocumentKind.ORDER.name(), document.doc()))
                .build();
        @Nullable Money amount = document.amount() == null ? null : money(document.amount(), document);
        return new OrderStanding(
                document.doc(),
                document.number(),
                document.customer(),
                document.status(),
                order.state(invoices, payments),
                amount,
                invoiced,
                applied,
                invoiced.minus(applied));
    }
}
