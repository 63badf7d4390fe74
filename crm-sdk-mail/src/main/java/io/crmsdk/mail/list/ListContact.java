package io.crmsdk.mail.list;

import io.crmsdk.model.EmailAddress;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Somebody who is to be on a list if they agreed.
 *
 * @param address where to
 * @param fields what the tool is told of a new member, by the tool's own names, such as {@code FNAME}; what the tool knows already is
 *     left as it is
 */
public record ListContact(EmailAddress address, Map<String, String> fields) {
    /** Copies the fields. */
    public ListContact {
        Objects.requireNonNull(address, "address");
        fields = Collections.unmodifiableMap(new TreeMap<>(fields));
    }

    /** An address alone. */
    public static ListContact of(EmailAddress address) {
        return new ListContact(address, Map.of());
    }

    /** Without the values. */
    @Override
    public String toString() {
        return "ListContact[" + address + ", " + fields.keySet() + "]";
    }
}
