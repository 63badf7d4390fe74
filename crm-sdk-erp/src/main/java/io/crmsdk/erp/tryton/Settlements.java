package io.crmsdk.erp.tryton;

import io.crmsdk.erp.tryton.SharingOut.Part;
import io.crmsdk.model.Allocation;
import io.crmsdk.model.Coded;
import io.crmsdk.model.ExternalId;
import io.crmsdk.model.Money;
import io.crmsdk.model.Payment;
import io.crmsdk.model.PaymentStatus;
import io.crmsdk.model.RecordRef;
import io.crmsdk.model.SettlementKind;
import io.crmsdk.receivables.LedgerDocument;
import io.crmsdk.sync.Fields;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** Makes payments of a page of lines, with what they settle. */
final class Settlements {
    private static final int ALL = 100_000;
    private static final List<Object> INVOICE_ASKED =
            List.<Object>of("move", "cancel_move", "currency.code", "payment_lines");

    private final TrytonServer server;
    private final BiFunction<String, Long, ExternalId> names;
    private final Map<Long, Claim> byMove = new HashMap<>();
    private final Map<Long, Claim> byPayment = new HashMap<>();
    private final Set<Long> undone = new HashSet<>();

    /** An invoice whose line may be settled. */
    private record Claim(long invoice, Currency currency) {}

    Settlements(TrytonServer server, BiFunction<String, Long, ExternalId> names) {
        this.server = server;
        this.names = names;
    }

    List<LedgerDocument> documents(List<BookLine> page) {
        List<Object> reconciliations = page.stream()
                .map(BookLine::reconciliation)
                .filter(id -> id != 0)
                .distinct()
                .<Object>map(id -> id)
                .toList();
        Map<Long, List<BookLine>> groups = new TreeMap<>();
        if (!reconciliations.isEmpty()) {
            List<Object> domain = List.<Object>of(
                    List.<Object>of("reconciliation", "in", reconciliations),
                    List.<Object>of("account.type.receivable", "=", true));
            for (Fields wire : server.read(TrytonBooks.LINE, domain, ALL, BookLine.ASKED)) {
                BookLine line = BookLine.of(wire);
                groups.computeIfAbsent(line.reconciliation(), id -> new ArrayList<>())
                        .add(line);
            }
        }
        find(Stream.concat(page.stream(), groups.values().stream().flatMap(List::stream))
                .toList());
        Map<Long, List<Part>> parts = new HashMap<>();
        groups.values().forEach(lines -> parts.putAll(shared(lines)));
        return page.stream()
                .filter(this::settles)
                .map(line -> document(line, parts.getOrDefault(line.id(), List.of())))
                .toList();
    }

    private void find(List<BookLine> lines) {
        List<Object> moves = lines.stream()
                .map(BookLine::move)
                .distinct()
                .<Object>map(id -> id)
                .toList();
        List<Object> ids = lines.stream()
                .map(BookLine::id)
                .distinct()
                .<Object>map(id -> id)
                .toList();
        List<Object> domain = List.<Object>of(
                BookFigures.OURS,
                List.<Object>of(
                        "OR",
                        List.<Object>of("move", "in", moves),
                        List.<Object>of("cancel_move", "in", moves),
                        List.<Object>of("payment_lines", "in", ids)));
        for (Fields wire : server.read(TrytonBooks.INVOICE, domain, ALL, INVOICE_ASKED)) {
            Claim claim = new Claim(
                    TrytonBooks.id(wire),
                    Money.currency(TrytonBooks.word(wire, "currency\\..code").toUpperCase(Locale.ROOT)));
            byMove.put(BookLine.reference(wire, "move"), claim);
            undone.add(BookLine.reference(wire, "cancel_move"));
            TrytonBooks.ids(wire, "payment_lines").forEach(line -> byPayment.put(line, claim));
        }
    }

    /** An invoice's own line settles something only where it is a credit note's that was set off or paid out. */
    private boolean settles(BookLine line) {
        return byMove.containsKey(line.move())
                ? BookFigures.setsOff(line.balance(), line.reconciliation())
                : BookFigures.pays(line.balance(), undone.contains(line.move()));
    }

    private Map<Long, List<Part>> shared(List<BookLine> lines) {
        Currency currency = lines.stream()
                .map(line -> byMove.get(line.move()))
                .flatMap(Stream::ofNullable)
                .map(Claim::currency)
                .findFirst()
                .orElse(null);
        if (currency == null) {
            return Map.of();
        }
        List<SharingOut.Claim> claims = new ArrayList<>();
        List<SharingOut.Paying> payments = new ArrayList<>();
        for (BookLine line : lines) {
            Claim claim = byMove.get(line.move());
            Money amount = line.in(currency);
            if (amount != null && claim != null && claim.currency().equals(currency)) {
                claims.add(new SharingOut.Claim(line.id(), claim.invoice(), amount));
            } else if (amount != null && claim == null && !undone.contains(line.move())) {
                payments.add(new SharingOut.Paying(line.id(), amount.negated()));
            }
        }
        return SharingOut.of(claims, payments);
    }

    private LedgerDocument document(BookLine line, List<Part> shared) {
        boolean credit = byMove.containsKey(line.move());
        Money amount =
                credit ? Money.zero(line.balance().currency()) : line.balance().negated();
        List<Part> parts = shared;
        Claim noted = byPayment.get(line.id());
        if (!credit && line.reconciliation() == 0 && noted != null) {
            Money own = line.in(noted.currency());
            parts = List.of(new Part(noted.invoice(), own == null ? amount : own.negated()));
        }
        SettlementKind kind = credit
                ? SettlementKind.CREDIT_NOTE
                : line.writtenOff() ? SettlementKind.WRITE_OFF : SettlementKind.PAYMENT;
        PaymentStatus status = line.delegated() ? PaymentStatus.PENDING : PaymentStatus.CLEARED;
        long customer = line.party();
        RecordRef party = RecordRef.of(
                customer == 0 ? names.apply(TrytonBooks.LINE, line.id()) : names.apply("party.party", customer));
        return LedgerDocument.of(Payment.builder(party, amount, Coded.of(status))
                .externalIds(List.of(names.apply(TrytonBooks.LINE, line.id())))
                .kind(kind)
                .receivedOn(line.date())
                .allocations(allocations(parts, amount))
                .build());
    }

    private List<Allocation> allocations(List<Part> parts, Money amount) {
        List<Allocation> allocations = new ArrayList<>();
        for (Part part : parts) {
            boolean foreign = !part.amount().currency().equals(amount.currency());
            allocations.add(new Allocation(
                    RecordRef.of(names.apply(TrytonBooks.INVOICE, part.invoice())),
                    null,
                    part.amount(),
                    foreign && parts.size() == 1 ? amount : null,
                    null,
                    null));
        }
        return allocations;
    }
}
