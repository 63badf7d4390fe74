package io.crmsdk.campaign;

import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a campaign is and what is expected of its audience. Immutable.
 *
 * @param id the host's own stable name of this run: 1 to 80 letters, digits and {@code . _ -}
 * @param series what runs again and again with the same rule, for example {@code vip-coupons}; its last finished run is what this one
 *     is compared with
 * @param scope the consent scope of its messages; null for messages that are owed
 * @param ceiling the most members that need no approval; null for none but the comparison
 * @param base how many could be reached at all, for example all customers with an address; null if unknown
 * @param shareOfBase the largest part of the base that needs no approval
 * @param growth how many times the last run's size need no approval
 * @param window the most messages of this campaign that wait in the outbox at once
 */
public record CampaignSpec(
        String id,
        String series,
        @Nullable String scope,
        @Nullable Long ceiling,
        @Nullable Long base,
        double shareOfBase,
        double growth,
        int window) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,80}");

    /**
     * Refuses what can never be right.
     *
     * @throws IllegalArgumentException naming what was expected
     */
    public CampaignSpec {
        Objects.requireNonNull(id, "id");
        if (!NAME.matcher(id).matches() || !NAME.matcher(series).matches()) {
            throw new IllegalArgumentException(
                    "campaign: expected an id and a series of 1 to 80 letters, digits and . _ -");
        }
        if (shareOfBase <= 0 || shareOfBase > 1 || growth < 1 || window < 1 || window > 100_000) {
            throw new IllegalArgumentException("campaign " + id
                    + ": expected a share between 0 and 1, a growth of at least 1 and a window of 1 to 100,000");
        }
        if (ceiling != null && ceiling < 1 || base != null && base < 1) {
            throw new IllegalArgumentException("campaign " + id + ": expected a ceiling and a base of at least 1");
        }
    }

    /** A campaign of marketing with the usual expectations: half of the base, half as many again as last time, no ceiling. */
    public static CampaignSpec marketing(String id, String series, String scope) {
        return new CampaignSpec(id, series, Objects.requireNonNull(scope, "scope"), null, null, 0.5, 1.5, 1_000);
    }

    /** The same with a ceiling. */
    public CampaignSpec withCeiling(long members) {
        return new CampaignSpec(id, series, scope, members, base, shareOfBase, growth, window);
    }

    /** The same with the number of people who could be reached at all, and the largest part of them that needs no approval. */
    public CampaignSpec withBase(long people, double share) {
        return new CampaignSpec(id, series, scope, ceiling, people, share, growth, window);
    }

    /** The same with another number of messages that wait in the outbox at once; smaller yields sooner to others. */
    public CampaignSpec withWindow(int messages) {
        return new CampaignSpec(id, series, scope, ceiling, base, shareOfBase, growth, messages);
    }
}
