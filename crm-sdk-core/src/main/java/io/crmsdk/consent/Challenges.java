package io.crmsdk.consent;

import io.crmsdk.internal.Micros;
import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Challenges that wait for their answers. */
final class Challenges {
    private static final String COLUMNS = "nonce, key_id, scope, frontier, begun_by, method, not_before_us, expires_us,"
            + " grant_expires_us, signature";

    private Challenges() {}

    static void insert(Connection connection, Challenge challenge) throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO crm_consent_challenge (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                challenge.nonce(),
                challenge.key().text(),
                challenge.scope().toString(),
                String.join(",", new TreeSet<>(challenge.frontier())),
                challenge.begunBy().name(),
                challenge.method(),
                Micros.of(challenge.notBefore()),
                Micros.of(challenge.expires()),
                challenge.grantExpires() == null ? null : Micros.of(challenge.grantExpires()),
                challenge.signature());
    }

    static @Nullable Challenge find(Connection connection, String nonce) throws SQLException {
        String select = "SELECT " + COLUMNS + " FROM crm_consent_challenge WHERE nonce = ?";
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setString(1, nonce);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? read(row) : null;
            }
        }
    }

    private static Challenge read(ResultSet row) throws SQLException {
        String frontier = row.getString(4);
        long grantExpires = row.getLong(9);
        boolean expires = !row.wasNull();
        return new Challenge(
                row.getString(1),
                new HashedKey(row.getString(2)),
                Scope.stored(row.getString(3)),
                frontier.isEmpty() ? Set.of() : Set.copyOf(List.of(frontier.split(","))),
                Grant.Starter.valueOf(row.getString(5)),
                row.getString(6),
                Micros.instant(row.getLong(7)),
                Micros.instant(row.getLong(8)),
                expires ? Micros.instant(grantExpires) : null,
                row.getString(10));
    }
}
