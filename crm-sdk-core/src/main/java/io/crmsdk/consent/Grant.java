package io.crmsdk.consent;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Somebody agreed to be addressed about a scope.
 *
 * <p>It beats an opt-out only by naming it, and only a {@linkplain Rank#CONFIRMED confirmed} grant can name any. There is no
 * way to make a confirmed grant but to answer a challenge of a {@link ConsentIssuer}.
 */
public final class Grant extends ConsentEvent {
    /** Who set a confirmation going. */
    public enum Starter {
        /** The person asked. */
        PERSON,
        /** Somebody else asked on the person's behalf, or no confirmation was needed. */
        OTHER
    }

    private final Rank rank;
    private final Set<String> supersedes;
    private final Starter begunBy;
    private final @Nullable String challenge;
    private final @Nullable String signature;
    private final @Nullable Instant expires;

    private Grant(
            String id,
            ConsentKey key,
            Scope scope,
            String source,
            Rank rank,
            Collection<String> supersedes,
            Starter begunBy,
            @Nullable String challenge,
            @Nullable String signature,
            @Nullable Instant expires,
            @Nullable ConsentEvidence evidence) {
        super(id, Set.of(key), scope, source, evidence);
        this.rank = rank;
        this.supersedes = Set.copyOf(supersedes);
        this.begunBy = begunBy;
        this.challenge = challenge;
        this.signature = signature;
        this.expires = expires;
    }

    /** A grant that names nothing and clears nothing. */
    static Grant unconfirmed(
            String id,
            ConsentKey key,
            Scope scope,
            String source,
            Rank rank,
            @Nullable Instant expires,
            @Nullable ConsentEvidence evidence) {
        if (rank == Rank.CONFIRMED) {
            throw new IllegalArgumentException("only an answered challenge confirms");
        }
        return new Grant(id, key, scope, source, rank, Set.of(), Starter.OTHER, null, null, expires, evidence);
    }

    /** The answer to a challenge; the ledger checks its signature before it keeps it. */
    static Grant confirmed(Challenge challenge, String source, @Nullable ConsentEvidence evidence) {
        return new Grant(
                challenge.grantId(),
                challenge.key(),
                challenge.scope(),
                source,
                Rank.CONFIRMED,
                challenge.frontier(),
                challenge.begunBy(),
                challenge.reference(),
                challenge.signature(),
                challenge.grantExpires(),
                evidence);
    }

    /** As it was written; used by the reader of stored events only. */
    static Grant stored(
            String id,
            ConsentKey key,
            Scope scope,
            String source,
            Rank rank,
            Collection<String> supersedes,
            Starter begunBy,
            @Nullable String challenge,
            @Nullable String signature,
            @Nullable Instant expires) {
        return new Grant(id, key, scope, source, rank, supersedes, begunBy, challenge, signature, expires, null);
    }

    /** Whom it is about: exactly one key. */
    public ConsentKey key() {
        return keys().iterator().next();
    }

    /** How well it is proven. */
    public Rank rank() {
        return rank;
    }

    /** The opt-outs that it names; they were known when the challenge was issued. */
    public Set<String> supersedes() {
        return supersedes;
    }

    /** Who set the confirmation going. */
    public Starter begunBy() {
        return begunBy;
    }

    /** The challenge that was answered; null unless confirmed. */
    public @Nullable String challenge() {
        return challenge;
    }

    /** The issuer's signature over the challenge; null unless confirmed. */
    @Nullable
    String signature() {
        return signature;
    }

    /** From when on it permits nothing more, though what it cleared stays cleared; null if never. */
    public @Nullable Instant expires() {
        return expires;
    }

    /** Whether it permits nothing any more at the latest instant that it may be now. */
    boolean expiredAt(Instant latestNow) {
        return expires != null && !latestNow.isBefore(expires);
    }

    @Override
    List<Object> says() {
        return List.of(
                rank,
                new TreeSet<>(supersedes),
                begunBy,
                Objects.requireNonNullElse(challenge, ""),
                Objects.requireNonNullElse(signature, ""),
                expires == null ? "" : expires);
    }
}
