package io.crmsdk.receivables;

import io.crmsdk.store.Store;
import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The statements of one ledger. */
final class Books {
    private static final String CURRENT =
            "SELECT kind, doc, revision, hash, number, customer, currency, amount, open_amount, type, status, orders, seen,"
                    + " versioned"
                    + " FROM crm_receivable_current WHERE ";

    private final Store store;
    private final Dialect dialect;
    private final String ledger;

    Books(Store store, String ledger) {
        this.store = store;
        this.dialect = Dialect.of(store);
        this.ledger = ledger;
    }

    /** The ledger's own row. */
    record Head(long seq, long reading, @Nullable String differences) {}

    /** A document as it is now, and by which reading it was met last. */
    record Current(Document document, long seen) {}

    /** One entry, as it is read back for sums. */
    record Sum(String kind, String doc, Document.Line line, BigDecimal amount) {}

    /** Takes the lock that every writer of the ledger needs. */
    Head lock(Connection connection) throws SQLException {
        Sql.insertNew(
                dialect,
                connection,
                "crm_receivable_ledger (ledger, seq, reading) VALUES (?, 0, 0)",
                List.of(ledger),
                (statement, one) -> statement.setString(1, one));
        Head head = head(connection, dialect.forUpdate());
        if (head == null) {
            throw new IllegalStateException("the row of ledger " + ledger + " was deleted");
        }
        return head;
    }

