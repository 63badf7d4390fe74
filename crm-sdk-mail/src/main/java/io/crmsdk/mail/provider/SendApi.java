package io.crmsdk.mail.provider;

import io.crmsdk.http.Authorization;
import io.crmsdk.http.HttpAnswer;
import io.crmsdk.http.HttpCall;
import io.crmsdk.mail.internal.JsonTree;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How one provider is asked to send a mail to one recipient, and what its answers mean. */
interface SendApi {
    /** The provider's name, as in its webhooks. */
    String provider();

    /** Where it is asked if nothing else is said. */
    URI origin();

    Authorization authorization();

    /**
     * The call.
     *
     * @param recipient the address, and nobody else
     * @param messageId ours, told to the provider where its events bring it back
     * @param deliveryId the same at each attempt: where a provider recognises repetitions, by this
     */
    HttpCall call(byte[] content, String recipient, String messageId, String deliveryId)
            throws IOException, SentMail.UnreadableException;

    /** What an answer means that came with a success status. */
    default Reply accepted(HttpAnswer answer) {
        return new Reply(Meaning.TAKEN, null, "");
    }

    /** What an answer means that declined. */
    default Reply refused(HttpAnswer answer) {
        JsonTree body = JsonTree.parseIfJson(answer.text());
        String words = Optional.ofNullable(body.get("message").text()).orElse("");
        return new Reply(byStatus(answer.status()), null, words);
    }

    /** What is about the account or the settings may be mended, and then the mail can be sent. */
    static Meaning byStatus(int status) {
        return switch (status) {
            case 401, 402, 403, 404, 405, 407 -> Meaning.NOT_NOW;
            default -> Meaning.NEVER;
        };
    }

    /** What became of a mail. */
    enum Meaning {
        /** The provider took it. */
        TAKEN,
        /** It did not, for a reason that is not the mail's. */
        NOT_NOW,
        /** It did not and will not. */
        NEVER,
        /** The answer does not say. */
        UNCLEAR
    }

    /**
     * What an answer says.
     *
     * @param id under which the provider knows the mail, as its events give it; null if it does not say
     * @param words of the provider, for people
     */
    record Reply(Meaning meaning, @Nullable String id, String words) {}
}
