package io.crmsdk.sync;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.crmsdk.receivables.ControlTotal;
import io.crmsdk.receivables.DocumentPage;
import io.crmsdk.receivables.DocumentSource;
import io.crmsdk.receivables.LedgerDocument;
import io.crmsdk.receivables.OrderSource;
import io.crmsdk.receivables.ReceivablesLedger;
import io.crmsdk.store.Databases;
import io.crmsdk.store.Databases.TestDatabase;
import io.crmsdk.store.Store;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orders with how far they are paid, from the books of an ERP to a CRM. */
class OrdersToCrmTest {
    private static final RecordRef ACME = RecordRef.of(ExternalId.of("erp", "Party", "1"));

    @TempDir
    Path folder;

    private TestDatabase database;
    private Store store;
    private ReceivablesLedger ledger;
    private final FakeSystem crm = new FakeSystem();
    private final List<LedgerDocument> documents = new ArrayList<>();
    private Money declared = Money.of("60.00", "CNY");

    @BeforeEach
    void open() throws Exception {
        database = Databases.open(Databases.Kind.SQLITE, folder);
        store = database.store();
        ledger = ReceivablesLedger.open(store, "erp", "");
        Money gross = Money.of("100.00", "CNY");
        documents.add(LedgerDocument.of(SalesOrder.builder(ACME, gross.currency(), Coded.of(OrderStatus.CONFIRMED))
                .addExternalId(ExternalId.of("erp", "Order", "1"))
                .number("SO-1")
                .gross(gross)
                .build()));
        documents.add(LedgerDocument.of(Invoice.builder(
                        ACME, Coded.of(InvoiceType.INVOICE), gross.currency(), gross, Coded.of(InvoiceStatus.POSTED))
                .addExternalId(ExternalId.of("erp", "Invoice", "1"))
                .addOrder(RecordRef.of(ExternalId.of("erp", "Order", "1")))
                .build()));
        pay("1", "60.00");
    }

    @AfterEach
    void close() {
        store.close();
        database.close();
    }

    private void pay(String n, String amount) {
        Money money = Money.of(amount, "CNY");
        documents.add(LedgerDocument.of(Payment.builder(ACME, money, Coded.of(PaymentStatus.CLEARED))
                .addExternalId(ExternalId.of("erp", "Payment", n))
                .addAllocation(Allocation.toInvoice(RecordRef.of(ExternalId.of("erp", "Invoice", "1")), money))
                .build()));
    }

    private DocumentSource source() {
        return new DocumentSource() {
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
                return new DocumentPage(documents, null);
            }

            @Override
            public List<ControlTotal> totals() {
                return List.of(new ControlTotal(ControlTotal.Figure.PAYMENTS, documents.size() - 2L, declared));
            }
        };
    }

    private SyncPair pair() {
        return SyncPair.builder("orders", store)
                .source(new OrderSource(ledger))
                .target(new FakeConnector(crm, FakeConnector.full("crm").build()))
                .controls(ledger::holds)
                .build();
    }

    @Test
    void an_order_reaches_the_crm_with_what_is_open_and_again_only_when_that_changes() {
        ledger.read(source());
        SyncPlan plan = pair().plan();
        pair().apply(plan.hash());

        assertThat(crm.rows.values()).singleElement().satisfies(row -> {
            assertThat(row.fields.text("payment")).isEqualTo("partial");
            assertThat(row.fields.text("open")).isEqualTo("40.00");
        });
        assertThat(pair().plan().changes()).isZero();

        pay("2", "40.00");
        declared = Money.of("100.00", "CNY");
        ledger.read(source());
        pair().apply(pair().plan().hash());
        assertThat(crm.rows.values()).singleElement().satisfies(row -> {
            assertThat(row.fields.text("payment")).isEqualTo("paid");
            assertThat(row.fields.text("open")).isEqualTo("0.00");
        });
    }

    @Test
    void nothing_is_written_while_the_books_of_the_erp_have_more_payments_than_were_taken() {
        declared = Money.of("200060.00", "CNY");
        ledger.read(source());

        SyncPlan plan = pair().plan();

        assertThat(plan.isHeld()).isTrue();
        assertThat(plan.holds()).singleElement().satisfies(hold -> {
            assertThat(hold.kind()).isEqualTo(Hold.Kind.TOTALS);
            assertThat(hold.reason()).contains("200060.00", "60.00");
        });
        assertThat(pair().apply(plan.hash()).written()).isZero();
        assertThat(crm.rows).isEmpty();
    }
}
