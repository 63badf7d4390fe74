package io.crmsdk.delivery;

import java.util.LinkedHashMap;
import java.util.Map;

/** Looks at the start for what this room needs later, so that a jar that was left out fails then and not at the first message. */
final class Dependencies {
    private Dependencies() {}

    /** A class of each library, with the name under which one looks for it. */
    static void check(boolean consent) {
        Map<String, String> needed = new LinkedHashMap<>();
        needed.put("com.fasterxml.jackson.core.JsonFactory", "com.fasterxml.jackson.core:jackson-core");
        if (consent) {
            needed.put("com.google.i18n.phonenumbers.PhoneNumberUtil", "com.googlecode.libphonenumber:libphonenumber");
        }
        needed.forEach(Dependencies::check);
    }

    private static void check(String name, String library) {
        try {
            Class.forName(name, false, Dependencies.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            throw new DeliveryException(
                    "DEPENDENCY_MISSING",
                    "expected " + library + " on the class path, and " + name
                            + " cannot be loaded; the outbox was not opened. Add the library in the version of crm-sdk-bom",
                    e);
        }
    }
}
