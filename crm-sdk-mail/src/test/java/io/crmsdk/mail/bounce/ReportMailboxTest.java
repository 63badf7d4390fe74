package io.crmsdk.mail.bounce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.Scope;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.mail.MailException;
import io.crmsdk.store.Store;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportMailboxTest {
    @TempDir
    Path folder;

    private GreenMail server;
    private GreenMailUser user;
    private Store store;
    private Outbox outbox;
    private ConsentLedger ledger;
    private ReportIntake intake;

    @BeforeEach
    void open() {
        server = new GreenMail(new ServerSetup[] {
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_IMAP),
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_POP3)
        });
        server.start();
        user = server.setUser("bounce@shop.example", "bounce", "p@ss");
        store = Store.sqlite(folder.resolve("crm.db"));
        ledger = ConsentLedger.open(store);
        outbox = Outbox.builder(store).channelElsewhere("smtp").build();
        intake = ReportIntake.builder(store, outbox)
                .consent(ledger, Scope.of("marketing"))
                .build();
    }

    @AfterEach
    void close() {
        outbox.close();
        store.close();
        server.stop();
    }

    private String imap() {
        return "imap://bounce:p%40ss@127.0.0.1:" + server.getImap().getPort() + "?tls=none";
    }

    private void put(String mail) throws Exception {
        user.deliver(new MimeMessage(
                Session.getInstance(new Properties()),
                new ByteArrayInputStream(mail.getBytes(StandardCharsets.UTF_8))));
    }

    private void loseMarks() throws Exception {
        try (jakarta.mail.Store mailbox = Session.getInstance(new Properties()).getStore("imap")) {
            mailbox.connect("127.0.0.1", server.getImap().getPort(), "bounce", "p@ss");
            try (Folder inbox = mailbox.getFolder("INBOX")) {
                inbox.open(Folder.READ_WRITE);
                inbox.setFlags(inbox.getMessages(), new Flags("$CrmTaken"), false);
            }
        }
    }

    private static String wish(String from) {
        return "From: " + from + "\r\nTo: unsubscribe@shop.example\r\nSubject: unsubscribe\r\n\r\n";
    }

    private boolean left(String address) {
        return ledger.decide(ContactKey.email(address), Scope.of("marketing"))
                .explain()
                .toLowerCase(Locale.ROOT)
                .contains("unsubscribe");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_server_that_offers_idle_tells_of_new_mail_at_once(boolean delete) throws Exception {
        put(wish("pia@client.example"));
        ReportMailbox.Builder builder = ReportMailbox.builder(imap(), intake);
        try (ReportMailbox mailbox = (delete ? builder.deleteTaken() : builder).build()) {
            mailbox.start(Duration.ofHours(1));
            await().atMost(20, TimeUnit.SECONDS).until(() -> left("pia@client.example"));
            for (String from : List.of("uwe@client.example", "ole@client.example")) {
                put(wish(from));
                await().atMost(20, TimeUnit.SECONDS).until(() -> left(from));
            }
            assertThatThrownBy(() -> mailbox.start(Duration.ofHours(1))).isInstanceOf(IllegalStateException.class);
        }
        try (ReportMailbox again = ReportMailbox.builder(imap(), intake).build()) {
            assertThat(again.poll().taken()).isZero();
        }
    }

    @Test
    void each_mail_is_taken_once() throws Exception {
        put(wish("pia@client.example"));
        put(wish("ole@client.example"));
        try (ReportMailbox mailbox = ReportMailbox.builder(imap(), intake).build()) {
            assertThat(mailbox.poll()).isEqualTo(new MailboxPoll(2, 0, 0, 0));
            assertThat(mailbox.poll()).isEqualTo(new MailboxPoll(0, 0, 0, 0));
            put(wish("uwe@client.example"));
            assertThat(mailbox.poll()).isEqualTo(new MailboxPoll(1, 0, 0, 0));
        }
        assertThat(left("pia@client.example")).isTrue();
        assertThat(left("uwe@client.example")).isTrue();
        assertThat(left("eva@client.example")).isFalse();
    }

    @Test
    void F_608_marks_that_were_lost_show_known_mails() throws Exception {
        put(wish("pia@client.example"));
        try (ReportMailbox mailbox = ReportMailbox.builder(imap(), intake).build()) {
            mailbox.poll();
            loseMarks();
            assertThat(mailbox.poll()).isEqualTo(new MailboxPoll(1, 1, 0, 0));
        }
        try (ReportMailbox again = ReportMailbox.builder(
                        "pop3://bounce:p%40ss@127.0.0.1:" + server.getPop3().getPort() + "?tls=none", intake)
                .build()) {
            assertThat(again.poll()).isEqualTo(new MailboxPoll(1, 1, 0, 0));
        }
    }

    @Test
    void taken_mails_are_deleted_only_if_that_was_asked_for() throws Exception {
        put(wish("pia@client.example"));
        try (ReportMailbox mailbox =
                ReportMailbox.builder(imap(), intake).deleteTaken().build()) {
            assertThat(mailbox.poll().taken()).isEqualTo(1);
        }
        assertThat(server.getManagers().getImapHostManager().getInbox(user).getMessageCount())
                .isZero();
    }

    @Test
    void F_609_one_mail_that_breaks_what_it_touches_is_left_and_the_others_are_taken() throws Exception {
        StringBuilder nested = new StringBuilder("From: MAILER-DAEMON@mx.example.com\r\nSubject: failure notice\r\n");
        for (int i = 0; i < 2_000; i++) {
            nested.append("Content-Type: multipart/mixed; boundary=\"")
                    .append(i)
                    .append("\"\r\n\r\n--")
                    .append(i)
                    .append("\r\n");
        }
        put(nested.toString());
        put(wish("pia@client.example"));
        List<TakenReport> heard = new ArrayList<>();
        try (ReportMailbox mailbox = ReportMailbox.builder(imap(), intake)
                .listener(report -> {
                    heard.add(report);
                    throw new IllegalStateException("a listener that breaks");
                })
                .build()) {
            assertThat(mailbox.poll().taken()).isEqualTo(2);
        }
        assertThat(heard).hasSize(2);
        assertThat(left("pia@client.example")).isTrue();
    }

    @Test
    void a_wrong_login_says_so_without_the_password() {
        try (ReportMailbox mailbox = ReportMailbox.builder(imap().replace("p%40ss", "wrong-secret"), intake)
                .build()) {
            assertThatThrownBy(mailbox::poll)
                    .isInstanceOf(MailException.class)
                    .hasMessageContaining("MAILBOX_UNREADABLE")
                    .hasMessageNotContaining("wrong-secret");
        }
    }

    @Test
    void without_tls_only_if_stated() {
        try (ReportMailbox mailbox =
                ReportMailbox.builder(imap().replace("?tls=none", ""), intake).build()) {
            assertThatThrownBy(mailbox::poll).isInstanceOf(MailException.class);
        }
        assertThatThrownBy(() -> ReportMailbox.builder("imaps://bounce:secret@host?tls=none", intake))
                .isInstanceOf(MailException.class)
                .hasMessageContaining("contradict")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> ReportMailbox.builder("http://a:b@host", intake))
                .isInstanceOf(MailException.class);
    }
}
