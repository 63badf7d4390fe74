package io.crmsdk.delivery;

import org.jspecify.annotations.Nullable;

/**
 * A way out of the house: SMTP, a provider's API, a text message gateway.
 *
 * <p>Thread-safe: {@link #send} is called by many workers at once. A channel has its own limits of time for every wait; it
 * answers an interrupt by breaking off where that is still harmless, that is before the window.
 */
public interface Channel {
    /** The stable name under which messages are stored for it, for example {@code smtp}; at most 40 characters. */
    String name();

    /**
     * Judges a message before it is stored, without any input or output.
     *
     * @return null if the channel could send it, otherwise why not
     */
    EnqueueAnswer.@Nullable Reject validate(Message message);

    /**
     * Why this channel sends nothing at present (its server cannot be reached, refuses the login, asked for a pause), beginning with a
     * stable code; or null if it sends. Shows in the {@linkplain OutboxHealth#pausedChannels() health}; without any input or output.
     */
    default @Nullable String paused() {
        return null;
    }

    /**
     * Makes one attempt: addresses the recipients, calls {@link Dispatch#beginWindow()} right before the ambiguous window,
     * and {@linkplain Dispatch#record records} what each recipient's server said.
     *
     * <p>An exception before the window defers the recipients without an outcome; after it, they become unconfirmed. So a
     * channel need not catch what it cannot explain.
     *
     * @throws Exception whatever broke the attempt
     */
    void send(Dispatch dispatch) throws Exception;
}
