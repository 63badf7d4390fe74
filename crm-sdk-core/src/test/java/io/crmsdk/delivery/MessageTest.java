package io.crmsdk.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmsdk.internal.TextMap;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {
    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\r\nBcc: x@example.com", "a\u0000", "\uD800", " a"})
    void keys_and_addresses_without_a_clean_text_are_refused(String text) {
        assertThatThrownBy(() -> Message.transactional(text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Message.transactional("k").to(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everything_that_is_missing_is_named_at_once() {
        assertThatThrownBy(() -> Message.transactional("k")
                        .notBefore(Instant.parse("2026-01-02T00:00:00Z"))
                        .expires(Instant.parse("2026-01-01T00:00:00Z"))
                        .build())
                .hasMessageContaining("no recipient")
                .hasMessageContaining("no content")
                .hasMessageContaining("not after notBefore");
    }

    @Test
    void content_cannot_be_changed_from_outside() {
        byte[] bytes = {1, 2, 3};
        Message message = Message.transactional("k")
                .to("a@example.com")
                .content("x/y", bytes)
                .build();
        bytes[0] = 9;
        message.content()[1] = 9;

        assertThat(message.content()).containsExactly(1, 2, 3);
    }

    @Test
    void nothing_personal_shows_in_texts() {
        Message message = Message.transactional("k")
                .to("li.wang@example.com")
                .content("x/y", "secret")
                .build();
        Evidence evidence = FakeChannel.reply("550 <li.wang@example.com> unknown");
        DispatchRecipient recipient = new DispatchRecipient("id", "li.wang@example.com");
        HistoryEntry entry = new HistoryEntry(
                Instant.EPOCH, DeliveryState.FAILED, true, 1, "n", "550 li.wang@example.com", evidence);

        for (Object shown : new Object[] {message, evidence, recipient, entry}) {
            assertThat(shown.toString()).doesNotContain("li.wang", "secret");
        }
    }

    @Test
    void evidence_says_something_or_is_refused() {
        assertThatThrownBy(() -> new Evidence("mx", " \r\n", null, Instant.EPOCH))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Evidence("", "250 ok", null, Instant.EPOCH))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new Evidence("mx", "250 ok\r\n", " ", Instant.EPOCH).remoteId())
                .isNull();
        assertThat(new Evidence("mx", "x".repeat(9_999), null, Instant.EPOCH).reply())
                .hasSize(Evidence.MAX_REPLY);
    }

    @Test
    void attributes_survive_any_text() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int n = 0; n < 1_000; n++) {
            Map<String, String> attributes = new TreeMap<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                attributes.put(text(random), text(random));
            }

            assertThat(TextMap.read(TextMap.write(attributes)))
                    .as("seed " + seed)
                    .isEqualTo(attributes);
        }
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append("0:1-é李\n😀".charAt(random.nextInt(9)));
        }
        return text.toString();
    }

    @Test
    void ids_are_unique_and_ascend_whatever_the_clock_does() {
        Random random = new Random(5);
        Ids ids = new Ids(() -> Instant.ofEpochMilli(1_700_000_000_000L + random.nextInt(3) - 1));
        Set<String> seen = new HashSet<>();
        String last = "";
        for (int n = 0; n < 50_000; n++) {
            String id = ids.get();

            assertThat(id).matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
            assertThat(id).isGreaterThan(last);
            assertThat(seen.add(id)).isTrue();
            last = id;
        }
    }
}
