package io.crmsdk.consent;

import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which contacts belong to which customers, and what remains of a person who is erased. */
final class People {
    private final Dialect dialect;

    People(Dialect dialect) {
        this.dialect = dialect;
    }

    /** Those of the contacts that were not linked before. */
    Set<String> link(Connection connection, String subject, Collection<String> contacts) throws SQLException {
        Set<String> fresh = new TreeSet<>(contacts);
        fresh.removeAll(linked(connection, subject, contacts));
        Sql.batch(
                connection,
                "INSERT INTO crm_consent_link (contact_id, subject_id) VALUES (?, ?)",
                List.copyOf(fresh),
                (statement, contact) -> {
                    statement.setString(1, contact);
                    statement.setString(2, subject);
                });
        return fresh;
    }

    /** Those of the contacts that were linked. */
    Set<String> unlink(Connection connection, String subject, Collection<String> contacts) throws SQLException {
        Set<String> gone = linked(connection, subject, contacts);
        Sql.updateIn(
                connection,
                "DELETE FROM crm_consent_link WHERE subject_id = ? AND contact_id IN",
                List.of(subject),
                List.copyOf(gone));
        return gone;
    }

    private Set<String> linked(Connection connection, String subject, Collection<String> contacts) throws SQLException {
        Set<String> linked = new TreeSet<>();
        Sql.inChunks(
                connection,
                "SELECT contact_id FROM crm_consent_link WHERE subject_id = ? AND contact_id IN",
                dialect.currentRead(),
                List.of(subject),
                List.copyOf(contacts),
                statement -> {
                    try (ResultSet row = statement.executeQuery()) {
                        while (row.next()) {
                            linked.add(row.getString(1));
                        }
                    }
                });
        return linked;
    }

    /** Empties the addresses and removes the evidence; hashes, scopes, reasons and dates stay. */
    void erase(Connection connection, Collection<String> keys) throws SQLException {
        List<String> ids = List.copyOf(new TreeSet<>(keys));
        Sql.updateIn(connection, "UPDATE crm_consent_key SET address = NULL WHERE key_id IN", List.of(), ids);
        Sql.inChunks(
                connection,
                "DELETE FROM crm_consent_evidence WHERE position IN (SELECT position FROM crm_consent_entry WHERE wide = 0"
                        + " AND key_id IN",
                ")",
                List.of(),
                ids,
                PreparedStatement::executeUpdate);
    }
}
