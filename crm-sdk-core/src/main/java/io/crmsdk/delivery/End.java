package io.crmsdk.delivery;

import io.crmsdk.internal.Micros;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lines of a history that are no events: the window that the queue row speaks of, and the delivery's end with its window. */
final class End {
    /** Behind the queue row's begun_us and owner. */
    static final String COLUMNS = "d.end_state, d.end_us, d.end_begun_us, d.end_attempt, d.end_node, d.end_detail,"
            + " d.end_host, d.end_reply, d.end_remote_id, d.end_evidence_us, q.attempts";

    private End() {}

    /** @param from the index of the queue row's begun_us */
    static List<HistoryEntry> read(ResultSet row, int from) throws SQLException {
        List<HistoryEntry> lines = new ArrayList<>();
        int end = from + 2;
        String state = row.getString(end);
        String node = row.getString(end + 4);
        if (state != null && node != null) {
            int attempt = row.getInt(end + 3);
            long begunUs = row.getLong(end + 2);
            if (!row.wasNull()) {
                lines.add(sending(begunUs, attempt, node));
            }
            lines.add(new HistoryEntry(
                    Micros.instant(row.getLong(end + 1)),
                    DeliveryState.valueOf(state),
                    true,
                    attempt,
                    node,
                    row.getString(end + 5),
                    evidence(row, end + 6)));
        }
        long nowBegunUs = row.getLong(from);
        String holder = row.wasNull() ? null : row.getString(from + 1);
        if (holder != null) {
            lines.add(sending(nowBegunUs, row.getInt(end + 10), holder));
        }
        return lines;
    }

    private static HistoryEntry sending(long begunUs, int attempt, String node) {
        return new HistoryEntry(Micros.instant(begunUs), DeliveryState.SENDING, true, attempt, node, "", null);
    }

    /** Reads host, reply, remote id and instant from four columns on. */
    static @Nullable Evidence evidence(ResultSet row, int from) throws SQLException {
        String host = row.getString(from);
        String reply = row.getString(from + 1);
        return host == null || reply == null
                ? null
                : new Evidence(host, reply, row.getString(from + 2), Micros.instant(row.getLong(from + 3)));
    }

    /** Puts each line before the first event that was written later; a window that is an event already is not told twice. */
    static void insert(List<HistoryEntry> history, List<HistoryEntry> lines) {
        int at = 1;
        for (HistoryEntry line : lines) {
            if (history.stream().anyMatch(entry -> isSameWindow(entry, line))) {
                continue;
            }
            while (at < history.size() && !isLater(history.get(at), line.at())) {
                at++;
            }
            history.add(at++, line);
        }
    }

    private static boolean isSameWindow(HistoryEntry entry, HistoryEntry line) {
        return line.state() == DeliveryState.SENDING
                && entry.state() == line.state()
                && entry.at().equals(line.at());
    }

    private static boolean isLater(HistoryEntry entry, Instant at) {
        return entry.at().isAfter(at);
    }
}
