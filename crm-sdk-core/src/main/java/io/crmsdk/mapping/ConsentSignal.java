package io.crmsdk.mapping;

import io.crmsdk.quality.OptOut;
import java.util.List;
import java.util.Objects;

/**
 * What one field of a vendor's record says about mailing a person: material for the consent ledger, never part of a customer.
 *
 * <p>Only {@link OptOut#OPTED_OUT} is information that a ledger keeps; the other two are for people to look at. A field that is
 * absent or null makes no signal. Immutable; equality by value; {@link #toString()} shows no contact point and no raw text.
 *
 * @param channel what it is about
 * @param scope topic or list within the channel, for example {@code marketing/newsletter}
 * @param state what the field says, by the polarity that the mapping states
 * @param contactPoints canonical e-mail addresses and international phone numbers of the record to which it applies; empty if
 *     the record has none that can be read, then it is the person who said it
 * @param field the vendor's field or column
 * @param raw what stood there
 */
public record ConsentSignal(
        Channel channel, String scope, OptOut state, List<String> contactPoints, String field, String raw) {
    /** By which way the person would be reached. */
    public enum Channel {
        /** E-mail. */
        EMAIL,
        /** Text messages. */
        SMS,
        /** Telephone calls. */
        PHONE,
        /** Fax. */
        FAX,
        /** Letters. */
        POST,
        /** Every way. */
        ANY
    }

    /** Copies the list. */
    public ConsentSignal {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(field, "field");
        Objects.requireNonNull(raw, "raw");
        contactPoints = List.copyOf(contactPoints);
    }

    /** Channel, scope, state and how many contact points. */
    @Override
    public String toString() {
        return "ConsentSignal[" + channel + ", " + scope + ", " + state + ", contactPoints=" + contactPoints.size()
                + "]";
    }
}
