package io.crmsdk.mail.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crmsdk.delivery.EnqueueAnswer;
import io.crmsdk.delivery.LeaseLostException;
import io.crmsdk.delivery.Message;
import io.crmsdk.delivery.Outcome;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.time.TestClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in which a mail server can fail us, and what the recipients are told then. */
final class SmtpFaultsTest {
    private static final String MAIL = "From: a@shop.example\r\nSubject: hello\r\n\r\nbody\r\n";

    private final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");
    private final List<SmtpChannel> channels = new ArrayList<>();
    private ScriptedSmtpServer server;

    @BeforeEach
    void start() throws Exception {
        server = new ScriptedSmtpServer();
    }

    @AfterEach
    void stop() throws Exception {
        channels.forEach(SmtpChannel::close);
        server.close();
    }

    private SmtpChannel.Builder plain() {
        return SmtpChannel.builder(server.plainUrl())
                .envelopeFrom(EmailAddress.parse("bounce@shop.example"))
                .clock(clock);
    }

    private SmtpChannel.Builder secure() throws Exception {
        return SmtpChannel.builder(server.url())
                .envelopeFrom(EmailAddress.parse("bounce@shop.example"))
                .trust(trustStore(), "changeit")
                .clock(clock);
    }

    private static Path trustStore() throws URISyntaxException {
        return Path.of(SmtpFaultsTest.class.getResource("/tls/trust.p12").toURI());
    }

    private SmtpChannel open(SmtpChannel.Builder builder) {
        SmtpChannel channel = builder.build();
        channels.add(channel);
        return channel;
    }

    private static Message message(String key, String... to) {
        return Message.transactional(key)
                .to(to.length == 0 ? new String[] {"ann@example.com"} : to)
                .content("message/rfc822", MAIL)
                .build();
    }

    private static RecordingDispatch send(SmtpChannel channel, Message message) throws Exception {
        RecordingDispatch dispatch = new RecordingDispatch(message);
        channel.send(dispatch);
        return dispatch;
    }

    private static Outcome.Accepted accepted(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
        return (Outcome.Accepted) outcome;
    }

