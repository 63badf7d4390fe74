package io.crmsdk.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmsdk.model.EmailAddress;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ReturnPathTest {
    private static final byte[] SECRET = secret(1);
    private static final String ID = "01a218b1-e093-72e1-9f86-0cdc137d66a6";

    private final ReturnPath path = ReturnPath.at(EmailAddress.parse("bounce@shop.example"), SECRET);

    private static byte[] secret(int seed) {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) seed);
        return secret;
    }

    @Test
    void the_address_tells_the_message_in_any_case_of_letters() {
        String address = path.of(ID).wire();

        assertThat(address).matches("bounce\\+[a-z2-7]{42}@shop\\.example");
        assertThat(address.indexOf('@')).isLessThanOrEqualTo(64);
        assertThat(path.messageId(address)).contains(ID);
        assertThat(path.messageId(address.toUpperCase(Locale.ROOT))).contains(ID);
    }

    @Test
    void any_id_comes_back() {
        for (int n = 0; n < 200; n++) {
            String id = UUID.nameUUIDFromBytes(new byte[] {(byte) n}).toString();
            assertThat(path.messageId(path.of(id).wire())).contains(id);
        }
    }

    @Test
    void a_changed_token_is_none() {
        String address = path.of(ID).wire();
        for (int i = "bounce+".length(); i < address.indexOf('@'); i++) {
            char other = address.charAt(i) == 'a' ? 'b' : 'a';
            String forged = address.substring(0, i) + other + address.substring(i + 1);
            assertThat(path.messageId(forged)).as("changed at %d", i).isEmpty();
        }
    }

    @Test
    void another_secret_address_or_domain_makes_other_tokens() {
        String address = path.of(ID).wire();

        assertThat(ReturnPath.at(EmailAddress.parse("bounce@shop.example"), secret(2))
                        .messageId(address))
                .isEmpty();
        assertThat(path.messageId(address.replace("shop", "ship"))).isEmpty();
        assertThat(path.messageId(address.replace("bounce+", "bonce+"))).isEmpty();
        assertThat(path.messageId("bounce@shop.example")).isEmpty();
        assertThat(path.messageId("")).isEmpty();
    }

    @Test
    void an_earlier_secret_is_still_read() {
        ReturnPath rotated = ReturnPath.at(EmailAddress.parse("bounce@shop.example"), secret(2))
                .alsoReading(SECRET);

        assertThat(rotated.messageId(path.of(ID).wire())).contains(ID);
        assertThat(path.messageId(rotated.of(ID).wire())).isEmpty();
    }

    @Test
    void short_secrets_and_long_addresses_are_refused() {
        assertThatThrownBy(() -> ReturnPath.at(EmailAddress.parse("bounce@shop.example"), new byte[16]))
                .isInstanceOf(MailException.class)
                .hasMessageContaining("32 random bytes");
        assertThatThrownBy(
                        () -> ReturnPath.at(EmailAddress.parse("a-very-long-address-for-bounces@shop.example"), SECRET))
                .isInstanceOf(MailException.class)
                .hasMessageContaining("local part");
        assertThat(path.toString()).doesNotContain("AQEB");
    }
}
