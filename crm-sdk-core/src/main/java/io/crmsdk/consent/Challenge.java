package io.crmsdk.consent;

import io.crmsdk.internal.Micros;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A question put to a person, whose answer alone makes a confirmed grant: whom, about what, and every opt-out that was known
 * when it was put. What arrives later is not in it and stays open.
 *
 * <p>Signed by its {@link ConsentIssuer}. Immutable; {@code toString} shows neither token nor address.
 */
public final class Challenge {
    private final String nonce;
    private final HashedKey key;
    private final Scope scope;
    private final Set<String> frontier;
    private final Grant.Starter begunBy;
    private final String method;
    private final Instant notBefore;
    private final Instant expires;
    private final @Nullable Instant grantExpires;
    private final String signature;

    Challenge(
            String nonce,
            HashedKey key,
            Scope scope,
            Set<String> frontier,
            Grant.Starter begunBy,
            String method,
            Instant notBefore,
            Instant expires,
            @Nullable Instant grantExpires,
            String signature) {
        this.nonce = nonce;
        this.key = key;
        this.scope = scope;
        this.frontier = Set.copyOf(frontier);
        this.begunBy = begunBy;
        this.method = method;
        this.notBefore = notBefore;
        this.expires = expires;
        this.grantExpires = grantExpires;
        this.signature = signature;
    }

    Challenge signed(String by) {
        return new Challenge(nonce, key, scope, frontier, begunBy, method, notBefore, expires, grantExpires, by);
    }

    /** What goes into the link that the person is sent; a secret between the two. */
    public String token() {
        return nonce + "." + signature;
    }

    /** What the challenge is about. */
    public Scope scope() {
        return scope;
    }

    /** The ids of all opt-outs of this person within the scope that were known when it was issued. */
    public Set<String> frontier() {
        return frontier;
    }

    /** Before this instant no answer counts. */
    public Instant notBefore() {
        return notBefore;
    }

    /** From this instant on no answer counts. */
    public Instant expires() {
        return expires;
    }

    String nonce() {
        return nonce;
    }

    HashedKey key() {
        return key;
    }

    Grant.Starter begunBy() {
        return begunBy;
    }

    String method() {
        return method;
    }

    @Nullable
    Instant grantExpires() {
        return grantExpires;
    }

    String signature() {
        return signature;
    }

    String source() {
        return "person:" + method;
    }

    /** The same answer given twice is the same grant. */
    String grantId() {
        return "confirmed:" + nonce;
    }

    /** The nonce with the time in which it may be answered, as the grant keeps it. */
    String reference() {
        return nonce + ":" + Micros.of(notBefore) + ":" + Micros.of(expires);
    }

    /** What the signature is over: everything that the grant will say. */
    String signedText() {
        return signedText(reference(), key, scope, source(), begunBy, grantExpires, frontier);
    }

    static String signedText(
            String reference,
            ConsentKey key,
            Scope scope,
            String source,
            Grant.Starter begunBy,
            @Nullable Instant grantExpires,
            Set<String> frontier) {
        return String.join(
                "\n",
                "crm-consent-grant-1",
                reference,
                ((HashedKey) key).text(),
                scope.toString(),
                source,
                begunBy.name(),
                grantExpires == null ? "" : String.valueOf(Micros.of(grantExpires)),
                String.join(",", new TreeSet<>(frontier)));
    }

    @Override
    public String toString() {
        return "Challenge[" + scope + ", " + frontier.size() + " opt-outs, expires " + expires + "]";
    }
}
