package io.crmsdk.mapping;

/** Which way a rule works. */
public enum Direction {
    /** From the vendor to us only. */
    IN,
    /** From us to the vendor only. */
    OUT,
    /** Both ways; the converter must be able to go back. */
    BOTH;

    /** Whether values come from the vendor. */
    public boolean reads() {
        return this != OUT;
    }

    /** Whether values go to the vendor. */
    public boolean writes() {
        return this != IN;
    }
}
