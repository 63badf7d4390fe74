package io.crmsdk.mail.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What counts as a reply, and what is read out of one. */
final class ReplyTest {
    private static Reply read(String text) throws IOException {
        return new ReplyReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))).read();
    }

    @Test
    void every_line_is_kept() throws IOException {
        Reply reply = read("550-5.1.1 no such\r\n550 5.1.1 user\r\n");

        assertThat(reply.code()).isEqualTo(550);
        assertThat(reply.enhanced()).isEqualTo("5.1.1");
        assertThat(reply.words()).isEqualTo("550-5.1.1 no such\n550 5.1.1 user");
    }

    @Test
    void an_enhanced_code_of_another_class_is_not_believed() throws IOException {
        assertThat(read("250 5.1.1 odd\r\n").enhanced()).isNull();
        assertThat(read("550 2.0.0\r\n").enhanced()).isNull();
        assertThat(read("550 no code\r\n").enhanced()).isNull();
    }

    @Test
    void a_reply_cut_anywhere_is_no_reply() {
        String whole = "250-first\r\n250 2.0.0 Ok: queued as ABC\r\n";
        for (int end = 0; end < whole.length(); end++) {
            String cut = whole.substring(0, end);
            assertThatThrownBy(() -> read(cut)).isInstanceOf(EOFException.class);
        }
    }

    /** Random bytes, seed printed on failure: never anything but a reply or an IOException, never more than the limits. */
    @Test
    void no_bytes_do_harm() {
        for (long seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[random.nextInt(300)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) "0123456789 -\r\n25abc\0\377".charAt(random.nextInt(21));
            }
            try {
                Reply reply = new ReplyReader(new ByteArrayInputStream(bytes)).read();
                assertThat(reply.code()).as("seed " + seed).isBetween(100, 599);
            } catch (IOException e) {
                assertThat(e).as("seed " + seed).isInstanceOfAny(EOFException.class, SmtpFailure.class);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2.0.0 Ok: queued as F2AB0228102 | F2AB0228102",
                "2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as 4Z9Xk12345z6 | 4Z9Xk12345z6",
                "OK id=1rMZxY-0001Ab-2C | 1rMZxY-0001Ab-2C",
                "2.0.0 55BK1abc012345 Message accepted for delivery | 55BK1abc012345",
                "ok 1700000000 qp 12345 | qp 12345",
                "2.6.0 <a@b> [InternalId=12345678, Hostname=X.example] 8000 bytes in 0.1, 70 KB/sec Queued mail for delivery | 12345678",
                "2.0.0 OK  1700000000 d9443c01a7336-1d0abc.123 - gsmtp | d9443c01a7336-1d0abc.123",
                "Ok 0100018bcf1a2b3c-12345678-9abc-def0-1234-56789abcdef0-000000 | "
                        + "0100018bcf1a2b3c-12345678-9abc-def0-1234-56789abcdef0-000000",
                "Mail OK queued as zwqz-smtp-mta-g5-1,____wD3abc | zwqz-smtp-mta-g5-1,____wD3abc",
                "2.0.0 Message Queued (A1B2C3D4-1111-2222.1) | A1B2C3D4-1111-2222.1",
                "Great success |",
                "2.0.0 Ok |",
            })
    void the_queue_id_is_found_where_servers_put_it(String text, String id) {
        assertThat(QueueId.in(new Reply(250, List.of(text)))).isEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource({
        "550,5.1.1 no such user,PERMANENT",
        "552,5.2.2 mailbox full,PERMANENT",
        "552,too many recipients,TEMPORARY",
        "452,4.5.3 too many recipients,TEMPORARY",
        "554,5.7.1 <x@y>: Relay access denied,DESTINATION",
        "550,5.7.1 Service unavailable; Client host [1.2.3.4] blocked using zen.spamhaus.org,DESTINATION",
        "530,5.7.0 Authentication required,DESTINATION",
        "554,5.7.1 <unknown[127.0.0.1]>: Client host rejected: Access denied,DESTINATION",
        "554,5.7.1 <a@b.example>: Recipient address rejected: Access denied,DESTINATION",
        "550,5.4.1 Recipient address rejected: Access denied,PERMANENT",
        "550,5.7.1 sending rate limit reached,TEMPORARY",
        "503,bad sequence,TEMPORARY",
    })
    void a_refusal_of_a_recipient_concerns_whom_it_concerns(int code, String text, Verdicts.Verdict verdict) {
        assertThat(Verdicts.onRecipient(new Reply(code, List.of(text)))).isEqualTo(verdict);
    }

    @Test
    void xtext_hides_what_would_end_a_parameter() {
        assertThat(Envelope.xtext("a+b=c d@x.example")).isEqualTo("a+2Bb+3Dc+20d@x.example");
    }
}
