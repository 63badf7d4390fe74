package io.crmsdk.mail.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** No content can end the message early, or smuggle another one. */
final class MailBytesTest {
    private static String wire(MailBytes mail) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        mail.forEach(7, out::write);
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    private static MailBytes of(String text) {
        return MailBytes.of(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A property test over texts made of the dangerous bytes; the seed is shown when it fails. */
    @Test
    void only_whole_lines_go_out_and_none_of_them_is_a_dot() throws IOException {
        for (long seed = 0; seed < 5000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(40); n > 0; n--) {
                text.append("\r\n..ax".charAt(random.nextInt(6)));
            }
            MailBytes mail = of(text.toString());
            String wire = wire(mail);

            assertThat(wire.replace("\r\n", "")).as("seed " + seed).doesNotContain("\r", "\n");
            String[] lines = wire.isEmpty() ? new String[0] : wire.split("\r\n", -1);
            StringBuilder back = new StringBuilder();
            for (int i = 0; i < lines.length - 1; i++) {
                assertThat(lines[i]).as("seed " + seed).isNotEqualTo(".");
                back.append(lines[i].startsWith(".") ? lines[i].substring(1) : lines[i])
                        .append("\r\n");
            }
            assertThat(back.length()).as("seed " + seed).isEqualTo(mail.size());
            String plain = text.toString().replaceAll("\r\n|\r|\n", "\r\n");
            assertThat(back.toString())
                    .as("seed " + seed)
                    .isEqualTo(plain.isEmpty() || plain.endsWith("\r\n") ? plain : plain + "\r\n");
        }
    }

    @Test
    void what_needs_an_extension_is_seen() {
        assertThat(of("A: b\r\n\r\nplain").isEightBit()).isFalse();
        assertThat(of("A: b\r\n\r\n\344").isEightBit()).isTrue();
        assertThat(of("A: b\r\n\r\n\344").hasEightBitHeader()).isFalse();
        assertThat(of("A: \344\r\n\r\nplain").hasEightBitHeader()).isTrue();
        assertThat(of("A: b\r\n\r\nx\0").hasNul()).isTrue();
        assertThat(of("A: b\r\n\r\n" + "x".repeat(998)).longestLine()).isEqualTo(998);
    }
}
