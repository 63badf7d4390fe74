package io.crmsdk.consent;

import java.time.Instant;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Makes the events of what another system holds: a field of a CRM or an ERP, a row of a sheet, a call of an API.
 *
 * <p>Only a positive opt-out makes an event: a false, an empty cell, a missing column or a deleted record says nothing.
 * What such a system claims as consent is an assertion, which clears nothing. Immutable and thread-safe.
 */
public final class SystemWriter {
    private final Pepper pepper;
    private final String source;
    private final String slug;

    SystemWriter(Pepper pepper, String name) {
        this.pepper = pepper;
        this.source = Sources.of("system", name);
        this.slug = Sources.slug(name);
    }

    /**
     * An opt-out field is set.
     *
     * @param record the record's id in its system; for a sheet, the import run
     * @param version the record's version in which the field was set; for a sheet, the row's number. The same record and
     *     version is the same event. A system that cannot tell versions gives a new value for each reading that may be new
     * @param keys whom it is about
     * @throws ConsentException {@code NO_KEY} if that is nobody
     */
    public OptOut optedOut(
            String record,
            String version,
            Collection<? extends ConsentKey> keys,
            Scope scope,
            @Nullable ConsentEvidence evidence) {
        return new OptOut(id("out", record, version), keys, scope, OptOutReason.UNSUBSCRIBE, source, null, evidence);
    }

    /**
     * The system claims consent.
     *
     * @param record as in {@link #optedOut}
     * @param version as in {@link #optedOut}
     * @param expires from when on the claim permits nothing, or null; implied consent ends by law in some countries
     */
    public Grant asserted(
            String record,
            String version,
            ContactKey key,
            Scope scope,
            @Nullable Instant expires,
            @Nullable ConsentEvidence evidence) {
        return Grant.unconfirmed(id("in", record, version), key, scope, source, Rank.ASSERTED, expires, evidence);
    }

    private String id(String kind, String record, String version) {
        return pepper.eventId("system:" + slug, kind, record, version);
    }
}