    @Nullable
    Head head(Connection connection, String lock) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT seq, reading, differences FROM crm_receivable_ledger WHERE ledger = ?" + lock)) {
            statement.setString(1, ledger);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? new Head(row.getLong(1), row.getLong(2), row.getString(3)) : null;
            }
        }
    }

    void advance(Connection connection, long seq, long reading) throws SQLException {
        Sql.update(
                connection,
                "UPDATE crm_receivable_ledger SET seq = ?, reading = ? WHERE ledger = ?",
                seq,
                reading,
                ledger);
    }

    void checked(Connection connection, @Nullable String differences) throws SQLException {
        Sql.update(
                connection,
                "UPDATE crm_receivable_ledger SET checked_us = ?, differences = ? WHERE ledger = ?",
                store.nowMicros(connection),
                differences,
                ledger);
    }

    Map<String, Current> current(Connection connection, DocumentKind kind, List<String> docs) throws SQLException {
        Map<String, Current> found = new HashMap<>();
        Sql.inChunksOf(
                new Sql.Owner(List.of("ledger", "kind"), List.of(ledger, kind.name())),
                dialect,
                connection,
                CURRENT,
                List.of(),
                "doc",
                docs,
                statement ->
                        rows(statement).forEach(row -> found.put(row.document().doc(), row)));
        return found;
    }

    List<Current> currentAfter(Connection connection, DocumentKind kind, String after, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                CURRENT + "ledger = ? AND kind = ? AND doc > ? ORDER BY doc LIMIT " + limit)) {
            statement.setString(1, ledger);
            statement.setString(2, kind.name());
            statement.setString(3, after);
            return rows(statement);
        }
    }

    private static List<Current> rows(PreparedStatement statement) throws SQLException {
        List<Current> rows = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                String orders = row.getString(12);
                Document document = new Document(
                        DocumentKind.valueOf(row.getString(1)),
                        row.getString(2),
                        row.getInt(14) == 1,
                        row.getLong(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        row.getString(7),
                        row.getString(8),
                        row.getString(9),
                        row.getString(10),
                        row.getString(11),
                        orders.isEmpty() ? List.of() : List.of(orders.split("\n", -1)),
                        Map.of());
                rows.add(new Current(document, row.getLong(13)));
            }
        }
        return rows;
    }

    /** The hash of a state that is known; null if that revision never came. */
    @Nullable
    String hash(Connection connection, Document document) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT hash FROM crm_receivable_document WHERE ledger = ? AND kind = ?"
                        + " AND doc = ? AND revision = ?")) {
            statement.setString(1, ledger);
            statement.setString(2, document.kind().name());
            statement.setString(3, document.doc());
            statement.setLong(4, document.revision());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    void state(Connection connection, Document document, long now) throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO crm_receivable_document (ledger, kind, doc, revision, hash, at_us) VALUES (?, ?, ?, ?, ?, ?)",
                ledger,
                document.kind().name(),
                document.doc(),
                document.revision(),
                document.hash(),
                now);
    }

    void makeCurrent(Connection connection, Document document, long seen) throws SQLException {
        Sql.update(
                connection,
                dialect.upsert(
                        "crm_receivable_current",
                        List.of("ledger", "kind", "doc"),
                        List.of(
                                "versioned",
                                "revision",
                                "hash",
                                "number",
                                "customer",
                                "currency",
                                "amount",
                                "open_amount",
                                "type",
                                "status",
                                "orders",
                                "seen")),
                ledger,
                document.kind().name(),
                document.doc(),
                document.versioned() ? 1 : 0,
                document.revision(),
                document.hash(),
                document.number(),
                document.customer(),
                document.currency(),
                document.amount(),
                document.open(),
                document.type(),
                document.status(),
                String.join("\n", document.orders()),
                seen);
    }

    /** Notes who met a document; a reading that began earlier does not take away what a later one saw. */
    void seen(Connection connection, Document document, long revision, long seen) throws SQLException {
        Sql.update(
                connection,
                "UPDATE crm_receivable_current SET revision = ?, seen = CASE WHEN seen < ? THEN ? ELSE seen END"
                        + " WHERE ledger = ? AND kind = ? AND doc = ?",
                revision,
                seen,
                seen,
                ledger,
                document.kind().name(),
                document.doc());
    }

    /** The document that a number belongs to, which is this one if nobody had it. */
    String owner(Connection connection, Document document, String number) throws SQLException {
        int[] added = Sql.insertNew(
                dialect,
                connection,
                "crm_receivable_number (ledger, kind, number, doc) VALUES (?, ?, ?, ?)",
                List.of(document),
                (statement, one) -> {
                    statement.setString(1, ledger);
                    statement.setString(2, one.kind().name());
                    statement.setString(3, number);
                    statement.setString(4, one.doc());
                });
        if (added[0] == 1) {
            return document.doc();
        }
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT doc FROM crm_receivable_number WHERE ledger = ? AND kind = ? AND number = ?")) {
            statement.setString(1, ledger);
            statement.setString(2, document.kind().name());
            statement.setString(3, number);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : document.doc();
            }
        }
    }

    void handOver(Connection connection, Document to, String number) throws SQLException {
        Sql.update(
                connection,
                "UPDATE crm_receivable_number SET doc = ? WHERE ledger = ? AND kind = ? AND number = ?",
                to.doc(),
                ledger,
                to.kind().name(),
                number);
    }

    void bill(Connection connection, String invoice, List<String> before, List<String> now) throws SQLException {
        for (String order : before) {
            if (!now.contains(order)) {
                Sql.update(
                        connection,
                        "DELETE FROM crm_receivable_billing WHERE ledger = ? AND order_doc = ? AND invoice_doc = ?",
                        ledger,
                        order,
                        invoice);
            }
        }
        List<String> more =
                now.stream().filter(order -> !before.contains(order)).toList();
        Sql.insertNew(
                dialect,
                connection,
                "crm_receivable_billing (ledger, order_doc, invoice_doc) VALUES (?, ?, ?)",
                more,
                (statement, order) -> {
                    statement.setString(1, ledger);
                    statement.setString(2, order);
                    statement.setString(3, invoice);
                });
    }

    /** The invoices of orders: order to invoices. */
    Map<String, Set<String>> billing(Connection connection, List<String> orders) throws SQLException {
        Map<String, Set<String>> found = new HashMap<>();
        Sql.inChunksOf(
                Sql.Owner.of("ledger", ledger),
                dialect,
                connection,
                "SELECT order_doc, invoice_doc FROM crm_receivable_billing WHERE ",
                List.of(),
                "order_doc",
                orders,
                statement -> {
                    try (ResultSet row = statement.executeQuery()) {
                        while (row.next()) {
                            found.computeIfAbsent(row.getString(1), k -> new TreeSet<>())
                                    .add(row.getString(2));
                        }
                    }
                });
        return found;
    }

    /** What a payment's entries come to now, line by line; lines that cancel out are left out. */
    Map<Document.Line, BigDecimal> linesOf(Connection connection, String payment) throws SQLException {
        Map<Document.Line, BigDecimal> lines = new TreeMap<>();
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT target_kind, target, settlement, standing, currency, amount FROM"
                        + " crm_receivable_entry WHERE ledger = ? AND payment = ?")) {
            statement.setString(1, ledger);
            statement.setString(2, payment);
            sums(statement).forEach(sum -> lines.merge(sum.line(), sum.amount(), BigDecimal::add));
        }
        lines.values().removeIf(amount -> amount.signum() == 0);
        return lines;
    }

    /** All entries of targets. */
    List<Sum> entriesOf(Connection connection, DocumentKind kind, List<String> targets) throws SQLException {
        List<Sum> found = new ArrayList<>();
        Sql.inChunksOf(
                new Sql.Owner(List.of("ledger", "target_kind"), List.of(ledger, kind.name())),
                dialect,
                connection,
                "SELECT target_kind, target, settlement, standing, currency, amount FROM crm_receivable_entry WHERE ",
                List.of(),
                "target",
                targets,
                statement -> found.addAll(sums(statement)));
        return found;
    }

    private static List<Sum> sums(PreparedStatement statement) throws SQLException {
        List<Sum> found = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                Document.Line line = new Document.Line(
                        row.getString(1), row.getString(2), row.getString(3), row.getString(4), row.getString(5));
                found.add(new Sum(row.getString(1), row.getString(2), line, new BigDecimal(row.getString(6))));
            }
        }
        return found;
    }

    /** Appends lines as entries; gives the last number used. */
    long enter(
            Connection connection,
            Document payment,
            LedgerEntry.Reason reason,
            Map<Document.Line, BigDecimal> lines,
            long seq,
            long now)
            throws SQLException {
        long next = seq;
        for (Map.Entry<Document.Line, BigDecimal> entry : lines.entrySet()) {
            Document.Line line = entry.getKey();
            Sql.update(
                    connection,
                    "INSERT INTO crm_receivable_entry (ledger, seq, payment, revision, reason, target_kind, target,"
                            + " settlement, standing, currency, amount, at_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    ledger,
                    ++next,
                    payment.doc(),
                    payment.revision(),
                    reason.name(),
                    line.targetKind(),
                    line.target(),
                    line.settlement(),
                    line.standing(),
                    line.currency(),
                    entry.getValue().toPlainString(),
                    now);
        }
        return next;
    }

    void refuse(Connection connection, Document document, String code, String message, long now) throws SQLException {
        Sql.update(
                connection,
                dialect.upsert(
                        "crm_receivable_refusal",
                        List.of("ledger", "kind", "doc", "revision", "code"),
                        List.of("message", "at_us")),
                ledger,
                document.kind().name(),
                document.doc(),
                document.revision(),
                code,
                message,
                now);
    }

    /** What was refused and not made good by a newer state. */
    List<LedgerFinding> refusals(Connection connection, int limit) throws SQLException {
        List<LedgerFinding> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT r.kind, r.doc, r.code, r.message FROM crm_receivable_refusal r WHERE r.ledger = ? AND NOT EXISTS"
                        + " (SELECT 1 FROM crm_receivable_current c WHERE c.ledger = r.ledger AND c.kind = r.kind"
                        + " AND c.doc = r.doc AND c.revision > r.revision) ORDER BY r.kind, r.doc LIMIT " + limit)) {
            statement.setString(1, ledger);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(new LedgerFinding(
                            DocumentKind.valueOf(row.getString(1)),
                            row.getString(2),
                            row.getString(3),
                            row.getString(4)));
                }
            }
        }
        return found;
    }

    /** Targets of entries that no document has, with what the entries of each come to, currency by currency. */
    List<Sum> missingTargets(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT e.target_kind, e.target, e.settlement, e.standing, e.currency, e.amount FROM crm_receivable_entry e"
                        + " WHERE e.ledger = ? AND e.target_kind <> '" + LedgerEntry.UNALLOCATED + "' AND NOT EXISTS"
                        + " (SELECT 1 FROM crm_receivable_current c WHERE c.ledger = e.ledger AND c.kind = e.target_kind"
                        + " AND c.doc = e.target)")) {
            statement.setString(1, ledger);
            return sums(statement);
        }
    }

    /** Entries after a number. */
    List<LedgerEntry> entriesAfter(Connection connection, long after, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT seq, payment, reason, target_kind, target, settlement, standing, currency, amount, at_us"
                        + " FROM crm_receivable_entry WHERE ledger = ? AND seq > ? ORDER BY seq LIMIT " + limit)) {
            statement.setString(1, ledger);
            statement.setLong(2, after);
            return Entries.read(statement);
        }
    }
}
