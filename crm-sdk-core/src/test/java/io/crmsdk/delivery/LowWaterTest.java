package io.crmsdk.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LowWaterTest {
    private static final long NOW = 1_000_000_000;
    private static final long LEASE = 30_000_000;

    private final LowWater lowWater = new LowWater(LEASE);

    @Test
    void the_first_claim_looks_everywhere() {
        lowWater.beginClaim(NOW);

        assertThat(lowWater.of(Priority.NORMAL)).isZero();
    }

    @Test
    void later_claims_leave_out_what_was_due_well_before_the_oldest_row_that_was_met() {
        lowWater.beginClaim(NOW);
        lowWater.found(Priority.NORMAL, NOW - 1_000_000);

        lowWater.beginClaim(NOW + 1_000_000);

        assertThat(lowWater.of(Priority.NORMAL)).isEqualTo(NOW - 11_000_000);
        assertThat(lowWater.of(Priority.HIGH)).isZero();
    }

    @Test
    void a_sweep_looks_everywhere_again_every_five_seconds() {
        lowWater.beginClaim(NOW);
        lowWater.found(Priority.NORMAL, NOW);

        lowWater.beginClaim(NOW + 5_000_000);

        assertThat(lowWater.of(Priority.NORMAL)).isZero();
    }

    @Test
    void a_short_lease_is_swept_for_as_often_as_it_is_renewed() {
        LowWater ofShortLeases = new LowWater(300_000);
        ofShortLeases.beginClaim(NOW);
        ofShortLeases.found(Priority.LOW, NOW);

        ofShortLeases.beginClaim(NOW + 100_000);

        assertThat(ofShortLeases.of(Priority.LOW)).isZero();
    }

    @Test
    void a_clock_that_was_set_back_is_followed_by_a_sweep() {
        lowWater.beginClaim(NOW);
        lowWater.found(Priority.NORMAL, NOW);

        lowWater.beginClaim(NOW - 1);

        assertThat(lowWater.of(Priority.NORMAL)).isZero();
    }
}
