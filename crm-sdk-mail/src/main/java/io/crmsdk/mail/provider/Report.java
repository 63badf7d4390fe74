package io.crmsdk.mail.provider;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an authentic call says.
 *
 * @param key tells this call from others of its provider; null where only its bytes do
 * @param singleUse whether the same key with other bytes is an attack, since the signature does not cover them
 * @param entries in its order
 * @param confirm as in {@link WebhookVerdict}
 */
record Report(
        @Nullable String key,
        boolean singleUse,
        List<Entry> entries,
        @Nullable URI confirm) {
    /** An event and what the provider tells it by. */
    record Entry(String key, WebhookEvent event) {}

    static Report of(List<Entry> entries) {
        return new Report(null, false, entries, null);
    }

    static Report under(String key, List<WebhookEvent> events) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            entries.add(new Entry(key + "#" + i, events.get(i)));
        }
        return new Report(key, false, entries, null);
    }
}
