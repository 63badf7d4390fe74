package io.crmsdk.identity;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Solves the surroundings of changed records anew and writes down who belongs to whom now, and why. */
final class Relinking {
    private static final int MOST_LOOKS = 6;

    private final RecordTable records;
    private final KeyTable keys;
    private final DecisionTable decisions;
    private final LogTable log;
    private final Questions questions;
    private final MatchRules rules;
    private final @Nullable ConsentLinks consent;

    Relinking(
            RecordTable records,
            KeyTable keys,
            DecisionTable decisions,
            LogTable log,
            Questions questions,
            MatchRules rules,
            @Nullable ConsentLinks consent) {
        this.records = records;
        this.keys = keys;
        this.decisions = decisions;
        this.log = log;
        this.questions = questions;
        this.rules = rules;
        this.consent = consent;
    }

    /** Why an entry is written; the author is null for what evidence alone does. */
    record Cause(
            String id,
            String kind,
            @Nullable String author,
            @Nullable String reason,
            @Nullable String undoes) {}

    /** What came of it. */
    record Result(Neighbourhood around, Map<String, String> customerOf, boolean moved) {}

    /** The surroundings of the seeds, held against everybody else until the transaction ends. */
    private Neighbourhood look(Connection connection, Collection<String> seeds) throws SQLException {
        Set<String> held = new HashSet<>();
        for (int i = 0; i < MOST_LOOKS; i++) {
            Neighbourhood around = new Neighbourhood(records, keys, decisions, rules);
            around.explore(connection, seeds);
            Set<String> missing = new TreeSet<>(around.inside.keySet());
            missing.removeAll(held);
            if (missing.isEmpty() || around.inside.size() == 1) {
                return around;
            }
            records.lock(connection, missing);
            held.addAll(missing);
        }
        throw new IdentityException(
                "IDENTITY_BUSY",
                "others keep changing the same customers; nothing was stored: roll back and do it again",
                null);
    }

    /** Which values of these records are generic at present. */
    MatchContext context(Connection connection, Collection<StoredRecord> of) throws SQLException {
        Set<Long> asked = new TreeSet<>();
        of.forEach(record -> BlockKeys.strong(record.evidence(), asked::add));
        return MatchContext.ofGeneric(keys.generic(connection, asked).stream()
                .mapToLong(Long::longValue)
                .toArray());
    }

    /** Moves every record around the seeds to the customer that evidence and decisions give it. */
    Result relink(Connection connection, Collection<String> seeds, Cause cause, long nowUs) throws SQLException {
        Neighbourhood around = look(connection, seeds);
        Map<String, String> customerOf = customers(around);
        Map<String, String> moves = new TreeMap<>();
        customerOf.forEach((id, customer) -> {
            if (!customer.equals(stored(around, id).customerId)) {
                moves.put(id, customer);
            }
        });
        if (!moves.isEmpty()) {
            records.assign(connection, moves);
            write(connection, around, customerOf, moves, cause, nowUs);
        } else if (cause.author() != null) {
            log.add(connection, cause, nowUs);
        }
        questions.update(connection, around, customerOf, seeds, nowUs);
        tell(connection, around, customerOf, seeds, moves);
        return new Result(around, customerOf, !moves.isEmpty());
    }

    /** Tells the ledger of the customers that the seeds belong to now, and of those that changed. */
    private void tell(
            Connection connection,
            Neighbourhood around,
            Map<String, String> customerOf,
            Collection<String> seeds,
            Map<String, String> moves)
            throws SQLException {
        if (consent == null) {
            return;
        }
        Set<String> concerned = new TreeSet<>(moves.values());
        seeds.forEach(id -> concerned.add(Objects.requireNonNullElse(customerOf.get(id), id)));
        Map<String, List<StoredRecord>> members = new TreeMap<>();
        customerOf.forEach((id, customer) -> {
            if (concerned.contains(customer)) {
                members.computeIfAbsent(customer, c -> new ArrayList<>()).add(stored(around, id));
            }
        });
        for (List<StoredRecord> customer : members.values()) {
            consent.relate(connection, customer);
        }
    }

    /** A customer's id is that of its oldest record, so it does not change when younger ones join. */
    private static Map<String, String> customers(Neighbourhood around) {
        Map<String, String> groupOf = around.solve();
        Map<String, StoredRecord> oldest = new HashMap<>();
        groupOf.forEach((id, group) -> oldest.merge(group, stored(around, id), Relinking::older));
        Map<String, String> customerOf = new LinkedHashMap<>();
        groupOf.forEach((id, group) -> customerOf.put(id, Objects.requireNonNull(oldest.get(group)).id));
        return customerOf;
    }

    private static StoredRecord older(StoredRecord a, StoredRecord b) {
        int order = Long.compare(a.createdUs, b.createdUs);
        return order < 0 || order == 0 && a.id.compareTo(b.id) < 0 ? a : b;
    }

    private static StoredRecord stored(Neighbourhood around, String id) {
        return Objects.requireNonNull(around.inside.get(id));
    }

    /** One entry for everything that moved together, with all members of the customers concerned. */
    private void write(
            Connection connection,
            Neighbourhood around,
            Map<String, String> customerOf,
            Map<String, String> moves,
            Cause cause,
            long nowUs)
            throws SQLException {
        Set<String> concerned = new HashSet<>(moves.values());
        moves.keySet().forEach(id -> concerned.add(stored(around, id).customerId));
        List<LogTable.Member> members = new ArrayList<>();
        customerOf.forEach((id, customer) -> {
            String before = stored(around, id).customerId;
            if (concerned.contains(customer) || concerned.contains(before)) {
                members.add(new LogTable.Member(id, before, customer));
            }
        });
        log.add(connection, cause, nowUs);
        log.addMembers(connection, cause.id(), members);
    }
}
