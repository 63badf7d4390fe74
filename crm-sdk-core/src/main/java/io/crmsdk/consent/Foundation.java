package io.crmsdk.consent;

import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import io.crmsdk.time.HybridTimestamp;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Begins a ledger in a store that has none, and settles its pepper for good. */
final class Foundation {
    private static final int PEPPER_BYTES = 32;
    private static final String GENESIS = "0".repeat(64);
    private static final String INSERT = "crm_consent_head (id, position, last_id, chain, stamp, incarnation, held,"
            + " pepper_check, pepper) VALUES (1, 0, NULL, ?, ?, 1, 0, ?, ?)";

    private Foundation() {}

    /** The pepper of the ledger that is there afterwards. */
    static byte[] lay(Connection connection, Dialect dialect, byte @Nullable [] given) throws SQLException {
        byte[] found = read(connection, dialect, given);
        if (found == null) {
            begin(connection, dialect, given);
            found = read(connection, dialect, given);
        }
        if (found == null) {
            throw new ConsentException("LEDGER_MISSING", "the consent ledger could neither be found nor begun");
        }
        return found;
    }

    private static void begin(Connection connection, Dialect dialect, byte @Nullable [] given) throws SQLException {
        byte[] secret = given == null ? Nonces.bytes(PEPPER_BYTES) : given;
        Sql.insertNew(dialect, connection, INSERT, List.of(secret), (statement, pepper) -> {
            statement.setString(1, GENESIS);
            statement.setString(2, HybridTimestamp.of(0, 0, 0).toString());
            statement.setString(3, check(pepper));
            statement.setString(4, given == null ? HexFormat.of().formatHex(pepper) : null);
        });
    }

    private static byte @Nullable [] read(Connection connection, Dialect dialect, byte @Nullable [] given)
            throws SQLException {
        String select = "SELECT pepper_check, pepper FROM crm_consent_head WHERE id = 1" + dialect.currentRead();
        try (PreparedStatement statement = connection.prepareStatement(select);
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                return null;
            }
            String kept = row.getString(2);
            byte[] secret =
                    given != null || kept == null ? given : HexFormat.of().parseHex(kept);
            if (secret == null || !check(secret).equals(row.getString(1))) {
                throw new ConsentException(
                        "PEPPER_WRONG",
                        "the consent ledger was begun with "
                                + (secret == null ? "a pepper of the host's" : "another pepper")
                                + "; with this one no opt-out would be found. Open it with the first one");
            }
            return secret;
        }
    }

    private static String check(byte[] secret) {
        return new Pepper(secret).hex("check");
    }
}
