package io.crmsdk.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.identity.TrapWorld.Expected;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrapWorldTest {
    private static Resolution resolve(TrapWorld world, List<Integer> order) {
        Resolver resolver = Resolver.of(MatchRules.defaults());
        for (int record : order) {
            resolver.add(String.valueOf(record), "", world.records.get(record));
        }
        return resolver.resolve();
    }

    private static List<Integer> inOrder(TrapWorld world) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < world.records.size(); i++) {
            order.add(i);
        }
        return order;
    }

    /** Record number to a name of its customer. */
    private static Map<Integer, String> customers(Resolution resolution) {
        Map<Integer, String> customers = new HashMap<>();
        for (List<String> cluster : resolution.clusters()) {
            String name = Collections.min(cluster);
            cluster.forEach(id -> customers.put(Integer.valueOf(id), name));
        }
        return customers;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 22, 333, 4444})
    void no_two_people_become_one_customer(long seed) {
        TrapWorld world = new TrapWorld(seed, 1500, 20);
        Resolution resolution = resolve(world, inOrder(world));
        Map<Integer, String> customer = customers(resolution);

        Map<String, Set<Integer>> peopleOf = new HashMap<>();
        customer.forEach((record, name) ->
                peopleOf.computeIfAbsent(name, n -> new TreeSet<>()).add(world.truth.get(record)));
        assertThat(peopleOf.values()).as("seed %d", seed).allMatch(people -> people.size() == 1);
        for (TrapWorld.Pair pair : world.pairs) {
            boolean linked = customer.get(pair.a()).equals(customer.get(pair.b()));
            assertThat(linked).as("seed %d: %s", seed, pair).isEqualTo(pair.expected() == Expected.AUTO);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 66})
    void what_belongs_together_is_linked_or_asked(long seed) {
        TrapWorld world = new TrapWorld(seed, 1500, 0);
        Resolution resolution = resolve(world, inOrder(world));
        Map<Integer, String> customer = customers(resolution);
        Set<Set<String>> asked = new HashSet<>();
        resolution
                .reviews()
                .forEach(pair -> asked.add(Set.of(
                        String.valueOf(customer.get(Integer.valueOf(pair.a()))),
                        String.valueOf(customer.get(Integer.valueOf(pair.b()))))));

        int all = 0;
        int linked = 0;
        int found = 0;
        for (int i = 0; i < world.records.size(); i++) {
            for (int j = i + 1; j < world.records.size() && world.truth.get(j).equals(world.truth.get(i)); j++) {
                String a = customer.get(i);
                String b = customer.get(j);
                all++;
                linked += a.equals(b) ? 1 : 0;
                found += a.equals(b) || asked.contains(Set.of(a, b)) ? 1 : 0;
            }
        }

        assertThat((double) linked / all).as("seed %d: linked", seed).isGreaterThanOrEqualTo(0.92);
        assertThat((double) found / all).as("seed %d: found", seed).isGreaterThanOrEqualTo(0.995);
        assertThat(asked.size() * 1000.0 / world.records.size())
                .as("seed %d: asked", seed)
                .isLessThanOrEqualTo(90);
    }

    @Test
    void ten_orders_give_the_same_customers() {
        long seed = 77;
        TrapWorld world = new TrapWorld(seed, 400, 10);
        List<Integer> order = inOrder(world);
        Map<Integer, String> first = customers(resolve(world, order));
        Random random = new Random(seed);

        for (int i = 0; i < 10; i++) {
            Collections.shuffle(order, random);
            assertThat(customers(resolve(world, order)))
                    .as("seed %d, shuffle %d", seed, i)
                    .isEqualTo(first);
        }
    }

    @Test
    void every_decision_is_the_same_in_either_direction_and_says_why() {
        TrapWorld world = new TrapWorld(9, 100, 3);
        MatchRules rules = MatchRules.defaults();
        for (int i = 0; i < world.records.size(); i += 3) {
            for (int j = 0; j < world.records.size(); j += 7) {
                Evidence a = world.records.get(i);
                Evidence b = world.records.get(j);
                MatchDecision decision = rules.judge(a, b, MatchContext.none());

                assertThat(rules.judge(b, a, MatchContext.none())).isEqualTo(decision);
                assertThat(decision.why()).isNotEmpty();
                assertThat(decision.code()).startsWith(decision.verdict().name());
            }
        }
    }

    @Test
    void a_hundred_thousand_records_with_one_phone_are_one_generic_value() {
        // Judged pair by pair this would be five billion comparisons.
        Resolver resolver = Resolver.of(MatchRules.defaults());
        for (int i = 0; i < 100_000; i++) {
            resolver.add(
                    String.valueOf(i),
                    "",
                    Evidence.builder(io.crmsdk.model.CustomerKind.PERSON)
                            .name("Name" + Integer.toString(i, 26) + " Of" + Integer.toString(i * 31, 30))
                            .phone("+447712345098", true, null)
                            .build());
        }

        Resolution resolution = resolver.resolve();

        assertThat(resolution.customers()).isEqualTo(100_000);
        assertThat(resolution.genericValues()).isEqualTo(1);
    }
}
