package io.crmsdk.sync;

/** One of the two systems of a pair. */
public enum Side {
    /** Where changes come from; in a pair that goes one way, the only one that is listened to. */
    SOURCE,
    /** Where changes go. */
    TARGET
}
