package io.crmsdk.sync;

import io.crmsdk.time.TimeConvention;
import io.crmsdk.time.TimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one side page by page, and owns its cursor.
 *
 * <p>A cursor of time is the highest time of change seen, but never beyond the system's own time when the reading began, so that
 * what is committed late is not passed over; each reading starts the overlap earlier. A lost cursor leads to a full listing,
 * never to a start from now.
 */
final class Feed {
    private static final String STAMP = "stamp:";
    private static final String TOKEN = "token:";
    private static final Duration FUTURE = Duration.ofMinutes(2);
    private static final int MOST_EMPTY_PAGES = 1000;

    private final Connector connector;
    private final Capabilities can;
    private final Consumer<String> inFuture;
    private @Nullable Instant began;
    private @Nullable Instant highest;
    private long seen;

    Feed(Connector connector, Consumer<String> inFuture) {
        this.connector = connector;
        this.can = connector.capabilities();
        this.inFuture = inFuture;
    }

    /**
     * What a reading came to.
     *
     * @param cursor where the next one starts; null if it has to list everything
     * @param complete whether everything was listed
     * @param seen how many records came, repeated ones included
     */
    record End(@Nullable String cursor, boolean complete, long seen) {}

    private interface Pages {
        Page page(@Nullable String next);
    }

    /** The pages do not come to an end. */
    private static final class LoopException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    End read(@Nullable String cursor, boolean everything, Consumer<List<RemoteRecord>> pages) {
        if (everything || cursor == null || can.changes() == Capabilities.Changes.NONE) {
            return listing(pages);
        }
        try {
            return changes(cursor, pages);
        } catch (LoopException e) {
            return listing(pages);
        } catch (ConnectorException e) {
            if (e.code().equals("CURSOR_EXPIRED")) {
                return listing(pages);
            }
            throw e;
        }
    }

    private End listing(Consumer<List<RemoteRecord>> pages) {
        reset();
        String token = can.changes() == Capabilities.Changes.TOKEN ? connector.token() : null;
        try {
            drain(next -> connector.list(next, can.pageSize()), pages);
        } catch (LoopException e) {
            throw new SyncException(
                    "SYNC_PAGE_LOOP",
                    can.system() + " gives the same pages again and again; nothing was written. Look at its paging",
                    e);
        }
        return new End(token == null ? stampCursor(null) : TOKEN + token, true, seen);
    }

    private End changes(String cursor, Consumer<List<RemoteRecord>> pages) {
        reset();
        if (cursor.startsWith(TOKEN)) {
            String token = connector.token();
            String start = cursor.substring(TOKEN.length());
            drain(next -> connector.changesAfter(next == null ? start : next, can.pageSize()), pages);
            return new End(TOKEN + token, false, seen);
        }
        Instant mark = Instant.EPOCH.plus(Long.parseLong(cursor.substring(STAMP.length())), ChronoUnit.MICROS);
        Instant from = mark.minus(can.overlap());
        drain(next -> connector.changesSince(from, next, can.pageSize()), pages);
        return new End(stampCursor(mark), false, seen);
    }

    private void reset() {
        began = null;
        highest = null;
        seen = 0;
    }

    private @Nullable String stampCursor(@Nullable Instant before) {
        if (can.stamps().isEmpty()) {
            return null;
        }
        Instant mark = highest == null || (began != null && highest.isAfter(began)) ? began : highest;
        if (mark == null || (before != null && mark.isBefore(before))) {
            mark = before;
        }
        return mark == null ? null : STAMP + ChronoUnit.MICROS.between(Instant.EPOCH, mark);
    }

    /** Brent's way of finding a cycle with one remembered token, and a bound on empty pages. */
    private void drain(Pages source, Consumer<List<RemoteRecord>> pages) {
        String remembered = null;
        long power = 1;
        long steps = 0;
        int empty = 0;
        for (String next = null; ; ) {
            Page page = source.page(next);
            take(page, pages);
            next = page.next();
            empty = page.records().isEmpty() ? empty + 1 : 0;
            if (next == null) {
                return;
            }
            if (next.equals(remembered) || empty > MOST_EMPTY_PAGES) {
                throw new LoopException();
            }
            if (++steps == power) {
                remembered = next;
                power *= 2;
                steps = 0;
            }
        }
    }

    private void take(Page page, Consumer<List<RemoteRecord>> pages) {
        if (began == null) {
            began = page.serverNow().orElse(null);
        }
        can.stamps().ifPresent(convention -> page.records().forEach(record -> note(record, convention, page)));
        seen += page.records().size();
        if (!page.records().isEmpty()) {
            pages.accept(page.records());
        }
    }

    private void note(RemoteRecord record, TimeConvention convention, Page page) {
        if (record.modified() == null) {
            return;
        }
        Instant stamp = instant(record, convention);
        if (page.serverNow().isPresent() && stamp.isAfter(page.serverNow().get().plus(FUTURE))) {
            inFuture.accept(record.id());
        } else if (highest == null || stamp.isAfter(highest)) {
            highest = stamp;
        }
    }

    private Instant instant(RemoteRecord record, TimeConvention convention) {
        try {
            return convention.parseInstant(record.modified());
        } catch (TimeException e) {
            throw new SyncException(
                    "SYNC_STAMP",
                    can.system() + " record " + record.id() + ": its time of change is not written as declared, "
                            + convention.declaration() + "; nothing was written. Correct the declaration",
                    e);
        }
    }
}
