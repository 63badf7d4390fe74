package io.crmsdk.erp;

import io.crmsdk.receivables.DocumentSource;
import io.crmsdk.receivables.OrderSource;
import io.crmsdk.receivables.ReceivablesLedger;
import io.crmsdk.sync.Capabilities;
import io.crmsdk.sync.Connector;
import io.crmsdk.sync.Found;
import io.crmsdk.sync.Page;
import io.crmsdk.sync.Write;
import io.crmsdk.sync.Written;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The orders of a ledger, into which the books of their system are read before the orders are listed. Only reads. */
final class BooksFirst implements Connector {
    private final ReceivablesLedger ledger;
    private final DocumentSource books;
    private final OrderSource orders;

    BooksFirst(ReceivablesLedger ledger, DocumentSource books) {
        this.ledger = ledger;
        this.books = books;
        this.orders = new OrderSource(ledger);
    }

    @Override
    public Capabilities capabilities() {
        return orders.capabilities();
    }

    @Override
    public Page list(@Nullable String next, int limit) {
        if (next == null) {
            ledger.read(books);
        }
        return orders.list(next, limit);
    }

    @Override
    public Found fetch(String id) {
        return orders.fetch(id);
    }

    @Override
    public List<Written> write(List<Write> writes) {
        return orders.write(writes);
    }
}
