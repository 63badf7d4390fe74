package io.crmsdk.model;

import java.util.Currency;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The arithmetic of invoices and payments; everything is exact and derived anew each time. */
final class Ledger {
    private Ledger() {}

    static void sameCurrency(String field, Currency currency, @Nullable Money... amounts) {
        for (Money amount : amounts) {
            if (amount != null && !amount.currency().equals(currency)) {
                throw new ModelException(
                        "CURRENCY_MISMATCH", field, "expected " + currency + ", got " + amount.currency());
            }
        }
    }

    static Money applied(Invoice invoice, List<Payment> payments) {
        return settled(invoice, payments, PaymentStatus.CLEARED, null);
    }

    static PaymentState state(Invoice invoice, List<Payment> payments) {
        if (invoice.status().is(InvoiceStatus.VOID)) {
            return PaymentState.VOID;
        }
        if (invoice.status().is(InvoiceStatus.DRAFT)) {
            return PaymentState.NOT_INVOICED;
        }
        return state(
                invoice.gross(),
                applied(invoice, payments),
                settled(invoice, payments, PaymentStatus.CLEARED, SettlementKind.CREDIT_NOTE),
                settled(invoice, payments, PaymentStatus.PENDING, null));
    }

    /** Credit notes count as what they settle, not as claims of their own, or they would count twice. */
    static PaymentState state(SalesOrder order, List<Invoice> invoices, List<Payment> payments) {
        Money gross = Money.zero(order.currency());
        Money applied = ofOrder(order, payments, PaymentStatus.CLEARED, null);
        Money credited = ofOrder(order, payments, PaymentStatus.CLEARED, SettlementKind.CREDIT_NOTE);
        Money pending = ofOrder(order, payments, PaymentStatus.PENDING, null);
        boolean invoiced = false;
        for (Invoice invoice : invoices) {
            if (!isClaimOf(invoice, order)) {
                continue;
            }
            invoiced = true;
            sameCurrency("orders.invoices", order.currency(), invoice.gross());
            gross = gross.plus(invoice.gross());
            applied = applied.plus(applied(invoice, payments));
            credited = credited.plus(settled(invoice, payments, PaymentStatus.CLEARED, SettlementKind.CREDIT_NOTE));
            pending = pending.plus(settled(invoice, payments, PaymentStatus.PENDING, null));
        }
        return invoiced ? state(gross, applied, credited, pending) : PaymentState.NOT_INVOICED;
    }

    static Optional<Money> unallocated(Payment payment) {
        Money left = payment.amount();
        for (Allocation allocation : payment.allocations()) {
            Money part = allocation.paymentAmount() != null ? allocation.paymentAmount() : allocation.amount();
            if (!part.currency().equals(payment.currency())) {
                return Optional.empty();
            }
            left = left.minus(part);
        }
        return Optional.of(left);
    }

    static boolean matches(RecordRef ref, @Nullable String id, List<ExternalId> externalIds) {
        if (ref.id() != null && ref.id().equals(id)) {
            return true;
        }
        ExternalId wanted = ref.externalId();
        return wanted != null && externalIds.stream().anyMatch(wanted::sameObject);
    }

    private static PaymentState state(Money gross, Money applied, Money credited, Money pending) {
        int sign = gross.signum() < 0 ? -1 : 1;
        int toGross = sign * applied.compareTo(gross);
        if (toGross > 0) {
            return PaymentState.OVERPAID;
        }
        if (toGross == 0) {
            boolean byCreditAlone = applied.signum() != 0 && credited.equals(applied);
            return byCreditAlone ? PaymentState.CREDITED : PaymentState.PAID;
        }
        if (sign * applied.signum() > 0) {
            return PaymentState.PARTIAL;
        }
        return sign * pending.plus(applied).compareTo(gross) >= 0 ? PaymentState.IN_PAYMENT : PaymentState.UNPAID;
    }

    private static boolean isClaimOf(Invoice invoice, SalesOrder order) {
        return !invoice.status().is(InvoiceStatus.VOID)
                && !invoice.status().is(InvoiceStatus.DRAFT)
                && !invoice.type().is(InvoiceType.CREDIT_NOTE)
                && invoice.orders().stream().anyMatch(ref -> matches(ref, order.id(), order.externalIds()));
    }

    private static Money settled(
            Invoice invoice, List<Payment> payments, PaymentStatus status, @Nullable SettlementKind kind) {
        Money sum = Money.zero(invoice.currency());
        for (Payment payment : payments) {
            if (!counts(payment, status, kind)) {
                continue;
            }
            for (Allocation allocation : payment.allocations()) {
                RecordRef target = allocation.invoice();
                if (target != null && matches(target, invoice.id(), invoice.externalIds())) {
                    sameCurrency("payments.allocations.amount", invoice.currency(), allocation.amount());
                    sum = sum.plus(allocation.amount());
                }
            }
        }
        return sum;
    }

    private static Money ofOrder(
            SalesOrder order, List<Payment> payments, PaymentStatus status, @Nullable SettlementKind kind) {
        Money sum = Money.zero(order.currency());
        for (Payment payment : payments) {
            if (!counts(payment, status, kind)) {
                continue;
            }
            for (Allocation allocation : payment.allocations()) {
                RecordRef target = allocation.order();
                if (target != null && matches(target, order.id(), order.externalIds())) {
                    sameCurrency("payments.allocations.amount", order.currency(), allocation.amount());
                    sum = sum.plus(allocation.amount());
                }
            }
        }
        return sum;
    }

    private static boolean counts(Payment payment, PaymentStatus status, @Nullable SettlementKind kind) {
        return payment.status().is(status) && (kind == null || payment.kind() == kind);
    }
}
