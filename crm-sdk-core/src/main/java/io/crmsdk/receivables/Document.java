package io.crmsdk.receivables;

import io.crmsdk.internal.Sha256;
import io.crmsdk.model.ExternalId;
import io.crmsdk.model.RecordRef;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A state of a document in the ledger's own words.
 *
 * @param versioned whether its own system gave it a revision; otherwise that is the moment at which the state was given
 */
record Document(
        DocumentKind kind,
        String doc,
        boolean versioned,
        long revision,
        String hash,
        @Nullable String number,
        String customer,
        String currency,
        @Nullable String amount,
        @Nullable String open,
        @Nullable String type,
        String status,
        List<String> orders,
        Map<Line, BigDecimal> lines) {
    /** Where an entry goes; amounts with the same line add up. */
    record Line(String targetKind, String target, String settlement, String standing, String currency)
            implements Comparable<Line> {
        @Override
        public int compareTo(Line other) {
            return text().compareTo(other.text());
        }

        private String text() {
            return targetKind + "\n" + target + "\n" + settlement + "\n" + standing + "\n" + currency;
        }
    }

    static Document of(LedgerDocument given, long moment, Names names) {
        Map<Line, BigDecimal> lines = new TreeMap<>();
        for (LedgerDocument.Line line : given.lines()) {
            RecordRef target = line.target();
            Line key = new Line(
                    line.targetKind(),
                    target == null ? "" : names.of(target, given),
                    line.settlement(),
                    line.standing(),
                    line.amount().currency().getCurrencyCode());
            lines.merge(key, line.amount().amount(), BigDecimal::add);
        }
        lines.values().removeIf(amount -> amount.signum() == 0);
        List<String> orders = new ArrayList<>();
        for (RecordRef order : given.orders()) {
            orders.add(names.of(order, given));
        }
        String amount = given.amount() == null ? null : given.amount().amount().toPlainString();
        String open = given.open() == null ? null : given.open().amount().toPlainString();
        Document document = new Document(
                given.kind(),
                names.of(given.id(), given),
                given.revision().isPresent(),
                given.revision().orElse(moment),
                "",
                given.number(),
                customer(given.customer()),
                given.currency().getCurrencyCode(),
                amount,
                open,
                given.type(),
                given.status(),
                orders.stream().distinct().sorted().toList(),
                lines);
        return document.hashed();
    }

    /** How documents are called within one ledger. */
    record Names(String system, String instance) {
        String of(RecordRef ref, LedgerDocument of) {
            ExternalId id = ref.externalId();
            if (id == null) {
                throw new ReceivablesException(
                        "RECEIVABLES_NO_ID",
                        of + ": expected the id of a document in " + system + ", got one of our own; nothing was taken",
                        null);
            }
            return of(id, of);
        }

        String of(ExternalId id, LedgerDocument of) {
            if (!id.system().equals(system) || !id.instance().equals(instance)) {
                throw new ReceivablesException(
                        "RECEIVABLES_FOREIGN",
                        of + ": expected an id of " + system + "@" + instance + ", got one of " + id.system() + "@"
                                + id.instance() + "; nothing was taken. Open a ledger for each system",
                        null);
            }
            return id.objectType() + ":" + id.value();
        }
    }

    private static String customer(RecordRef ref) {
        ExternalId id = ref.externalId();
        return id != null ? id.value() : String.valueOf(ref.id());
    }

    private Document hashed() {
        StringBuilder text = new StringBuilder();
        for (Object part :
                new @Nullable Object[] {kind, doc, number, customer, currency, amount, open, type, status, orders, lines
                }) {
            String one = String.valueOf(part);
            text.append(one.length()).append(':').append(one);
        }
        return new Document(
                kind,
                doc,
                versioned,
                revision,
                Sha256.hex(text.toString()),
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
}
