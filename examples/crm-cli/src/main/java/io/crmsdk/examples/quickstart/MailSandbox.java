package io.crmsdk.examples.quickstart;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.util.HashMap;
import java.util.Map;

/** An SMTP server in this process, and what its mailboxes hold. */
final class MailSandbox implements AutoCloseable {
    private final GreenMail server;

    private MailSandbox(GreenMail server) {
        this.server = server;
    }

    static MailSandbox start() {
        GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        server.start();
        return new MailSandbox(server);
    }

    /** On loopback, so without TLS, which has to be stated. */
    String url() {
        return "smtp://127.0.0.1:" + server.getSmtp().getPort() + "?tls=none";
    }

    /** How many mails lie there. */
    int count() {
        return server.getReceivedMessages().length;
    }

    /** How many copies of each mail lie there, by Message-ID. */
    Map<String, Integer> copies() throws MessagingException {
        Map<String, Integer> copies = new HashMap<>();
        for (MimeMessage message : server.getReceivedMessages()) {
            copies.merge(message.getMessageID(), 1, Integer::sum);
        }
        return copies;
    }

    @Override
    public void close() {
        server.stop();
    }
}
