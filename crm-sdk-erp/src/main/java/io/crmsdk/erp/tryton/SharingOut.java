package io.crmsdk.erp.tryton;

import io.crmsdk.model.Money;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Shares out what was reconciled together: credit notes are set off first, then each payment settles what is left, both in the order in
 * which they are given. Every payment is shared out whole; if claims and payments come to the same, every claim is settled exactly.
 */
final class SharingOut {
    private final List<Rest> rests = new ArrayList<>();
    private final Map<Long, List<Part>> parts = new HashMap<>();

    /** An invoice's line; negative for a credit note. All amounts are in one currency. */
    record Claim(long line, long invoice, Money amount) {}

    /** A line that settles; negative if money was paid out. */
    record Paying(long line, Money amount) {}

    /** How much of which invoice is settled. */
    record Part(long invoice, Money amount) {}

    /** What is left of a claim. */
    private static final class Rest {
        private final Claim claim;
        private Money amount;

        Rest(Claim claim) {
            this.claim = claim;
            this.amount = claim.amount();
        }

        Part take(Money part) {
            amount = amount.minus(part);
            return new Part(claim.invoice(), part);
        }
    }

    private SharingOut(List<Claim> claims) {
        claims.forEach(claim -> rests.add(new Rest(claim)));
    }

    /** The parts by the line that settles them, which is a payment's or a credit note's. */
    static Map<Long, List<Part>> of(List<Claim> claims, List<Paying> payments) {
        SharingOut sharing = new SharingOut(claims);
        if (!claims.isEmpty()) {
            sharing.setOff();
            for (int i = 0; i < payments.size(); i++) {
                Paying payment = payments.get(i);
                sharing.parts.put(payment.line(), sharing.pay(payment.amount(), i == payments.size() - 1));
            }
        }
        return sharing.parts;
    }

    private void setOff() {
        for (Rest credit : rests) {
            if (credit.amount.signum() >= 0) {
                continue;
            }
            List<Part> taken = new ArrayList<>();
            for (Rest claim : rests) {
                if (claim.amount.signum() > 0 && credit.amount.signum() < 0) {
                    Money part = smaller(claim.amount, credit.amount.negated());
                    taken.add(claim.take(part));
                    taken.add(credit.take(part.negated()));
                }
            }
            parts.put(credit.claim.line(), taken);
        }
    }

    private static Money smaller(Money one, Money other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    /** The last payment takes all that is left; what then does not fit is too much or too little paid on the last claim. */
    private List<Part> pay(Money amount, boolean last) {
        List<Part> taken = new ArrayList<>();
        Money left = amount;
        for (Rest rest : rests) {
            boolean fits = rest.amount.signum() != 0 && (last || rest.amount.signum() == left.signum());
            if (fits) {
                boolean whole = last || rest.amount.compareTo(left) * left.signum() <= 0;
                Part part = rest.take(whole ? rest.amount : left);
                taken.add(part);
                left = left.minus(part.amount());
            }
        }
        if (left.signum() != 0) {
            taken.add(rests.get(rests.size() - 1).take(left));
        }
        return taken;
    }
}
