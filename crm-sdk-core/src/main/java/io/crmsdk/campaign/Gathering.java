package io.crmsdk.campaign;

import io.crmsdk.consent.ContactKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What is counted of an audience while it is written down. */
final class Gathering {
    private MessageDigest digest;
    long members;
    long duplicates;
    long unreadable;
    long withoutConsent;
    long suppressed;

    Gathering(CampaignSpec spec) {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        put(spec.id());
        put(spec.series());
        put(String.valueOf(spec.scope()));
    }

    private Gathering(Gathering other) {
        digest = copy(other.digest);
        take(other);
    }

    Gathering copy() {
        return new Gathering(this);
    }

    void reset(Gathering to) {
        digest = copy(to.digest);
        take(to);
    }

    private void take(Gathering other) {
        members = other.members;
        duplicates = other.duplicates;
        unreadable = other.unreadable;
        withoutConsent = other.withoutConsent;
        suppressed = other.suppressed;
    }

    private static MessageDigest copy(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's SHA-256 can be copied", e);
        }
    }

    void add(ContactKey key, CampaignMember member) {
        members++;
        put(key.channel() + ":" + key.address());
        put(member.address());
        member.fields().forEach((name, value) -> {
            put(name);
            put(value);
        });
        put("");
    }

    /** Lengths go first, so that no two audiences look alike. */
    private void put(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(bytes);
    }

    String hash() {
        return HexFormat.of().formatHex(copy(digest).digest());
    }
}
