package io.crmsdk.consent;

import io.crmsdk.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Asks people to confirm, and turns their answers into confirmed grants: the only way to a {@link Rank#CONFIRMED} grant.
 *
 * <p>A challenge holds the ids of all opt-outs that are known when it is issued, so issue it only after the opt-outs of every
 * connected tool were taken over; {@link Builder#pullFirst} does that each time. What arrives between question and answer
 * stays open, and the person can ask again. Who holds the private key holds the role: give it to the process that serves the
 * confirmation pages and to no other. Thread-safe.
 *
 * <pre>{@code
 * Challenge challenge = issuer.challenge(ChallengeRequest.doubleOptIn(key, Scope.of("marketing/newsletter")));
 * // mail a link with challenge.token(); its page has one button, which POSTs
 * Confirmation confirmation = issuer.confirm(token, "POST", evidence);
 * }</pre>
 */
public final class ConsentIssuer {
    private final ConsentLedger ledger;
    private final PrivateKey key;
    private final IssuerKeys own;
    private final @Nullable Runnable pull;

    private ConsentIssuer(Builder builder) {
        ledger = builder.ledger;
        key = builder.keys.getPrivate();
        own = new IssuerKeys(List.of(builder.keys.getPublic()));
        pull = builder.pull;
    }

    /** New keys for an issuer (Ed25519). Keep the private one where other secrets are; the ledger trusts the public one. */
    public static KeyPair newKeys() {
        try {
            return KeyPairGenerator.getInstance(IssuerKeys.ALGORITHM).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform from 15 on has Ed25519", e);
        }
    }

    /**
     * An issuer for a ledger.
     *
     * @param ledger opened with {@code trustIssuer} of the public key
     */
    public static Builder builder(ConsentLedger ledger, KeyPair keys) {
        return new Builder(ledger, keys);
    }

    /**
     * Issues a challenge. The ledger notes it.
     *
     * @throws ConsentException {@code CHALLENGE_IN_VAIN} if an opt-out is open that no answer could clear: a block, a
     *     complaint when it is not the person who asks, an objection when the request is for everything
     * @throws StoreException if the ledger cannot be read or written; nothing was issued
     */
    public Challenge challenge(ChallengeRequest request) {
        if (pull != null) {
            pull.run();
        }
        return ledger.issue(connection -> issue(connection, request));
    }

    private Challenge issue(Connection connection, ChallengeRequest request) throws SQLException {
        long nowUs = ledger.nowMicros(connection);
        List<ConsentEvent> stops = ledger.stops(connection, request.key(), request.scope());
        Set<String> frontier = new TreeSet<>();
        stops.forEach(stop -> frontier.add(stop.id()));
        Challenge draft = request.draft(Nonces.fresh(), ledger.hashed(request.key()), frontier, nowUs);
        refuseInVain(draft, stops, ledger.openStops(connection, request.key()));
        return draft.signed(sign(draft.signedText()));
    }

    private static void refuseInVain(Challenge draft, List<ConsentEvent> stops, Set<String> open) {
        Grant answer = Grant.confirmed(draft, draft.source(), null);
        for (ConsentEvent stop : stops) {
            boolean clearable = stop instanceof OptOut optOut && optOut.reason().clearedBy(answer);
            if (!clearable && open.contains(stop.id()) && stop.scope().covers(draft.scope())) {
                String reason =
                        stop instanceof OptOut optOut ? optOut.reason().name() : OptOutReason.UNKNOWN_EVENT.name();
                throw new ConsentException(
                        "CHALLENGE_IN_VAIN",
                        "an opt-out is open that this answer could not clear: " + stop.id() + ", " + reason
                                + "; nothing was issued. Ask for named scopes, or have the block released first");
            }
        }
    }

    private String sign(String text) {
        try {
            Signature signer = Signature.getInstance(IssuerKeys.ALGORITHM);
            signer.initSign(key);
            signer.update(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new ConsentException("ISSUER_KEY", "the issuer's private key cannot sign; nothing was issued", e);
        }
    }

    /**
     * Takes an answer. The same answer again is the same grant.
     *
     * @param token from the link
     * @param httpMethod the request's method: only {@code POST} confirms, because programs that check mail follow links
     * @param evidence of the answer: place, address, program
     * @return what came of it; only {@link Confirmation.Outcome#CONFIRMED} and {@link
     *     Confirmation.Outcome#ALREADY_CONFIRMED} mean that there is a grant
     * @throws StoreException if it could not be stored, or its outcome is not known: repeating is safe
     */
    public Confirmation confirm(String token, String httpMethod, ConsentEvidence evidence) {
        if (!httpMethod.equals("POST")) {
            return Confirmation.refused(Confirmation.Outcome.NOT_A_POST);
        }
        int dot = token.indexOf('.');
        String nonce = dot < 0 ? "" : token.substring(0, dot);
        Challenge challenge = nonce.isEmpty() ? null : ledger.challenge(nonce);
        if (challenge == null || !challenge.token().equals(token)) {
            return Confirmation.refused(Confirmation.Outcome.UNKNOWN_TOKEN);
        }
        if (!own.isSigned(challenge.signedText(), challenge.signature())) {
            return Confirmation.refused(Confirmation.Outcome.NOT_SIGNED);
        }
        return ledger.confirm(challenge, Grant.confirmed(challenge, challenge.source(), evidence));
    }

    /** Collects a {@link ConsentIssuer}; not thread-safe. */
    public static final class Builder {
        private final ConsentLedger ledger;
        private final KeyPair keys;
        private @Nullable Runnable pull;

        private Builder(ConsentLedger ledger, KeyPair keys) {
            this.ledger = ledger;
            this.keys = keys;
        }

        /**
         * Takes over the pending opt-outs of every connected tool; called before each challenge, in the caller's thread. What
         * it throws stops the challenge.
         */
        public Builder pullFirst(Runnable pull) {
            this.pull = pull;
            return this;
        }

        /**
         * The issuer.
         *
         * @throws ConsentException {@code ISSUER_NOT_TRUSTED} if the ledger was opened without trust in the public key
         */
        public ConsentIssuer build() {
            if (!ledger.trusts(keys.getPublic())) {
                throw new ConsentException(
                        "ISSUER_NOT_TRUSTED", "the ledger does not trust this key: open it with trustIssuer(...)");
            }
            return new ConsentIssuer(this);
        }
    }
}
