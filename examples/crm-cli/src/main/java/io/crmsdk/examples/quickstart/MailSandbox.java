package io.crmsdk.examples.quickstart;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.net.SocketException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** An SMTP server in this process, and what its mailboxes hold. */
final class MailSandbox implements AutoCloseable {
    private final GreenMail server;

    private MailSandbox(GreenMail server) {
        this.server = server;
    }

    static MailSandbox start() throws InterruptedException {
        FutureTask<MailSandbox> starting = new FutureTask<>(() -> {
            GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
            server.start();
            return new MailSandbox(server);
        });
        new Thread(new ServerThreads(), starting, "mail sandbox").start();
        try {
            return starting.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the mail sandbox did not start", e.getCause());
        }
    }

    /**
     * The threads of the server. Each connection has one, which dies of the connection's end if its client was killed, as the
     * quickstart does; that would otherwise show as a stack trace amid the report. Everything else still shows.
     */
    private static final class ServerThreads extends ThreadGroup {
        ServerThreads() {
            super("mail sandbox");
        }

        @Override
        public void uncaughtException(Thread thread, Throwable e) {
            if (!clientLeft(e.getCause())) {
                super.uncaughtException(thread, e);
            }
        }

        /** The socket says so, however deep below; where it ended without a word the server finds the mail's end missing. */
        private static boolean clientLeft(@Nullable Throwable cause) {
            for (Throwable e = cause; e != null; e = e.getCause()) {
                if (e instanceof SocketException
                        || e instanceof IllegalStateException
                                && String.valueOf(e.getMessage()).startsWith("Unexpected end of stream")) {
                    return true;
                }
            }
            return false;
        }
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
