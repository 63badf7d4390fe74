package io.crmsdk.mail.provider;

import io.crmsdk.Redaction;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a provider says happened to one recipient of one message. Events come late, twice and in any order: what they make of a
 * delivery must not depend on it.
 *
 * @param type what happened
 * @param recipient the address as the provider writes it; empty if it names none
 * @param messageId the provider's id of the message, as its send call or its events give it; null if it names none
 * @param at when, by the provider's clock in UTC; null if it does not say
 * @param bounce what kind of bounce; null for other types
 * @param status enhanced status code (RFC 3463) if the provider gives one
 * @param reason why it was not sent at all, for {@link Type#REJECTED}: "unsubscribed", "bounced", "complained", "suppressed",
 *     "invalid", "content" or "other"
 * @param scope what was left or joined, for {@link Type#UNSUBSCRIBED} and {@link Type#RESUBSCRIBED}: "all", "group:7",
 *     "stream:broadcast", "topic:news"
 */
public record WebhookEvent(
        Type type,
        String recipient,
        @Nullable String messageId,
        @Nullable Instant at,
        @Nullable Bounce bounce,
        @Nullable String status,
        @Nullable String reason,
        @Nullable String scope) {
    /** What happened. */
    public enum Type {
        /** The provider took it over. */
        ACCEPTED,
        /** The provider says that it sent it; not that a server took it. */
        SENT,
        /** The recipient's mail host took it; not that it was put into the inbox or read. */
        DELIVERED,
        /** Not yet; the provider tries again. */
        DEFERRED,
        /** The provider waits for a person. */
        HELD,
        /** It came back; see {@link WebhookEvent#bounce()}. */
        BOUNCED,
        /** The provider never sent it; see {@link WebhookEvent#reason()}. */
        REJECTED,
        /** The recipient reported it as unwanted. */
        COMPLAINED,
        /** The recipient took it out of the spam folder. */
        NOT_SPAM,
        /** The recipient left; see {@link WebhookEvent#scope()}. */
        UNSUBSCRIBED,
        /** The recipient joined again at the provider; permits nothing here by itself. */
        RESUBSCRIBED,
        /** A vacation reply and the like: it arrived, and nobody is suppressed. */
        AUTO_REPLIED,
        /** It was opened, or a scanner opened it. */
        OPENED,
        /** A link in it was followed, or a scanner followed it. */
        CLICKED,
        /** An event of a name that is not known here. */
        UNKNOWN;

        /** Its name in data: lower case, words joined by a minus sign. */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Why it came back. */
    public enum Bounce {
        /** The address does not exist or is closed. */
        HARD,
        /** For now: a full mailbox, a server that does not answer. */
        SOFT,
        /** Refused for its content, its sender's reputation or a rule; the address may well exist. */
        POLICY,
        /** The provider cannot tell, which includes vacation replies: suppress nobody for it. */
        UNKNOWN;

        /** Its name in data, in lower case. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Checks that type and recipient are there. */
    public WebhookEvent {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(recipient, "recipient");
    }

    static WebhookEvent of(Type type, String recipient, @Nullable String messageId, @Nullable Instant at) {
        return new WebhookEvent(type, recipient, messageId, at, null, null, null, null);
    }

    WebhookEvent as(Type other) {
        return of(other, recipient, messageId, at);
    }

    WebhookEvent bounced(Bounce kind, @Nullable String code) {
        return new WebhookEvent(Type.BOUNCED, recipient, messageId, at, kind, code, null, null);
    }

    WebhookEvent rejected(String why) {
        return new WebhookEvent(Type.REJECTED, recipient, messageId, at, null, null, why, null);
    }

    WebhookEvent about(Type change, String what) {
        return new WebhookEvent(change, recipient, messageId, at, null, null, null, what);
    }

    /** Type, time and kind, with the address masked. */
    @Override
    public String toString() {
        return "WebhookEvent[" + type.text() + (bounce == null ? "" : " " + bounce.text()) + ", "
                + Redaction.email(recipient) + ", " + at + "]";
    }
}