    private static Outcome.Deferred deferred(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Deferred.class);
        return (Outcome.Deferred) outcome;
    }

    private static Outcome.Refused refused(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        return (Outcome.Refused) outcome;
    }

    private static void assertUnconfirmed(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Unconfirmed.class);
    }

    @Test
    void a_yes_is_kept_with_its_words_and_queue_id() throws Exception {
        RecordingDispatch sent = send(open(plain()), message("k"));

        Outcome.Accepted yes = accepted(sent.outcome());
        assertThat(yes.evidence().reply()).isEqualTo("250 2.0.0 Ok: queued as Q1ABC");
        assertThat(yes.evidence().remoteId()).isEqualTo("Q1ABC");
        assertThat(yes.evidence().host()).isEqualTo("127.0.0.1");
        assertThat(server.taken).singleElement().satisfies(taken -> {
            assertThat(taken.to()).containsExactly("ann@example.com");
            assertThat(taken.text()).isEqualTo(MAIL);
            assertThat(taken.from())
                    .isEqualTo("MAIL FROM:<bounce@shop.example> SIZE=" + MAIL.length() + " RET=HDRS ENVID=m-k");
        });
        assertThat(server.commands)
                .contains("RCPT TO:<ann@example.com> NOTIFY=FAILURE,DELAY ORCPT=rfc822;ann@example.com");
    }

    @Test
    void F_401_a_closed_port_defers_and_the_server_is_left_alone_for_a_while() throws Exception {
        int port = server.port();
        server.close();
        SmtpChannel channel = open(plain());

        Outcome.Deferred first = deferred(send(channel, message("a")).outcome());
        assertThat(first.reason()).startsWith("SMTP_UNREACHABLE: 127.0.0.1:" + port);
        assertThat(first.retryAfter()).isEqualTo(Duration.ofSeconds(1));
        assertThat(deferred(send(channel, message("b")).outcome()).reason())
                .startsWith("left alone after SMTP_UNREACHABLE");
        assertThat(channel.health().pausedFor()).startsWith("SMTP_UNREACHABLE");

        clock.advance(Duration.ofSeconds(1));
        assertThat(deferred(send(channel, message("c")).outcome()).retryAfter()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void F_401_an_unknown_host_defers() throws Exception {
        SmtpChannel channel = open(SmtpChannel.builder("smtp://no-such-host.invalid:25?tls=none")
                .envelopeFrom(EmailAddress.parse("bounce@shop.example"))
                .clock(clock));

        assertThat(deferred(send(channel, message("a")).outcome()).reason()).startsWith("SMTP_UNKNOWN_HOST");
    }

    @Test
    void F_401_a_server_that_says_nothing_defers_at_the_greetings_own_limit() throws Exception {
        server.on("GREETING", (peer, line) -> null);
        SmtpChannel channel = open(plain().timeouts(SmtpTimeouts.defaults().withGreeting(Duration.ofMillis(150))));

        assertThat(deferred(send(channel, message("a")).outcome()).reason())
                .contains("no progress in time at greeting");
    }

    @ParameterizedTest
    @CsvSource({
        "421 too busy,SMTP_BUSY,PT1S",
        "450 later,SMTP_BUSY,PT1S",
        "554 5.7.1 not from you,SMTP_NOT_WELCOME,PT5M"
    })
    void F_402_a_greeting_that_refuses_defers_and_never_fails(String greeting, String code, Duration wait)
            throws Exception {
        server.on("GREETING", (peer, line) -> greeting);
        SmtpChannel channel = open(plain());

        Outcome.Deferred outcome = deferred(send(channel, message("a")).outcome());
        assertThat(outcome.reason()).startsWith(code);
        assertThat(outcome.retryAfter()).isEqualTo(wait);
        assertThat(outcome.evidence().reply()).isEqualTo(greeting);
        send(channel, message("b"));
        assertThat(server.connections).hasValue(1);
    }

    @Test
    void mail_goes_over_a_connection_whose_certificate_names_the_host() throws Exception {
        server.withTls("localhost");

        accepted(send(open(secure()), message("a")).outcome());
        assertThat(server.count("EHLO")).isEqualTo(2);
    }

    @Test
    void mail_goes_over_implicit_tls() throws Exception {
        server.withImplicitTls("localhost");
        SmtpChannel channel = open(SmtpChannel.builder("smtps://localhost:" + server.port())
                .envelopeFrom(EmailAddress.parse("bounce@shop.example"))
                .trust(trustStore(), "changeit"));

        for (int i = 0; i < 3; i++) {
            accepted(send(channel, message("a" + i)).outcome());
        }
        assertThat(server.connections).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource({
        "other-name,TLS_WRONG_NAME",
        "expired,TLS_EXPIRED",
        "self-signed,TLS_UNTRUSTED",
    })
    void F_403_a_wrong_certificate_stops_everything_before_a_password_leaves(String certificate, String code)
            throws Exception {
        server.offering("AUTH PLAIN LOGIN", "PIPELINING").withTls(certificate);
        SmtpChannel channel = open(secure().login("user", "secret"));

        Outcome.Deferred outcome = deferred(send(channel, message("a")).outcome());
        assertThat(outcome.reason()).startsWith(code + ": localhost");
        assertThat(server.commands).containsExactly("EHLO [127.0.0.1]", "STARTTLS");
    }

    @Test
    void F_403_without_starttls_nothing_is_sent() throws Exception {
        server.offering("AUTH PLAIN LOGIN");
        SmtpChannel channel = open(secure().login("user", "secret"));

        assertThat(deferred(send(channel, message("a")).outcome()).reason()).startsWith("TLS_NOT_OFFERED");
        assertThat(server.commands).containsExactly("EHLO [127.0.0.1]");
    }

    @Test
    void F_403_a_refused_or_broken_starttls_sends_nothing() throws Exception {
        server.withTls("localhost").on("STARTTLS", (peer, line) -> "454 4.7.0 not now");
        assertThat(deferred(send(open(secure()), message("a")).outcome()).reason())
                .startsWith("TLS_REFUSED");

        server.on("STARTTLS", (peer, line) -> {
            peer.say("220 go\r\n");
            peer.awaitBytes();
            peer.say("this is no handshake\r\n");
            return peer.hangUp();
        });
        assertThat(deferred(send(open(secure()), message("b")).outcome()).reason())
                .startsWith("TLS_FAILED");
        assertThat(server.count("MAIL")).isZero();
    }

    @Test
    void F_403_a_login_without_tls_cannot_be_configured_by_accident() {
        assertThatThrownBy(() -> plain().login("user", "secret").build())
                .hasMessageContaining("SMTP_CONFIG")
                .hasMessageContaining("unsafelyLoggingInWithoutTls")
                .hasMessageNotContaining("secret");
    }

    @Test
    void F_404_what_came_in_the_clear_after_the_220_is_discarded() throws Exception {
        server.withTls("localhost").on("STARTTLS", (peer, line) -> {
            peer.say("220 go ahead\r\n250-injected.example\r\n250 AUTH PLAIN\r\n");
            peer.startTls();
            return null;
        });

        accepted(send(open(secure()), message("a")).outcome());
        assertThat(server.commands.subList(0, 3)).containsExactly("EHLO [127.0.0.1]", "STARTTLS", "EHLO [127.0.0.1]");
    }

    @Test
    void F_405_a_refused_login_is_tried_once_and_then_left_alone() throws Exception {
        server.offering("AUTH PLAIN").withTls("localhost").on("AUTH", (peer, line) -> "535 5.7.8 wrong password");
        SmtpChannel channel = open(secure().login("user", "secret"));

        for (int i = 0; i < 20; i++) {
            assertThat(deferred(send(channel, message("a" + i)).outcome()).reason())
                    .contains("LOGIN_REFUSED");
        }
        assertThat(server.count("AUTH")).isEqualTo(1);
        clock.advance(Duration.ofMinutes(5));
        send(channel, message("later"));
        assertThat(server.count("AUTH")).isEqualTo(2);
    }

    @Test
    void F_405_a_password_login_works_by_plain_and_by_login() throws Exception {
        server.offering("AUTH PLAIN").withTls("localhost").on("AUTH", (peer, line) -> "235 2.7.0 welcome");
        accepted(send(open(secure().login("user", "pass")), message("a")).outcome());
        assertThat(server.commands).contains("AUTH PLAIN AHVzZXIAcGFzcw==");

        server.offering("AUTH LOGIN", "STARTTLS").on("AUTH", (peer, line) -> "334 VXNlcm5hbWU6");
        server.on("DXNLCG==", (peer, line) -> "334 UGFzc3dvcmQ6").on("CGFZCW==", (peer, line) -> "235 2.7.0 welcome");
        accepted(send(open(secure().login("user", "pass")), message("b")).outcome());
        assertThat(server.commands).containsSubsequence("AUTH LOGIN", "dXNlcg==", "cGFzcw==");
    }

    /** A server that knows a password and never sees it. */
    private void scram(String known) {
        server.offering("AUTH PLAIN SCRAM-SHA-256").withTls("localhost").on("AUTH", (peer, line) -> {
            String first = plain(line.substring("AUTH SCRAM-SHA-256 ".length()));
            String nonce = first.substring(first.lastIndexOf("r=") + 2);
            String challenge = "r=" + nonce + "more,s=" + base64("salt") + ",i=4096";
            Scram twin = new Scram("user", known, nonce);
            String proof = base64(twin.proof(challenge));
            server.on(
                    proof.toUpperCase(Locale.ROOT),
                    (p, answer) -> answer.equals(proof) ? "334 " + base64(twin.serverFinal()) : "535 5.7.8 no");
            return "334 " + base64(challenge);
        });
        server.on("", (peer, line) -> "235 2.7.0 welcome");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String plain(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    @Test
    void F_405_where_scram_is_offered_the_password_never_leaves() throws Exception {
        scram("pass");

        accepted(send(open(secure().login("user", "pass")), message("a")).outcome());
        assertThat(server.commands).noneMatch(command -> command.startsWith("AUTH PLAIN"));
        assertThat(server.count("AUTH SCRAM-SHA-256")).isEqualTo(1);
    }

    @Test
    void F_405_a_server_that_does_not_prove_that_it_knows_the_password_gets_no_mail() throws Exception {
        scram("pass");
        ScriptedSmtpServer.Step impostor = (peer, line) -> "334 " + base64("v=AAAA");
        server.on("AUTH", (peer, line) -> {
            String first = plain(line.substring("AUTH SCRAM-SHA-256 ".length()));
            String nonce = first.substring(first.lastIndexOf("r=") + 2);
            String challenge = "r=" + nonce + "more,s=" + base64("salt") + ",i=4096";
            String proof = base64(new Scram("user", "pass", nonce).proof(challenge));
            server.on(proof.toUpperCase(Locale.ROOT), impostor);
            return "334 " + base64(challenge);
        });

        assertThat(deferred(send(open(secure().login("user", "pass")), message("a"))
                                .outcome())
                        .reason())
                .contains("LOGIN_SERVER_UNPROVEN");
        assertThat(server.count("MAIL")).isZero();
    }

    @Test
    void F_405_an_expired_token_is_refreshed_once_for_all() throws Exception {
        AtomicInteger refreshes = new AtomicInteger();
        server.offering("AUTH XOAUTH2").withTls("localhost").on("AUTH", (peer, line) -> {
            boolean good = new String(Base64.getDecoder().decode(line.substring(13)), StandardCharsets.UTF_8)
                    .equals("user=user\1auth=Bearer t2\1\1");
            return good ? "235 ok" : "334 eyJzdGF0dXMiOiI0MDEifQ==";
        });
        server.on("", (peer, line) -> "535 5.7.8 expired");
        SmtpChannel channel = open(secure().login("user", refused -> "t" + refreshes.incrementAndGet()));

        accepted(send(channel, message("a")).outcome());
        assertThat(refreshes).hasValue(2);
        assertThat(server.count("AUTH")).isEqualTo(2);
    }

    @Test
    void F_406_a_refused_sender_makes_its_messages_wait_and_nobody_elses() throws Exception {
        server.on(
                "MAIL",
                (peer, line) -> line.contains("bounce@") ? "553 5.7.1 not your address" : peer.normal("MAIL", line));
        SmtpChannel channel = open(plain());

        for (int i = 0; i < 5; i++) {
            deferred(send(channel, message("a" + i)).outcome());
        }
        assertThat(server.count("MAIL")).isEqualTo(1);
        Message other = Message.transactional("b")
                .to("ann@example.com")
                .content("message/rfc822", MAIL)
                .attribute(SmtpChannel.ENVELOPE_FROM, "other@shop.example")
                .build();
        accepted(send(channel, other).outcome());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void F_407_each_recipient_has_its_own_result(boolean pipelining) throws Exception {
        server.on("RCPT", (peer, line) -> {
            if (line.contains("gone@")) {
                return "550 5.1.1 no such user";
            }
            return line.contains("busy@") ? "450 4.2.1 busy" : peer.normal("RCPT", line);
        });
        SmtpChannel channel = open(pipelining ? plain() : plain().withoutPipelining());

        RecordingDispatch sent = send(channel, message("a", "gone@example.com", "busy@example.com", "ann@example.com"));

        assertThat(refused(sent.outcome(0)).evidence().reply()).isEqualTo("550 5.1.1 no such user");
        assertThat(deferred(sent.outcome(1)).evidence().reply()).isEqualTo("450 4.2.1 busy");
        accepted(sent.outcome(2));
        assertThat(server.taken.get(0).to()).containsExactly("ann@example.com");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void F_408_when_all_are_refused_no_content_is_sent(boolean pipelining) throws Exception {
        server.on("RCPT", (peer, line) -> "550 5.1.1 no such user");
        SmtpChannel channel = open(pipelining ? plain() : plain().withoutPipelining());

        RecordingDispatch sent = send(channel, message("a", "x@example.com", "y@example.com"));

        refused(sent.outcome(0));
        refused(sent.outcome(1));
        assertThat(sent.begun).isFalse();
        assertThat(server.count("DATA")).isEqualTo(pipelining ? 1 : 0);
        server.on("RCPT", (peer, line) -> peer.normal("RCPT", line));
        accepted(send(channel, message("b")).outcome());
        assertThat(server.connections).hasValue(1);
    }

    @Test
    void F_408_a_server_that_asks_for_data_without_recipients_gets_an_empty_end() throws Exception {
        List<Integer> sizes = new ArrayList<>();
        server.on("RCPT", (peer, line) -> "550 5.1.1 no such user").on("DATA", (peer, line) -> "354 go on");
        server.on(".", (peer, line) -> {
            sizes.add(peer.bodySize());
            return "554 5.5.1 no valid recipients";
        });

        refused(send(open(plain()), message("a")).outcome());
        assertThat(sizes).containsExactly(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EHLO", "MAIL", "RCPT", "DATA"})
    void F_409_a_drop_before_the_body_defers_and_a_later_try_sends_once(String step) throws Exception {
        server.onceOn(step, (peer, line) -> peer.reset());
        SmtpChannel channel = open(plain());

        deferred(send(channel, message("a")).outcome());
        clock.advance(Duration.ofMinutes(2));
        accepted(send(channel, message("a")).outcome());
        assertThat(server.taken).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAIL", "RCPT", "DATA"})
    void F_409_garbage_before_the_body_defers(String step) throws Exception {
        server.onceOn(step, (peer, line) -> "what?");
        SmtpChannel channel = open(plain().withoutPipelining());

        assertThat(deferred(send(channel, message("a")).outcome()).reason()).contains("SMTP_BAD_REPLY");
        accepted(send(channel, message("a")).outcome());
        assertThat(server.connections).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void F_409_a_drop_after_some_of_the_body_defers(boolean reset) throws Exception {
        CountDownLatch drop = new CountDownLatch(1);
        server.onceOn("DATA", (peer, line) -> {
            peer.say("354 go on\r\n");
            drop.await();
            return reset ? peer.reset() : peer.hangUp();
        });
        RecordingDispatch dispatch = new RecordingDispatch(message("a")).atWindow(() -> {
            drop.countDown();
            await().until(() -> server.open.get() == 0);
        });

        open(plain()).send(dispatch);

        assertThat(deferred(dispatch.outcome()).reason()).contains("before the final dot");
        assertThat(server.taken).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"552 5.3.4 too big,refused", "451 4.3.0 disk full,deferred"})
    void F_410_an_answer_during_the_body_is_read_and_used(String reply, String expected) throws Exception {
        server.onceOn("BODY", (peer, line) -> {
            peer.say(reply + "\r\n");
            return peer.hangUp();
        });
        Message big = Message.transactional("big")
                .to("ann@example.com")
                .content("message/rfc822", MAIL + "a line of text\r\n".repeat(200_000))
                .build();

        RecordingDispatch sent = send(open(plain()), big);

        if (expected.equals("refused")) {
            assertThat(refused(sent.outcome()).evidence().reply()).isEqualTo(reply);
        } else {
            assertThat(deferred(sent.outcome()).evidence().reply()).isEqualTo(reply);
        }
        assertThat(server.taken).isEmpty();
    }

    @Test
    void F_411_a_temporary_refusal_after_the_dot_defers() throws Exception {
        server.on("DOT", (peer, line) -> "451 4.3.0 try again");

        Outcome.Deferred outcome = deferred(send(open(plain()), message("a")).outcome());
        assertThat(outcome.evidence().reply()).isEqualTo("451 4.3.0 try again");
    }

    @ParameterizedTest
    @CsvSource({
        "554 5.6.0 bad content,refused",
        "552 5.2.2 mailbox full,refused",
        "550 5.7.1 message looks like spam,refused",
        "550 5.7.1 rate limit exceeded,deferred",
        "554 5.7.1 too many messages from your address,deferred",
        "550 5.7.1 client host blocked using zen.spamhaus.org,deferred",
        "530 5.7.0 authentication required,deferred"
    })
    void F_412_a_permanent_refusal_fails_unless_it_means_something_temporary(String reply, String expected)
            throws Exception {
        server.on("DOT", (peer, line) -> reply);

        Outcome outcome = send(open(plain()), message("a")).outcome();

        if (expected.equals("refused")) {
            assertThat(refused(outcome).evidence().reply()).isEqualTo(reply);
        } else {
            assertThat(deferred(outcome).evidence().reply()).isEqualTo(reply);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void F_413_F_414_a_break_after_the_dot_is_unconfirmed_whether_taken_or_not(boolean taken) throws Exception {
        server.onceOn("DOT", (peer, line) -> {
            if (taken) {
                peer.take();
            }
            return taken ? peer.hangUp() : peer.reset();
        });

        assertUnconfirmed(send(open(plain()), message("a")).outcome());
    }

    @Test
    void F_415_an_answer_after_the_limit_is_unconfirmed_and_never_read_as_anothers() throws Exception {
        CountDownLatch late = new CountDownLatch(1);
        server.onceOn("DOT", (peer, line) -> {
            late.await();
            return "250 2.0.0 Ok: queued as LATE";
        });
        SmtpChannel channel = open(plain().timeouts(SmtpTimeouts.defaults().withFinalDot(Duration.ofMillis(150))));

        assertUnconfirmed(send(channel, message("a")).outcome());
        late.countDown();
        assertThat(accepted(send(channel, message("b")).outcome()).evidence().remoteId())
                .isEqualTo("Q1ABC");
        assertThat(SmtpTimeouts.defaults().finalDot()).isGreaterThanOrEqualTo(Duration.ofMinutes(10));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void F_416_a_yes_stands_though_the_connection_breaks_afterwards(boolean reset) throws Exception {
        server.on("DOT", (peer, line) -> {
            peer.say(peer.take() + "\r\n");
            return reset ? peer.reset() : peer.hangUp();
        });
        SmtpChannel channel = open(plain());

        accepted(send(channel, message("a")).outcome());
        accepted(send(channel, message("b")).outcome());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "250",
                "250 ok",
                "25",
                "250-one\r\n",
                "250-one\r\n251 two\r\n",
                "hello\r\n",
                "999 what\r\n",
                "250_ok\r\n",
                "\r\n",
                "354 go on\r\n",
                "150 wait\r\n",
                "ENDLESS",
                "LONG"
            })
    void F_417_F_418_what_is_no_complete_yes_is_unconfirmed(String answer) throws Exception {
        server.on("DOT", (peer, line) -> {
            String text = switch (answer) {
                case "ENDLESS" -> "250-more\r\n".repeat(100_000);
                case "LONG" -> "250 " + "x".repeat(1_000_000);
                default -> answer;
            };
            peer.say(text);
            return peer.hangUp();
        });

        assertUnconfirmed(send(open(plain()), message("a")).outcome());
    }

    @ParameterizedTest
    @ValueSource(strings = {"250 fine", "250", "251 will forward", "252 cannot verify", "250-two\r\n250 lines"})
    void F_418_any_complete_2xx_is_a_yes_with_its_text(String answer) throws Exception {
        server.on("DOT", (peer, line) -> answer);

        assertThat(accepted(send(open(plain()), message("a")).outcome())
                        .evidence()
                        .reply())
                .isEqualTo(answer.replace("\r\n", " "));
    }

    @Test
    void F_417_a_split_reply_is_put_together() throws Exception {
        server.on("DOT", (peer, line) -> {
            for (char c : "250 2.0.0 Ok: queued as SPLIT1\r\n".toCharArray()) {
                peer.say(String.valueOf(c));
            }
            return null;
        });

        assertThat(accepted(send(open(plain()), message("a")).outcome())
                        .evidence()
                        .remoteId())
                .isEqualTo("SPLIT1");
    }

    @Test
    void F_419_a_failed_message_leaves_the_next_a_clean_connection() throws Exception {
        AtomicInteger mails = new AtomicInteger();
        server.on("RCPT", (peer, line) -> mails.incrementAndGet() == 2 ? "450 4.2.1 busy" : peer.normal("RCPT", line));
        SmtpChannel channel = open(plain());

        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            outcomes.add(send(channel, message("a" + i)).outcome());
        }

        deferred(outcomes.remove(1));
        outcomes.forEach(SmtpFaultsTest::accepted);
        assertThat(server.taken).hasSize(4).allSatisfy(t -> assertThat(t.to()).hasSize(1));
        assertThat(server.connections).hasValue(1);
    }

    @Test
    void F_419_an_unasked_reply_ends_the_connection() throws Exception {
        server.onceOn("DOT", (peer, line) -> peer.take() + "\r\n250 2.0.0 Ok: queued as GHOST");
        SmtpChannel channel = open(plain());

        accepted(send(channel, message("a")).outcome());
        assertThat(accepted(send(channel, message("b")).outcome()).evidence().remoteId())
                .isEqualTo("Q2ABC");
        assertThat(server.connections).hasValue(2);
    }

    @Test
    void F_420_a_server_that_trickles_cannot_hold_a_worker_beyond_the_attempts_limit() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        server.on("EHLO", (peer, line) -> {
            for (int i = 0; i < 1000; i++) {
                peer.say("2");
                never.await(20, TimeUnit.MILLISECONDS);
            }
            return null;
        });
        SmtpChannel channel = open(plain().timeouts(SmtpTimeouts.defaults().withAttempt(Duration.ofMillis(200))));

        assertThat(deferred(send(channel, message("a")).outcome()).reason()).contains("no progress in time");
    }

    @Test
    void F_420_a_server_that_stops_reading_the_body_is_given_up() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        server.on("BODY", (peer, line) -> {
            never.await();
            return null;
        });
        Message big = Message.transactional("big")
                .to("ann@example.com")
                .content("message/rfc822", MAIL + "a line of text\r\n".repeat(1_500_000))
                .build();
        SmtpChannel channel = open(plain().timeouts(SmtpTimeouts.defaults().withBody(Duration.ofMillis(200))));
        server.offering("PIPELINING");

        assertThat(deferred(send(channel, big).outcome()).reason()).contains("no progress in time at body");
        never.countDown();
    }

    @Test
    void F_421_too_many_recipients_defers_only_those_beyond() throws Exception {
        AtomicInteger count = new AtomicInteger();
        server.on(
                "RCPT",
                (peer, line) ->
                        count.incrementAndGet() > 2 ? "452 4.5.3 too many recipients" : peer.normal("RCPT", line));

        RecordingDispatch sent = send(open(plain()), message("a", "a@example.com", "b@example.com", "c@example.com"));

        accepted(sent.outcome(0));
        accepted(sent.outcome(1));
        deferred(sent.outcome(2));
    }

    @Test
    void F_421_a_server_that_closes_after_so_many_messages_costs_no_attempt() throws Exception {
        server.on("MAIL", (peer, line) -> {
            if (peer.messages == 3) {
                peer.say("421 4.7.0 too many messages\r\n");
                return peer.hangUp();
            }
            return peer.normal("MAIL", line);
        });
        SmtpChannel channel = open(plain());

        for (int i = 0; i < 10; i++) {
            accepted(send(channel, message("a" + i)).outcome());
        }
        assertThat(server.connections).hasValue(4);
        assertThat(server.count("MAIL")).isEqualTo(11);
    }

    @Test
    void F_421_a_cap_on_connections_is_learned() throws Exception {
        server.on("GREETING", (peer, line) -> {
            if (server.open.get() > 2) {
                peer.say("421 4.7.0 too many connections\r\n");
                return peer.hangUp();
            }
            return peer.normal("GREETING", line);
        });
        SmtpChannel channel = open(plain().connections(8));
        CountDownLatch busy = new CountDownLatch(1);
        server.on("DOT", (peer, line) -> {
            busy.await();
            return peer.take();
        });

        List<RecordingDispatch> sent = new ArrayList<>();
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            RecordingDispatch dispatch = new RecordingDispatch(message("a" + i));
            sent.add(dispatch);
            Thread worker = new Thread(() -> {
                try {
                    channel.send(dispatch);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            workers.add(worker);
            worker.start();
            if (i < 2) {
                int expected = i + 1;
                await().until(() -> server.count("DATA") == expected);
            }
        }
        await().until(() -> channel.health().allowed() == 2);
        busy.countDown();
        for (Thread worker : workers) {
            worker.join();
        }

        assertThat(sent).allSatisfy(dispatch -> accepted(dispatch.outcome()));
    }

    @Test
    void F_422_an_address_is_never_cut_to_somebody_elses() throws Exception {
        server.offering("PIPELINING", "8BITMIME");

        RecordingDispatch sent = send(open(plain()), message("a", "李@example.com", "ann@例子.中国"));

        assertThat(refused(sent.outcome(0)).reason()).startsWith("NEEDS_SMTPUTF8");
        accepted(sent.outcome(1));
        assertThat(server.taken.get(0).to()).containsExactly("ann@xn--fsqu00a.xn--fiqs8s");

        server.offering("PIPELINING", "8BITMIME", "SMTPUTF8", "DSN");
        SmtpChannel other = open(plain());
        accepted(send(other, message("b", "李@example.com")).outcome());
        assertThat(new String(
                        server.commands.get(server.commands.size() - 2).getBytes(StandardCharsets.ISO_8859_1),
                        StandardCharsets.UTF_8))
                .isEqualTo("RCPT TO:<李@example.com> NOTIFY=FAILURE,DELAY ORCPT=utf-8;李@example.com");
    }

    @Test
    void F_422_a_full_width_address_is_refused_at_enqueue() {
        EnqueueAnswer.Reject reject = open(plain()).validate(message("a", "ａｄｍｉｎ@example.com"));

        assertThat(reject.code()).isEqualTo(EnqueueAnswer.Reject.BAD_RECIPIENT);
    }

    @Test
    void F_423_bare_line_ends_are_mended_and_dots_doubled() throws Exception {
        String content = "From: a@shop.example\nSubject: x\n\n.\n.\r\n..\rMAIL FROM:<e@x.test>\n.\r\r\n\n.x";
        Message message = Message.transactional("a")
                .to("ann@example.com")
                .content("message/rfc822", content)
                .build();

        accepted(send(open(plain()), message).outcome());

        assertThat(server.taken)
                .singleElement()
                .satisfies(taken -> assertThat(taken.text())
                        .isEqualTo("From: a@shop.example\r\nSubject: x\r\n\r\n.\r\n.\r\n..\r\nMAIL FROM:<e@x.test>\r\n"
                                + ".\r\n\r\n\r\n.x\r\n"));
        assertThat(server.count("MAIL")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NUL", "LONG", "EMPTY"})
    void F_423_content_that_mail_cannot_carry_is_refused_at_enqueue(String what) {
        String content = switch (what) {
            case "NUL" -> MAIL + "\0";
            case "LONG" -> MAIL + "x".repeat(999);
            default -> "";
        };
        Message message = Message.transactional("a")
                .to("ann@example.com")
                .content("message/rfc822", content)
                .build();

        assertThat(open(plain()).validate(message).code()).isEqualTo(SmtpChannel.BAD_CONTENT);
    }

    @Test
    void F_424_a_message_above_the_servers_size_fails_before_data_with_both_sizes() throws Exception {
        server.offering("PIPELINING", "SIZE 40");

        assertThat(refused(send(open(plain()), message("a")).outcome()).reason())
                .isEqualTo("MESSAGE_TOO_LARGE: " + MAIL.length() + " octets, the server takes at most 40");
        assertThat(server.count("MAIL")).isZero();
    }

    @Test
    void a_lost_lease_breaks_off_before_the_dot() throws Exception {
        RecordingDispatch dispatch = new RecordingDispatch(message("a")).atWindow(() -> {
            throw new LeaseLostException("another node", null);
        });
        SmtpChannel channel = open(plain());

        assertThatThrownBy(() -> channel.send(dispatch)).isInstanceOf(LeaseLostException.class);
        await().until(() -> server.open.get() == 0);
        assertThat(server.taken).isEmpty();
        accepted(send(channel, message("b")).outcome());
    }

    @Test
    void an_interrupt_before_the_window_breaks_off_and_one_inside_waits_for_the_answer() throws Exception {
        server.onceOn("MAIL", (peer, line) -> null);
        SmtpChannel channel = open(plain());
        RecordingDispatch early = new RecordingDispatch(message("a"));
        Thread worker =
                new Thread(() -> assertThatThrownBy(() -> channel.send(early)).isInstanceOf(IOException.class));
        worker.start();
        await().until(() -> server.count("MAIL") == 1);
        worker.interrupt();
        worker.join(5000);
        assertThat(worker.isAlive()).isFalse();
        assertThat(early.begun).isFalse();

        RecordingDispatch inside = new RecordingDispatch(message("b"))
                .atWindow(() -> Thread.currentThread().interrupt());
        channel.send(inside);
        accepted(inside.outcome());
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void an_interrupt_inside_the_window_ends_the_wait_soon_and_leaves_doubt() throws Exception {
        server.onceOn("DOT", (peer, line) -> null);
        RecordingDispatch inside = new RecordingDispatch(message("b"))
                .atWindow(() -> Thread.currentThread().interrupt());

        open(plain()).send(inside);

        assertUnconfirmed(inside.outcome());
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void a_connection_that_died_while_idle_costs_no_attempt() throws Exception {
        SmtpChannel channel = open(plain());
        server.onceOn("DOT", (peer, line) -> {
            peer.say(peer.take() + "\r\n");
            return peer.hangUp();
        });
        accepted(send(channel, message("a")).outcome());
        accepted(send(channel, message("b")).outcome());

        server.onceOn("RSET", (peer, line) -> peer.hangUp());
        clock.advance(Duration.ofSeconds(10));
        accepted(send(channel, message("c")).outcome());
    }

    @Test
    void after_a_call_to_leave_it_alone_the_channel_starts_slowly() throws Exception {
        server.onceOn("GREETING", (peer, line) -> "421 too busy");
        SmtpChannel channel = open(plain().connections(4));

        deferred(send(channel, message("a")).outcome());
        assertThat(channel.health().allowed()).isEqualTo(1);
        clock.advance(Duration.ofSeconds(1));
        accepted(send(channel, message("b")).outcome());
        assertThat(channel.health().allowed()).isEqualTo(2);
        accepted(send(channel, message("c")).outcome());
        assertThat(channel.health().allowed()).isEqualTo(4);
        assertThat(channel.health().pausedFor()).isNull();
    }

    @Test
    void a_long_list_of_recipients_is_addressed_in_flights() throws Exception {
        String[] many = new String[750];
        for (int i = 0; i < many.length; i++) {
            many[i] = "r" + i + "@example.com";
        }

        RecordingDispatch sent = send(open(plain()), message("a", many));

        assertThat(server.taken.get(0).to()).containsExactly(many);
        assertThat(sent.recipients()).isEmpty();
    }

    @Test
    void a_server_that_knows_only_helo_is_spoken_to_plainly() throws Exception {
        server.on("EHLO", (peer, line) -> "502 5.5.2 what?");

        accepted(send(open(plain()), message("a")).outcome());
        assertThat(server.commands)
                .containsSubsequence("MAIL FROM:<bounce@shop.example>", "RCPT TO:<ann@example.com>", "DATA");
    }

    @Test
    void F_906_what_was_switched_off_shows_in_the_health() {
        assertThat(open(plain()).health().unsafe()).containsExactly("without TLS");
        assertThat(open(SmtpChannel.builder(server.url()).unsafelyTrustingAllCertificates())
                        .health()
                        .unsafe())
                .containsExactly("trusting all certificates");
    }

    @Test
    void trusting_everybody_works_when_it_is_asked_for() throws Exception {
        server.withTls("self-signed");
        SmtpChannel channel = open(SmtpChannel.builder(server.url())
                .envelopeFrom(EmailAddress.parse("bounce@shop.example"))
                .unsafelyTrustingAllCertificates());

        accepted(send(channel, message("a")).outcome());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://host:25",
                "smtp://",
                "smtp://host:0",
                "smtp://host:70000",
                "smtp://user@host",
                "smtp://u:p%ZZ@host",
                "smtp://host?tls=maybe",
                "smtps://host?tls=none",
                "smtp://u:hun ter2@host:x"
            })
    void a_bad_url_is_refused_without_being_quoted(String url) {
        assertThatThrownBy(() -> SmtpChannel.builder(url))
                .hasMessageStartingWith("SMTP_URL")
                .hasMessageNotContaining("hun ter2");
    }

    @Test
    void a_port_that_answers_with_another_protocol_defers() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> {
                try (Socket socket = other.accept()) {
                    socket.getOutputStream().write("SSH-2.0-OpenSSH\r\n".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            thread.start();
            SmtpChannel channel = open(SmtpChannel.builder("smtp://127.0.0.1:" + other.getLocalPort() + "?tls=none")
                    .envelopeFrom(EmailAddress.parse("bounce@shop.example")));

            assertThat(deferred(send(channel, message("a")).outcome()).reason()).startsWith("SMTP_BAD_REPLY");
            thread.join();
        }
    }
}
