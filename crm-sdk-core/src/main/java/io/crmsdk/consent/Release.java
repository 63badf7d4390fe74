package io.crmsdk.consent;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Staff lifts blocks that staff or the law had set, by naming them. It permits nothing by itself. */
public final class Release extends ConsentEvent {
    /** In which role somebody releases. */
    public enum Role {
        /** Lifts blocks of staff. */
        STAFF,
        /** Lifts blocks of the law too; always two persons. */
        LEGAL
    }

    private final Set<String> releases;
    private final Role role;
    private final @Nullable String second;

    Release(
            String id,
            Collection<? extends ConsentKey> keys,
            Scope scope,
            String source,
            Collection<String> releases,
            Role role,
            @Nullable String second,
            @Nullable ConsentEvidence evidence) {
        super(id, keys, scope, source, evidence);
        this.releases = Set.copyOf(releases);
        this.role = role;
        this.second = second;
    }

    /** The ids of the opt-outs that it lifts. */
    public Set<String> releases() {
        return releases;
    }

    /** The role in which it was made. */
    public Role role() {
        return role;
    }

    /** The second person; null unless the role is legal. */
    public @Nullable String second() {
        return second;
    }

    @Override
    List<Object> says() {
        return List.of(new TreeSet<>(releases), role, Objects.requireNonNullElse(second, ""));
    }
}
