package io.crmsdk.consent;

/**
 * A key as the ledger stores it: a keyed hash, from which nobody learns the address, but by which the same address is
 * known again. It is all that erasure leaves.
 *
 * @param text one letter for the kind and 32 hexadecimal digits
 */
public record HashedKey(String text) implements ConsentKey {
    private static final int LENGTH = 33;

    /** @throws ConsentException {@code INVALID_KEY} if the text has not that form */
    public HashedKey {
        if (!hasForm(text)) {
            throw new ConsentException("INVALID_KEY", "hashed key: expected a letter and 32 hexadecimal digits");
        }
    }

    /** By hand, since every decision makes one. */
    private static boolean hasForm(String text) {
        if (text.length() != LENGTH || text.charAt(0) < 'a' || text.charAt(0) > 'z') {
            return false;
        }
        for (int i = 1; i < LENGTH; i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }
}
