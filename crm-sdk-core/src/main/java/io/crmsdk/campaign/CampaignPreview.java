package io.crmsdk.campaign;

import java.util.List;

/**
 * What a campaign would do, before it does anything. Immutable.
 *
 * @param id the campaign
 * @param state {@link CampaignState#HELD} or {@link CampaignState#READY} when it was just prepared
 * @param hash what an approval binds: it covers every address and field of the audience and what was expected of it
 * @param members how many will get a message, if consent still allows it when it leaves
 * @param duplicates how many more rows had an address that was there already
 * @param unreadable how many rows had no address that could be read; they are left out
 * @param withoutConsent of the members, how many the ledger would refuse now; 0 if the campaign knows no ledger
 * @param suppressed of the members, how many are on the suppression list now; 0 if the campaign knows no list
 * @param before members of the last finished run of the series; 0 if there is none
 * @param shared of those, how many are members now
 * @param held why it is held, one sentence each; empty if it is not
 * @param samples up to ten members, spread over the audience
 */
public record CampaignPreview(
        String id,
        CampaignState state,
        String hash,
        long members,
        long duplicates,
        long unreadable,
        long withoutConsent,
        long suppressed,
        long before,
        long shared,
        List<String> held,
        List<CampaignMember> samples) {
    /** Copies the lists. */
    public CampaignPreview {
        held = List.copyOf(held);
        samples = List.copyOf(samples);
    }

    /** Shows counts and reasons, no address. */
    @Override
    public String toString() {
        return "CampaignPreview[" + id + ", " + state + ", " + members + " members, " + duplicates + " duplicates, "
                + unreadable + " unreadable, " + held + "]";
    }
}
