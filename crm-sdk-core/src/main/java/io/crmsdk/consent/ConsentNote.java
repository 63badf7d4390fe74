package io.crmsdk.consent;

import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Something worth keeping that decides nothing: a challenge was issued, a person was erased, a restore was finished. */
public final class ConsentNote extends ConsentEvent {
    /** A challenge was issued. */
    public static final String CHALLENGE_ISSUED = "CHALLENGE_ISSUED";
    /** A person's plain data was erased. */
    public static final String ERASED = "ERASED";
    /** The ledger was brought back and its incarnation raised. */
    public static final String INCARNATION_RAISED = "INCARNATION_RAISED";

    private static final Pattern WORD = Pattern.compile("[A-Z][A-Z_]{0,39}");

    private final String what;
    private final String detail;

    ConsentNote(
            String id,
            Collection<? extends ConsentKey> keys,
            Scope scope,
            String source,
            String what,
            String detail,
            @Nullable ConsentEvidence evidence) {
        super(id, keys, scope, source, evidence);
        if (!WORD.matcher(what).matches()) {
            throw new IllegalArgumentException("a note's kind is an upper-case word");
        }
        this.what = what;
        this.detail = detail;
    }

    /** What happened, for example {@link #ERASED}. */
    public String what() {
        return what;
    }

    /** More of it, free of personal values. */
    public String detail() {
        return detail;
    }

    @Override
    List<Object> says() {
        return List.of(what, detail);
    }
}
