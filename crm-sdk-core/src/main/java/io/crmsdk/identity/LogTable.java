package io.crmsdk.identity;

import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The merge log: appended to, and marked where a later entry undid one. */
final class LogTable {
    private static final String COLUMNS = "id, kind, at_us, author, reason, undoes, undone_by";

    /** One record in an entry. */
    record Member(String recordId, String before, String after) {}

    void add(Connection connection, Relinking.Cause cause, long nowUs) throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO crm_merge_log (id, kind, at_us, author, reason, undoes) VALUES (?, ?, ?, ?, ?, ?)",
                cause.id(),
                cause.kind(),
                nowUs,
                cause.author(),
                cause.reason(),
                cause.undoes());
        if (cause.undoes() != null) {
            Sql.update(connection, "UPDATE crm_merge_log SET undone_by = ? WHERE id = ?", cause.id(), cause.undoes());
        }
    }

    void addMembers(Connection connection, String logId, List<Member> members) throws SQLException {
        Sql.batch(
                connection,
                "INSERT INTO crm_merge_member (log_id, record_id, before_id, after_id) VALUES (?, ?, ?, ?)",
                members,
                (statement, member) -> {
                    statement.setString(1, logId);
                    statement.setString(2, member.recordId());
                    statement.setString(3, member.before());
                    statement.setString(4, member.after());
                });
    }

    @Nullable
    MergeEntry find(Connection connection, String id) throws SQLException {
        List<MergeEntry> found = entries(connection, "WHERE id = ?", id);
        return found.isEmpty() ? null : found.get(0);
    }

    /** Entries that moved one of the records, oldest first. */
    List<MergeEntry> about(Connection connection, String recordId) throws SQLException {
        return entries(
                connection,
                "WHERE id IN (SELECT log_id FROM crm_merge_member WHERE record_id = ?) ORDER BY at_us, id",
                recordId);
    }

    private List<MergeEntry> entries(Connection connection, String where, String argument) throws SQLException {
        List<MergeEntry> found = new ArrayList<>();
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT " + COLUMNS + " FROM crm_merge_log " + where)) {
            statement.setString(1, argument);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(read(rows));
                }
            }
        }
        List<MergeEntry> whole = new ArrayList<>();
        for (MergeEntry entry : found) {
            whole.add(entry.with(members(connection, entry.id())));
        }
        return whole;
    }

    private static MergeEntry read(ResultSet row) throws SQLException {
        long at = row.getLong(3);
        return new MergeEntry(
                row.getString(1),
                MergeEntry.Kind.valueOf(row.getString(2)),
                Instant.EPOCH.plus(at, java.time.temporal.ChronoUnit.MICROS),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                List.of());
    }

    private static List<MergeEntry.Move> members(Connection connection, String logId) throws SQLException {
        List<MergeEntry.Move> moves = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT record_id, before_id, after_id FROM crm_merge_member WHERE log_id = ? ORDER BY record_id")) {
            statement.setString(1, logId);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    moves.add(new MergeEntry.Move(rows.getString(1), rows.getString(2), rows.getString(3)));
                }
            }
        }
        return moves;
    }
}
