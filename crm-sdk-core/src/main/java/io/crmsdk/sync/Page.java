package io.crmsdk.sync;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Some records, and how to go on.
 *
 * @param records in the order of the request; may be empty before the end
 * @param next what to ask with for the next page; null if this was the last one. The end is told by nothing else: not by an
 *     empty page, not by a total
 * @param serverNow the system's own time when it answered, if known
 */
public record Page(List<RemoteRecord> records, @Nullable String next, Optional<Instant> serverNow) {
    /** Copies the records. */
    public Page {
        records = List.copyOf(records);
    }

    /** A page with another to come. */
    public static Page of(List<RemoteRecord> records, String next) {
        return new Page(records, next, Optional.empty());
    }

    /** The last page. */
    public static Page last(List<RemoteRecord> records) {
        return new Page(records, null, Optional.empty());
    }

    /** The same with the system's own time. */
    public Page at(Instant serverNow) {
        return new Page(records, next, Optional.of(serverNow));
    }

    /** Whether this was the end. */
    public boolean isLast() {
        return next == null;
    }
}
