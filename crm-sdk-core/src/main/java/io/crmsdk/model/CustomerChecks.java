package io.crmsdk.model;

import java.net.URI;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What can never be right about the collections of a {@link Customer}. */
final class CustomerChecks {
    private static final int MAX_ATTRIBUTES = 500;
    private static final int MAX_URL = 2048;
    private static final Pattern ATTRIBUTE_KEY =
            Pattern.compile("[\\p{L}\\p{N}_-]{1,64}(?:\\.[\\p{L}\\p{M}\\p{N}_-]{1,64}){1,3}");
    private static final Pattern ZONE = Pattern.compile("[A-Za-z0-9_+/-]+");

    private CustomerChecks() {}

    static void timeZone(@Nullable String zone) {
        if (zone != null && !ZONE.matcher(zone).matches()) {
            throw new ModelException("MALFORMED", "timeZone", "expected an IANA name such as Asia/Shanghai");
        }
    }

    static void websites(List<URI> websites) {
        for (URI site : websites) {
            String scheme = site.getScheme();
            if (scheme == null || !scheme.toLowerCase(Locale.ROOT).matches("https?") || site.getHost() == null) {
                throw new ModelException("UNSAFE_URL", "websites", "expected an absolute http or https address");
            }
            if (site.getRawUserInfo() != null) {
                throw new ModelException("UNSAFE_URL", "websites", "an address must not hold a user name");
            }
            if (site.toString().length() > MAX_URL) {
                throw new ModelException("LIMIT_EXCEEDED", "websites", "at most " + MAX_URL + " characters");
            }
        }
    }

    static void externalIds(List<ExternalId> ids) {
        if (ids.size() < 2) {
            return;
        }
        Set<ExternalId> seen = new HashSet<>();
        for (ExternalId id : ids) {
            if (!seen.add(id.key())) {
                throw new ModelException("DUPLICATE_KEY", "externalIds", "the same object twice: " + id);
            }
        }
    }

    static Set<String> tags(Set<String> tags) {
        if (tags.isEmpty()) {
            return Set.of();
        }
        Map<String, String> byFold = new LinkedHashMap<>();
        for (String tag : tags) {
            String clean = Text.required("tags", tag, 64);
            byFold.putIfAbsent(clean.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT), clean);
        }
        return Collections.unmodifiableSet(new LinkedHashSet<>(byFold.values()));
    }

    static void attributes(Map<String, AttributeValue> attributes) {
        if (attributes.size() > MAX_ATTRIBUTES) {
            throw new ModelException(
                    "LIMIT_EXCEEDED", "attributes", "at most " + MAX_ATTRIBUTES + ", got " + attributes.size());
        }
        for (String key : attributes.keySet()) {
            if (!ATTRIBUTE_KEY.matcher(key).matches()) {
                throw new ModelException(
                        "INVALID_NAME", "attributes", "expected namespace.name of letters, digits, '_' and '-'");
            }
        }
    }
}
