package io.crmsdk.benchmarks.smtp;

import com.sun.management.OperatingSystemMXBean;
import io.crmsdk.delivery.Dispatch;
import io.crmsdk.delivery.DispatchRecipient;
import io.crmsdk.delivery.Message;
import io.crmsdk.delivery.Outcome;
import io.crmsdk.mail.smtp.SmtpChannel;
import io.crmsdk.model.EmailAddress;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How fast mails of 4 KiB go to Postfix's {@code smtp-sink}: the channel beside a bare pipelined socket, which is the limit,
 * and Angus Mail, the usual Java client; side by side in one run, each over its own lasting connections.
 *
 * <p>Arguments: connections, messages a round, rounds. Needs {@code smtp-sink} (Debian package {@code postfix}).
 */
public final class SmtpHandover {
    private static final byte[] MAIL = mail();

    private final int port;
    private final int connections;
    private final int messages;

    private SmtpHandover(int port, int connections, int messages) {
        this.port = port;
        this.connections = connections;
        this.messages = messages;
    }

    /** One way to hand over, over one connection. */
    private interface Way extends AutoCloseable {
        void send() throws Exception;

        @Override
        default void close() throws IOException {}
    }

    /** Opens one. */
    private interface Opening {
        Way open() throws Exception;
    }

    /** What one round took. */
    private record Figure(double perSecond, double cpuMicros) {}

