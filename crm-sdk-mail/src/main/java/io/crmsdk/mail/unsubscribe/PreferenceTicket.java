package io.crmsdk.mail.unsubscribe;

import io.crmsdk.CrmException;
import io.crmsdk.Redaction;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.Scope;
import io.crmsdk.consent.SubjectKey;
import io.crmsdk.model.EmailAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a link to the preference page says: whose it is, and what the mail that held it was about.
 *
 * @param address as mails go to it
 * @param scope what the mail was about
 * @param person the customer, or null if the link was made for an address alone
 */
record PreferenceTicket(
        EmailAddress address, Scope scope, @Nullable SubjectKey person) {
    /** Three lines, which {@link #parse} reads; none of the parts can hold a line end. */
    String text() {
        return scope + "\n" + address.raw() + "\n" + (person == null ? "" : person.customerId());
    }

    static @Nullable PreferenceTicket parse(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length != 3) {
            return null;
        }
        try {
            return new PreferenceTicket(
                    EmailAddress.parse(lines[1]),
                    Scope.of(lines[0]),
                    lines[2].isEmpty() ? null : new SubjectKey(lines[2]));
        } catch (CrmException e) {
            // Signed by us, but under rules that have changed since: as good as unreadable.
            return null;
        }
    }

    ContactKey key() {
        return ContactKey.email(address);
    }

    PreferenceTicket about(Scope other) {
        return new PreferenceTicket(address, other, person);
    }

    /** Enough for the owner to know which address is meant, too little for anybody else. */
    String shown() {
        return Redaction.email(address.raw());
    }

    @Override
    public String toString() {
        return "PreferenceTicket[" + shown() + ", " + scope + "]";
    }
}
