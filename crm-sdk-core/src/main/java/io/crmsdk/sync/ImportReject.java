package io.crmsdk.sync;

import java.time.Instant;
import java.util.List;

/**
 * A row that an import refused, kept until it is taken.
 *
 * @param row which one
 * @param reasons codes of why
 * @param since when it was refused first
 */
public record ImportReject(String row, List<String> reasons, Instant since) {
    /** Copies the list. */
    public ImportReject {
        reasons = List.copyOf(reasons);
    }
}
