package io.crmsdk.erp.tryton;

import io.crmsdk.consent.ConsentException;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.PolledStatus;
import io.crmsdk.consent.Scope;
import io.crmsdk.store.Store;
import io.crmsdk.sync.Cause;
import io.crmsdk.sync.ConnectorException;
import io.crmsdk.sync.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The people who left a mailing list of Tryton (module {@code marketing_email}), for the consent ledger.
 *
 * <p>An address that is no longer active on the list is an opt-out; one that is active grants nothing, and one that is missing says
 * nothing. Looking again at the same list adds nothing, and somebody who agreed again with us afterwards is not silenced by the old
 * state; a row that changed and still says no is another no. This class never writes to Tryton, and {@link TrytonParties} has no word for the
 * list, so no sync subscribes anybody. Contact mechanisms of Tryton 6.0 have no opt-out of their own. Source: trytond 6.0,
 * {@code marketing_email/marketing.py}. Thread-safe as the server is.
 */
public final class TrytonOptOuts {
    private static final int PAGE = 500;
    private static final String MODEL = "marketing.email";
    private static final List<Object> ASKED = List.<Object>of("email", "active", "_timestamp");

    private final TrytonServer server;
    private final String instance;
    private final String list;

    /**
     * What one look at a list came to.
     *
     * @param seen addresses on the list, active or not
     * @param optedOut how many of them left it
     * @param added opt-outs that the ledger did not know
     * @param unreadable how many left it under an address that no mail could be sent to; nothing was recorded for them
     */
    public record Taken(long seen, long optedOut, long added, long unreadable) {
        private Taken plus(Taken other) {
            return new Taken(
                    seen + other.seen, optedOut + other.optedOut, added + other.added, unreadable + other.unreadable);
        }
    }

    private TrytonOptOuts(TrytonServer server, String instance, String list) {
        this.server = Objects.requireNonNull(server, "server");
        this.instance = Objects.requireNonNull(instance, "instance");
        this.list = Objects.requireNonNull(list, "list");
    }

    /**
     * The opt-outs of a list. The server stays the caller's to close.
     *
     * @param instance which of several databases this is; may be empty
     * @param list the list's name in Tryton
     */
    public static TrytonOptOuts of(TrytonServer server, String instance, String list) {
        return new TrytonOptOuts(server, instance, list);
    }

    /**
     * Records who left the list, a page in a transaction; repeat it after a failure.
     *
     * @param store the ledger's
     * @param scope what the list is about
     * @throws ConnectorException {@code TRYTON_NO_LIST} if there is no list of this name, so that a misspelt one is not taken for a list
     *     that nobody left; otherwise if a page could not be read. Pages that were recorded stay
     */
    public Taken take(Store store, ConsentLedger ledger, Scope scope) {
        List<Object> named = List.<Object>of(List.<Object>of("name", "=", list));
        if (server.count("marketing.email.list", named) != 1) {
            throw new ConnectorException(
                    Cause.DATA,
                    "TRYTON_NO_LIST",
                    "expected one mailing list of this name, got none or several; nothing was recorded",
                    null,
                    null);
        }
        Taken sum = new Taken(0, 0, 0, 0);
        long after = 0;
        while (true) {
            List<Fields> rows = server.read(
                    MODEL,
                    List.<Object>of(List.<Object>of("list_.name", "=", list), List.<Object>of("id", ">", after)),
                    PAGE,
                    ASKED);
            if (rows.isEmpty()) {
                return sum;
            }
            sum = sum.plus(page(rows, store, ledger, scope));
            after = TrytonBooks.id(rows.get(rows.size() - 1));
        }
    }

    private Taken page(List<Fields> rows, Store store, ConsentLedger ledger, Scope scope) {
        List<PolledStatus> statuses = new ArrayList<>();
        long optedOut = 0;
        long unreadable = 0;
        for (Fields row : rows) {
            boolean out = !PartyRecord.isYes(row.get("active"));
            optedOut += out ? 1 : 0;
            try {
                statuses.add(new PolledStatus(
                        ContactKey.email(TrytonBooks.word(row, "email")), out, row.text("_timestamp")));
            } catch (ConsentException e) {
                // Only an address that no mail can be sent to has no key.
                unreadable += out ? 1 : 0;
            }
        }
        long added = store.inTransaction(
                connection -> ledger.observe(connection, TrytonBooks.SYSTEM, instance + "/" + list, scope, statuses)
                        .size());
        return new Taken(rows.size(), optedOut, added, unreadable);
    }

    @Override
    public String toString() {
        return "TrytonOptOuts[" + server + "]";
    }
}
