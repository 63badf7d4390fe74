package io.crmsdk.receivables;

import io.crmsdk.model.Money;
import io.crmsdk.sync.Capabilities;
import io.crmsdk.sync.Cause;
import io.crmsdk.sync.Connector;
import io.crmsdk.sync.ConnectorException;
import io.crmsdk.sync.Fields;
import io.crmsdk.sync.Found;
import io.crmsdk.sync.Page;
import io.crmsdk.sync.RemoteRecord;
import io.crmsdk.sync.Write;
import io.crmsdk.sync.Written;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The orders of a ledger with how far each is paid, as the source of a pair that brings them to a CRM. Its words are {@code number},
 * {@code customer}, {@code status}, {@code payment} (the payment state in lower case), {@code currency}, {@code amount}, {@code invoiced},
 * {@code paid} and {@code open}; amounts are exact decimals as text, so that no system on the way rounds them. Only reads. Thread-safe.
 *
 * <p>Give the pair {@link ReceivablesLedger#holds} as its controls; then nothing is written while the books do not agree.
 */
public final class OrderSource implements Connector {
    private final ReceivablesLedger ledger;
    private final Capabilities capabilities;

    /** @param ledger whose orders */
    public OrderSource(ReceivablesLedger ledger) {
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.capabilities = Capabilities.builder(ledger.system(), ledger.instance(), "Order")
                .pageSize(200)
                .build();
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public Page list(@Nullable String next, int limit) {
        List<OrderStanding> orders = ledger.orders(next == null ? "" : next, limit);
        List<RemoteRecord> records = orders.stream().map(OrderSource::record).toList();
        return orders.isEmpty()
                ? Page.last(records)
                : Page.of(records, orders.get(orders.size() - 1).document());
    }

    private static RemoteRecord record(OrderStanding order) {
        if (order.status().equals(Withdrawal.GONE)) {
            return RemoteRecord.gone(order.document());
        }
        return RemoteRecord.of(
                order.document(),
                Fields.builder()
                        .text("number", order.number())
                        .text("customer", order.customer())
                        .text("status", order.status().toLowerCase(Locale.ROOT))
                        .text("payment", order.state().name().toLowerCase(Locale.ROOT))
                        .text("currency", order.open().currency().getCurrencyCode())
                        .text("amount", text(order.amount()))
                        .text("invoiced", text(order.invoiced()))
                        .text("paid", text(order.applied()))
                        .text("open", text(order.open()))
                        .build());
    }

    private static @Nullable String text(@Nullable Money money) {
        return money == null ? null : money.amount().toPlainString();
    }

    @Override
    public Found fetch(String id) {
        OrderStanding order = ledger.order(id);
        RemoteRecord record = order == null ? RemoteRecord.gone(id) : record(order);
        return record.gone() ? new Found.Gone() : new Found.Present(record);
    }

    @Override
    public List<Written> write(List<Write> writes) {
        throw new ConnectorException(
                Cause.BUG,
                "READ_ONLY",
                "orders are written by the system they come from, not by this source",
                null,
                null);
    }
}
