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
    /**
     * An event.
     *
     * @param key what the provider tells it by
     * @param marks what tells which of our messages it is about
     */
    record Entry(String key, WebhookEvent event, Marks marks) {}

    /**
     * What an event carries of the message that it is about, beside the provider's id.
     *
     * @param message the outbox's id of the message, as it was told to the provider; null if it does not bring it back
     * @param header the Message-ID of the mail, with or without angle brackets; null if it does not name it
     */
    record Marks(@Nullable String message, @Nullable String header) {
        /** Of texts that are empty where something is missing. */
        static Marks of(String message, String header) {
            return new Marks(message.isEmpty() ? null : message, header.isEmpty() ? null : header);
        }
    }

    static Report of(List<Entry> entries) {
        return new Report(null, false, entries, null);
    }

    static Report under(String key, List<WebhookEvent> events, Marks marks) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            entries.add(new Entry(key + "#" + i, events.get(i), marks));
        }
        return new Report(key, false, entries, null);
    }
}
