package io.crmsdk.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sample strings of RFC 3492 §7.1, and what must not be decoded. */
class PunycodeTest {
    @ParameterizedTest
    @CsvSource({
        "ليهمابتكلموشعربي؟, egbpdaj6bu4bxfgehfvwxn",
        "他们为什么不说中文, ihqwcrb4cv8a8dqg056pqjye",
        "他們爲什麽不說中文, ihqwctvzc91f659drss3x8bo0yb",
        "почемужеонинеговорятпорусски, b1abfaaepdrnnbgefbadotcwatmq2g4l",
        "3年b組金八先生, 3b-ww4c5e180e575a65lsy2b",
        "そのスピードで, d9juau41awczczp",
    })
    void labels_are_encoded_and_decoded(String label, String encoded) {
        assertThat(Punycode.encode(label)).isEqualTo(encoded);
        assertThat(Punycode.decode(encoded)).isEqualTo(label);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a-", "99999999", "ab-\u00E9", "a!"})
    void what_stands_for_nothing_is_refused(String encoded) {
        assertThatThrownBy(() -> Punycode.decode(encoded)).isInstanceOf(ModelException.class);
    }
}
