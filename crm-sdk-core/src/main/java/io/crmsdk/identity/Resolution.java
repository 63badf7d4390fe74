package io.crmsdk.identity;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Who is whose customer among the records of a {@link Resolver}, and which pairs a person should look at. Immutable. */
public final class Resolution {
    /** Within a larger customer only the pairs that share strong values are listed, not every pair. */
    private static final int LISTED_WHOLE = 30;

    private final MatchRules rules;
    private final List<String> ids;
    private final List<Evidence> records;
    private final int[] customer;
    private final Pairs links;
    private final Pairs reviews;
    private final MatchContext context;
    private final int customers;

    Resolution(
            MatchRules rules,
            List<String> ids,
            List<Evidence> records,
            int[] customer,
            Pairs links,
            Pairs reviews,
            MatchContext context) {
        this.rules = rules;
        this.ids = ids;
        this.records = records;
        this.customer = customer;
        this.links = links;
        this.reviews = reviews;
        this.context = context;
        int count = 0;
        for (int i = 0; i < customer.length; i++) {
            count += customer[i] == i ? 1 : 0;
        }
        this.customers = count;
    }

    /**
     * A decision about two records.
     *
     * @param a id of one record
     * @param b id of the other
     * @param decision what was decided, and why
     */
    public record Pair(String a, String b, MatchDecision decision) {}

    /** How many customers the records are. */
    public int customers() {
        return customers;
    }

    /** How many values too many different people share. */
    public int genericValues() {
        return context.genericValues();
    }

    /** The customers as lists of record ids, in the order of their first records; a customer of one record too. */
    public List<List<String>> clusters() {
        Map<Integer, List<String>> members = new LinkedHashMap<>();
        for (int i = 0; i < customer.length; i++) {
            members.computeIfAbsent(customer[i], first -> new ArrayList<>()).add(ids.get(i));
        }
        return List.copyOf(members.values());
    }

    /** A number that two records share if and only if they are one customer; indexed in the order the records were added. */
    public int[] customerNumbers() {
        return customer.clone();
    }

    /** Every pair that is linked, then every pair to be reviewed, the most telling first. Reasons are made as they are asked for. */
    public void decisions(Consumer<Pair> to) {
        linked(to);
        reviewed().forEach(question -> to.accept(decided(question)));
    }

    private void linked(Consumer<Pair> to) {
        Map<Integer, List<Integer>> members = new LinkedHashMap<>();
        Map<Integer, Integer> sizes = new HashMap<>();
        for (int i = 0; i < customer.length; i++) {
            sizes.merge(customer[i], 1, Integer::sum);
        }
        for (int i = 0; i < customer.length; i++) {
            int size = sizes.getOrDefault(customer[i], 0);
            if (size > 1 && size <= LISTED_WHOLE) {
                members.computeIfAbsent(customer[i], first -> new ArrayList<>()).add(i);
            }
        }
        members.values().forEach(list -> whole(list, to));
        for (int p = 0; p < links.size(); p++) {
            boolean joined = customer[links.a(p)] == customer[links.b(p)];
            if (joined && sizes.getOrDefault(customer[links.a(p)], 0) > LISTED_WHOLE) {
                to.accept(pair(links.a(p), links.b(p)));
            }
        }
    }

    private void whole(List<Integer> members, Consumer<Pair> to) {
        for (int i = 0; i < members.size(); i++) {
            for (int j = i + 1; j < members.size(); j++) {
                to.accept(pair(members.get(i), members.get(j)));
            }
        }
    }

    private Pair pair(int a, int b) {
        MatchDecision own = decide(a, b);
        if (own.verdict() == Verdict.LINK) {
            return new Pair(ids.get(a), ids.get(b), own);
        }
        List<String> why = new ArrayList<>(own.why());
        why.set(why.size() - 1, "linked: both belong to records that strong keys join");
        return new Pair(ids.get(a), ids.get(b), new MatchDecision(Verdict.LINK, "LINK_THROUGH", own.score(), why));
    }

    private MatchDecision decide(int a, int b) {
        return new Judge(rules).decide(records.get(a), records.get(b), context);
    }

    /** One question for two customers: of the pairs of their records the one that stands first. */
    private record Question(int a, int b, Rank rank) {
        Question first(Question other) {
            return rank.compareTo(other.rank) <= 0 ? this : other;
        }
    }

    private Pair decided(Question question) {
        Evidence a = records.get(question.a);
        Evidence b = records.get(question.b);
        return new Pair(ids.get(question.a), ids.get(question.b), new Judge(rules).question(a, b, context));
    }

    /** Questions between customers, the most telling first. */
    private List<Question> reviewed() {
        Map<Long, Question> first = new HashMap<>();
        Judge judge = new Judge(rules);
        for (int p = 0; p < links.size(); p++) {
            if (customer[links.a(p)] != customer[links.b(p)]) {
                Judge.Judged judged = judge.judge(records.get(links.a(p)), records.get(links.b(p)), context);
                collect(links.a(p), links.b(p), judged.score(), first);
            }
        }
        for (int p = 0; p < reviews.size(); p++) {
            collect(reviews.a(p), reviews.b(p), reviews.score(p), first);
        }
        List<Question> order = new ArrayList<>(first.values());
        order.sort(Comparator.comparing(Question::rank));
        return order;
    }

    private void collect(int a, int b, double score, Map<Long, Question> first) {
        int x = Math.min(customer[a], customer[b]);
        int y = Math.max(customer[a], customer[b]);
        if (x != y) {
            Question question = new Question(a, b, Rank.of(score, ids.get(a), ids.get(b)));
            first.merge((long) x << 32 | y, question, Question::first);
        }
    }

    /** The pairs to be reviewed, one for each two customers, the most telling first. */
    public List<Pair> reviews() {
        return reviewed().stream().map(this::decided).toList();
    }
}
