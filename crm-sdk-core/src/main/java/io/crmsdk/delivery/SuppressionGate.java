package io.crmsdk.delivery;

import io.crmsdk.consent.ConsentException;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.suppression.Suppression;
import io.crmsdk.suppression.SuppressionList;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks, of those whom consent allows, which addresses are suppressed: one query for all that is about to be handed over. */
final class SuppressionGate {
    private final SuppressionList list;

    SuppressionGate(SuppressionList list) {
        this.list = list;
    }

    /** For each recipient why it gets nothing; empty if it may get it. */
    List<Optional<String>> ask(Connection connection, List<Gate.Asked> asked) throws SQLException {
        List<Optional<ContactKey>> keys =
                asked.stream().map(each -> key(each.row().recipient)).toList();
        List<ContactKey> known =
                keys.stream().flatMap(Optional::stream).distinct().toList();
        Map<ContactKey, Suppression> found = known.isEmpty() ? Map.of() : list.find(connection, known);
        List<Optional<String>> answers = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            boolean marketing = asked.get(i).message().kind() == MessageKind.MARKETING;
            answers.add(keys.get(i)
                    .map(found::get)
                    .filter(suppression -> marketing || !suppression.reason().marketingOnly())
                    .map(Suppression::explain));
        }
        return answers;
    }

    /** What is no address is the channel's to judge. */
    private static Optional<ContactKey> key(String recipient) {
        try {
            return Optional.of(ContactKey.parse(recipient));
        } catch (ConsentException e) {
            return Optional.empty();
        }
    }
}
