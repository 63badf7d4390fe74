package io.crmsdk.mail.unsubscribe;

import io.crmsdk.mail.web.WebRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The fields of a urlencoded form or query; of several with one name, the first. */
final class FormFields {
    private final Map<String, String> values;

    private FormFields(Map<String, String> values) {
        this.values = values;
    }

    /** Those of a request's body; none unless it is urlencoded, as our own pages send it. */
    static FormFields of(WebRequest request) {
        boolean urlencoded =
                request.header("content-type").toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded");
        return of(urlencoded ? new String(request.body(), StandardCharsets.UTF_8) : "");
    }

    static FormFields of(String text) {
        Map<String, String> values = new HashMap<>();
        for (String pair : text.split("&", 0)) {
            int cut = pair.indexOf('=');
            if (cut > 0) {
                values.putIfAbsent(decode(pair.substring(0, cut)), decode(pair.substring(cut + 1)));
            }
        }
        return new FormFields(values);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // Not one of ours then; taken as it stands it matches nothing.
            return text;
        }
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** The value, or an empty text. */
    String get(String name) {
        return values.getOrDefault(name, "");
    }
}
