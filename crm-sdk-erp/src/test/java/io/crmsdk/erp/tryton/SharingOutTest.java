package io.crmsdk.erp.tryton;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.erp.tryton.SharingOut.Claim;
import io.crmsdk.erp.tryton.SharingOut.Part;
import io.crmsdk.erp.tryton.SharingOut.Paying;
import io.crmsdk.model.Money;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SharingOutTest {
    private static Money eur(long cents) {
        return Money.of(BigDecimal.valueOf(cents, 2), "EUR");
    }

    private static Money settled(Map<Long, List<Part>> parts, long invoice) {
        return parts.values().stream()
                .flatMap(List::stream)
                .filter(part -> part.invoice() == invoice)
                .map(Part::amount)
                .reduce(eur(0), Money::plus);
    }

    @Test
    void a_credit_note_is_set_off_before_money_is_shared_out() {
        Map<Long, List<Part>> parts = SharingOut.of(
                List.of(new Claim(1, 10, eur(10_000)), new Claim(2, 20, eur(-3_000))),
                List.of(new Paying(3, eur(7_000))));

        assertThat(parts.get(2L)).containsExactly(new Part(10, eur(3_000)), new Part(20, eur(-3_000)));
        assertThat(parts.get(3L)).containsExactly(new Part(10, eur(7_000)));
    }

    @Test
    void one_payment_of_two_invoices_settles_both() {
        Map<Long, List<Part>> parts = SharingOut.of(
                List.of(new Claim(1, 10, eur(10_000)), new Claim(2, 20, eur(2_001))),
                List.of(new Paying(3, eur(12_001))));

        assertThat(parts.get(3L)).containsExactly(new Part(10, eur(10_000)), new Part(20, eur(2_001)));
    }

    @Test
    void money_without_a_claim_settles_nothing() {
        assertThat(SharingOut.of(List.of(), List.of(new Paying(3, eur(5))))).isEmpty();
    }

    @Test
    void F_819_whatever_is_reconciled_each_payment_is_shared_out_whole_and_each_claim_settled_exactly() {
        for (int seed = 0; seed < 5_000; seed++) {
            Random random = new Random(seed);
            List<Claim> claims = new ArrayList<>();
            List<Paying> payments = new ArrayList<>();
            long sum = 0;
            for (int i = 1 + random.nextInt(5); i > 0; i--) {
                long amount = random.nextInt(2_001) - 1_000;
                sum += amount;
                claims.add(new Claim(i, 100 + i, eur(amount)));
            }
            for (int i = random.nextInt(4); i > 0; i--) {
                long amount = random.nextInt(2_001) - 1_000;
                sum -= amount;
                payments.add(new Paying(50 + i, eur(amount)));
            }
            payments.add(new Paying(50, eur(sum)));

            Map<Long, List<Part>> parts = SharingOut.of(claims, payments);

            for (Claim claim : claims) {
                assertThat(settled(parts, claim.invoice())).as("seed %s", seed).isEqualTo(claim.amount());
            }
            for (Paying payment : payments) {
                Money shared =
                        parts.get(payment.line()).stream().map(Part::amount).reduce(eur(0), Money::plus);
                assertThat(shared).as("seed %s", seed).isEqualTo(payment.amount());
            }
        }
    }
}
