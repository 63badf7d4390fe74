package io.crmsdk.consent;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.List;

/** The issuers whose confirmed grants a ledger keeps. */
final class IssuerKeys {
    static final String ALGORITHM = "Ed25519";

    private final List<PublicKey> keys;

    IssuerKeys(List<PublicKey> keys) {
        this.keys = List.copyOf(keys);
    }

    boolean trusts(PublicKey key) {
        return keys.contains(key);
    }

    /** Refuses a confirmed grant that no trusted issuer signed. */
    void check(ConsentEvent event) {
        if (event instanceof Grant grant && grant.rank() == Rank.CONFIRMED && !isSigned(grant)) {
            throw new ConsentException(
                    "GRANT_NOT_PROVEN",
                    "grant " + grant.id() + " is not signed by an issuer that this ledger trusts; nothing was recorded."
                            + " Open the ledger with trustIssuer(...)");
        }
    }

    private boolean isSigned(Grant grant) {
        String reference = grant.challenge();
        String signature = grant.signature();
        if (reference == null || signature == null || !(grant.key() instanceof HashedKey)) {
            return false;
        }
        String text = Challenge.signedText(
                reference,
                grant.key(),
                grant.scope(),
                grant.source(),
                grant.begunBy(),
                grant.expires(),
                grant.supersedes());
        return isSigned(text, signature);
    }

    boolean isSigned(String text, String signature) {
        return keys.stream().anyMatch(key -> isSigned(key, text, signature));
    }

    private static boolean isSigned(PublicKey key, String text, String signature) {
        try {
            Signature verifier = Signature.getInstance(ALGORITHM);
            verifier.initVerify(key);
            verifier.update(text.getBytes(StandardCharsets.UTF_8));
            return verifier.verify(Base64.getUrlDecoder().decode(signature));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // A signature that cannot be read proves as little as one that does not fit.
            return false;
        }
    }
}
