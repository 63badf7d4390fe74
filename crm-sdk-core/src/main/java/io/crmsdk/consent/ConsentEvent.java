package io.crmsdk.consent;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Something that was said or done about consent: immutable, with an id of its own, kept for ever.
 *
 * <p>Events are made by the writers of a {@link ConsentLedger}, each of which can make only what its role may. An event holds
 * no time on which a decision rests: when it was recorded is the ledger's own note. Equality is by what the event says,
 * without its {@link #evidence()}. {@code toString} shows no address.
 */
public abstract sealed class ConsentEvent permits OptOut, Grant, Release, ConsentNote, UnknownEvent {
    /** The most characters of an id. */
    static final int MAX_ID = 120;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/-]{0,119}");

    private final String id;
    private final Set<ConsentKey> keys;
    private final Scope scope;
    private final String source;
    private final @Nullable ConsentEvidence evidence;

    ConsentEvent(
            String id,
            Collection<? extends ConsentKey> keys,
            Scope scope,
            String source,
            @Nullable ConsentEvidence evidence) {
        if (!ID.matcher(id).matches()) {
            throw new ConsentException(
                    "INVALID_EVENT_ID", "event id: expected 1 to 120 of letters, digits and ._:/- (never an address)");
        }
        this.id = id;
        this.keys = Set.copyOf(keys);
        this.scope = scope;
        this.source = source;
        this.evidence = evidence;
    }

    /** Its id, unique for ever. */
    public final String id() {
        return id;
    }

    /** Whom it is about; read back from a ledger these are {@link HashedKey}s. */
    public final Set<ConsentKey> keys() {
        return keys;
    }

    /** What it is about, with all below. */
    public final Scope scope() {
        return scope;
    }

    /** The role and name of the writer, for example {@code provider:sendgrid}. */
    public final String source() {
        return source;
    }

    /** What proves it; null if nothing was kept, or it was erased, or the event was read without it. */
    public final @Nullable ConsentEvidence evidence() {
        return evidence;
    }

    /** What the event says besides its id, keys, scope and source. */
    abstract List<Object> says();

    final boolean touches(Set<ConsentKey> some) {
        return keys.stream().anyMatch(some::contains);
    }

    /** Ids in the order in which they are written. */
    static Set<String> sorted(Collection<String> ids) {
        return new TreeSet<>(ids);
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof ConsentEvent that
                && id.equals(that.id)
                && getClass() == that.getClass()
                && keys.equals(that.keys)
                && scope.equals(that.scope)
                && source.equals(that.source)
                && says().equals(that.says());
    }

    @Override
    public final int hashCode() {
        return id.hashCode();
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + "[" + id + ", " + scope + ", "
                + says().stream().map(String::valueOf).collect(Collectors.joining(", ")) + "]";
    }
}
