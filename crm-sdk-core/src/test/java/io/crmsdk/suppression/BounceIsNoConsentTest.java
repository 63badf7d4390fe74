package io.crmsdk.suppression;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.consent.Challenge;
import io.crmsdk.consent.ChallengeRequest;
import io.crmsdk.consent.Confirmation;
import io.crmsdk.consent.ConsentEvidence;
import io.crmsdk.consent.ConsentIssuer;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.Scope;
import io.crmsdk.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deliverability and consent are two books in one store, over random histories of both; a failure names its seed. */
class BounceIsNoConsentTest {
    private static final Scope NEWS = Scope.of("marketing/newsletter");
    private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");
    private static final ConsentEvidence EVIDENCE =
            ConsentEvidence.builder().method("POST").build();
    private static final int CASES = 4;
    private static final int STEPS = 20;

    @TempDir
    private Path folder;

    @Test
    void L21_no_bounce_changes_a_decision_and_no_grant_clears_a_bounce() throws Exception {
        long first = new Random().nextLong();
        for (long seed = first; seed < first + CASES; seed++) {
            try {
                play(seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + "L: " + e.getMessage(), e);
            }
        }
    }

    private void play(long seed) throws Exception {
        Random random = new Random(seed);
        KeyPair keys = ConsentIssuer.newKeys();
        Path home = Files.createTempDirectory(folder, "case");
        try (Store store = Store.sqlite(home.resolve("crm.db"));
                ConsentLedger ledger = ConsentLedger.builder(store)
                        .trustIssuer(keys.getPublic())
                        .open()) {
            ConsentIssuer issuer = ConsentIssuer.builder(ledger, keys).build();
            SuppressionList list = SuppressionList.open(store);
            for (int step = 0; step < STEPS; step++) {
                ContactKey key = ContactKey.email("p" + random.nextInt(2) + "@example.com");
                List<String> decided = decisions(ledger);
                List<String> suppressed = suppressions(list);
                if (random.nextBoolean()) {
                    learn(list, random, key, step);
                    assertThat(decisions(ledger)).isEqualTo(decided);
                } else {
                    say(ledger, issuer, random, key);
                    assertThat(suppressions(list)).isEqualTo(suppressed);
                }
            }
            ContactKey last = ContactKey.email("p0@example.com");
            list.record(new SuppressionEvent(
                    "dsn", "last", last, SuppressionEvent.Kind.HARD_BOUNCE, START.plusSeconds(STEPS), "550 5.1.1"));
            confirm(ledger, issuer, last);
            assertThat(list.find(last)).isPresent();
        }
    }

    private static void learn(SuppressionList list, Random random, ContactKey key, int step) {
        if (random.nextInt(5) == 0) {
            list.lift(key, "chen", "asked by telephone");
            return;
        }
        SuppressionEvent.Kind kind = switch (random.nextInt(3)) {
            case 0 -> SuppressionEvent.Kind.HARD_BOUNCE;
            case 1 -> SuppressionEvent.Kind.SOFT_BOUNCE;
            default -> SuppressionEvent.Kind.DELIVERED;
        };
        list.record(new SuppressionEvent("dsn", "e" + step, key, kind, START.plusSeconds(step), "550 5.1.1"));
    }

    private static void say(ConsentLedger ledger, ConsentIssuer issuer, Random random, ContactKey key) {
        switch (random.nextInt(3)) {
            case 0 -> ledger.record(ledger.person("link").unsubscribe(key, NEWS, null));
            case 1 -> ledger.record(ledger.person("form").subscribe(key, NEWS, EVIDENCE));
            default -> confirm(ledger, issuer, key);
        }
    }

    private static void confirm(ConsentLedger ledger, ConsentIssuer issuer, ContactKey key) {
        Challenge challenge = issuer.challenge(ChallengeRequest.doubleOptIn(key, NEWS));
        Confirmation confirmation = issuer.confirm(challenge.token(), "POST", EVIDENCE);
        assertThat(confirmation.outcome()).isEqualTo(Confirmation.Outcome.CONFIRMED);
        assertThat(ledger.decide(key, NEWS).allowed()).isTrue();
    }

    private static List<String> decisions(ConsentLedger ledger) {
        List<String> decisions = new ArrayList<>();
        for (int person = 0; person < 2; person++) {
            decisions.add(ledger.decide(ContactKey.email("p" + person + "@example.com"), NEWS)
                    .explain());
        }
        return decisions;
    }

    private static List<String> suppressions(SuppressionList list) {
        List<String> suppressions = new ArrayList<>();
        for (int person = 0; person < 2; person++) {
            suppressions.add(list.find(ContactKey.email("p" + person + "@example.com"))
                    .map(Suppression::explain)
                    .orElse("none"));
        }
        return suppressions;
    }
}
