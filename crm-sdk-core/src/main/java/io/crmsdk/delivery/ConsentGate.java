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
     * Who may be addressed now.
     *
     * @param connection reads within this connection's transaction, which a later opt-out then waits for
     * @return one answer for each question, in order
     */
    List<Answer> ask(Connection connection, List<Question> questions) throws SQLException;

    /** Whether the ledger is behind what was seen of it, so that marketing waits. */
    default boolean held(Connection connection) throws SQLException {
        return false;
    }

    /**
     * May this address be written to?
     *
     * @param scope the message's scope; null for a transactional message, which only the law stops
     * @param address the recipient's
     */
    record Question(@Nullable String scope, String address) {}

    /**
     * An answer.
     *
     * @param kind yes, no, or wait
     * @param reason one line for the history: what the answer rests on, and where the ledger stood; may be empty for a yes
     */
    record Answer(Kind kind, String reason) {
        /** What an answer can be. */
        enum Kind {
            YES,
            NO,
            /** The ledger cannot answer for sure now. */
            WAIT
        }
    }
}
