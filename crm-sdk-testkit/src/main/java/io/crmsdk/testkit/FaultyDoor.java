package io.crmsdk.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.crmsdk.time.UtcClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Stands before a system on loopback, passes everything on, and spoils the exchanges that it was told to. Thread-safe. */
final class FaultyDoor implements AutoCloseable {
    /** What the JDK's client and server set by themselves. */
    private static final Set<String> OWN = Set.of(
            "connection", "content-length", "expect", "host", "upgrade", "transfer-encoding", "http2-settings", "date");

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final URI behind;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(FaultyDoor::thread);
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private @Nullable Fault fault;
    private int first;
    private int last;
    private int requests;
    private boolean met;
    private long spoiledAt;
    private long nextAfter = Long.MAX_VALUE;
    private Runnable meanwhile = () -> {};

    /** An answer on its way back. */
    static final class Answer {
        private final int status;
        private final Map<String, List<String>> headers;
        private final byte[] body;

        Answer(int status, Map<String, List<String>> headers, byte[] body) {
            this.status = status;
            this.headers = headers;
            this.body = body;
        }

        /** With the first bytes of the body only. */
        Answer cutTo(int length) {
            return new Answer(status, headers, Arrays.copyOf(body, length));
        }

        int length() {
            return body.length;
        }
    }

    FaultyDoor(URI behind) {
        this.behind = behind;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::serve);
        server.setExecutor(threads);
        server.start();
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "faulty-door");
        thread.setDaemon(true);
        return thread;
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Spoils the requests from one number to another, counted from now on, from 1. */
    synchronized void spoil(Fault next, int from, int to) {
        fault = next;
        first = from;
        last = to;
        requests = 0;
        met = false;
        nextAfter = Long.MAX_VALUE;
    }

    /** Lets everything pass again; gives whether something was spoiled. */
    synchronized boolean heal() {
        fault = null;
        return met;
    }

    /** Runs between the answer of the system and what the connector sees of it. */
    synchronized void meanwhile(Runnable change) {
        meanwhile = change;
    }

    /** How long the connector left the system alone after the last spoiled answer; the longest time if it did for good. */
    synchronized Duration leftAlone() {
        return Duration.ofNanos(nextAfter);
    }

    private synchronized @Nullable Fault next() {
        requests++;
        if (met && nextAfter == Long.MAX_VALUE) {
            nextAfter = UtcClock.system().nanos() - spoiledAt;
        }
        boolean spoils = fault != null && requests >= first && requests <= last;
        met |= spoils;
        return spoils ? fault : null;
    }

    private synchronized void spoiled() {
        spoiledAt = UtcClock.system().nanos();
    }

    private synchronized Runnable change() {
        return meanwhile;
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Fault now = next();
            Answer answer = now == null || now.forwards() ? forward(exchange, body) : null;
            change().run();
            if (now != null) {
                answer = now.spoiling().apply(answer);
                spoiled();
            }
            if (answer != null) {
                send(exchange, answer);
            }
        }
    }

    private Answer forward(HttpExchange exchange, byte[] body) throws IOException {
        URI to = behind.resolve(exchange.getRequestURI().toString());
        HttpRequest.Builder request = HttpRequest.newBuilder(to).timeout(PATIENCE);
        request.method(
                exchange.getRequestMethod(),
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        try {
            HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response.headers().map(), response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the system answered", e);
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        answer.headers.forEach((name, values) -> {
            String low = name.toLowerCase(Locale.ROOT);
            if (!OWN.contains(low) || low.equals("date")) {
                exchange.getResponseHeaders().put(name, new ArrayList<>(values));
            }
        });
        if (!exchange.getResponseHeaders().containsKey("Content-Type")) {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
        }
        boolean bodiless = answer.body.length == 0;
        exchange.sendResponseHeaders(answer.status, bodiless ? -1 : answer.body.length);
        if (!bodiless) {
            exchange.getResponseBody().write(answer.body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
