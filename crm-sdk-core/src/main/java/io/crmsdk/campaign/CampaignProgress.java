package io.crmsdk.campaign;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a campaign is. Immutable.
 *
 * @param id the campaign
 * @param state where it stands
 * @param members how many there are
 * @param waiting how many were not handed to the outbox yet
 * @param open how many are in the outbox and not finished there
 * @param done how many are finished, whatever became of them; the deliveries say what
 * @param failed of those, how many never became a message, since it could not be written
 * @param detail why it was paused or cancelled; empty otherwise
 * @param startedAt when it was run first; null if not yet
 * @param perMinute members finished a minute since then; 0 if unknown
 */
public record CampaignProgress(
        String id,
        CampaignState state,
        long members,
        long waiting,
        long open,
        long done,
        long failed,
        String detail,
        @Nullable Instant startedAt,
        double perMinute) {
    /** Returns how long the rest will take at the rate so far; empty if that is not known. */
    public Optional<Duration> remaining() {
        boolean known = state == CampaignState.RUNNING && perMinute > 0;
        return known
                ? Optional.of(Duration.ofSeconds(Math.round((waiting + open) / perMinute * 60)))
                : Optional.empty();
    }
}
