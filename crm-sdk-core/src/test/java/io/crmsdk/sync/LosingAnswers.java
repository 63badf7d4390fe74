package io.crmsdk.sync;

import java.util.List;

/** Does the first batch and loses the answer. */
final class LosingAnswers implements Connector {
    private final Connector inner;
    private boolean lost;

    LosingAnswers(Connector inner) {
        this.inner = inner;
    }

    @Override
    public Capabilities capabilities() {
        return inner.capabilities();
    }

    @Override
    public Page list(String next, int limit) {
        return inner.list(next, limit);
    }

    @Override
    public Found fetch(String id) {
        return inner.fetch(id);
    }

    @Override
    public List<RemoteRecord> find(String key) {
        return inner.find(key);
    }

    @Override
    public List<Written> write(List<Write> writes) {
        List<Written> results = inner.write(writes);
        if (!lost) {
            lost = true;
            throw new ConnectorException(Cause.UNKNOWN, "ANSWER_LOST", "the answer was lost", null, null);
        }
        return results;
    }
}
