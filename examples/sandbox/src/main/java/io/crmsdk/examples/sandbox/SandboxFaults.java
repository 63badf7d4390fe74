package io.crmsdk.examples.sandbox;

/**
 * How often the sandbox has a bad moment; each a share of all requests, drawn from a seed so that a bad day can be repeated.
 *
 * @param seed of the draws
 * @param busy answers 429 with {@code Retry-After: 1} and does nothing
 * @param failing answers 503 and does nothing
 * @param dropping closes the connection before doing anything
 * @param vanishing does what was asked, then closes the connection instead of answering
 */
public record SandboxFaults(long seed, double busy, double failing, double dropping, double vanishing) {
    /** A good day. */
    public static SandboxFaults none() {
        return new SandboxFaults(0, 0, 0, 0, 0);
    }

    /** A bad day: one request in twenty each way. */
    public static SandboxFaults badDay(long seed) {
        return new SandboxFaults(seed, 0.05, 0.05, 0.05, 0.05);
    }
}
