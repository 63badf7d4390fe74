package io.crmsdk.consent;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event made ready to be stored.
 *
 * @param event what is stored
 * @param text its text without the digest of the evidence
 * @param body its text as it is stored
 * @param keys whom it touches, with the plain key where it is known
 * @param families the families of its contacts, where they differ from the contact; only for what forbids
 * @param evidence what proves it, with the salt of its digest; null if there is none
 */
record Draft(
        ConsentEvent event,
        String text,
        String body,
        Map<HashedKey, ConsentKey> keys,
        List<HashedKey> families,
        @Nullable Proof evidence) {
    static Draft of(ConsentEvent event, Pepper pepper) {
        Map<HashedKey, ConsentKey> keys = new LinkedHashMap<>();
        event.keys().forEach(key -> keys.put(pepper.hash(key), key));
        List<HashedKey> families = event instanceof OptOut ? families(event.keys(), pepper) : List.of();
        Proof proof = event.evidence() == null ? null : Proof.of(event.evidence());
        String text = EventCodec.write(event, pepper, families);
        String body = EventCodec.withEvidence(text, proof == null ? null : proof.digest());
        return new Draft(event, text, body, keys, families, proof);
    }

    /** An event as another copy of the ledger holds it. */
    static Draft of(EventCodec.Stored stored, String body, @Nullable Proof proof) {
        Map<HashedKey, ConsentKey> keys = new LinkedHashMap<>();
        stored.event().keys().forEach(key -> keys.put((HashedKey) key, key));
        return new Draft(stored.event(), EventCodec.withoutEvidence(body), body, keys, stored.families(), proof);
    }

    private static List<HashedKey> families(Collection<ConsentKey> keys, Pepper pepper) {
        List<HashedKey> families = new ArrayList<>();
        for (ConsentKey key : keys) {
            if (key instanceof ContactKey contact && !contact.family().equals(contact)) {
                families.add(pepper.hash(contact.family()));
            }
        }
        return families;
    }

    String contentHash() {
        return Digest.of(text);
    }

    /**
     * Evidence as it is stored.
     *
     * @param salt keeps the digest from being guessed once the content is erased
     * @param content one JSON object
     */
    record Proof(String salt, String content) {
        static Proof of(ConsentEvidence evidence) {
            return new Proof(Nonces.fresh(), EventCodec.writeParts(evidence.parts()));
        }

        String digest() {
            return Digest.of(salt, content);
        }
    }
}
