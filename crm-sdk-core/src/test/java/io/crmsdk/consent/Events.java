package io.crmsdk.consent;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Makes random events about a few people from a seed: dense enough that they meet. */
final class Events {
    static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
    static final Pepper PEPPER = new Pepper("a pepper for tests only".getBytes(StandardCharsets.UTF_8));
    static final List<Scope> SCOPES = List.of(
            Scope.ALL,
            Scope.of("marketing"),
            Scope.of("marketing/newsletter"),
            Scope.of("marketing/newsletter/weekly"),
            Scope.of("marketing/coupons"),
            Scope.of("survey"));
    static final List<ConsentKey> CONTACTS = List.of(
            PEPPER.hash(ContactKey.email("li@example.com")), PEPPER.hash(ContactKey.email("zhang@example.com")));
    static final List<ConsentKey> SUBJECTS =
            List.of(PEPPER.hash(new SubjectKey("17")), PEPPER.hash(new SubjectKey("18")));
    private static final List<OptOutReason> REASONS = List.of(
            OptOutReason.UNSUBSCRIBE,
            OptOutReason.UNSUBSCRIBE,
            OptOutReason.COMPLAINT,
            OptOutReason.OBJECTION,
            OptOutReason.STAFF_BLOCK,
            OptOutReason.LEGAL_BLOCK,
            new OptOutReason("COURT_OF_MARS"));

    private final Random random;
    private int next;

    Events(long seed) {
        random = new Random(seed);
    }

    Random random() {
        return random;
    }

    <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    Scope scope() {
        return pick(SCOPES);
    }

    private String id(String kind) {
        return kind + ":" + next++;
    }

    /** Some events that know of some of each other. */
    List<ConsentEvent> some(int most) {
        List<ConsentEvent> events = new ArrayList<>();
        int count = 1 + random.nextInt(most);
        for (int i = 0; i < count; i++) {
            events.add(any(events));
        }
        return events;
    }

    ConsentEvent any(List<ConsentEvent> known) {
        return switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> optOut();
            case 4 -> new UnknownEvent(id("new"), Set.of(pick(CONTACTS)), Scope.ALL, "person:app", "{\"v\":9}");
            case 5, 6 -> weakGrant();
            case 7 -> release(known);
            case 8 ->
                new ConsentNote(
                        id("note"), Set.of(pick(CONTACTS)), scope(), "ledger:note", ConsentNote.ERASED, "", null);
            default -> grantNaming(known);
        };
    }

    OptOut optOut() {
        return optOut(pick(REASONS), scope());
    }

    OptOut optOut(OptOutReason reason, Scope scope) {
        Set<ConsentKey> keys = new HashSet<>();
        keys.add(random.nextInt(4) == 0 ? pick(SUBJECTS) : pick(CONTACTS));
        if (random.nextInt(5) == 0) {
            keys.add(pick(SUBJECTS));
        }
        return new OptOut(id("out"), keys, scope, reason, "person:link", null, null);
    }

    Grant weakGrant() {
        Rank rank = random.nextBoolean() ? Rank.ASSERTED : Rank.SUBMITTED;
        return Grant.unconfirmed(id("in"), pick(CONTACTS), scope(), "system:crm", rank, expiry(), null);
    }

    private Instant expiry() {
        return switch (random.nextInt(6)) {
            case 0 -> NOW.minusSeconds(60);
            case 1 -> NOW.plusSeconds(60);
            default -> null;
        };
    }

    /** A confirmed grant that names any part of what is known. */
    private Grant grantNaming(List<ConsentEvent> known) {
        Set<String> named = new LinkedHashSet<>();
        known.stream()
                .filter(event -> event instanceof OptOut && random.nextInt(3) != 0)
                .forEach(event -> named.add(event.id()));
        Grant.Starter starter = random.nextInt(4) == 0 ? Grant.Starter.OTHER : Grant.Starter.PERSON;
        return answer(pick(CONTACTS), scope(), named, starter, expiry());
    }

    /** The answer to a challenge that names all opt-outs of these events that meet key and scope. */
    Grant confirm(List<ConsentEvent> known, Set<ConsentKey> keys, ConsentKey key, Scope scope) {
        Set<String> frontier = new LinkedHashSet<>();
        known.stream()
                .filter(event -> event instanceof OptOut && event.touches(keys))
                .filter(event -> event.scope().covers(scope) || scope.covers(event.scope()))
                .forEach(event -> frontier.add(event.id()));
        return answer(key, scope, frontier, Grant.Starter.PERSON, null);
    }

    private Grant answer(ConsentKey key, Scope scope, Set<String> named, Grant.Starter starter, Instant expires) {
        Challenge challenge = new Challenge(
                id("n"),
                (HashedKey) key,
                scope,
                named,
                starter,
                "double opt-in",
                NOW.minusSeconds(600),
                NOW.plusSeconds(600),
                expires,
                "unsigned");
        return Grant.confirmed(challenge, challenge.source(), null);
    }

    private Release release(List<ConsentEvent> known) {
        Set<String> named = new LinkedHashSet<>();
        known.stream().filter(OptOut.class::isInstance).forEach(event -> named.add(event.id()));
        Release.Role role = random.nextBoolean() ? Release.Role.STAFF : Release.Role.LEGAL;
        Set<ConsentKey> keys = Set.of(random.nextBoolean() ? pick(CONTACTS) : pick(SUBJECTS));
        return new Release(id("free"), keys, scope(), "staff:chen", named, role, "zhao", null);
    }
}
