package io.crmsdk.delivery;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What this room asks of the consent ledger. */
interface ConsentGate {
    /** What is wrong with the scope or the addresses of a marketing message, or null. */
    EnqueueAnswer.@Nullable Reject problem(Message message);

    /**
     * Who must not be addressed now.
     *
     * @param connection reads within this connection's transaction, which a later opt-out then waits for
     * @return for each question, in order, why not; null where nothing stands against it
     */
    List<@Nullable No> refusals(Connection connection, List<Question> questions) throws SQLException;

    /**
     * May this address be written to?
     *
     * @param scope the message's scope; null for a transactional message, which only the law stops
     * @param address the recipient's
     */
    record Question(@Nullable String scope, String address) {}

    /**
     * A no.
     *
     * @param held true if the ledger cannot answer for sure now, so that the message waits
     * @param reason one line for the history
     */
    record No(boolean held, String reason) {}
}
