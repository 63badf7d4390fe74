package io.crmsdk.http;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Hears of every attempt. Called in the thread of the call; must be quick. What it throws is logged and otherwise ignored.
 */
public interface HttpListener {
    /** An attempt ended. */
    default void attempted(Attempt attempt) {}

    /** The destination asked to be left alone for a while, and is. */
    default void paused(Duration pause) {}

    /**
     * One attempt, free of personal values: no query, no header values, no body.
     *
     * @param method the method
     * @param path the path without its query
     * @param number from 1 within its call
     * @param status the status, if an answer came
     * @param code why there was no whole answer, if so
     * @param took from the first to the last byte, connecting included
     * @param requestBytes length of the request's body
     * @param answerBytes length of the answer's body after inflation
     */
    record Attempt(
            String method,
            String path,
            int number,
            OptionalInt status,
            Optional<String> code,
            Duration took,
            int requestBytes,
            int answerBytes) {}
}
