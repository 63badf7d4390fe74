package io.crmsdk.model;

import java.util.OptionalInt;

/**
 * How important a customer is; never a boolean, because "is not VIP" and "not known" are different values.
 *
 * <p>{@link #UNKNOWN} is never treated as VIP and never as not VIP.
 */
public enum VipLevel {
    /** Nothing is known; the default. */
    UNKNOWN(-1),
    /** Known not to be VIP: tier 0. */
    NONE(0),
    /** Tier 1, the lowest. */
    TIER_1(1),
    /** Tier 2. */
    TIER_2(2),
    /** Tier 3. */
    TIER_3(3),
    /** Tier 4. */
    TIER_4(4),
    /** Tier 5, the highest. */
    TIER_5(5);

    private final int tier;

    VipLevel(int tier) {
        this.tier = tier;
    }

    /**
     * The level of a tier 0 to 5.
     *
     * @throws ModelException {@code MALFORMED} for any other number
     */
    public static VipLevel ofTier(int tier) {
        if (tier < 0 || tier > 5) {
            throw new ModelException("MALFORMED", "vip", "tiers are 0 to 5, got " + tier);
        }
        for (VipLevel level : values()) {
            if (level.tier == tier) {
                return level;
            }
        }
        throw new IllegalStateException("no level of tier " + tier);
    }

    /** The tier 0 to 5, or empty if unknown. */
    public OptionalInt tier() {
        return this == UNKNOWN ? OptionalInt.empty() : OptionalInt.of(tier);
    }

    /** Whether the customer is known to be VIP: tier 1 or more. */
    public boolean isVip() {
        return tier > 0;
    }
}
