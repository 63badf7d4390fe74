package io.crmsdk.mail.bounce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.crmsdk.fixtures.SharedFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No bytes whatever make the decoder fail, or work without bound. */
class BounceFuzzTest {
    private static final long SEED = Long.getLong("crmsdk.seed", 20261126L);

    private static final String REPORT = """
            From: MAILER-DAEMON@mx.example.com
            To: news@shop.example
            Subject: Undelivered Mail Returned to Sender
            Content-Type: multipart/report; report-type=delivery-status; boundary="b"

            --b
            Content-Type: text/plain; charset=gb18030
            Content-Transfer-Encoding: quoted-printable

            <ann@example.com>: host mx said: 550 5.1.1 User unknown =CD=CB=D0=C5

            --b
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.example.com

            Final-Recipient: rfc822; ann@example.com
            Action: failed
            Status: 5.1.1
            Diagnostic-Code: smtp; 550 5.1.1 User unknown

            --b
            Content-Type: text/rfc822-headers

            Message-ID: <1@shop.example>
            To: ann@example.com

            --b--
            """;

    private static List<byte[]> mails() throws IOException {
        List<byte[]> mails = new ArrayList<>();
        mails.add(REPORT.getBytes(StandardCharsets.UTF_8));
        Optional<Path> corpus = SharedFiles.find("data/bounces/messages");
        if (corpus.isPresent()) {
            try (Stream<Path> files = Files.list(corpus.get())) {
                for (Path file : files.sorted().toList()) {
                    mails.add(Files.readAllBytes(file));
                }
            }
        }
        return mails;
    }

    @Test
    void a_mail_cut_at_any_byte_is_read() {
        byte[] mail = REPORT.getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length <= mail.length; length++) {
            int end = length;
            assertThatCode(() -> BounceDecoder.standard().decode(Arrays.copyOf(mail, end)))
                    .as("cut at %d", end)
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void a_mail_with_any_flipped_bit_is_read() {
        byte[] mail = REPORT.getBytes(StandardCharsets.UTF_8);
        for (int bit = 0; bit < mail.length * 8; bit++) {
            byte[] damaged = mail.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            int flipped = bit;
            assertThatCode(() -> BounceDecoder.standard().decode(damaged))
                    .as("bit %d", flipped)
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void real_mails_damaged_at_random_are_read() throws IOException {
        Random random = new Random(SEED);
        for (byte[] mail : mails()) {
            for (int run = 0; run < 3; run++) {
                byte[] damaged = Arrays.copyOf(mail, random.nextInt(mail.length + 1));
                for (int i = 0; i < damaged.length / 100; i++) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
                }
                assertThatCode(() -> BounceDecoder.standard().decode(damaged))
                        .as("seed %d", SEED)
                        .doesNotThrowAnyException();
            }
        }
    }

    @Test
    void a_hundred_thousand_nested_parts_are_cut_and_said_to_be() {
        StringBuilder mail = new StringBuilder("From: MAILER-DAEMON@mx.example.com\nSubject: failure notice\n");
        for (int i = 0; i < 100_000; i++) {
            mail.append("Content-Type: multipart/mixed; boundary=\"")
                    .append(i)
                    .append("\"\n\n--")
                    .append(i)
                    .append('\n');
        }
        MailReport report = BounceDecoder.standard().decode(mail.toString().getBytes(StandardCharsets.US_ASCII));

        assertThat(report.cut()).isTrue();
    }

    @Test
    void a_hundred_thousand_parts_side_by_side_are_cut_and_said_to_be() {
        String mail = "From: MAILER-DAEMON@mx.example.com\nContent-Type: multipart/mixed; boundary=b\n\n"
                + "--b\n\nx\n".repeat(100_000);

        assertThat(BounceDecoder.standard()
                        .decode(mail.getBytes(StandardCharsets.US_ASCII))
                        .cut())
                .isTrue();
    }

    @Test
    void mails_within_mails_within_mails_are_cut_and_said_to_be() {
        String mail = "Content-Type: message/rfc822\n\n".repeat(100_000);

        assertThat(BounceDecoder.standard()
                        .decode(mail.getBytes(StandardCharsets.US_ASCII))
                        .cut())
                .isTrue();
    }

    @Test
    void words_made_to_make_patterns_walk_in_circles_are_read() {
        String line =
                "the following recipients failed to reach to to to to following users addresses ".repeat(40) + "\n";
        String mail =
                "From: MAILER-DAEMON@mx.example.com\nSubject: failure notice\n\nundelivered\n" + line.repeat(2_000);

        assertThat(BounceDecoder.standard()
                        .decode(mail.getBytes(StandardCharsets.US_ASCII))
                        .kind())
                .isNotNull();
    }
}
