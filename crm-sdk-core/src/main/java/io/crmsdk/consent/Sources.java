package io.crmsdk.consent;

import java.util.regex.Pattern;

/** The names of writers, as events carry them. */
final class Sources {
    private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}@:]{1,80}");

    private Sources() {}

    static String of(String role, String name) {
        if (!NAME.matcher(name).matches() || name.isBlank()) {
            throw new ConsentException(
                    "INVALID_SOURCE", role + ": expected a name of 1 to 80 characters without @, : and controls");
        }
        return role + ":" + name;
    }

    /** A name as part of an event id. */
    static String slug(String name) {
        String slug = name.replaceAll("[^A-Za-z0-9._-]", "-");
        return slug.length() > 40 ? slug.substring(0, 40) : slug;
    }
}
