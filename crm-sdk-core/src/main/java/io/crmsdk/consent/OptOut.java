package io.crmsdk.consent;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Somebody must not be addressed about a scope. It never expires; only an event that names it can clear it. */
public final class OptOut extends ConsentEvent {
    private final OptOutReason reason;
    private final @Nullable String carriedFrom;

    OptOut(
            String id,
            Collection<? extends ConsentKey> keys,
            Scope scope,
            OptOutReason reason,
            String source,
            @Nullable String carriedFrom,
            @Nullable ConsentEvidence evidence) {
        super(id, keys, scope, source, evidence);
        if (keys.isEmpty()) {
            throw new ConsentException("NO_KEY", "opt-out " + id + " is about nobody");
        }
        this.reason = reason;
        this.carriedFrom = carriedFrom;
    }

    /** Why, which decides what can clear it. */
    public OptOutReason reason() {
        return reason;
    }

    /** The opt-out of an earlier address of the same person that this one repeats; null if it stands by itself. */
    public @Nullable String carriedFrom() {
        return carriedFrom;
    }

    @Override
    List<Object> says() {
        return List.of(reason.name(), Objects.requireNonNullElse(carriedFrom, ""));
    }
}
