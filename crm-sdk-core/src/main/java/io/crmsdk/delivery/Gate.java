package io.crmsdk.delivery;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The last look before the wire: has the message expired, and does the person still agree. */
final class Gate {
    private final @Nullable ConsentGate consent;

    Gate(@Nullable ConsentGate consent) {
        this.consent = consent;
    }

    /** True if the answer can change between two looks, so that a look costs a read. */
    static boolean applies(Message message) {
        return message.kind() == MessageKind.MARKETING || message.expires() != null;
    }

    /** Who must not be addressed now, and why; the others may be. */
    Map<Row, Refusal> refusals(Connection connection, Message message, List<Row> rows, long nowUs) throws SQLException {
        Map<Row, Refusal> refused = new LinkedHashMap<>();
        if (message.expires() != null && Micros.of(message.expires()) <= nowUs) {
            rows.forEach(
                    row -> refused.put(row, new Refusal(DeliveryState.EXPIRED, "expired at " + message.expires())));
        } else if (message.kind() == MessageKind.MARKETING) {
            refuseWithoutConsent(connection, message, rows, refused);
        }
        return refused;
    }

    private void refuseWithoutConsent(Connection connection, Message message, List<Row> rows, Map<Row, Refusal> refused)
            throws SQLException {
        if (consent == null || message.scope() == null) {
            throw new DeliveryException(
                    "NO_CONSENT_LEDGER",
                    "marketing message " + message.key() + " cannot pass the consent gate: this outbox has no ledger;"
                            + " nothing was sent, build the outbox with one",
                    null);
        }
        Map<String, String> reasons = consent.refusals(
                connection,
                message.scope(),
                rows.stream().map(row -> row.recipient).toList());
        for (Row row : rows) {
            String reason = reasons.get(row.recipient);
            if (reason != null) {
                refused.put(row, new Refusal(DeliveryState.SUPPRESSED, reason));
            }
        }
    }

    /** Why a recipient must not be addressed. */
    record Refusal(DeliveryState to, String detail) {}
}
