package io.crmsdk.mail.smtp;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A mail server over loopback that behaves well until told otherwise, step by step.
 *
 * <p>It keeps its own book: every command as it came, and every message it took. Steps are named by the verb of the
 * command, or {@code GREETING}, {@code DOT} for the end of a message, {@code BODY} for each line of it.
 */
final class ScriptedSmtpServer implements AutoCloseable {
    /** What to do at a step; returns the reply to send, or null if it has done everything itself. */
    @FunctionalInterface
    interface Step {
        String answer(Peer peer, String line) throws Exception;
    }

    /** One message as the server took it. */
    record Taken(String from, List<String> to, byte[] bytes) {
        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    final List<String> commands = new CopyOnWriteArrayList<>();
    final List<Taken> taken = new CopyOnWriteArrayList<>();
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger mostOpen = new AtomicInteger();
    private final Map<String, Step> steps = new ConcurrentHashMap<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final ServerSocket listener;
    private final Thread acceptor;
    private volatile List<String> extensions =
            List.of("PIPELINING", "SIZE 10485760", "8BITMIME", "SMTPUTF8", "DSN", "ENHANCEDSTATUSCODES");
    private volatile SSLContext tls;
    private volatile boolean implicitTls;
    private volatile boolean closing;

    ScriptedSmtpServer() throws IOException {
        listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        acceptor = new Thread(this::accept, "scripted-smtp");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    /** What EHLO lists. */
    ScriptedSmtpServer offering(String... lines) {
        extensions = List.of(lines);
        return this;
    }

    /** Uses a certificate of the test resources for STARTTLS, which is then also offered. */
    ScriptedSmtpServer withTls(String certificate) {
        tls = context(certificate);
        List<String> more = new ArrayList<>(extensions);
        more.add("STARTTLS");
        extensions = List.copyOf(more);
        return this;
    }

    /** Speaks TLS from the first byte. */
    ScriptedSmtpServer withImplicitTls(String certificate) {
        tls = context(certificate);
        implicitTls = true;
        return this;
    }

    ScriptedSmtpServer on(String step, Step what) {
        steps.put(step, what);
        return this;
    }

    /** The step as the server does it by itself. */
    ScriptedSmtpServer onceOn(String step, Step what) {
        AtomicInteger count = new AtomicInteger();
        return on(
                step, (peer, line) -> count.getAndIncrement() == 0 ? what.answer(peer, line) : peer.normal(step, line));
    }

    int port() {
        return listener.getLocalPort();
    }

    /** The URL without TLS. */
    String plainUrl() {
        return "smtp://127.0.0.1:" + port() + "?tls=none";
    }

    String url() {
        return "smtp://localhost:" + port();
    }

    long count(String verb) {
        return commands.stream()
                .filter(c -> c.toUpperCase(Locale.ROOT).startsWith(verb))
                .count();
    }

    static SSLContext context(String certificate) {
        try (InputStream in = ScriptedSmtpServer.class.getResourceAsStream("/tls/" + certificate + ".p12")) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, "changeit".toCharArray());
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, "changeit".toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void accept() {
        while (!closing) {
            try {
                Socket socket = listener.accept();
                sockets.add(socket);
                if (closing) {
                    socket.close();
                    return;
                }
                connections.incrementAndGet();
                mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
                Thread thread = new Thread(() -> new Peer(socket).serve(), "scripted-smtp-peer");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                if (!closing) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        closing = true;
        listener.close();
        try {
            acceptor.join(10_000); // until then the port may still take connections
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** One connection. */
    final class Peer {
        private Socket socket;
        private InputStream in;
        private String from = "";
        private final List<String> to = new ArrayList<>();
        private ByteArrayOutputStream body = new ByteArrayOutputStream();
        int messages;

        Peer(Socket socket) {
            this.socket = socket;
        }

        void serve() {
            try {
                socket.setTcpNoDelay(true);
                in = new BufferedInputStream(socket.getInputStream());
                if (implicitTls) {
                    startTls();
                }
                step("GREETING", "");
                String line;
                while ((line = readLine()) != null) {
                    commands.add(line);
                    step(verb(line), line);
                }
            } catch (Exception e) {
                // The other side, or the script, ended it.
            } finally {
                open.decrementAndGet();
                try {
                    socket.close();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }
        }

        private String verb(String line) {
            int space = line.indexOf(' ');
            return (space < 0 ? line : line.substring(0, space)).toUpperCase(Locale.ROOT);
        }

        private void step(String name, String line) throws Exception {
            Step script = steps.get(name);
            String reply = script == null ? normal(name, line) : script.answer(this, line);
            if (reply != null) {
                say(reply + "\r\n");
            }
        }

        /** The reply of a server that finds everything in order. */
        String normal(String step, String line) throws Exception {
            switch (step) {
                case "GREETING":
                    return "220 scripted.example ESMTP";
                case "EHLO":
                    StringBuilder text = new StringBuilder("250-scripted.example");
                    for (String extension : extensions) {
                        text.append("\r\n250-").append(extension);
                    }
                    int last = text.lastIndexOf("250-");
                    return text.replace(last, last + 4, "250 ").toString();
                case "STARTTLS":
                    say("220 2.0.0 go ahead\r\n");
                    startTls();
                    return null;
                case "MAIL":
                    from = line;
                    to.clear();
                    return "250 2.1.0 sender ok";
                case "RCPT":
                    to.add(line.substring(line.indexOf('<') + 1, line.indexOf('>')));
                    return "250 2.1.5 recipient ok";
                case "DATA":
                    if (to.isEmpty()) {
                        return "554 5.5.1 no valid recipients";
                    }
                    say("354 go on\r\n");
                    readBody();
                    step("DOT", "");
                    return null;
                case "DOT":
                    return take();
                case "RSET":
                    to.clear();
                    return "250 2.0.0 ok";
                case "QUIT":
                    say("221 2.0.0 bye\r\n");
                    socket.close();
                    return null;
                case "HELO", "NOOP":
                    return "250 ok";
                default:
                    return "502 5.5.2 unknown command";
            }
        }

        /** Books the message and gives the yes. */
        String take() {
            messages++;
            taken.add(new Taken(from, List.copyOf(to), body.toByteArray()));
            return "250 2.0.0 Ok: queued as Q" + taken.size() + "ABC";
        }

        /** How many bytes of the body have come. */
        int bodySize() {
            return body.size();
        }

        private void readBody() throws Exception {
            body = new ByteArrayOutputStream();
            String line;
            while ((line = readLine()) != null && !line.equals(".")) {
                body.writeBytes(
                        (line.startsWith(".") ? line.substring(1) : line).getBytes(StandardCharsets.ISO_8859_1));
                body.writeBytes(new byte[] {'\r', '\n'});
                Step script = steps.get("BODY");
                if (script != null) {
                    String reply = script.answer(this, line);
                    if (reply != null) {
                        say(reply + "\r\n");
                    }
                }
            }
            if (line == null) {
                throw new IOException("the client went before its final dot");
            }
        }

        /** Strict: only CRLF ends a line, so that a bare CR or LF shows in the book. */
        private String readLine() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int previous = -1;
            int b;
            while ((b = in.read()) >= 0) {
                if (b == '\n' && previous == '\r') {
                    byte[] bytes = line.toByteArray();
                    return new String(bytes, 0, bytes.length - 1, StandardCharsets.ISO_8859_1);
                }
                line.write(b);
                previous = b;
            }
            return null;
        }

        void say(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
        }

        /** Waits until the client has sent something more. */
        void awaitBytes() throws IOException {
            in.mark(1);
            in.read();
            in.reset();
        }

        String hangUp() throws IOException {
            socket.close();
            return null;
        }

        /** Ends the connection with a reset instead of a farewell. */
        String reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
            return null;
        }

        void startTls() throws IOException {
            SSLSocket secured = (SSLSocket) tls.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
            secured.setUseClientMode(false);
            secured.startHandshake();
            socket = secured;
            in = new BufferedInputStream(secured.getInputStream());
        }
    }
}
