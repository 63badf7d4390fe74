package io.crmsdk.store;

import io.crmsdk.time.SkewEstimate;
import java.util.List;
import java.util.Objects;

/**
 * What {@link Store#check()} found.
 *
 * @param name the file or server, as {@link Store#name()}
 * @param engine as {@link Store#engine()}
 * @param version what the database calls itself
 * @param clock how far the database's clock is ahead of ours
 * @param findings the gravest first; empty if nothing is to be said
 */
public record StoreReport(String name, String engine, String version, SkewEstimate clock, List<StoreFinding> findings) {
    /** The list is copied. */
    public StoreReport {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(engine, "engine");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(clock, "clock");
        findings = List.copyOf(findings);
    }

    /** Whether nothing that was acknowledged is in danger. */
    public boolean isSafe() {
        return findings.stream().noneMatch(finding -> finding.severity() == Severity.DANGER);
    }
}
