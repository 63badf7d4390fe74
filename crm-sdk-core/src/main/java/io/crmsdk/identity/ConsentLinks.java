package io.crmsdk.identity;

import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.SubjectKey;
import io.crmsdk.model.Customer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Tells the ledger which contacts belong to a customer: what was said of it under any of its ids holds for all addresses of all its
 * records. Nothing is unlinked, so that a "no" reaches no fewer people after a separation than before.
 */
final class ConsentLinks {
    private final ConsentLedger ledger;

    ConsentLinks(ConsentLedger ledger) {
        this.ledger = ledger;
    }

    /** @param members all records of one customer; an erased one stands for its id alone */
    void relate(Connection connection, Collection<StoredRecord> members) throws SQLException {
        Set<ContactKey> contacts = new LinkedHashSet<>();
        for (StoredRecord member : members) {
            Customer customer = member.customer();
            if (customer != null) {
                addContacts(customer, contacts);
            }
        }
        for (StoredRecord member : members) {
            ledger.link(connection, new SubjectKey(member.id), contacts);
        }
    }

    private static void addContacts(Customer customer, Set<ContactKey> to) {
        customer.emails().forEach(email -> to.add(ContactKey.email(email.address())));
        customer.phones().forEach(phone -> {
            if (phone.e164() != null) {
                to.add(ContactKey.phone(phone.number()));
            }
        });
    }
}
