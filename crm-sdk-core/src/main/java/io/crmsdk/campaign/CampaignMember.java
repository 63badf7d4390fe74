package io.crmsdk.campaign;

import io.crmsdk.Redaction;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * One recipient of a campaign. Immutable.
 *
 * @param address where it goes
 * @param fields what the message is filled with, in any words of the host's; kept with the campaign
 */
public record CampaignMember(String address, Map<String, String> fields) {
    /** Copies the fields. */
    public CampaignMember {
        fields = Collections.unmodifiableMap(new TreeMap<>(fields));
    }

    /** A recipient without fields. */
    public static CampaignMember of(String address) {
        return new CampaignMember(address, Map.of());
    }

    /** Shows no values. */
    @Override
    public String toString() {
        return "CampaignMember[" + Redaction.email(address) + ", " + fields.keySet() + "]";
    }
}
