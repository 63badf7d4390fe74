package io.crmsdk.consent;

import java.util.regex.Pattern;

/**
 * Why somebody must not be addressed, which decides what can clear it.
 *
 * <p>Not a closed set: a word that this version does not know is kept as it is, and nothing this version does can clear it.
 *
 * @param name upper-case letters, digits and underscores, at most 40
 */
public record OptOutReason(String name) {
    // Stands first: the constants below are checked against it.
    private static final Pattern FORM = Pattern.compile("[A-Z][A-Z0-9_]{0,39}");

    /** The person unsubscribed. Cleared by a confirmed grant. */
    public static final OptOutReason UNSUBSCRIBE = new OptOutReason("UNSUBSCRIBE");
    /** The person reported a message as unwanted. Cleared by a confirmed grant that the person began. */
    public static final OptOutReason COMPLAINT = new OptOutReason("COMPLAINT");
    /** The person objected to all marketing. Cleared, scope by scope, by a confirmed grant that names the scope. */
    public static final OptOutReason OBJECTION = new OptOutReason("OBJECTION");
    /** Staff decided so. Cleared by a release by staff. */
    public static final OptOutReason STAFF_BLOCK = new OptOutReason("STAFF_BLOCK");
    /** The law demands it. Cleared by a release by two persons of the legal role; at scope all it stops every message. */
    public static final OptOutReason LEGAL_BLOCK = new OptOutReason("LEGAL_BLOCK");
    /** What an event of a newer version is taken for. Not clearable by this version. */
    static final OptOutReason UNKNOWN_EVENT = new OptOutReason("UNKNOWN_EVENT");

    /** @throws ConsentException {@code INVALID_REASON} if the word has not that form */
    public OptOutReason {
        if (!FORM.matcher(name).matches()) {
            throw new ConsentException("INVALID_REASON", "opt-out reason: expected an upper-case word of at most 40");
        }
    }

    /** A reason whose name was checked when it was stored. */
    static OptOutReason stored(String name) {
        return switch (name) {
            case "UNSUBSCRIBE" -> UNSUBSCRIBE;
            case "COMPLAINT" -> COMPLAINT;
            case "OBJECTION" -> OBJECTION;
            case "STAFF_BLOCK" -> STAFF_BLOCK;
            case "LEGAL_BLOCK" -> LEGAL_BLOCK;
            default -> new OptOutReason(name);
        };
    }

    /** Whether a grant with these properties clears an opt-out of this reason that it names. */
    boolean clearedBy(Grant grant) {
        if (grant.rank() != Rank.CONFIRMED) {
            return false;
        }
        return switch (name) {
            case "UNSUBSCRIBE" -> true;
            case "COMPLAINT" -> grant.begunBy() == Grant.Starter.PERSON;
            case "OBJECTION" -> !grant.scope().equals(Scope.ALL);
            default -> false;
        };
    }

    boolean clearedBy(Release release) {
        return switch (name) {
            case "STAFF_BLOCK" -> true;
            case "LEGAL_BLOCK" -> release.role() == Release.Role.LEGAL;
            default -> false;
        };
    }
}
