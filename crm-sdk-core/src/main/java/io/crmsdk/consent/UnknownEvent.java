package io.crmsdk.consent;

import java.util.Collection;
import java.util.List;

/** An event of a newer version: kept byte for byte, and taken for an opt-out that this version cannot clear. */
public final class UnknownEvent extends ConsentEvent {
    private final String body;

    UnknownEvent(String id, Collection<? extends ConsentKey> keys, Scope scope, String source, String body) {
        super(id, keys, scope, source, null);
        this.body = body;
    }

    /** The event exactly as it was written. */
    public String body() {
        return body;
    }

    @Override
    List<Object> says() {
        return List.of(body);
    }
}
