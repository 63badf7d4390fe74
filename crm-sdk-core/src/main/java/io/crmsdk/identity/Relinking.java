package io.crmsdk.identity;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
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
    private Neighbourhood look(Connection connection, Collection<String> seeds, boolean people) throws SQLException {
        Set<String> held = new HashSet<>();
        for (int i = 0; i < MOST_LOOKS; i++) {
            Neighbourhood around = new Neighbourhood(connection, records, keys, decisions, rules, people);
            around.explore(seeds);
            Set<String> missing = new TreeSet<>(around.inside.keySet());
            missing.removeAll(held);
            if (missing.isEmpty() || around.inside.size() == 1 || !records.lock(connection, missing)) {
                return around;
            }
            held.addAll(missing);
        }
        throw new IdentityException(
                "IDENTITY_BUSY",
                "others keep changing the same customers; nothing was stored: roll back and do it again",
                null);
    }

    /** What must be known to judge these records as they are at present. */
    MatchContext context(Connection connection, Collection<StoredRecord> of) throws SQLException {
        return new Known(connection, records, keys, rules, new HashMap<>()).context(of);
    }

    /** Moves every record around those that people decided about to the customer that evidence and decisions give it. */
    void decided(Connection connection, Collection<String> about, Cause cause, long nowUs) throws SQLException {
        relink(connection, new Filing.Touched(Set.copyOf(about), Set.of(), Set.of(), Map.of()), true, cause, nowUs);
    }

    /** Moves every record around a change to the customer that evidence and decisions give it. */
    Result changed(Connection connection, Filing.Touched touched, Cause cause, long nowUs) throws SQLException {
        return relink(connection, touched, false, cause, nowUs);
    }

    private Result relink(Connection connection, Filing.Touched touched, boolean people, Cause cause, long nowUs)
            throws SQLException {
        Set<String> seeds = touched.links();
        Neighbourhood around = look(connection, seeds, people);
        Map<String, String> customerOf = around.customers();
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
        Set<String> asked = divided(around, customerOf);
        asked.addAll(seeds);
        asked.addAll(touched.asked());
        questions.update(connection, around, customerOf, asked, touched, nowUs);
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
        for (Map.Entry<String, List<StoredRecord>> customer : members.entrySet()) {
            boolean whole = !around.partial.contains(customer.getKey());
            consent.relate(
                    connection,
                    whole
                            ? customer.getValue()
                            : records.ofCustomers(connection, List.of(customer.getKey()))
                                    .values());
        }
    }

    /** The records of customers that were one and are several now, so that there may be questions between them. */
    private static Set<String> divided(Neighbourhood around, Map<String, String> customerOf) {
        Map<String, Set<String>> now = new HashMap<>();
        customerOf.forEach(
                (id, customer) -> now.computeIfAbsent(stored(around, id).customerId, before -> new HashSet<>())
                        .add(customer));
        Set<String> divided = new TreeSet<>();
        for (String id : customerOf.keySet()) {
            Set<String> customers = now.get(stored(around, id).customerId);
            if (customers != null && customers.size() > 1) {
                divided.add(id);
            }
        }
        return divided;
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
