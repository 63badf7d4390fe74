package io.crmsdk.mail.list;

import io.crmsdk.Redaction;

/**
 * An address as a tool holds it.
 *
 * @param address as the tool spells it
 * @param id how the tool's calls name it
 * @param complained whether it is known that the person reported a mail as unwanted
 */
record Member(String address, String id, Standing standing, boolean complained) {
    /** The address masked. */
    @Override
    public String toString() {
        return "Member[" + Redaction.email(address) + ", " + standing + "]";
    }
}
