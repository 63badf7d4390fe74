package io.crmsdk.delivery;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is to be sent to whom, complete and unchangeable: the content is stored as it will go out.
 *
 * <p>The {@linkplain #key() key} is the sender's own name for this message ("invoice 4711, first reminder"): enqueued
 * twice, it is sent once. Immutable and thread-safe; {@code toString} shows no personal value.
 */
public final class Message {
    /** The most characters of an idempotency key. */
    public static final int MAX_KEY = 200;

    /** The most characters of a recipient's address. */
    public static final int MAX_ADDRESS = 320;

    /** The most recipients of one message. */
    public static final int MAX_RECIPIENTS = 1000;

    private static final int MAX_WORD = 200;

    private final String key;
    private final MessageKind kind;
    private final @Nullable String scope;
    private final @Nullable String channel;
    private final List<String> recipients;
    private final String mediaType;
    private final byte[] content;
    private final Map<String, String> attributes;
    private final Priority priority;
    private final @Nullable Instant notBefore;
    private final @Nullable Instant expires;
    private final @Nullable String fingerprint;
    private final @Nullable String orderingKey;

    private Message(Builder builder) {
        key = builder.key;
        kind = builder.kind;
        scope = builder.scope;
        channel = builder.channel;
        recipients = List.copyOf(builder.recipients);
        mediaType = Objects.requireNonNull(builder.mediaType);
        content = Objects.requireNonNull(builder.content);
        attributes = Collections.unmodifiableMap(new TreeMap<>(builder.attributes));
        priority = builder.priority == null
                ? (kind == MessageKind.TRANSACTIONAL ? Priority.HIGH : Priority.NORMAL)
                : builder.priority;
        notBefore = builder.notBefore;
        expires = builder.expires;
        fingerprint = builder.fingerprint;
        orderingKey = builder.orderingKey;
    }

    /**
     * Starts a message that the person is owed.
     *
     * @param key the sender's own stable name for it, 1 to {@value #MAX_KEY} characters
     */
    public static Builder transactional(String key) {
        return new Builder(key, MessageKind.TRANSACTIONAL, null);
    }

    /**
     * Starts an advertising message.
     *
     * @param key the sender's own stable name for it, 1 to {@value #MAX_KEY} characters
     * @param scope what the person must have agreed to, in the text form of the consent ledger's scopes
     */
    public static Builder marketing(String key, String scope) {
        return new Builder(key, MessageKind.MARKETING, Objects.requireNonNull(scope, "scope"));
    }

    /** The sender's own name for this message; the same key always leads to the same message. */
    public String key() {
        return key;
    }

    /** Why it is sent. */
    public MessageKind kind() {
        return kind;
    }

    /** The consent scope; null only for transactional messages. */
    public @Nullable String scope() {
        return scope;
    }

    /** The channel's name, or null for the outbox's first channel. */
    public @Nullable String channel() {
        return channel;
    }

    /** The addresses, at least one, each once, in the order given. */
    public List<String> recipients() {
        return recipients;
    }

    /** What the content is, for example {@code message/rfc822}. */
    public String mediaType() {
        return mediaType;
    }

    /** A copy of the content. */
    public byte[] content() {
        return content.clone();
    }

    /** The length of the content in bytes. */
    public int contentLength() {
        return content.length;
    }

    /** Small things that the channel needs beside the content (an envelope sender); sorted by name. */
    public Map<String, String> attributes() {
        return attributes;
    }

    /** The lane it waits in. */
    public Priority priority() {
        return priority;
    }

    /** Not to be sent before this instant, or null. */
    public @Nullable Instant notBefore() {
        return notBefore;
    }

    /** Not to be sent from this instant on, or null. */
    public @Nullable Instant expires() {
        return expires;
    }

    /** What stands for attributes and content when parameters are compared, or null for those themselves. */
    public @Nullable String fingerprint() {
        return fingerprint;
    }

    /** What it is sent in the order of, or null if it waits for no other message. */
    public @Nullable String orderingKey() {
        return orderingKey;
    }

    /**
     * Starts a corrected message: everything of this one but its recipients and its fingerprint, under another key.
     * With an ordering key it goes to the end of the line.
     *
     * @param key the corrected message's own key
     */
    public Builder rewrite(String key) {
        Builder builder = new Builder(key, kind, scope);
        builder.channel = channel;
        builder.mediaType = mediaType;
        builder.content = content;
        builder.attributes.putAll(attributes);
        builder.priority = priority;
        builder.notBefore = notBefore;
        builder.expires = expires;
        builder.orderingKey = orderingKey;
        return builder;
    }

    /** Not copied: for this package, which does not change it. */
    byte[] bytes() {
        return content;
    }

    @Override
    public String toString() {
        return "Message[" + key + ", " + kind + ", " + recipients.size() + " recipients, " + mediaType + ", "
                + content.length + " bytes]";
    }

    /** Collects a {@link Message}; not thread-safe. */
    public static final class Builder {
        private final String key;
        private final MessageKind kind;
        private final @Nullable String scope;
        private final LinkedHashSet<String> recipients = new LinkedHashSet<>();
        private final Map<String, String> attributes = new TreeMap<>();
        private @Nullable String channel;
        private @Nullable String mediaType;
        private byte @Nullable [] content;
        private @Nullable Priority priority;
        private @Nullable Instant notBefore;
        private @Nullable Instant expires;
        private @Nullable String fingerprint;
        private @Nullable String orderingKey;

        private Builder(String key, MessageKind kind, @Nullable String scope) {
            this.key = word("key", key, MAX_KEY);
            this.kind = kind;
            this.scope = scope == null ? null : word("scope", scope, MAX_WORD);
        }

        /**
         * Adds recipients; an address given twice counts once.
         *
         * @throws IllegalArgumentException if an address is blank, longer than {@value #MAX_ADDRESS} or holds control
         *     characters
         */
        public Builder to(String... addresses) {
            return to(Arrays.asList(addresses));
        }

        /** Adds recipients, as {@link #to(String...)}. */
        public Builder to(Iterable<String> addresses) {
            for (String address : addresses) {
                recipients.add(word("recipient", address, MAX_ADDRESS));
            }
            return this;
        }

        /** What is sent: its media type and its bytes, which are copied. */
        public Builder content(String mediaType, byte[] bytes) {
            return ownContent(mediaType, bytes.clone());
        }

        /** As {@link #content(String, byte[])}, of an array that nobody else has. */
        Builder ownContent(String mediaType, byte[] bytes) {
            this.mediaType = word("media type", mediaType, MAX_WORD);
            this.content = bytes;
            return this;
        }

        /** What is sent, as UTF-8 text. */
        public Builder content(String mediaType, String text) {
            return content(mediaType, text.getBytes(StandardCharsets.UTF_8));
        }

        /** Adds a small thing that the channel needs beside the content; a name given twice takes the later value. */
        public Builder attribute(String name, String value) {
            if (value.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("attribute " + name + ": holds a NUL character");
            }
            attributes.put(word("attribute name", name, MAX_WORD), value);
            return this;
        }

        /** Sends by the channel of this name; without it by the outbox's first channel. */
        public Builder channel(String name) {
            this.channel = word("channel", name, 40);
            return this;
        }

        /** Chooses the lane; without it, high for transactional and normal for marketing messages. */
        public Builder priority(Priority priority) {
            this.priority = Objects.requireNonNull(priority, "priority");
            return this;
        }

        /** Not to be sent before this instant; cut to microseconds. */
        public Builder notBefore(Instant instant) {
            this.notBefore = instant.truncatedTo(ChronoUnit.MICROS);
            return this;
        }

        /** Not to be sent from this instant on; cut to microseconds. */
        public Builder expires(Instant instant) {
            this.expires = instant.truncatedTo(ChronoUnit.MICROS);
            return this;
        }

        /**
         * Sends it only after every message that was enqueued with the same key before, over all channels and priorities: in the order in
         * which the transactions of {@code enqueue} committed. Other keys, and messages without one, are not held up.
         *
         * <p>The one before is over once it is accepted, refused for good, expired, suppressed or cancelled; until then this one is {@link
         * DeliveryState#WAITING}. What a dead or unconfirmed one does is the outbox's {@link OrderingPolicy}. All recipients of one message
         * go together.
         *
         * <p>From {@code enqueue} to its commit a transaction keeps others from enqueueing for the same key, so keep it short, and enqueue
         * for several keys in one call, or always in the same order.
         *
         * @param key 1 to 200 characters, for example the number of an order
         */
        public Builder orderingKey(String key) {
            this.orderingKey = word("ordering key", key, MAX_WORD);
            return this;
        }

        /**
         * States what the content and attributes were made of, for renderings that differ each time (a MIME boundary, a
         * date): two messages of one key are the same if their fingerprints are, whatever their bytes.
         *
         * @param text all the inputs of the rendering, or a digest of them
         */
        public Builder fingerprint(String text) {
            this.fingerprint = Objects.requireNonNull(text, "text");
            return this;
        }

        /**
         * The message.
         *
         * @throws IllegalArgumentException naming everything that is missing or contradicts itself
         */
        public Message build() {
            List<String> problems = new ArrayList<>();
            if (recipients.isEmpty()) {
                problems.add("no recipient: call to(...)");
            }
            if (recipients.size() > MAX_RECIPIENTS) {
                problems.add(recipients.size() + " recipients, at most " + MAX_RECIPIENTS + ": use several messages");
            }
            if (content == null) {
                problems.add("no content: call content(...)");
            }
            if (notBefore != null && expires != null && !notBefore.isBefore(expires)) {
                problems.add("expires " + expires + " is not after notBefore " + notBefore);
            }
            if (!problems.isEmpty()) {
                throw new IllegalArgumentException("message " + key + ": " + String.join("; ", problems));
            }
            return new Message(this);
        }

        private static String word(String what, String value, int max) {
            Objects.requireNonNull(value, what);
            if (value.isBlank() || value.length() > max || !value.equals(Texts.clean(value))) {
                throw new IllegalArgumentException(what + ": expected 1 to " + max
                        + " characters without control characters and without spaces around, got " + value.length()
                        + " characters");
            }
            return value;
        }
    }
}
