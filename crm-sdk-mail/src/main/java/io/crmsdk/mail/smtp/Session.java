package io.crmsdk.mail.smtp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** One connection to a server, from greeting to QUIT. Used by one thread at a time. */
final class Session implements AutoCloseable {
    private static final int BODY_PART = 32 * 1024;
    private static final Duration PARTING = Duration.ofMillis(500);
    private static final Duration PEEK = Duration.ofMillis(50);

    private final Settings settings;
    private final Wire wire;
    /** Commands for TLS are gathered so that a flight of them is one record. */
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

    private @Nullable OutputStream secured;
    private @Nullable InputStream securedIn;
    private ReplyReader replies;
    private Extensions extensions = Extensions.none();
    private long attemptEnds;
    private int messages;
    private long idleSince;

    private Session(Settings settings, Wire wire) {
        this.settings = settings;
        this.wire = wire;
        this.replies = new ReplyReader(new WireSocket.Input(wire));
    }

    /**
     * Connects, greets, protects, logs in.
     *
     * @throws SmtpFailure if the server does not let us, with the reason
     * @throws IOException if the connection broke
     */
    static Session open(Settings settings) throws IOException {
        Session session = new Session(settings, connect(settings));
        try {
            session.beginAttempt();
            session.start();
            return session;
        } catch (IOException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static Wire connect(Settings settings) throws IOException {
        Target target = settings.target();
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(target.host());
        } catch (UnknownHostException e) {
            throw new SmtpFailure(
                    SmtpFailure.Kind.CONNECTION, "SMTP_UNKNOWN_HOST", target.host() + ": no such host", null, e);
        }
        IOException last = null;
        for (InetAddress address : addresses) {
            try {
                return Wire.connect(
                        new InetSocketAddress(address, target.port()),
                        settings.timeouts().connect());
            } catch (SocketTimeoutException | SocketException e) {
                last = e;
            }
        }
        throw new SmtpFailure(
                SmtpFailure.Kind.CONNECTION,
                "SMTP_UNREACHABLE",
                target + ": no connection (" + Objects.requireNonNull(last).getMessage() + ")",
                null,
                last);
    }

    private void start() throws IOException {
        if (settings.target().implicitTls()) {
            secure();
        }
        greeting();
        hello();
        if (settings.tls() != null && !settings.target().implicitTls()) {
            startTls();
        }
        if (settings.login() != null) {
            settings.login().at(this);
        }
    }

    private void greeting() throws IOException {
        Reply reply = read("greeting", settings.timeouts().greeting());
        if (reply.isPositive()) {
            return;
        }
        if (reply.isPermanent()) {
            throw new SmtpFailure(
                    SmtpFailure.Kind.POLICY,
                    "SMTP_NOT_WELCOME",
                    settings.target() + ": refuses all mail from here",
                    reply,
                    null);
        }
        throw busy("does not take mail now", reply);
    }

    private SmtpFailure busy(String what, Reply reply) {
        SmtpFailure.Kind kind = reply.isClosing() ? SmtpFailure.Kind.BUSY : SmtpFailure.Kind.CONNECTION;
        return new SmtpFailure(kind, "SMTP_BUSY", settings.target() + ": " + what, reply, null);
    }

    private void hello() throws IOException {
        String name = settings.heloName() == null ? literal(wire.local().getAddress()) : settings.heloName();
        Reply reply = command("EHLO " + name);
        if (reply.isPositive()) {
            extensions = Extensions.of(reply);
            return;
        }
        if (reply.code() == 500 || reply.code() == 502 || reply.code() == 504) {
            extensions = Extensions.none();
            reply = command("HELO " + name);
        }
        if (!reply.isPositive()) {
            throw reply.isPermanent()
                    ? new SmtpFailure(
                            SmtpFailure.Kind.POLICY,
                            "SMTP_NOT_WELCOME",
                            settings.target() + ": refuses our greeting",
                            reply,
                            null)
                    : busy("does not take our greeting now", reply);
        }
    }

    /** What to call ourselves without a name of our own (RFC 5321 §4.1.3). */
    private static String literal(InetAddress address) {
        return address instanceof Inet6Address
                ? "[IPv6:" + address.getHostAddress().replaceAll("%.*", "") + "]"
                : "[" + address.getHostAddress() + "]";
    }

    private void startTls() throws IOException {
        if (!extensions.has("STARTTLS")) {
            throw new SmtpFailure(
                    SmtpFailure.Kind.POLICY,
                    "TLS_NOT_OFFERED",
                    settings.target()
                            + ": offers no STARTTLS, and sending in the clear was not asked for; nothing was sent",
                    null,
                    null);
        }
        Reply reply = command("STARTTLS");
        if (reply.code() != 220) {
            throw new SmtpFailure(
                    SmtpFailure.Kind.POLICY,
                    "TLS_REFUSED",
                    settings.target() + ": refused STARTTLS; nothing was sent",
                    reply,
                    null);
        }
        // Whatever was received in the clear after the 220 came from nobody who can be trusted (RFC 3207 §6).
        wire.discardInput();
        secure();
        extensions = Extensions.none();
        hello();
    }

    private void secure() throws IOException {
        limit("TLS handshake", settings.timeouts().tls());
        SSLSocket socket = Objects.requireNonNull(settings.tls())
                .over(wire, settings.target().host());
        secured = socket.getOutputStream();
        securedIn = socket.getInputStream();
        replies = new ReplyReader(securedIn);
    }

    Settings settings() {
        return settings;
    }

    Extensions extensions() {
        return extensions;
    }

    boolean pipelines() {
        return settings.pipelining() && extensions.has("PIPELINING");
    }

    /** How many messages this connection has carried. */
    int messages() {
        return messages;
    }

    void countMessage() {
        messages++;
    }

    /** Starts the clock of {@link SmtpTimeouts#attempt()}. */
    void beginAttempt() {
        attemptEnds = System.nanoTime() + settings.timeouts().attempt().toNanos();
    }

    private void limit(String step, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        wire.limit(step, end - attemptEnds < 0 ? end : attemptEnds);
    }

    /** Sends one command and waits for its reply. */
    Reply command(String line) throws IOException {
        limit("command", settings.timeouts().command());
        queue(line);
        flush();
        return replies.read();
    }

    /** Prepares one command without sending it yet. */
    void queue(String line) throws IOException {
        if (line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0 || line.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a command with a line end in it");
        }
        byte[] bytes = (line + "\r\n").getBytes(StandardCharsets.UTF_8);
        if (secured == null) {
            wire.write(bytes, 0, bytes.length);
        } else {
            pending.write(bytes, 0, bytes.length);
        }
    }

    /** Sends all that was prepared. */
    void flush() throws IOException {
        if (secured == null) {
            wire.flush();
        } else if (pending.size() > 0) {
            secured.write(pending.toByteArray());
            secured.flush();
            pending.reset();
        }
    }

    /** Waits for the next reply to a prepared command. */
    Reply read() throws IOException {
        return read("reply", settings.timeouts().command());
    }

    /** Reads the reply that a server may have left before it broke off. */
    Reply readParting() throws IOException {
        return read("parting reply", PARTING);
    }

    private Reply read(String step, Duration limit) throws IOException {
        limit(step, limit);
        return replies.read();
    }

    /**
     * Sends the mail without its final dot.
     *
     * @return true if all was sent and the server is still silent; false if it has spoken or gone, which is to be read
     */
    boolean sendBody(MailBytes mail) throws IOException {
        boolean[] spoken = new boolean[1];
        mail.forEach(BODY_PART, (bytes, offset, length) -> {
            spoken[0] = spoken[0] || (offset > 0 && hasNews());
            if (spoken[0]) {
                return;
            }
            limit("body", settings.timeouts().body());
            if (secured == null) {
                wire.write(bytes, offset, length);
                wire.flush();
            } else {
                secured.write(bytes, offset, length);
            }
        });
        return !spoken[0] && !hasNews();
    }

    /** True if the server has said something that was not asked for, or has closed. */
    boolean hasNews() {
        try {
            if (replies.hasLeftover()) {
                return true;
            }
            return securedIn == null ? wire.hasNews() : hasSecuredNews(securedIn);
        } catch (IOException e) {
            return true;
        }
    }

    /** Bytes on the wire may be TLS's own business (a session ticket), which only reading tells. */
    private boolean hasSecuredNews(InputStream in) throws IOException {
        if (in.available() > 0) {
            return true;
        }
        if (!wire.hasNews()) {
            return false;
        }
        wire.limit("peek", System.nanoTime() + PEEK.toNanos());
        try {
            replies.receive();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    /**
     * Sends the final dot.
     *
     * @throws NotSentException if surely not a byte of it went out
     * @throws IOException if some of it may have
     */
    void sendFinalDot() throws IOException {
        long before = wire.sent();
        wire.beginOwing();
        wire.limit(
                "final dot", System.nanoTime() + settings.timeouts().finalDot().toNanos());
        byte[] dot = {'.', '\r', '\n'};
        try {
            if (secured == null) {
                wire.write(dot, 0, dot.length);
                wire.flush();
            } else {
                secured.write(dot);
                secured.flush();
            }
        } catch (IOException e) {
            if (wire.sent() == before) {
                throw new NotSentException(e);
            }
            throw e;
        }
    }

    /** Waits for the answer to the final dot. */
    Reply readVerdict() throws IOException {
        wire.limit(
                "final dot", System.nanoTime() + settings.timeouts().finalDot().toNanos());
        return replies.read();
    }

    /** To be called after the final dot's answer came or did not. */
    void endVerdict() {
        wire.endOwing();
    }

    /** Puts the server back to where a message begins; false if the connection is not to be used again. */
    boolean reset() {
        try {
            return !hasNews() && command("RSET").isPositive() && !hasNews();
        } catch (IOException e) {
            return false;
        }
    }

    long idleSince() {
        return idleSince;
    }

    void idleSince(long nanos) {
        idleSince = nanos;
    }

    /** Says goodbye without waiting for an answer. */
    void quit() {
        try {
            wire.limit("QUIT", System.nanoTime() + Duration.ofSeconds(1).toNanos());
            queue("QUIT");
            flush();
        } catch (IOException e) {
            // An error of QUIT is no error of any message.
        } finally {
            close();
        }
    }

    /** Drops the connection at once. */
    @Override
    public void close() {
        wire.close();
    }

    /** The final dot did not leave. */
    static final class NotSentException extends IOException {
        private static final long serialVersionUID = 1L;

        NotSentException(Throwable cause) {
            super("the final dot was not sent: " + cause.getMessage(), cause);
        }
    }
}
