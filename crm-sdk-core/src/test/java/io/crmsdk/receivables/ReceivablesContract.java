package io.crmsdk.receivables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmsdk.model.Allocation;
import io.crmsdk.model.Coded;
import io.crmsdk.model.ExternalId;
import io.crmsdk.model.Invoice;
import io.crmsdk.model.InvoiceStatus;
import io.crmsdk.model.InvoiceType;
import io.crmsdk.model.Money;
import io.crmsdk.model.OrderStatus;
import io.crmsdk.model.Payment;
import io.crmsdk.model.PaymentState;
import io.crmsdk.model.PaymentStatus;
import io.crmsdk.model.RecordRef;
import io.crmsdk.model.SalesOrder;
import io.crmsdk.model.SettlementKind;
import io.crmsdk.receivables.ControlTotal.Figure;
import io.crmsdk.store.Databases;
import io.crmsdk.store.Databases.Kind;
import io.crmsdk.store.Databases.TestDatabase;
import io.crmsdk.store.Store;
import io.crmsdk.sync.Hold;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the books promise on every store. */
abstract class ReceivablesContract {
    private static final RecordRef ACME = RecordRef.of(ExternalId.of("erp", "Party", "1"));

    private final Kind kind;

    @TempDir
    Path folder;

    private TestDatabase database;
    private Store store;
    private ReceivablesLedger ledger;

