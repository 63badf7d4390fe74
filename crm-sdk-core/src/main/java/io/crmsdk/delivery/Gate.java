package io.crmsdk.delivery;

import io.crmsdk.internal.Micros;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The last look before the wire: has the message expired, and does the person still agree, and is the address suppressed. */
final class Gate {
    /** How long a message waits for a ledger that cannot answer for sure. */
    private static final long HOLD_WAIT_US = 60_000_000;

    private final @Nullable ConsentGate consent;
    private final @Nullable SuppressionGate suppression;

    Gate(@Nullable ConsentGate consent, @Nullable SuppressionGate suppression) {
        this.consent = consent;
        this.suppression = suppression;
    }

    /** True if the answer can change between two looks, so that a look costs a read. */
    boolean applies(Message message) {
        return message.kind() == MessageKind.MARKETING
                || message.expires() != null
                || consent != null
                || suppression != null;
    }

    /** Who of the recipients of one message must not be addressed now, and why; the others may be. */
    Map<Row, Refusal> refusals(Connection connection, Message message, List<Row> rows, long nowUs) throws SQLException {
        return refusals(
                connection, rows.stream().map(row -> new Asked(message, row)).toList(), nowUs);
    }

    /** Who must not be addressed now, and why; the others may be. One question to the ledger for all. */
    Map<Row, Refusal> refusals(Connection connection, List<Asked> asked, long nowUs) throws SQLException {
        Map<Row, Refusal> refused = new LinkedHashMap<>();
        List<Asked> open = new ArrayList<>();
        for (Asked each : asked) {
            if (each.message.expires() != null && Micros.of(each.message.expires()) <= nowUs) {
                refused.put(each.row, new Refusal(DeliveryState.EXPIRED, "expired at " + each.message.expires(), null));
            } else {
                open.add(each);
            }
        }
        refuseWithoutConsent(connection, open, refused);
        open.removeIf(each -> refused.containsKey(each.row));
        refuseSuppressed(connection, open, refused);
        return refused;
    }

    private void refuseSuppressed(Connection connection, List<Asked> asked, Map<Row, Refusal> refused)
            throws SQLException {
        if (suppression == null || asked.isEmpty()) {
            return;
        }
        List<Optional<String>> answers = suppression.ask(connection, asked);
        for (int i = 0; i < answers.size(); i++) {
            Row row = asked.get(i).row;
            answers.get(i).ifPresent(why -> refused.put(row, new Refusal(DeliveryState.SUPPRESSED, why, null)));
        }
    }

    private void refuseWithoutConsent(Connection connection, List<Asked> asked, Map<Row, Refusal> refused)
            throws SQLException {
        if (consent == null) {
            asked.stream()
                    .filter(each -> each.message.kind() == MessageKind.MARKETING)
                    .findFirst()
                    .ifPresent(Gate::refuseToGuess);
            return;
        }
        List<ConsentGate.Question> questions = asked.stream()
                .map(each -> new ConsentGate.Question(each.message.scope(), each.row.recipient))
                .toList();
        List<ConsentGate.Answer> answers = questions.isEmpty() ? List.of() : consent.ask(connection, questions);
        for (int i = 0; i < answers.size(); i++) {
            ConsentGate.Answer answer = answers.get(i);
            Row row = asked.get(i).row;
            switch (answer.kind()) {
                case YES -> row.restOn(answer.reason());
                case NO -> refused.put(row, new Refusal(DeliveryState.SUPPRESSED, answer.reason(), null));
                case WAIT -> refused.put(row, new Refusal(DeliveryState.SUPPRESSED, answer.reason(), HOLD_WAIT_US));
            }
        }
    }

    private static void refuseToGuess(Asked marketing) {
        throw new DeliveryException(
                "NO_CONSENT_LEDGER",
                "marketing message " + marketing.message.key()
                        + " cannot pass the consent gate: this outbox has no ledger;"
                        + " nothing was sent, build the outbox with one",
                null);
    }

    /**
     * A recipient about to be addressed.
     *
     * @param message with what
     * @param row who
     */
    record Asked(Message message, Row row) {}

    /**
     * Why a recipient must not be addressed.
     *
     * @param to what becomes of the delivery
     * @param detail one line for the history
     * @param waitUs if it is only not to be sent now, how long it waits instead; else null
     */
    record Refusal(
            DeliveryState to, String detail, @Nullable Long waitUs) {
        Transition transition(Disposition disposition, Row row) {
            return waitUs == null
                    ? disposition.surelyNotSent(row, to, detail, null)
                    : disposition.givenBack(row, detail, waitUs);
        }
    }
}
