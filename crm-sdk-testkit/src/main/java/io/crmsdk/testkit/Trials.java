package io.crmsdk.testkit;

import org.junit.jupiter.api.Assumptions;

/** How a check says that it does not apply. */
final class Trials {
    private Trials() {}

    static void assume(boolean can, String otherwise) {
        Assumptions.assumeTrue(can, "left out: " + otherwise);
    }
}
