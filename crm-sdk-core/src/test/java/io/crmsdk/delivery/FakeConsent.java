package io.crmsdk.delivery;

import java.sql.Connection;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A ledger in memory: who is on the list has said no. */
final class FakeConsent implements ConsentGate {
    final Set<String> optedOut = ConcurrentHashMap.newKeySet();

    @Override
    public EnqueueAnswer.@Nullable Reject problem(Message message) {
        return null;
    }

    @Override
    public Map<String, String> refusals(Connection connection, String scope, Collection<String> addresses) {
        Map<String, String> refusals = new HashMap<>();
        addresses.stream().filter(optedOut::contains).forEach(address -> refusals.put(address, "opted out"));
        return refusals;
    }
}
