package io.crmsdk.consent;

import io.crmsdk.internal.Micros;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a challenge is to ask, and how long the answer counts. Immutable. */
public final class ChallengeRequest {
    /** The longest that a challenge may wait for its answer. */
    public static final Duration LONGEST = Duration.ofDays(7);

    private final ContactKey key;
    private final Scope scope;
    private final String method;
    private final Grant.Starter begunBy;
    private final Duration notBefore;
    private final Duration lifetime;
    private final @Nullable Instant grantExpires;

    private ChallengeRequest(
            ContactKey key,
            Scope scope,
            String method,
            Grant.Starter begunBy,
            Duration notBefore,
            Duration lifetime,
            @Nullable Instant grantExpires) {
        this.key = key;
        this.scope = scope;
        this.method = method;
        this.begunBy = begunBy;
        this.notBefore = notBefore;
        this.lifetime = lifetime;
        this.grantExpires = grantExpires;
    }

    /** The person asked to subscribe and is to confirm from their mailbox, within 7 days. */
    public static ChallengeRequest doubleOptIn(ContactKey key, Scope scope) {
        return new ChallengeRequest(key, scope, "double opt-in", Grant.Starter.PERSON, Duration.ZERO, LONGEST, null);
    }

    /** The person has opened their own preference page, by login or by a link of their own, and is to submit it in a day. */
    public static ChallengeRequest preferencePage(ContactKey key, Scope scope) {
        return new ChallengeRequest(
                key, scope, "preference page", Grant.Starter.PERSON, Duration.ZERO, Duration.ofDays(1), null);
    }

    /** It is not the person who asked; an answer then clears no complaint. */
    public ChallengeRequest onBehalf() {
        return new ChallengeRequest(key, scope, method, Grant.Starter.OTHER, notBefore, lifetime, grantExpires);
    }

    /** An answer counts only this long after the issue, and later. */
    public ChallengeRequest notBefore(Duration afterIssue) {
        return new ChallengeRequest(key, scope, method, begunBy, afterIssue, lifetime, grantExpires);
    }

    /**
     * An answer counts only this long after the issue.
     *
     * @throws IllegalArgumentException if it is not positive or longer than {@link #LONGEST}
     */
    public ChallengeRequest within(Duration afterIssue) {
        if (afterIssue.isNegative() || afterIssue.isZero() || afterIssue.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a challenge waits at most " + LONGEST + ", got " + afterIssue);
        }
        return new ChallengeRequest(key, scope, method, begunBy, notBefore, afterIssue, grantExpires);
    }

    /** From when on the grant permits nothing more; what it cleared stays cleared. */
    public ChallengeRequest grantExpires(Instant at) {
        return new ChallengeRequest(key, scope, method, begunBy, notBefore, lifetime, at);
    }

    ContactKey key() {
        return key;
    }

    Scope scope() {
        return scope;
    }

    Challenge draft(String nonce, HashedKey hashed, Set<String> frontier, long nowUs) {
        Instant now = Micros.instant(nowUs);
        return new Challenge(
                nonce,
                hashed,
                scope,
                frontier,
                begunBy,
                method,
                now.plus(notBefore),
                now.plus(lifetime),
                grantExpires,
                "");
    }
}
