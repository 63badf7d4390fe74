package io.crmsdk.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LedgerTest {
    private static final long SEED = 20261124;
    private static final RecordRef CUSTOMER = RecordRef.of("c1");
    private static final Currency CNY = Money.currency("CNY");

    private static Invoice invoice(String id, String gross) {
        return Invoice.builder(
                        CUSTOMER,
                        Coded.of(InvoiceType.INVOICE),
                        CNY,
                        Money.of(gross, "CNY"),
                        Coded.of(InvoiceStatus.POSTED))
                .id(id)
                .orders(List.of(RecordRef.of("o1")))
                .build();
    }

    private static Payment payment(String invoice, String amount, PaymentStatus status) {
        return Payment.builder(CUSTOMER, Money.of(amount, "CNY"), Coded.of(status))
                .addAllocation(Allocation.toInvoice(RecordRef.of(invoice), Money.of(amount, "CNY")))
                .build();
    }

    @ParameterizedTest
    @CsvSource({
        "100.00, 0.00, 0.00, UNPAID",
        "100.00, 0.00, 100.00, IN_PAYMENT",
        "100.00, 0.00, 99.99, UNPAID",
        "100.00, 40.00, 60.00, PARTIAL",
        "100.00, 99.99, 0.00, PARTIAL",
        "100.00, 100.00, 0.00, PAID",
        "100.00, 100.01, 0.00, OVERPAID",
        "-50.00, 0.00, 0.00, UNPAID",
        "-50.00, -20.00, 0.00, PARTIAL",
        "-50.00, -50.00, 0.00, PAID",
        "0.00, 0.00, 0.00, PAID",
    })
    void the_state_follows_from_what_was_applied(String gross, String cleared, String pending, PaymentState state) {
        List<Payment> payments = List.of(
                payment("i1", cleared, PaymentStatus.CLEARED),
                payment("i1", pending, PaymentStatus.PENDING),
                payment("i1", "1000.00", PaymentStatus.FAILED),
                payment("i1", "1000.00", PaymentStatus.REVERSED),
                payment("i2", "7.00", PaymentStatus.CLEARED));

        assertThat(invoice("i1", gross).state(payments)).isEqualTo(state);
    }

    @Test
    void credit_notes_alone_credit_and_do_not_pay() {
        Payment credit = payment("i1", "100.00", PaymentStatus.CLEARED).toBuilder()
                .kind(SettlementKind.CREDIT_NOTE)
                .build();

        assertThat(invoice("i1", "100.00").state(List.of(credit))).isEqualTo(PaymentState.CREDITED);
        assertThat(invoice("i1", "150.00").state(List.of(credit, payment("i1", "50.00", PaymentStatus.CLEARED))))
                .isEqualTo(PaymentState.PAID);
    }

    @Test
    void a_void_invoice_is_void_and_a_draft_no_claim() {
        Invoice posted = invoice("i1", "100.00");

        assertThat(posted.toBuilder()
                        .status(Coded.of(InvoiceStatus.VOID))
                        .build()
                        .state(List.of()))
                .isEqualTo(PaymentState.VOID);
        assertThat(posted.toBuilder()
                        .status(Coded.of(InvoiceStatus.DRAFT))
                        .build()
                        .state(List.of()))
                .isEqualTo(PaymentState.NOT_INVOICED);
    }

    @Test
    void an_order_without_an_invoice_is_not_invoiced() {
        SalesOrder order = SalesOrder.builder(CUSTOMER, CNY, Coded.of(OrderStatus.CONFIRMED))
                .id("o1")
                .build();
        List<Invoice> two = List.of(invoice("i1", "10.00"), invoice("i2", "5.00"));
        Payment ten = payment("i1", "10.00", PaymentStatus.CLEARED);
        Payment five = payment("i2", "5.00", PaymentStatus.CLEARED);

        assertThat(order.state(List.of(), List.of())).isEqualTo(PaymentState.NOT_INVOICED);
        assertThat(order.state(two, List.of())).isEqualTo(PaymentState.UNPAID);
        assertThat(order.state(two, List.of(ten))).isEqualTo(PaymentState.PARTIAL);
        assertThat(order.state(two, List.of(ten, five))).isEqualTo(PaymentState.PAID);
    }

    @Test
    void three_payments_in_two_currencies_pay_one_invoice() {
        Payment dollars = Payment.builder(CUSTOMER, Money.of("10.00", "USD"), Coded.of(PaymentStatus.CLEARED))
                .addAllocation(new Allocation(
                        RecordRef.of("i1"),
                        null,
                        Money.of("71.23", "CNY"),
                        Money.of("10.00", "USD"),
                        new BigDecimal("7.123"),
                        null))
                .build();
        List<Payment> payments = List.of(
                dollars, payment("i1", "20.00", PaymentStatus.CLEARED), payment("i1", "8.77", PaymentStatus.CLEARED));

        assertThat(invoice("i1", "100.00").state(payments)).isEqualTo(PaymentState.PAID);
        assertThat(dollars.unallocated()).contains(Money.of("0.00", "USD"));
    }

    @Test
    void a_stated_balance_that_does_not_fit_is_noticed() {
        Invoice stated = invoice("i1", "100.00").toBuilder()
                .balance(Money.of("60.00", "CNY"))
                .build();

        assertThat(stated.reconciles(List.of(payment("i1", "40.00", PaymentStatus.CLEARED))))
                .isTrue();
        assertThat(stated.reconciles(List.of(payment("i1", "40.01", PaymentStatus.CLEARED))))
                .isFalse();
    }

    @Test
    void currencies_are_never_mixed() {
        Payment wrong = Payment.builder(CUSTOMER, Money.of("1", "USD"), Coded.of(PaymentStatus.CLEARED))
                .addAllocation(Allocation.toInvoice(RecordRef.of("i1"), Money.of("1", "USD")))
                .build();

        assertThatThrownBy(() -> Money.of("1", "CNY").plus(Money.of("1", "USD")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        invoice("i1", "1").toBuilder().net(Money.of("1", "USD")).build())
                .isInstanceOf(ModelException.class);
        assertThatThrownBy(() -> invoice("i1", "1").state(List.of(wrong))).isInstanceOf(ModelException.class);
    }

    @Test
    void open_amounts_and_totals_agree_for_any_payments() {
        Random random = new Random(SEED);
        for (int round = 0; round < 300; round++) {
            List<Invoice> invoices = new ArrayList<>();
            List<Payment> payments = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                invoices.add(invoice("i" + i, cents(random.nextInt(200_000) - 50_000)));
                payments.add(payment(
                        "i" + random.nextInt(6),
                        cents(random.nextInt(100_000)),
                        PaymentStatus.values()[random.nextInt(4)]));
            }

            ControlTotals totals = ControlTotals.of(invoices, payments).get(CNY);

            Money balance = Money.zero(CNY);
            for (Invoice invoice : invoices) {
                assertThat(invoice.openAmount(payments).plus(invoice.applied(payments)))
                        .isEqualTo(invoice.gross());
                balance = balance.plus(invoice.openAmount(payments));
            }
            assertThat(totals.balance()).as("seed " + SEED).isEqualTo(balance);
            assertThat(totals.gross().minus(totals.applied())).isEqualTo(balance);
        }
    }

    private static String cents(int amount) {
        return BigDecimal.valueOf(amount, 2).toPlainString();
    }

    @Test
    void money_has_the_minor_units_of_its_currency_and_exact_extra_digits() {
        assertThat(Money.of("1", "CNY")).isEqualTo(Money.of("1.000", "CNY")).hasToString("CNY 1.00");
        assertThat(Money.of("1", "JPY")).hasToString("JPY 1");
        assertThat(Money.of("1", "KWD")).hasToString("KWD 1.000");
        assertThat(Money.of("12500000.50", "CNY").amount()).hasToString("12500000.50");
        assertThat(Money.of("0.12345", "CNY").isPayable()).isFalse();
        assertThatThrownBy(() -> Money.of("1,0", "CNY")).isInstanceOf(ModelException.class);
        assertThatThrownBy(() -> Money.of("1e99", "CNY")).isInstanceOf(ModelException.class);
        assertThatThrownBy(() -> Money.of("1", "RMB")).isInstanceOf(ModelException.class);
    }

    @Test
    void documents_are_equal_by_value_and_show_no_amounts() {
        assertThat(invoice("i1", "100.00").toBuilder().build()).isEqualTo(invoice("i1", "100.00"));
        assertThat(payment("i1", "98765.43", PaymentStatus.CLEARED).toString()).doesNotContain("98765");
        assertThat(invoice("i1", "98765.43").toString()).doesNotContain("98765");
    }
}