    /** Runs the rounds and prints messages per second and processor time a message. */
    public static void main(String[] arguments) throws Exception {
        int port = freePort();
        Process sink = new ProcessBuilder("/usr/sbin/smtp-sink", "-u", "postfix", "127.0.0.1:" + port, "1000")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            awaitPort(port);
            new SmtpHandover(port, Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]))
                    .compare(Integer.parseInt(arguments[2]));
        } finally {
            sink.destroy();
            sink.waitFor(5, TimeUnit.SECONDS);
        }
    }

    private void compare(int rounds) throws Exception {
        try (SmtpChannel channel = SmtpChannel.builder("smtp://127.0.0.1:" + port + "?tls=none")
                .envelopeFrom(EmailAddress.parse("bounce@shop.example"))
                .connections(connections)
                .messagesPerConnection(1_000_000)
                .build()) {
            for (int round = 1; round <= rounds; round++) {
                Figure bare = measure(() -> new Bare(port));
                Figure ours = measure(() -> () -> {
                    OneDispatch dispatch = new OneDispatch();
                    channel.send(dispatch);
                    dispatch.requireYes();
                });
                Figure angus = measure(() -> new Angus(port));
                System.out.printf(
                        Locale.ROOT,
                        "%d connections, round %d: bare %,.0f/s (%.0f us CPU), channel %,.0f/s (%.0f us), Angus %,.0f/s (%.0f us);"
                                + " channel/bare %.2f, channel/Angus %.2f, CPU channel/bare %.2f%n",
                        connections,
                        round,
                        bare.perSecond(),
                        bare.cpuMicros(),
                        ours.perSecond(),
                        ours.cpuMicros(),
                        angus.perSecond(),
                        angus.cpuMicros(),
                        ours.perSecond() / bare.perSecond(),
                        ours.perSecond() / angus.perSecond(),
                        ours.cpuMicros() / bare.cpuMicros());
            }
        }
    }

    private Figure measure(Opening opening) throws Exception {
        AtomicInteger left = new AtomicInteger(messages);
        AtomicReference<Exception> failure = new AtomicReference<>();
        CountDownLatch ready = new CountDownLatch(connections);
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            Thread thread = new Thread(() -> {
                try (Way way = opening.open()) {
                    way.send();
                    ready.countDown();
                    go.await();
                    while (left.getAndDecrement() > 0) {
                        way.send();
                    }
                } catch (Exception e) {
                    failure.compareAndSet(null, e);
                    ready.countDown();
                }
            });
            threads.add(thread);
            thread.start();
        }
        ready.await();
        long cpu = cpu();
        long began = System.nanoTime();
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        if (failure.get() != null) {
            throw failure.get();
        }
        return new Figure(messages / seconds, (cpu() - cpu) / 1e3 / messages);
    }

    private static long cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static byte[] mail() {
        StringBuilder mail = new StringBuilder("From: a@shop.example\r\nTo: ann@example.com\r\nSubject: hello\r\n\r\n");
        while (mail.length() < 4096) {
            mail.append("a line of text in a mail of four kibibytes, as mails have them\r\n");
        }
        return mail.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void awaitPort(int port) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < end) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException e) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
        throw new IOException("smtp-sink did not start");
    }

    /** The limit: two writes and two reads a mail, nothing checked but the first digit. */
    private static final class Bare implements Way {
        private static final byte[] COMMANDS =
                "MAIL FROM:<bounce@shop.example>\r\nRCPT TO:<ann@example.com>\r\nDATA\r\n"
                        .getBytes(StandardCharsets.US_ASCII);

        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        private final byte[] body;

        Bare(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
            out = socket.getOutputStream();
            body = new byte[MAIL.length + 3];
            System.arraycopy(MAIL, 0, body, 0, MAIL.length);
            System.arraycopy(".\r\n".getBytes(StandardCharsets.US_ASCII), 0, body, MAIL.length, 3);
            reply('2');
            out.write("EHLO bench.example\r\n".getBytes(StandardCharsets.US_ASCII));
            reply('2');
        }

        @Override
        public void send() throws IOException {
            out.write(COMMANDS);
            reply('2');
            reply('2');
            reply('3');
            out.write(body);
            reply('2');
        }

        private void reply(char first) throws IOException {
            boolean last = false;
            while (!last) {
                int digit = in.read();
                in.skipNBytes(2);
                last = in.read() != '-';
                if (digit != first) {
                    throw new IOException("refused");
                }
                while (in.read() != '\n') {
                    // The rest of the line.
                }
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** Angus Mail with one lasting transport; the mail is parsed once. */
    private static final class Angus implements Way {
        private final Transport transport;
        private final MimeMessage message;
        private final Address[] to;

        Angus(int port) throws Exception {
            Properties properties = new Properties();
            properties.setProperty("mail.smtp.from", "bounce@shop.example");
            Session session = Session.getInstance(properties);
            transport = session.getTransport("smtp");
            transport.connect("127.0.0.1", port, null, null);
            message = new MimeMessage(session, new ByteArrayInputStream(MAIL));
            to = new Address[] {new InternetAddress("ann@example.com")};
        }

        @Override
        public void send() throws Exception {
            transport.sendMessage(message, to);
        }

        @Override
        public void close() throws IOException {
            try {
                transport.close();
            } catch (MessagingException e) {
                throw new IOException(e);
            }
        }
    }

    /** A dispatch without an outbox behind it. */
    private static final class OneDispatch implements Dispatch {
        private static final Message MESSAGE = Message.transactional("k")
                .to("ann@example.com")
                .content("message/rfc822", MAIL)
                .build();

        private static final List<DispatchRecipient> TO = List.of(new DispatchRecipient("d", "ann@example.com"));

        private Outcome outcome = new Outcome.Unconfirmed("nothing recorded");

        void requireYes() throws IOException {
            if (!(outcome instanceof Outcome.Accepted)) {
                throw new IOException("not accepted: " + outcome.getClass().getSimpleName());
            }
        }

        @Override
        public Message message() {
            return MESSAGE;
        }

        @Override
        public String messageId() {
            return "m";
        }

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public List<DispatchRecipient> recipients() {
            return TO;
        }

        @Override
        public List<DispatchRecipient> recheck() {
            return TO;
        }

        @Override
        public void beginWindow() {}

        @Override
        public void record(DispatchRecipient recipient, Outcome what) {
            outcome = what;
        }
    }
}
