package io.crmsdk.mail.web;

import java.util.Set;

/**
 * What answers HTTP requests at one place, whatever server stands before it.
 *
 * <p>A host plugs one in by {@link JdkHandler} or {@link EndpointServlet}, which hold method, size and time to the limits; a
 * host with another server calls {@link #answer} itself and holds the limits itself. Thread-safe.
 */
public interface WebEndpoint {
    /** The methods it answers, in capital letters; whoever plugs it in answers {@code OPTIONS}, and others by 405. */
    Set<String> methods();

    /** The most bytes of a body; more are answered by 413 and are not read. */
    int maxBody();

    /** Answers one request of one of its methods. Throws nothing that was to be expected: what goes wrong is a status. */
    WebReply answer(WebRequest request);
}
