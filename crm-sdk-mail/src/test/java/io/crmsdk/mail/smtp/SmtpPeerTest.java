package io.crmsdk.mail.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.crmsdk.delivery.Message;
import io.crmsdk.delivery.Outcome;
import io.crmsdk.model.EmailAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The channel against a mail server of somebody else's making. */
final class SmtpPeerTest {
    private final GreenMail mails = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

    @BeforeEach
    void start() {
        mails.start();
    }

    @AfterEach
    void stop() {
        mails.stop();
    }

    @Test
    void what_was_enqueued_is_what_arrives() throws Exception {
        String mail =
                "From: a@shop.example\r\nTo: ann@example.com\r\nSubject: hello\r\n\r\n.leading dot\r\n\r\nend\r\n";
        RecordingDispatch dispatch = new RecordingDispatch(Message.transactional("k")
                .to("ann@example.com", "bob@example.com")
                .content("message/rfc822", mail)
                .build());
        try (SmtpChannel channel = SmtpChannel.builder(
                        "smtp://127.0.0.1:" + mails.getSmtp().getPort() + "?tls=none")
                .envelopeFrom(EmailAddress.parse("bounce@shop.example"))
                .build()) {
            channel.send(dispatch);
        }

        assertThat(dispatch.outcome(0)).isInstanceOf(Outcome.Accepted.class);
        assertThat(dispatch.outcome(1)).isInstanceOf(Outcome.Accepted.class);
        assertThat(mails.getReceivedMessages()).hasSize(2);
        assertThat(mails.getReceivedMessages()[0].getContent().toString()).startsWith(".leading dot\r\n\r\nend");
    }
}
