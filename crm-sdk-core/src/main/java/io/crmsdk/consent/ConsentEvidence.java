package io.crmsdk.consent;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What proves an event: who was shown what, where, when and how. Personal, so it is kept apart from the event, exported with
 * the person and erased with the person; the event keeps only a salted digest of it.
 *
 * <p>Immutable. {@code toString} names the parts that are there, not their content.
 */
public final class ConsentEvidence {
    private static final int MAX_PART = 8_000;

    private final Map<String, String> parts;

    private ConsentEvidence(Map<String, String> parts) {
        this.parts = Collections.unmodifiableMap(new TreeMap<>(parts));
    }

    /** Starts an empty record. */
    public static Builder builder() {
        return new Builder();
    }

    /** The parts by name, in alphabetical order; names as the methods of {@link Builder}. */
    public Map<String, String> parts() {
        return parts;
    }

    static ConsentEvidence of(Map<String, String> parts) {
        return new ConsentEvidence(parts);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConsentEvidence that && parts.equals(that.parts);
    }

    @Override
    public int hashCode() {
        return parts.hashCode();
    }

    @Override
    public String toString() {
        return "ConsentEvidence" + parts.keySet();
    }

    /** Collects a {@link ConsentEvidence}; not thread-safe. */
    public static final class Builder {
        private final Map<String, String> parts = new TreeMap<>();

        private Builder() {}

        /** The text that the person was shown, or the words they used. */
        public Builder text(String text) {
            return part("text", text);
        }

        /** The version of the text that was shown. */
        public Builder textVersion(String version) {
            return part("textVersion", version);
        }

        /** The page's address or the form's id. */
        public Builder place(String place) {
            return part("place", place);
        }

        /** The network address that the request came from. */
        public Builder ip(String ip) {
            return part("ip", ip);
        }

        /** The program that sent the request, as it named itself. */
        public Builder userAgent(String userAgent) {
            return part("userAgent", userAgent);
        }

        /** How it was said, for example {@code one-click POST} or {@code phone call}. */
        public Builder method(String method) {
            return part("method", method);
        }

        /** The language of the text, as a BCP 47 tag. */
        public Builder language(String tag) {
            return part("language", tag);
        }

        /** The legal ground that the host relies on. */
        public Builder basis(String basis) {
            return part("basis", basis);
        }

        /** Who of the staff was part of it. */
        public Builder operator(String operator) {
            return part("operator", operator);
        }

        /** The SHA-256 of a scan or a recording, which the host keeps. */
        public Builder fileHash(String hash) {
            return part("fileHash", hash);
        }

        /**
         * When it was said by the source's own account; for people to read, never compared.
         *
         * @param asGiven the source's text, zone and all
         * @param uncertainty how far it may be off
         */
        public Builder sourceTime(String asGiven, Duration uncertainty) {
            return part("sourceTime", asGiven).part("sourceTimeUncertainty", uncertainty.toString());
        }

        /** What the source itself said, as it was received. */
        public Builder raw(String raw) {
            return part("raw", raw);
        }

        private Builder part(String name, String value) {
            if (value.length() > MAX_PART) {
                throw new ConsentException(
                        "EVIDENCE_TOO_LONG",
                        "evidence " + name + ": at most " + MAX_PART + " characters, got " + value.length());
            }
            parts.put(name, value);
            return this;
        }

        /** The record. */
        public ConsentEvidence build() {
            return new ConsentEvidence(parts);
        }
    }
}
