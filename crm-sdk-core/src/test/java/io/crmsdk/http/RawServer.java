package io.crmsdk.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** A server that says exactly what its script says, byte by byte, and remembers every request it read to its end. */
final class RawServer implements AutoCloseable {
    interface Script {
        /** Answers one request; returning false closes the connection. */
        boolean answer(Socket socket, OutputStream out) throws Exception;
    }

    private final ServerSocket server;
    private final UnaryOperator<String> answers;
    private final Deque<Script> scripts = new ArrayDeque<>();
    final List<String> requests = new CopyOnWriteArrayList<>();

    /** Answers each request, whatever its order. */
    RawServer(UnaryOperator<String> answers) throws IOException {
        this(answers, new Script[0]);
    }

    RawServer(Script... scripts) throws IOException {
        this(request -> "", scripts);
    }

    private RawServer(UnaryOperator<String> answers, Script... scripts) throws IOException {
        this.answers = answers;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.scripts.addAll(List.of(scripts));
        Thread thread = new Thread(this::accept, "raw-server");
        thread.setDaemon(true);
        thread.start();
    }

    URI origin() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    static Script text(String answer) {
        return (socket, out) -> {
            out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
            return true;
        };
    }

    static Script bytes(byte[]... parts) {
        return (socket, out) -> {
            for (byte[] part : parts) {
                out.write(part);
            }
            return true;
        };
    }

    static Script json(String body) {
        return text("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body);
    }

    static Script hangUp() {
        return (socket, out) -> false;
    }

    static Script reset() {
        return (socket, out) -> {
            socket.setSoLinger(true, 0);
            return false;
        };
    }

    /** Sends and then closes. */
    static Script last(String answer) {
        return (socket, out) -> {
            out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
            return false;
        };
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread thread = new Thread(() -> serve(socket), "raw-connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            for (String request = read(in); request != null; request = read(in)) {
                requests.add(request);
                Script script = scripts.isEmpty() ? text(answers.apply(request)) : next();
                if (!script.answer(socket, socket.getOutputStream())) {
                    return;
                }
                socket.getOutputStream().flush();
            }
        } catch (Exception e) {
            // The peer left, which scripts provoke on purpose.
        }
    }

    private synchronized Script next() {
        return scripts.size() > 1 ? scripts.removeFirst() : scripts.getFirst();
    }

    private static String read(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                return null;
            }
            head.write(b);
        }
        String text = head.toString(StandardCharsets.ISO_8859_1);
        int at = text.toLowerCase(Locale.ROOT).indexOf("content-length:");
        int length = at < 0
                ? 0
                : Integer.parseInt(
                        text.substring(at + 15, text.indexOf('\r', at)).strip());
        return text + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
