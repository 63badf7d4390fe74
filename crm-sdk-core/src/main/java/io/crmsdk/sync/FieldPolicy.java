package io.crmsdk.sync;

/**
 * What happens to a field of the target's words that both sides changed since they last agreed, or that they never agreed on.
 * Fields that only one side changed need no policy, except with the two owners.
 */
public enum FieldPolicy {
    /** The source alone decides; what the target changed by itself is put right again. */
    SOURCE_OWNS,
    /** The target alone decides; never written there. */
    TARGET_OWNS,
    /** The source's change wins. The default of pairs that go one way. */
    SOURCE_WINS,
    /** The target's change wins. */
    TARGET_WINS,
    /** Lists are joined: both sides end with the values of both, but without those that one side took out. */
    UNION,
    /** The larger number, or the later text, wins on both sides. */
    MAX,
    /** The smaller number, or the earlier text, wins on both sides. */
    MIN,
    /** A person decides; until then neither side is written. The default of pairs that go both ways. */
    MANUAL
}
