package io.crmsdk.delivery;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What this room asks of the consent ledger. */
interface ConsentGate {
    /** What is wrong with the scope or address of a marketing message, or null. */
    EnqueueAnswer.@Nullable Reject problem(Message message);

    /**
     * Who must not be addressed now.
     *
     * @param connection reads within this connection's transaction
     * @param scope the message's scope
     * @param addresses whom to ask about
     * @return the reason for each address that must not be addressed; the others may be
     */
    Map<String, String> refusals(Connection connection, String scope, Collection<String> addresses) throws SQLException;
}
