package io.crmsdk.mail.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmsdk.delivery.Message;
import io.crmsdk.delivery.Outcome;
import io.crmsdk.fixtures.RealMail;
import io.crmsdk.mail.Email;
import io.crmsdk.model.EmailAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The channel against a real Postfix: what it says is what the server's own log says. */
@Tag("slow")
final class RealPostfixTest {
    @TempDir
    static Path dir;

    private static RealMail postfix;

    @BeforeAll
    static void start() throws Exception {
        postfix = RealMail.start(dir.toRealPath());
    }

    @AfterAll
    static void stop() throws Exception {
        if (postfix != null) {
            postfix.close();
        }
    }

    private static SmtpChannel.Builder channel(String scheme, String port) {
        return SmtpChannel.builder(scheme + "://localhost:" + postfix.port(port))
                .envelopeFrom(EmailAddress.parse("bounce@crm.test"))
                .trust(postfix.trustStore(), "changeit");
    }

    private static Message mail(String key, String... to) {
        Email.Builder email = Email.builder()
                .from("sender@crm.test", "Sender")
                .subject("hello 你好")
                .text("good day\n.\n你好");
        for (String address : to) {
            email.to(address);
        }
        return email.envelopeFrom(EmailAddress.parse("bounce+" + key + "@crm.test"))
                .build()
                .toMessage(key);
    }

    private static RecordingDispatch send(SmtpChannel.Builder builder, Message message) throws Exception {
        RecordingDispatch dispatch = new RecordingDispatch(message);
        try (SmtpChannel channel = builder.build()) {
            channel.send(dispatch);
        }
        return dispatch;
    }

    @Test
    void what_it_accepts_is_in_its_log_under_the_queue_id_of_the_evidence() throws Exception {
        RecordingDispatch sent =
                send(channel("smtp", "SMTP"), mail("a", "alice@crm.test", "nobody@crm.test", "bob@crm.test"));

        assertThat(sent.outcome(0)).isInstanceOf(Outcome.Accepted.class);
        assertThat(sent.outcome(1))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.evidence().reply()).startsWith("550 5.1.1"));
        String id = ((Outcome.Accepted) sent.outcome(0)).evidence().remoteId();
        assertThat(((Outcome.Accepted) sent.outcome(2)).evidence().remoteId()).isEqualTo(id);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(postfix.log())
                        .contains(id + ": from=<bounce+a@crm.test>")
                        .contains(id + ": to=<alice@crm.test>")
                        .contains(id + ": to=<bob@crm.test>"));
        await().untilAsserted(() -> assertThat(postfix.log()).contains("starttls=1 mail=1 rcpt=2/3 data=1"));
    }

    @Test
    void its_certificate_is_not_believed_without_its_authority() throws Exception {
        SmtpChannel.Builder suspicious = SmtpChannel.builder("smtp://localhost:" + postfix.port("SMTP"))
                .envelopeFrom(EmailAddress.parse("bounce@crm.test"));

        assertThat(send(suspicious, mail("b", "alice@crm.test")).outcome())
                .isInstanceOfSatisfying(
                        Outcome.Deferred.class,
                        deferred -> assertThat(deferred.reason()).startsWith("TLS_UNTRUSTED"));
    }

    @Test
    void a_server_without_starttls_gets_nothing_unless_that_is_stated() throws Exception {
        assertThat(send(channel("smtp", "PLAIN"), mail("c", "alice@crm.test")).outcome())
                .isInstanceOfSatisfying(
                        Outcome.Deferred.class,
                        deferred -> assertThat(deferred.reason()).startsWith("TLS_NOT_OFFERED"));
        SmtpChannel.Builder plain = SmtpChannel.builder("smtp://127.0.0.1:" + postfix.port("PLAIN") + "?tls=none")
                .envelopeFrom(EmailAddress.parse("bounce@crm.test"));
        assertThat(send(plain, mail("d", "alice@crm.test")).outcome()).isInstanceOf(Outcome.Accepted.class);
    }

    @Test
    void it_takes_mail_after_login_by_starttls_and_by_implicit_tls() throws Exception {
        assertThat(send(channel("smtp", "SUBMISSION").login("alice", "secret"), mail("e", "bob@crm.test"))
                        .outcome())
                .isInstanceOf(Outcome.Accepted.class);
        assertThat(send(channel("smtps", "SMTPS").login("alice", "secret"), mail("f", "bob@crm.test"))
                        .outcome())
                .isInstanceOf(Outcome.Accepted.class);
    }

    @Test
    void a_wrong_password_and_a_missing_login_make_mails_wait() throws Exception {
        assertThat(send(channel("smtp", "SUBMISSION").login("alice", "wrong"), mail("g", "bob@crm.test"))
                        .outcome())
                .isInstanceOfSatisfying(
                        Outcome.Deferred.class,
                        deferred -> assertThat(deferred.reason()).startsWith("LOGIN_REFUSED"));
        assertThat(send(channel("smtp", "SUBMISSION"), mail("h", "bob@crm.test"))
                        .outcome())
                .isInstanceOf(Outcome.Deferred.class);
    }

    @Test
    void an_address_beyond_ascii_is_taken_where_smtputf8_is_offered_and_refused_where_not() throws Exception {
        SmtpChannel.Builder plain = SmtpChannel.builder("smtp://127.0.0.1:" + postfix.port("PLAIN") + "?tls=none")
                .envelopeFrom(EmailAddress.parse("bounce@crm.test"));

        assertThat(send(plain, mail("i", "李@void.test")).outcome())
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.reason()).startsWith("NEEDS_SMTPUTF8"));
        assertThat(send(channel("smtp", "SMTP"), mail("j", "李@void.test")).outcome())
                .isInstanceOf(Outcome.Accepted.class);
    }

    @Test
    void fifty_mails_over_one_connection_are_fifty_queue_ids() throws Exception {
        Set<String> ids = new HashSet<>();
        try (SmtpChannel channel = channel("smtp", "SMTP").build()) {
            for (int i = 0; i < 50; i++) {
                RecordingDispatch dispatch = new RecordingDispatch(mail("n" + i, "x@void.test"));
                channel.send(dispatch);
                ids.add(((Outcome.Accepted) dispatch.outcome()).evidence().remoteId());
            }
            assertThat(channel.health().open()).isEqualTo(1);
        }
        assertThat(ids).hasSize(50).doesNotContainNull();
    }
}
