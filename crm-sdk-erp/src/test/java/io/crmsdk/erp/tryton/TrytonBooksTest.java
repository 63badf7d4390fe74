package io.crmsdk.erp.tryton;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.model.PaymentState;
import io.crmsdk.receivables.InvoiceStanding;
import io.crmsdk.receivables.LedgerEntry;
import io.crmsdk.receivables.OrderStanding;
import io.crmsdk.receivables.ReadingReport;
import io.crmsdk.receivables.ReceivablesLedger;
import io.crmsdk.store.Store;
import io.crmsdk.sync.Fields;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The books of a real server: invoice 2 of its demo data is half paid. */
@Tag("slow")
class TrytonBooksTest {
    private static final long HALF_PAID = 2;

    @TempDir
    private Path folder;

    private TrytonServer server;
    private TrytonBooks books;
    private Store store;
    private ReceivablesLedger ledger;

    @BeforeEach
    void connect() throws IOException, InterruptedException {
        server = TrytonServer.of(RealTryton.settings(folder));
        books = TrytonBooks.of(server, "demo");
        store = Store.sqlite(folder.resolve("books.db"));
        ledger = ReceivablesLedger.open(store, "tryton", "demo");
    }

    @AfterEach
    void disconnect() {
        if (store != null) {
            store.close();
            books.close();
        }
    }

    private Map<String, BigDecimal> openInTryton() {
        Map<String, BigDecimal> open = new TreeMap<>();
        List<Fields> invoices = server.read(
                TrytonBooks.INVOICE,
                List.<Object>of(
                        List.<Object>of("type", "=", "out"),
                        List.<Object>of("state", "in", List.<Object>of("posted", "paid", "cancelled"))),
                10_000,
                List.<Object>of("amount_to_pay"));
        for (Fields invoice : invoices) {
            open.put(
                    "account.invoice:" + invoice.get("id"),
                    new BigDecimal(String.valueOf(invoice.text("amount_to_pay.decimal"))));
        }
        return open;
    }

    private Map<String, BigDecimal> openHere() {
        Map<String, BigDecimal> open = new TreeMap<>();
        ledger.forEachInvoice(
                invoice -> open.put(invoice.document(), invoice.open().amount()));
        return open;
    }

    private void agrees() {
        ReadingReport report = ledger.read(books);

        assertThat(report.differences()).isEmpty();
        assertThat(report.agrees()).isTrue();
        assertThat(ledger.holds()).isEmpty();
        Map<String, BigDecimal> tryton = openInTryton();
        assertThat(openHere())
                .hasSameSizeAs(tryton)
                .allSatisfy((id, open) -> assertThat(open).isEqualByComparingTo(tryton.get(id)));
    }

    private List<LedgerEntry> entriesOf(long line) {
        List<LedgerEntry> entries = new ArrayList<>(ledger.entries(0, 100_000));
        entries.removeIf(entry -> !entry.payment().equals("account.move.line:" + line));
        return entries;
    }

    @Test
    void F_819_what_the_payments_leave_open_is_to_the_cent_what_tryton_says() {
        agrees();

        InvoiceStanding half = ledger.invoice("account.invoice:" + HALF_PAID);
        assertThat(half).isNotNull();
        assertThat(half.state()).isEqualTo(PaymentState.PARTIAL);
        assertThat(half.open().amount()).isEqualByComparingTo("339.95");
        assertThat(half.stated()).isEqualTo(half.open());
        List<OrderStanding> orders = ledger.orders("", 100);
        assertThat(orders)
                .extracting(OrderStanding::state)
                .contains(PaymentState.NOT_INVOICED, PaymentState.UNPAID, PaymentState.PARTIAL, PaymentState.PAID);
    }

    @Test
    void F_819_a_payment_that_is_cancelled_is_reversed_by_an_entry_of_its_own() {
        Bookkeeper bookkeeper = new Bookkeeper(server);
        agrees();
        long line = bookkeeper.pay(HALF_PAID, "20.00");
        agrees();
        assertThat(ledger.invoice("account.invoice:2").open().amount()).isEqualByComparingTo("319.95");

        bookkeeper.cancel(line);
        agrees();

        assertThat(ledger.invoice("account.invoice:2").open().amount()).isEqualByComparingTo("339.95");
        assertThat(entriesOf(line))
                .filteredOn(entry -> "account.invoice:2".equals(entry.target()))
                .extracting(entry -> entry.amount().amount().toPlainString())
                .containsExactly("20.00", "-20.00");
    }

    @Test
    void F_819_a_credit_note_leaves_nothing_open_of_the_invoice_that_it_takes_back() {
        Bookkeeper bookkeeper = new Bookkeeper(server);
        long invoice = bookkeeper.bill("60.10", 1);
        agrees();
        assertThat(openHere().get("account.invoice:" + invoice)).isEqualByComparingTo("60.10");

        bookkeeper.credit(invoice);
        agrees();

        assertThat(bookkeeper.open(invoice)).isEqualTo("0");
        assertThat(openHere().getOrDefault("account.invoice:" + invoice, BigDecimal.ZERO))
                .isZero();
    }

    @Test
    void F_819_an_invoice_in_another_currency_is_settled_in_its_own_to_the_cent() throws Exception {
        long euro;
        try (TrytonServer administrator = TrytonServer.of(RealTryton.administrator(folder))) {
            euro = new Bookkeeper(administrator).currency("EUR");
        }
        Bookkeeper bookkeeper = new Bookkeeper(server);
        long invoice = bookkeeper.bill("80.01", euro);
        agrees();

        bookkeeper.pay(invoice, "30.00", euro);
        agrees();

        InvoiceStanding standing = ledger.invoice("account.invoice:" + invoice);
        assertThat(standing.state()).isEqualTo(PaymentState.PARTIAL);
        assertThat(standing.open().currency().getCurrencyCode()).isEqualTo("EUR");
        assertThat(standing.open().amount()).isEqualByComparingTo("50.01");
        assertThat(bookkeeper.open(invoice)).isEqualTo("50.01");
    }

    @Test
    void reading_the_same_books_again_enters_nothing() {
        agrees();
        int entries = ledger.entries(0, 100_000).size();

        agrees();

        assertThat(ledger.entries(0, 100_000)).hasSize(entries);
    }
}
