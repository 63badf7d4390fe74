package io.crmsdk.mail.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What an endpoint is promised, by every server it is plugged into. */
final class WebServersTest {
    private static final int MAX_BODY = 1_000;

    /** The servers. */
    enum Kind {
        JDK,
        JETTY
    }

    private final List<WebRequest> seen = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> running = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : running) {
            each.close();
        }
    }

    /** Answers with what it was sent. */
    private final class Echo implements WebEndpoint {
        @Override
        public Set<String> methods() {
            return Set.of("GET", "HEAD", "POST");
        }

        @Override
        public int maxBody() {
            return MAX_BODY;
        }

        @Override
        public WebReply answer(WebRequest request) {
            seen.add(request);
            if (request.target().contains("broken")) {
                throw new IllegalStateException("broken on purpose");
            }
            byte[] body = ("你好 " + request.body().length).getBytes(UTF_8);
            return new WebReply(200, Map.of("X-Echo", "yes", "Content-Type", "text/plain; charset=utf-8"), body);
        }
    }

    private int start(Kind kind, Duration limit) throws Exception {
        return kind == Kind.JDK ? startJdk(limit) : startJetty(limit);
    }

    private int startJdk(Duration limit) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        server.createContext("/e", new JdkHandler(new Echo(), limit));
        server.start();
        running.add(() -> {
            server.stop(0);
            threads.shutdownNow();
        });
        return server.getAddress().getPort();
    }

    private int startJetty(Duration limit) throws Exception {
        Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServlet(new ServletHolder(new EndpointServlet(new Echo(), limit)), "/e/*");
        server.setHandler(context);
        server.start();
        running.add(server::stop);
        return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    }

    private int start(Kind kind) throws Exception {
        return start(kind, Duration.ofSeconds(30));
    }

    /** Sends bytes as they are and reads until the server closes. */
    private static String exchange(int port, String head, byte[] body) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            OutputStream out = socket.getOutputStream();
            out.write((head + "Host: localhost\r\nConnection: close\r\n\r\n").getBytes(US_ASCII));
            out.write(body);
            out.flush();
            return readAll(socket.getInputStream());
        }
    }

    /** What came before the end; a server that refuses a body may reset the connection after its answer. */
    private static String readAll(InputStream in) {
        StringBuilder all = new StringBuilder();
        byte[] part = new byte[4096];
        try {
            for (int n = in.read(part); n >= 0; n = in.read(part)) {
                all.append(new String(part, 0, n, UTF_8));
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the server neither answered nor closed", e);
        } catch (IOException e) {
            all.append("\n[reset]");
        }
        return all.toString();
    }

    private static int status(String answer) {
        return answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
    }

    @ParameterizedTest
    @EnumSource
    void the_endpoint_gets_the_request_as_it_came(Kind kind) throws Exception {
        byte[] body = {0, 1, (byte) 0xFF, '\r', '\n', 'a', '=', '%', '4', '1'};

        String answer = exchange(
                start(kind),
                "POST /e/p1.k1.x-_?lang=zh%2DCN&a=%00 HTTP/1.1\r\nX-Two: 1\r\nX-Two: 2\r\nContent-Length: 10\r\n",
                body);

        assertThat(status(answer)).isEqualTo(200);
        assertThat(answer).containsIgnoringCase("x-echo: yes").endsWith("你好 10");
        WebRequest request = seen.get(0);
        assertThat(request.target()).isEqualTo("/e/p1.k1.x-_?lang=zh%2DCN&a=%00");
        assertThat(request.body()).isEqualTo(body);
        assertThat(request.headers().get("x-two")).containsExactly("1", "2");
        assertThat(request.remote()).isEqualTo("127.0.0.1");
    }

    @ParameterizedTest
    @EnumSource
    void head_is_answered_as_get_without_its_body(Kind kind) throws Exception {
        String answer = exchange(start(kind), "HEAD /e/x HTTP/1.1\r\n", new byte[0]);

        assertThat(status(answer)).isEqualTo(200);
        assertThat(answer).doesNotContain("你好");
        assertThat(seen.get(0).method()).isEqualTo("HEAD");
    }

    @ParameterizedTest
    @CsvSource({"JDK,PUT", "JETTY,PUT", "JDK,DELETE", "JETTY,DELETE", "JDK,BREW", "JETTY,BREW"})
    void other_methods_never_reach_the_endpoint(Kind kind, String method) throws Exception {
        String answer = exchange(start(kind), method + " /e/x HTTP/1.1\r\n", new byte[0]);

        assertThat(status(answer)).isEqualTo(405);
        assertThat(answer).containsIgnoringCase("allow: GET, HEAD, OPTIONS, POST");
        assertThat(seen).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void options_says_what_is_answered(Kind kind) throws Exception {
        String answer = exchange(start(kind), "OPTIONS /e/x HTTP/1.1\r\n", new byte[0]);

        assertThat(status(answer)).isEqualTo(204);
        assertThat(answer).containsIgnoringCase("allow: GET, HEAD, OPTIONS, POST");
    }

    @ParameterizedTest
    @EnumSource
    void a_body_at_the_limit_passes_and_one_byte_more_does_not(Kind kind) throws Exception {
        int port = start(kind);

        assertThat(status(exchange(port, "POST /e/x HTTP/1.1\r\nContent-Length: 1000\r\n", new byte[1000])))
                .isEqualTo(200);
        assertThat(status(exchange(port, "POST /e/x HTTP/1.1\r\nContent-Length: 1001\r\n", new byte[1001])))
                .isEqualTo(413);
        assertThat(seen).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void a_body_that_does_not_say_how_long_it_is_is_counted(Kind kind) throws Exception {
        String chunk = "3e8\r\n" + "x".repeat(1000) + "\r\n";

        String answer = exchange(
                start(kind),
                "POST /e/x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n",
                (chunk + chunk + "0\r\n\r\n").getBytes(US_ASCII));

        assertThat(status(answer)).isEqualTo(413);
        assertThat(seen).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_huge_body_is_refused_before_it_is_read(Kind kind) throws Exception {
        String answer = exchange(start(kind), "POST /e/x HTTP/1.1\r\nContent-Length: 99999999999\r\n", new byte[0]);

        assertThat(status(answer)).isEqualTo(413);
        assertThat(seen).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_body_that_never_ends_ends_with_the_limit(Kind kind) throws Exception {
        int port = start(kind, Duration.ofMillis(300));

        String answer = exchange(port, "POST /e/x HTTP/1.1\r\nContent-Length: 100\r\n", new byte[10]);

        assertThat(status(answer)).isIn(0, 408);
        assertThat(seen).isEmpty();
        assertThat(status(exchange(port, "GET /e/x HTTP/1.1\r\n", new byte[0]))).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource
    void a_long_target_is_nobodys_link(Kind kind) throws Exception {
        int status = status(exchange(start(kind), "GET /e/" + "x".repeat(9_000) + " HTTP/1.1\r\n", new byte[0]));

        // Jetty refuses such a request line itself.
        assertThat(status).isIn(414, 431);
        assertThat(seen).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void an_endpoint_that_fails_is_answered_for_and_shows_nothing(Kind kind) throws Exception {
        String answer = exchange(start(kind), "GET /e/broken HTTP/1.1\r\n", new byte[0]);

        assertThat(status(answer)).isEqualTo(500);
        assertThat(answer).doesNotContain("on purpose", "IllegalState", "io.crmsdk");
    }

    @Test
    void a_limit_that_is_none_is_refused() {
        assertThatThrownBy(() -> new JdkHandler(new Echo(), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EndpointServlet(new Echo(), Duration.ofDays(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_request_shows_neither_its_link_nor_what_it_carries() {
        WebRequest request = new WebRequest(
                "GET",
                "/u/1.k1.secret?x=y#z",
                Map.of("Cookie", List.of("secret")),
                "secret".getBytes(UTF_8),
                "192.0.2.7");

        assertThat(request.toString()).doesNotContain("secret", "192");
        assertThat(request.path()).isEqualTo("/u/1.k1.secret");
        assertThat(request.query()).isEqualTo("x=y");
        assertThat(URI.create(request.target()).getRawQuery()).isEqualTo("x=y");
    }
}
