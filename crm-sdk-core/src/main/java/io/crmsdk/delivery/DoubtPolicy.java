package io.crmsdk.delivery;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a delivery after an unconfirmed attempt. Whatever it is, the doubt stays visible until it is settled.
 *
 * @param repeatAfter the wait before the one repeat, or null to hold the delivery
 */
public record DoubtPolicy(@Nullable Duration repeatAfter) {
    /** Refuses a negative wait. */
    public DoubtPolicy {
        if (repeatAfter != null && repeatAfter.isNegative()) {
            throw new IllegalArgumentException("doubt policy: the wait is negative: " + repeatAfter);
        }
    }

    /** Never sent again by itself; shown until somebody settles it. */
    public static DoubtPolicy hold() {
        return new DoubtPolicy(null);
    }

    /** Sent once more after the wait, with the same content and ids, and counted as a possible duplicate. */
    public static DoubtPolicy repeatOnceAfter(Duration wait) {
        return new DoubtPolicy(wait);
    }
}