    ReceivablesContract(Kind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void open() throws Exception {
        database = Databases.open(kind, folder);
        store = database.store();
        ledger = ReceivablesLedger.open(store, "erp", "");
    }

    @AfterEach
    void close() {
        store.close();
        database.close();
    }

    private static ExternalId id(String type, String value) {
        return ExternalId.of("erp", type, value);
    }

    private static Money eur(String amount) {
        return Money.of(amount, "EUR");
    }

    private static LedgerDocument order(String n, String gross) {
        return LedgerDocument.of(SalesOrder.builder(ACME, Money.currency("EUR"), Coded.of(OrderStatus.CONFIRMED))
                .addExternalId(id("Order", n))
                .number("SO-" + n)
                .gross(eur(gross))
                .build());
    }

    private static Invoice.Builder invoice(String n, String order, Money gross) {
        return Invoice.builder(
                        ACME, Coded.of(InvoiceType.INVOICE), gross.currency(), gross, Coded.of(InvoiceStatus.POSTED))
                .addExternalId(id("Invoice", n))
                .addOrder(RecordRef.of(id("Order", order)))
                .number("INV-" + n);
    }

    private static Payment.Builder payment(String n, Money amount) {
        return Payment.builder(ACME, amount, Coded.of(PaymentStatus.CLEARED))
                .addExternalId(id("Payment", n))
                .number("PAY-" + n);
    }

    private static Payment.Builder paid(String n, String invoice, Money amount) {
        return payment(n, amount).addAllocation(Allocation.toInvoice(RecordRef.of(id("Invoice", invoice)), amount));
    }

    private void take(LedgerDocument... documents) {
        ledger.take(List.of(documents));
    }

    private InvoiceStanding invoiceStanding(String n) {
        InvoiceStanding standing = ledger.invoice("Invoice:" + n);
        assertThat(standing).isNotNull();
        return standing;
    }

    private OrderStanding orderStanding(String n) {
        OrderStanding standing = ledger.order("Order:" + n);
        assertThat(standing).isNotNull();
        return standing;
    }

    /** Books that a test makes up, with what the system declares of them. */
    private static final class Source implements DocumentSource {
        private final List<LedgerDocument> documents = new ArrayList<>();
        private final List<ControlTotal> totals = new ArrayList<>();
        private int failsAtPage = Integer.MAX_VALUE;
        private Runnable atTotals = () -> {};

        @Override
        public String system() {
            return "erp";
        }

        @Override
        public String instance() {
            return "";
        }

        @Override
        public DocumentPage page(String next, int limit) {
            int from = next == null ? 0 : Integer.parseInt(next);
            if (from / limit >= failsAtPage) {
                throw new IllegalStateException("the connection was cut");
            }
            int to = Math.min(documents.size(), from + limit);
            return new DocumentPage(documents.subList(from, to), to < documents.size() ? Integer.toString(to) : null);
        }

        @Override
        public List<ControlTotal> totals() {
            atTotals.run();
            return totals;
        }
    }

    @Test
    void an_order_is_as_far_paid_as_the_payments_of_its_invoices_say_to_the_cent() {
        take(order("1", "119.00"));
        assertThat(orderStanding("1").state()).isEqualTo(PaymentState.NOT_INVOICED);

        take(LedgerDocument.of(invoice("1", "1", eur("119.00")).build()));
        assertThat(orderStanding("1").state()).isEqualTo(PaymentState.UNPAID);

        take(LedgerDocument.of(paid("1", "1", eur("59.49")).build()));
        assertThat(orderStanding("1").state()).isEqualTo(PaymentState.PARTIAL);
        assertThat(orderStanding("1").open()).isEqualTo(eur("59.51"));
        assertThat(invoiceStanding("1").open()).isEqualTo(eur("59.51"));

        take(LedgerDocument.of(paid("2", "1", eur("59.51")).build()));
        assertThat(orderStanding("1").state()).isEqualTo(PaymentState.PAID);

        take(LedgerDocument.of(paid("3", "1", eur("0.01")).build()));
        assertThat(orderStanding("1").state()).isEqualTo(PaymentState.OVERPAID);
        assertThat(orderStanding("1").open()).isEqualTo(eur("-0.01"));
    }

    @Test
    void a_pending_payment_is_announced_and_not_applied() {
        take(LedgerDocument.of(invoice("1", "1", eur("10.00")).build()));
        Payment pending = paid("1", "1", eur("10.00"))
                .status(Coded.of(PaymentStatus.PENDING))
                .build();
        take(LedgerDocument.of(pending).at(1));
        assertThat(invoiceStanding("1").state()).isEqualTo(PaymentState.IN_PAYMENT);
        assertThat(invoiceStanding("1").open()).isEqualTo(eur("10.00"));

        take(LedgerDocument.of(pending.toBuilder()
                        .status(Coded.of(PaymentStatus.CLEARED))
                        .build())
                .at(2));
        assertThat(invoiceStanding("1").state()).isEqualTo(PaymentState.PAID);
    }

    @Test
    void a_reversal_is_an_entry_of_its_own_and_opens_the_invoice_again() {
        take(LedgerDocument.of(invoice("1", "1", eur("10.00")).build()));
        Payment payment = paid("1", "1", eur("10.00")).build();
        take(LedgerDocument.of(payment).at(1));
        List<LedgerEntry> before = ledger.entries(0, 10);

        take(LedgerDocument.of(payment.toBuilder()
                        .status(Coded.of(PaymentStatus.REVERSED))
                        .build())
                .at(2));

        List<LedgerEntry> after = ledger.entries(0, 10);
        assertThat(after).hasSize(2).startsWith(before.get(0));
        assertThat(after.get(1).reason()).isEqualTo(LedgerEntry.Reason.REVERSAL);
        assertThat(after.get(1).amount()).isEqualTo(eur("-10.00"));
        assertThat(invoiceStanding("1").state()).isEqualTo(PaymentState.UNPAID);
        assertThat(ledger.take(List.of(LedgerDocument.of(payment).at(1))))
                .as("the old state comes late")
                .isEqualTo(new TakeReport(0, 1, 0, 0));
        assertThat(invoiceStanding("1").state()).isEqualTo(PaymentState.UNPAID);
    }

    @Test
    void a_payment_that_is_put_to_another_invoice_leaves_the_first() {
        take(
                LedgerDocument.of(invoice("1", "1", eur("10.00")).build()),
                LedgerDocument.of(invoice("2", "2", eur("10.00")).build()));
        take(LedgerDocument.of(paid("1", "1", eur("10.00")).build()).at(1));
        take(LedgerDocument.of(paid("1", "2", eur("10.00")).build()).at(2));

        assertThat(invoiceStanding("1").state()).isEqualTo(PaymentState.UNPAID);
        assertThat(invoiceStanding("2").state()).isEqualTo(PaymentState.PAID);
        assertThat(ledger.entries(0, 10))
                .extracting(LedgerEntry::reason)
                .containsExactly(
                        LedgerEntry.Reason.SETTLEMENT, LedgerEntry.Reason.CORRECTION, LedgerEntry.Reason.CORRECTION);
    }

    @Test
    void F_819_payments_that_come_twice_shuffled_and_reversed_add_up_to_the_cent() {
        long seed = Long.getLong("crmsdk.seed", System.nanoTime());
        Random random = new Random(seed);
        List<LedgerDocument> arrivals = new ArrayList<>();
        Map<String, BigDecimal> open = new HashMap<>();
        for (int n = 0; n < 200; n++) {
            String currency = n % 3 == 0 ? "CNY" : "EUR";
            BigDecimal gross = BigDecimal.valueOf(random.nextInt(1_000_000), 2);
            open.put(n + " " + currency, gross);
            arrivals.add(LedgerDocument.of(
                            invoice("" + n, "" + n, Money.of(gross, currency)).build())
                    .at(1));
        }
        for (int n = 0; n < 1_000; n++) {
            int to = random.nextInt(200);
            String currency = to % 3 == 0 ? "CNY" : "EUR";
            BigDecimal amount = BigDecimal.valueOf(1 + random.nextInt(10_000), 2);
            int states = 1 + random.nextInt(3);
            Payment last = null;
            for (int state = 1; state <= states; state++) {
                boolean reversed = state == 2 && random.nextInt(3) == 0;
                last = paid("" + n, "" + to, Money.of(amount.add(BigDecimal.valueOf(state, 2)), currency))
                        .status(Coded.of(reversed ? PaymentStatus.REVERSED : PaymentStatus.CLEARED))
                        .build();
                arrivals.add(LedgerDocument.of(last).at(state));
            }
            if (last.status().is(PaymentStatus.CLEARED)) {
                open.merge(to + " " + currency, last.amount().amount().negate(), BigDecimal::add);
            }
        }
        arrivals.addAll(List.copyOf(arrivals));
        Collections.shuffle(arrivals, random);

        for (int from = 0; from < arrivals.size(); from += 97) {
            ledger.take(arrivals.subList(from, Math.min(arrivals.size(), from + 97)));
        }

        Map<String, BigDecimal> found = new HashMap<>();
        ledger.forEachInvoice(standing -> found.put(
                standing.document().replace("Invoice:", "") + " "
                        + standing.open().currency().getCurrencyCode(),
                standing.open().amount()));
        assertThat(found.keySet()).as("seed " + seed).isEqualTo(open.keySet());
        open.forEach((invoice, amount) ->
                assertThat(found.get(invoice)).as(invoice + ", seed " + seed).isEqualByComparingTo(amount));
        assertThat(ledger.findings(10)).as("seed " + seed).isEmpty();
        int entries = ledger.entries(0, 100_000).size();
        assertThat(ledger.take(arrivals).taken()).as("seed " + seed).isZero();
        assertThat(ledger.entries(0, 100_000)).as("seed " + seed).hasSize(entries);
    }

    @Test
    void F_819_a_document_number_counts_once_and_the_second_one_holds_everything() {
        take(LedgerDocument.of(invoice("1", "1", eur("10.00")).build()));
        take(
                LedgerDocument.of(paid("1", "1", eur("4.00")).number("R-7").build()),
                LedgerDocument.of(paid("2", "1", eur("4.00")).number("R-7").build()));

        assertThat(invoiceStanding("1").open()).isEqualTo(eur("6.00"));
        assertThat(ledger.findings(10)).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo("NUMBER_TAKEN");
            assertThat(finding.document()).isEqualTo("Payment:2");
            assertThat(finding.message()).contains("Payment:1");
        });
        assertThat(ledger.holds()).extracting(Hold::kind).containsExactly(Hold.Kind.TOTALS);
    }

    @Test
    void a_number_that_its_document_gave_up_is_free_again() {
        take(LedgerDocument.of(payment("1", eur("4.00")).number("R-7").build()).at(1));
        take(LedgerDocument.of(payment("1", eur("4.00")).number("R-8").build()).at(2));
        take(LedgerDocument.of(payment("2", eur("4.00")).number("R-7").build()).at(1));

        assertThat(ledger.findings(10)).isEmpty();
        take(LedgerDocument.of(payment("3", eur("4.00")).number("R-7").build()).at(1));
        assertThat(ledger.findings(10)).extracting(LedgerFinding::code).containsExactly("NUMBER_TAKEN");
    }

    @Test
    void one_revision_with_two_contents_is_a_finding_and_the_first_counts() {
        take(LedgerDocument.of(invoice("1", "1", eur("10.00")).build()).at(1));
        take(LedgerDocument.of(invoice("1", "1", eur("99.00")).build()).at(1));

        assertThat(invoiceStanding("1").gross()).isEqualTo(eur("10.00"));
        assertThat(ledger.findings(10)).extracting(LedgerFinding::code).containsExactly("REVISION_CLASH");
        take(LedgerDocument.of(invoice("1", "1", eur("99.00")).build()).at(2));
        assertThat(ledger.findings(10)).isEmpty();
    }

    @Test
    void an_open_amount_that_the_source_states_otherwise_is_shown_with_both_figures() {
        take(LedgerDocument.of(
                invoice("1", "1", eur("10.00")).balance(eur("6.00")).build()));
        take(LedgerDocument.of(paid("1", "1", eur("3.00")).build()));

        assertThat(ledger.findings(10)).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo("BALANCE_DIFFERS");
            assertThat(finding.message()).contains("6.00", "7.00");
        });
    }

    @Test
    void what_is_applied_to_an_invoice_that_never_came_or_in_another_currency_is_shown() {
        take(LedgerDocument.of(paid("1", "9", eur("3.00")).build()));
        take(LedgerDocument.of(invoice("2", "2", Money.of("10.00", "CNY")).build()));
        take(LedgerDocument.of(paid("2", "2", eur("5.00")).build()));

        assertThat(ledger.findings(10))
                .extracting(LedgerFinding::code)
                .containsExactlyInAnyOrder("TARGET_MISSING", "CURRENCY");
        assertThat(invoiceStanding("2").open()).isEqualTo(Money.of("10.00", "CNY"));
    }

    @Test
    void a_reading_that_agrees_with_the_books_of_the_source_holds_nothing() {
        Source source = source();

        ReadingReport report = ledger.read(source);

        assertThat(report.agrees()).isTrue();
        assertThat(report.documents().taken()).isEqualTo(901);
        assertThat(ledger.holds()).isEmpty();
        assertThat(ledger.totals()).containsAll(source.totals);
        assertThat(ledger.read(source).documents()).isEqualTo(new TakeReport(0, 901, 0, 0));
        assertThat(ledger.holds()).isEmpty();
    }

    /** 300 orders with an invoice and a payment each, and one payment that settles nothing. */
    private static Source source() {
        Source source = new Source();
        for (int n = 0; n < 300; n++) {
            source.documents.add(order("" + n, "100.00"));
            source.documents.add(
                    LedgerDocument.of(invoice("" + n, "" + n, eur("100.00")).build()));
            source.documents.add(
                    LedgerDocument.of(paid("" + n, "" + n, eur("90.00")).build()));
        }
        source.documents.add(
                LedgerDocument.of(payment("extra", eur("200000.00")).build()));
        source.totals.add(new ControlTotal(Figure.ORDERS, 300, eur("30000.00")));
        source.totals.add(new ControlTotal(Figure.INVOICES, 300, eur("30000.00")));
        source.totals.add(new ControlTotal(Figure.OPEN, 300, eur("3000.00")));
        source.totals.add(new ControlTotal(Figure.PAYMENTS, 301, eur("227000.00")));
        return source;
    }

    @Test
    void payments_that_the_pages_leave_out_are_missed_by_the_totals_with_both_figures() {
        Source source = source();
        source.documents.remove(source.documents.size() - 1);

        ReadingReport report = ledger.read(source);

        assertThat(report.agrees()).isFalse();
        assertThat(report.differences())
                .singleElement()
                .satisfies(difference ->
                        assertThat(difference.sentence()).contains("PAYMENTS", "301", "227000.00", "300", "27000.00"));
        assertThat(ledger.holds())
                .singleElement()
                .satisfies(hold -> assertThat(hold.reason()).contains("227000.00", "27000.00"));
    }

    @Test
    void a_document_that_is_not_given_again_is_withdrawn_only_if_the_totals_prove_it() {
        Source source = source();
        ledger.read(source);
        source.documents.removeIf(document -> document.id().value().equals("extra"));

        ReadingReport unproven = ledger.read(source);
        assertThat(unproven.withdrawn()).isZero();
        assertThat(unproven.unseen()).isEqualTo(1);
        assertThat(ledger.holds()).isNotEmpty();
        assertThat(ledger.totals()).contains(new ControlTotal(Figure.PAYMENTS, 301, eur("227000.00")));

        source.totals.removeIf(total -> total.figure() == Figure.PAYMENTS);
        source.totals.add(new ControlTotal(Figure.PAYMENTS, 300, eur("27000.00")));
        ReadingReport proven = ledger.read(source);
        assertThat(proven.withdrawn()).isEqualTo(1);
        assertThat(proven.agrees()).isTrue();
        assertThat(ledger.holds()).isEmpty();
        assertThat(ledger.totals()).contains(new ControlTotal(Figure.PAYMENTS, 300, eur("27000.00")));
    }

    @Test
    void a_payment_that_was_withdrawn_counts_again_once_the_source_gives_it_again_and_not_by_a_repeat() {
        Source source = source();
        source.documents.replaceAll(document -> document.at(7));
        LedgerDocument extra = source.documents.get(source.documents.size() - 1);
        ledger.read(source);
        source.documents.remove(extra);
        source.totals.removeIf(total -> total.figure() == Figure.PAYMENTS);
        source.totals.add(new ControlTotal(Figure.PAYMENTS, 300, eur("27000.00")));
        assertThat(ledger.read(source).withdrawn()).isEqualTo(1);

        assertThat(ledger.take(List.of(extra))).isEqualTo(new TakeReport(0, 1, 0, 0));
        assertThat(ledger.totals()).contains(new ControlTotal(Figure.PAYMENTS, 300, eur("27000.00")));

        source.documents.add(extra);
        source.totals.removeIf(total -> total.figure() == Figure.PAYMENTS);
        source.totals.add(new ControlTotal(Figure.PAYMENTS, 301, eur("227000.00")));
        assertThat(ledger.read(source).agrees()).isTrue();
        assertThat(ledger.totals()).contains(new ControlTotal(Figure.PAYMENTS, 301, eur("227000.00")));
        assertThat(ledger.entries(0, 1_000))
                .filteredOn(entry -> entry.payment().equals("Payment:extra"))
                .extracting(LedgerEntry::reason)
                .containsExactly(
                        LedgerEntry.Reason.SETTLEMENT, LedgerEntry.Reason.REVERSAL, LedgerEntry.Reason.SETTLEMENT);
        assertThat(ledger.holds()).isEmpty();
    }

    @Test
    void states_with_and_without_a_revision_are_not_mixed() {
        take(LedgerDocument.of(paid("1", "1", eur("4.00")).build()));
        LedgerDocument versioned =
                LedgerDocument.of(paid("1", "1", eur("5.00")).build()).at(8);

        assertThatThrownBy(() ->
                        take(LedgerDocument.of(paid("2", "1", eur("1.00")).build()), versioned))
                .isInstanceOf(ReceivablesException.class)
                .hasMessageContainingAll("RECEIVABLES_MIXED", "Payment:1");
        assertThat(ledger.entries(0, 10)).hasSize(1);
    }

    @Test
    void a_document_that_comes_by_itself_while_everything_is_read_is_not_missing() {
        Source source = source();
        LedgerDocument pending = LedgerDocument.of(payment("late", eur("5.00"))
                .status(Coded.of(PaymentStatus.PENDING))
                .build());
        source.documents.add(pending);
        assertThat(ledger.read(source).agrees()).isTrue();
        source.documents.remove(pending);
        source.atTotals = () -> ledger.take(List.of(pending));

        ReadingReport report = ledger.read(source);

        assertThat(report.withdrawn()).isZero();
        assertThat(report.agrees()).isTrue();
    }

    @Test
    void a_reading_that_overtakes_another_does_not_withdraw_what_that_one_saw() {
        Source inner = source();
        Source outer = source();
        outer.atTotals = () -> assertThat(ledger.read(inner).agrees()).isTrue();

        assertThat(ledger.read(outer).agrees()).isTrue();
        assertThat(ledger.holds()).isEmpty();
    }

    @Test
    void a_reading_that_breaks_off_holds_until_a_whole_one_agrees() {
        Source source = source();
        ledger.read(source);
        source.failsAtPage = 2;

        assertThatThrownBy(() -> ledger.read(source)).hasMessage("the connection was cut");
        assertThat(ledger.holds())
                .singleElement()
                .satisfies(hold -> assertThat(hold.reason()).contains("has not ended"));

        source.failsAtPage = Integer.MAX_VALUE;
        assertThat(ledger.read(source).agrees()).isTrue();
        assertThat(ledger.holds()).isEmpty();
    }

    @Test
    void an_empty_answer_of_a_source_that_had_documents_withdraws_nothing() {
        ledger.read(source());

        ReadingReport report = ledger.read(new Source());

        assertThat(report.withdrawn()).isZero();
        assertThat(report.unseen()).isEqualTo(901);
        assertThat(orderStanding("7").state()).isEqualTo(PaymentState.PARTIAL);
        assertThat(ledger.holds()).isNotEmpty();
    }

    @Test
    void a_credit_note_that_is_set_off_settles_and_is_no_claim_of_its_own() {
        take(
                order("1", "10.00"),
                LedgerDocument.of(invoice("1", "1", eur("10.00")).build()));
        take(LedgerDocument.of(
                paid("1", "1", eur("10.00")).kind(SettlementKind.CREDIT_NOTE).build()));

        assertThat(orderStanding("1").state()).isEqualTo(PaymentState.CREDITED);
        assertThat(orderStanding("1").open()).isEqualTo(eur("0.00"));
    }

    @Test
    void documents_of_another_system_are_refused_whole() {
        LedgerDocument foreign = LedgerDocument.of(payment("1", eur("1.00"))
                .externalIds(List.of(ExternalId.of("other", "Payment", "1")))
                .build());

        assertThatThrownBy(() -> take(order("1", "1.00"), foreign))
                .isInstanceOf(ReceivablesException.class)
                .hasMessageContaining("RECEIVABLES_FOREIGN");
        assertThat(ledger.order("Order:1")).isNull();
    }

    @Test
    void two_writers_that_take_the_same_documents_count_them_once() throws Exception {
        List<LedgerDocument> documents = new ArrayList<>();
        documents.add(
                LedgerDocument.of(invoice("1", "1", eur("1000.00")).build()).at(1));
        for (int n = 0; n < 100; n++) {
            documents.add(
                    LedgerDocument.of(paid("" + n, "1", eur("1.00")).build()).at(1));
        }
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            Callable<Void> writer = () -> {
                for (int from = 0; from < documents.size(); from += 10) {
                    ledger.take(documents.subList(from, Math.min(documents.size(), from + 10)));
                }
                return null;
            };
            for (Future<Void> done : two.invokeAll(List.of(writer, writer))) {
                done.get();
            }
        } finally {
            two.shutdownNow();
        }

        assertThat(invoiceStanding("1").open()).isEqualTo(eur("900.00"));
        assertThat(ledger.entries(0, 1_000)).hasSize(100);
        assertThat(ledger.entries(0, 1_000))
                .extracting(LedgerEntry::seq)
                .isSorted()
                .doesNotHaveDuplicates();
    }
}
