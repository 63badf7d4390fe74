package io.crmsdk.delivery;

import java.util.Objects;

/**
 * A later proof about one delivery, with who brought it and why it is believed.
 *
 * @param verdict what it proves
 * @param evidence the proof itself
 * @param by who or what brought it: a person's name, or a component
 * @param why one line for the audit
 */
public record Confirmation(Verdict verdict, Evidence evidence, String by, String why) {
    /** What a confirmation can prove, weakest first; a weaker one never replaces a stronger one. */
    public enum Verdict {
        /** It surely never left: an unconfirmed or dead delivery is queued again. */
        NOT_SENT,
        /** The next server had taken it. */
        ACCEPTED,
        /** It arrived. */
        DELIVERED,
        /** It came back. */
        BOUNCED,
        /** The recipient complained, so it had arrived. */
        COMPLAINED
    }

    /** Cleans the texts. */
    public Confirmation {
        Objects.requireNonNull(verdict, "verdict");
        Objects.requireNonNull(evidence, "evidence");
        by = Texts.cut(Texts.clean(by), 100);
        why = Texts.cut(Texts.clean(why), 1000);
        if (by.isEmpty() || why.isEmpty()) {
            throw new IllegalArgumentException("a confirmation needs who brought it and why");
        }
    }

    /** Without the reason, which may quote an address. */
    @Override
    public String toString() {
        return "Confirmation[" + verdict + ", by=" + by + ", " + evidence + "]";
    }
}
