package io.crmsdk.receivables;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Takes documents within one transaction that holds the ledger's lock. What a payment does is entered as the difference between what it
 * did and what it does, so that the sum of all entries is right whatever the order of arrival and however often something arrives.
 */
final class Taking {
    private final Books books;
    private final Connection connection;
    private final long now;
    private final long reading;
    private final boolean whole;
    private final Map<String, Books.Current> known = new HashMap<>();
    private long seq;
    private long taken;
    private long repeated;
    private long late;
    private long refused;

    /** @param whole whether this is part of a reading, in which the source gives what it has now */
    Taking(Books books, Connection connection, Books.Head head, long now, long reading, boolean whole) {
        this.books = books;
        this.connection = connection;
        this.seq = head.seq();
        this.now = now;
        this.reading = reading;
        this.whole = whole;
    }

    /** Gives the last number of an entry. */
    long take(List<Document> documents) throws SQLException {
        for (DocumentKind kind : DocumentKind.values()) {
            List<String> docs = documents.stream()
                    .filter(document -> document.kind() == kind)
                    .map(Document::doc)
                    .distinct()
                    .toList();
            books.current(connection, kind, docs).forEach((doc, current) -> known.put(kind + doc, current));
        }
        for (Document document : documents) {
            take(document);
        }
        return seq;
    }

    TakeReport report() {
        return new TakeReport(taken, repeated, late, refused);
    }

    private void take(Document document) throws SQLException {
        Books.Current current = known.get(document.kind() + document.doc());
        if (current != null) {
            sameWayOfTelling(document, current.document());
        }
        if (current != null && isNotNewer(document, current.document())) {
            notNewer(document, current);
        } else if (current != null && document.hash().equals(current.document().hash())) {
            repeated++;
            books.seen(connection, document, document.revision(), reading);
            remember(document);
        } else {
            newer(document, current);
        }
    }

    /** Revisions and moments cannot be compared: one that was mixed in would be late for ever, and nobody would know. */
    private static void sameWayOfTelling(Document document, Document known) {
        if (document.versioned() != known.versioned()) {
            throw new ReceivablesException(
                    "RECEIVABLES_MIXED",
                    document.kind() + " " + document.doc() + ": expected "
                            + (known.versioned() ? "a revision as before, got none" : "no revision as before, got one")
                            + "; nothing was taken. Give the documents of one system either all with a revision or all without",
                    null);
        }
    }

    /** What was withdrawn is there again when the source gives it in a reading, and not because an old state is repeated. */
    private boolean isNotNewer(Document document, Document known) {
        boolean back = whole && known.status().equals(Withdrawal.GONE) && document.revision() == known.revision();
        return document.revision() <= known.revision() && !back;
    }

    private void remember(Document document) {
        known.put(document.kind() + document.doc(), new Books.Current(document, reading));
    }

    private void notNewer(Document document, Books.Current current) throws SQLException {
        boolean same = document.revision() == current.document().revision();
        boolean gone = current.document().status().equals(Withdrawal.GONE);
        String there = same && !gone ? current.document().hash() : books.hash(connection, document);
        books.seen(connection, document, current.document().revision(), reading);
        if (document.hash().equals(there)
                || (!same && document.hash().equals(current.document().hash()))) {
            repeated++;
        } else if (there != null) {
            refuse(
                    document,
                    "REVISION_CLASH",
                    "came twice with revision " + document.revision() + " and different content; the first one counts."
                            + " Correct the document in its system");
        } else {
            late++;
            books.state(connection, document, now);
        }
    }

    private void newer(Document document, Books.@Nullable Current current) throws SQLException {
        String number = document.number();
        if (number != null) {
            String owner = books.owner(connection, document, number);
            if (!owner.equals(document.doc()) && !letsGo(document, owner, number)) {
                refuse(
                        document,
                        "NUMBER_TAKEN",
                        "has the number of " + owner
                                + ", which counts; this one does not. Look which of the two is right");
                return;
            }
        }
        taken++;
        if (books.hash(connection, document) == null) {
            books.state(connection, document, now);
        }
        books.makeCurrent(connection, document, current == null ? reading : Math.max(current.seen(), reading));
        if (document.kind() == DocumentKind.PAYMENT) {
            enter(document);
        } else if (document.kind() == DocumentKind.INVOICE) {
            List<String> before =
                    current == null ? List.of() : current.document().orders();
            books.bill(connection, document.doc(), before, document.orders());
        }
        remember(document);
    }

    /** A number is free again once its document has another one, or is gone. */
    private boolean letsGo(Document document, String owner, String number) throws SQLException {
        Books.Current current = known.get(document.kind() + owner);
        if (current == null) {
            current = books.current(connection, document.kind(), List.of(owner)).get(owner);
        }
        boolean needed = current != null
                && number.equals(current.document().number())
                && !current.document().status().equals(Withdrawal.GONE);
        if (!needed) {
            books.handOver(connection, document, number);
        }
        return !needed;
    }

    private void refuse(Document document, String code, String message) throws SQLException {
        refused++;
        books.refuse(connection, document, code, message, now);
    }

    private void enter(Document payment) throws SQLException {
        Map<Document.Line, BigDecimal> before = books.linesOf(connection, payment.doc());
        Map<Document.Line, BigDecimal> difference = new TreeMap<>(payment.lines());
        before.forEach((line, amount) -> difference.merge(line, amount.negate(), BigDecimal::add));
        difference.values().removeIf(amount -> amount.signum() == 0);
        LedgerEntry.Reason reason = before.isEmpty()
                ? LedgerEntry.Reason.SETTLEMENT
                : payment.lines().isEmpty() ? LedgerEntry.Reason.REVERSAL : LedgerEntry.Reason.CORRECTION;
        seq = books.enter(connection, payment, reason, difference, seq, now);
    }

    /** Takes back what documents did that their source surely no longer has. */
    long withdraw(List<Books.Current> gone) throws SQLException {
        for (Books.Current one : gone) {
            newer(Withdrawal.of(one.document(), reading), one);
        }
        return seq;
    }
}
