package io.crmsdk.consent;

import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes the events of what a member of staff notes or decides. Staff may take down a refusal and may block; consent that
 * staff notes is an assertion. Immutable and thread-safe.
 */
public final class StaffWriter {
    private final String source;
    private final String operator;

    StaffWriter(String operator) {
        this.source = Sources.of("staff", operator);
        this.operator = operator;
    }

    /** A person said no, by phone or letter. */
    public OptOut unsubscribe(Collection<? extends ConsentKey> keys, Scope scope, @Nullable ConsentEvidence evidence) {
        return new OptOut(freshId(), keys, scope, OptOutReason.UNSUBSCRIBE, source, null, evidence);
    }

    /** Staff decides that somebody is not to be addressed. */
    public OptOut block(Collection<? extends ConsentKey> keys, Scope scope, ConsentEvidence why) {
        return new OptOut(freshId(), keys, scope, OptOutReason.STAFF_BLOCK, source, null, why);
    }

    /**
     * Lifts a block of staff.
     *
     * @throws ConsentException {@code NOT_RELEASABLE} if it is an opt-out of another reason
     */
    public Release release(OptOut block, ConsentEvidence why) {
        if (!block.reason().equals(OptOutReason.STAFF_BLOCK)) {
            throw new ConsentException(
                    "NOT_RELEASABLE",
                    "staff lifts blocks of staff; " + block.id() + " is "
                            + block.reason().name());
        }
        return new Release(
                freshId(), block.keys(), block.scope(), source, Set.of(block.id()), Release.Role.STAFF, null, why);
    }

    /** The law demands that somebody is not addressed; at {@link Scope#ALL} transactional messages stop too. */
    public OptOut legalBlock(Collection<? extends ConsentKey> keys, Scope scope, ConsentEvidence why) {
        return new OptOut(freshId(), keys, scope, OptOutReason.LEGAL_BLOCK, source, null, why);
    }

    /**
     * Two persons of the legal role lift a legal block: this writer's and a second.
     *
     * @throws ConsentException {@code NOT_RELEASABLE} if it is no legal block; {@code SECOND_PERSON_NEEDED} if both are the
     *     same
     */
    public Release legalRelease(OptOut block, String second, ConsentEvidence why) {
        if (!block.reason().equals(OptOutReason.LEGAL_BLOCK)) {
            throw new ConsentException(
                    "NOT_RELEASABLE",
                    "expected a legal block; " + block.id() + " is "
                            + block.reason().name());
        }
        if (second.isBlank() || second.strip().equalsIgnoreCase(operator.strip())) {
            throw new ConsentException("SECOND_PERSON_NEEDED", "a legal block is lifted by two different persons");
        }
        return new Release(
                freshId(), block.keys(), block.scope(), source, Set.of(block.id()), Release.Role.LEGAL, second, why);
    }

    /** Staff notes that a person agreed. To have it count in full, start a challenge for the person. */
    public Grant asserted(ContactKey key, Scope scope, @Nullable ConsentEvidence evidence) {
        return Grant.unconfirmed(freshId(), key, scope, source, Rank.ASSERTED, null, evidence);
    }

    private static String freshId() {
        return "staff:" + UUID.randomUUID();
    }
}
