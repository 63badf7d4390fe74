package io.crmsdk.delivery;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What somebody else said about one delivery: the words themselves, who said them, when.
 *
 * <p>For a hand-over this is the server's own reply; for a later proof it is the confirmation (a delivery report's status,
 * a provider's event, the place where the message was found). Immutable. {@code toString} does not show the words, since
 * replies quote addresses.
 *
 * @param host who said it: the server's name, or the name of the source of a later proof; not blank
 * @param reply the words, as they came, without line ends; control characters are replaced by spaces and more than
 *     {@value #MAX_REPLY} characters are cut; not blank
 * @param remoteId the id under which the other side knows the message (queue id, API id), or null if it named none
 * @param at when the words were read, by the local clock, cut to microseconds
 */
public record Evidence(String host, String reply, @Nullable String remoteId, Instant at) {
    /** The most characters of a reply that are kept. */
    public static final int MAX_REPLY = 2000;

    /** The most characters of a host or remote id that are kept. */
    public static final int MAX_NAME = 255;

    /**
     * Refuses evidence that shows nothing.
     *
     * @throws IllegalArgumentException if host or reply is blank
     */
    public Evidence {
        host = Texts.cut(Texts.clean(host), MAX_NAME);
        reply = Texts.cut(Texts.clean(reply), MAX_REPLY);
        remoteId = remoteId == null || remoteId.isBlank() ? null : Texts.cut(Texts.clean(remoteId), MAX_NAME);
        at = Objects.requireNonNull(at, "at").truncatedTo(ChronoUnit.MICROS);
        if (host.isBlank() || reply.isBlank()) {
            throw new IllegalArgumentException("evidence needs a host and its words; host blank: " + host.isBlank()
                    + ", reply blank: " + reply.isBlank());
        }
    }

    @Override
    public String toString() {
        return "Evidence[host=" + host + ", remoteId=" + remoteId + ", at=" + at + ", reply of " + reply.length()
                + " characters]";
    }
}
