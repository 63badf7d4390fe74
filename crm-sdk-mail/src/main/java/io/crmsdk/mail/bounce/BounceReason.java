package io.crmsdk.mail.bounce;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Why a mail was not delivered, in the terms that readers of bounces share. */
public enum BounceReason {
    /** The part before the @ is nobody. */
    USER_UNKNOWN(BounceClass.HARD),
    /** The part after the @ is no domain that takes mail. */
    HOST_UNKNOWN(BounceClass.HARD),
    /** The person has another address now. */
    HAS_MOVED(BounceClass.HARD),
    /** The host takes no mail at all. Hard if it said so for good, soft if for now. */
    NOT_ACCEPT(BounceClass.HARD),
    /** The mailbox is full. */
    MAILBOX_FULL(BounceClass.SOFT),
    /** The time for delivery passed. */
    EXPIRED(BounceClass.SOFT),
    /** Servers could not reach each other. */
    NETWORK_ERROR(BounceClass.SOFT),
    /** A server broke. */
    SYSTEM_ERROR(BounceClass.SOFT),
    /** A server has no room left. */
    SYSTEM_FULL(BounceClass.SOFT),
    /** More connections or recipients at once than a server takes. */
    TOO_MANY_CONNECTIONS(BounceClass.SOFT),
    /** More mail in a time than a server takes. */
    SPEEDING(BounceClass.SOFT),
    /** The mailbox exists and is switched off. */
    SUSPEND(BounceClass.SOFT),
    /** A program that delivers locally failed. */
    MAILER_ERROR(BounceClass.SOFT),
    /** The sending host is refused. */
    BLOCKED(BounceClass.POLICY),
    /** The sender's address is refused. */
    REJECTED(BounceClass.POLICY),
    /** Taken for spam. */
    SPAM_DETECTED(BounceClass.POLICY),
    /** Against a rule of the other side. */
    POLICY_VIOLATION(BounceClass.POLICY),
    /** The host does not relay for this sender. */
    NO_RELAYING(BounceClass.POLICY),
    /** Refused for a matter of security. */
    SECURITY_ERROR(BounceClass.POLICY),
    /** SPF, DKIM or DMARC failed. */
    AUTH_FAILURE(BounceClass.POLICY),
    /** The sending host has a bad reputation. */
    BAD_REPUTATION(BounceClass.POLICY),
    /** The sending host has no name that leads back to it. */
    REQUIRE_PTR(BounceClass.POLICY),
    /** The mail breaks a rule of the RFCs. */
    NOT_COMPLIANT_RFC(BounceClass.POLICY),
    /** STARTTLS failed. */
    FAILED_STARTTLS(BounceClass.POLICY),
    /** The provider that sends for us has the address on its own list and did not try. */
    SUPPRESSED(BounceClass.POLICY),
    /** Larger than the server takes. */
    MESSAGE_TOO_BIG(BounceClass.CONTENT),
    /** Larger than this mailbox takes. */
    EXCEED_LIMIT(BounceClass.CONTENT),
    /** The form of the mail was refused. */
    CONTENT_ERROR(BounceClass.CONTENT),
    /** A virus was found. */
    VIRUS_DETECTED(BounceClass.CONTENT),
    /** Servers misunderstood each other. */
    SYNTAX_ERROR(BounceClass.CONTENT),
    /** Refused after the content was seen, or by a rule of the recipient. */
    FILTERED(BounceClass.UNKNOWN),
    /** Words were given that say nothing known. */
    ON_HOLD(BounceClass.UNKNOWN),
    /** No words were given. */
    UNDEFINED(BounceClass.UNKNOWN);

    private static final Map<String, BounceReason> BY_WORD = new HashMap<>();

    static {
        for (BounceReason reason : values()) {
            BY_WORD.put(reason.word(), reason);
        }
    }

    private final BounceClass usualClass;

    BounceReason(BounceClass usualClass) {
        this.usualClass = usualClass;
    }

    /** Returns what the reason means for later mail, if the server meant it for good. */
    public BounceClass usualClass() {
        return usualClass;
    }

    /** Returns the word of machine output and of files of patterns: lower case, with hyphens ({@code "user-unknown"}). */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the reason with this word, if there is one. */
    static Optional<BounceReason> ofWord(String word) {
        return Optional.ofNullable(BY_WORD.get(word));
    }
}
