package io.crmsdk.consent;

import java.util.List;

/**
 * What a full look through a ledger found.
 *
 * @param events how many events there are
 * @param keys how many keys were compared with their events
 * @param findings one line each, without personal values; empty if everything holds
 */
public record ConsentCheck(long events, long keys, List<String> findings) {
    /** Copies the findings. */
    public ConsentCheck {
        findings = List.copyOf(findings);
    }

    /** Whether everything holds. */
    public boolean sound() {
        return findings.isEmpty();
    }
}
