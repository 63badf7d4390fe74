package io.crmsdk.consent;

import java.util.regex.Pattern;

/**
 * A key as the ledger stores it: a keyed hash, from which nobody learns the address, but by which the same address is
 * known again. It is all that erasure leaves.
 *
 * @param text one letter for the kind and 32 hexadecimal digits
 */
public record HashedKey(String text) implements ConsentKey {
    private static final Pattern FORM = Pattern.compile("[a-z][0-9a-f]{32}");

    /** @throws ConsentException {@code INVALID_KEY} if the text has not that form */
    public HashedKey {
        if (!FORM.matcher(text).matches()) {
            throw new ConsentException("INVALID_KEY", "hashed key: expected a letter and 32 hexadecimal digits");
        }
    }
}
