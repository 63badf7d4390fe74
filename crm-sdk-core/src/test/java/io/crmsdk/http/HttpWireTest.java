package io.crmsdk.http;

import static io.crmsdk.http.GatewayFixture.code;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a peer can do to bytes and connections: F-503, F-505, F-509, F-510. */
class HttpWireTest {
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final HttpCall POST = HttpCall.post("/orders").json("{}".getBytes(UTF_8));
    private static final HttpCall GET = HttpCall.get("/orders").expectingJson();

    private final GatewayFixture fixture = new GatewayFixture();

    private HttpOutcome send(RawServer server, HttpCall call) {
        try (HttpGateway gateway =
                fixture.to(server.origin()).limits(GatewayFixture.quick()).build()) {
            return gateway.send(call);
        }
    }

    private static HttpOutcome.Unknown unknown(HttpOutcome outcome) {
        assertThat(outcome).isInstanceOf(HttpOutcome.Unknown.class);
        return (HttpOutcome.Unknown) outcome;
    }

    @Test
    void a_request_whose_connection_closes_unanswered_is_unknown_and_never_sent_twice_F503() throws Exception {
        try (RawServer server = new RawServer(RawServer.hangUp())) {
            assertThat(code(send(server, POST))).isEqualTo("UNKNOWN HTTP_CUT");
            assertThat(server.requests).hasSize(1);
        }
    }

    @Test
    void a_request_whose_connection_is_reset_is_unknown_and_never_sent_twice_F503() throws Exception {
        try (RawServer server = new RawServer(RawServer.reset())) {
            assertThat(code(send(server, POST))).isEqualTo("UNKNOWN HTTP_CUT");
            assertThat(server.requests).hasSize(1);
        }
    }

    @Test
    void a_server_that_stalls_after_taking_the_request_leaves_it_unknown_F503() throws Exception {
        RawServer.Script stall = (socket, out) -> socket.getInputStream().read() >= 0;
        try (RawServer server = new RawServer(stall)) {
            assertThat(code(send(server, POST))).isEqualTo("UNKNOWN HTTP_TIMEOUT");
            assertThat(server.requests).hasSize(1);
        }
    }

    @Test
    void a_read_whose_connection_closes_is_repeated() throws Exception {
        try (RawServer server = new RawServer(RawServer.hangUp(), RawServer.json("[1]"))) {
            assertThat(send(server, GET).orThrow().text()).isEqualTo("[1]");
            assertThat(server.requests).hasSize(2);
        }
    }

    @Test
    void a_keyed_request_is_repeated_under_the_same_key_while_the_service_keeps_it_F504() throws Exception {
        HttpCall keyed = POST.idempotencyKey(
                "Idempotency-Key", "k-1", fixture.clock.wall().plusSeconds(86_400));
        try (RawServer server = new RawServer(RawServer.hangUp(), RawServer.json("{\"id\":1}"))) {
            assertThat(code(send(server, keyed))).isEqualTo("ACCEPTED 200");
            assertThat(server.requests).hasSize(2).allMatch(request -> request.contains("Idempotency-Key: k-1"));
        }
    }

    @Test
    void a_key_older_than_the_service_keeps_it_is_no_protection_F504() throws Exception {
        HttpCall keyed = POST.idempotencyKey(
                "Idempotency-Key", "k-1", fixture.clock.wall().plusSeconds(86_400));
        fixture.clock.advance(Duration.ofHours(25));
        try (RawServer server = new RawServer(RawServer.hangUp())) {
            assertThat(code(send(server, keyed))).isEqualTo("UNKNOWN HTTP_CUT");
            assertThat(server.requests).hasSize(1);
        }
    }

    @Test
    void a_server_that_cannot_be_reached_surely_took_nothing() throws Exception {
        int port;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = gone.getLocalPort();
        }
        try (HttpGateway gateway =
                fixture.to(URI.create("http://127.0.0.1:" + port)).build()) {
            assertThat(code(gateway.send(POST))).isEqualTo("NOT_TAKEN HTTP_CONNECT");
            assertThat(gateway.stats().attempts()).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"a\":1}",
                "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{\"a\":1}\r\n",
                "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{\"a\":1}\r\n0\r\n\r\n"
            })
    void a_body_that_ends_before_its_declared_end_is_no_answer_F509(String rest) throws Exception {
        try (RawServer server = new RawServer(RawServer.last(OK + rest))) {
            assertThat(unknown(send(server, POST)).code()).isEqualTo("HTTP_BODY_TRUNCATED");
        }
    }

    @Test
    void json_cut_off_without_any_declared_length_is_no_answer_F506() throws Exception {
        try (RawServer server =
                new RawServer(RawServer.last(OK + "Content-Type: application/json\r\n\r\n{\"items\":[{\"id\":1},"))) {
            assertThat(unknown(send(server, POST)).code()).isEqualTo("HTTP_BODY_MALFORMED");
        }
    }

    @Test
    void bytes_beyond_the_declared_length_never_become_the_next_answer() throws Exception {
        String smuggled = OK + "Content-Type: application/json\r\nContent-Length: 3\r\n\r\n[9]";
        String first = OK + "Content-Type: application/json\r\nContent-Length: 3\r\n\r\n[1]" + smuggled;
        try (RawServer server = new RawServer(RawServer.text(first), RawServer.json("[2]"));
                HttpGateway gateway = fixture.to(server.origin()).build()) {
            assertThat(gateway.send(GET).orThrow().text()).isEqualTo("[1]");
            assertThat(gateway.send(POST).orThrow().text()).isEqualTo("[2]");
        }
    }

    @Test
    void a_body_that_trickles_in_ends_at_the_attempts_limit_F509() throws Exception {
        RawServer.Script trickle = (socket, out) -> {
            out.write((OK + "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n").getBytes(ISO_8859_1));
            while (true) {
                out.write("1\r\nx\r\n".getBytes(ISO_8859_1));
                out.flush();
                socket.setSoTimeout(50);
                try {
                    socket.getInputStream().read();
                    return false;
                } catch (java.net.SocketTimeoutException e) {
                    continue;
                }
            }
        };
        try (RawServer server = new RawServer(trickle)) {
            assertThat(code(send(server, POST))).isEqualTo("UNKNOWN HTTP_TIMEOUT");
        }
    }

    @Test
    void an_endless_body_ends_at_the_byte_limit_F509() throws Exception {
        RawServer.Script endless = (socket, out) -> {
            out.write((OK + "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n").getBytes(ISO_8859_1));
            byte[] chunk = ("10000\r\n" + "x".repeat(65536) + "\r\n").getBytes(ISO_8859_1);
            while (true) {
                out.write(chunk);
            }
        };
        try (RawServer server = new RawServer(endless)) {
            assertThat(unknown(send(server, POST)).code()).isEqualTo("HTTP_BODY_TOO_LARGE");
        }
    }

    @Test
    void a_gzip_bomb_ends_at_the_limit_counted_after_inflation_F509() throws Exception {
        byte[] bomb = gzip(new byte[64 << 20]);
        assertThat(bomb.length).isLessThan(1 << 20);

        try (RawServer server = new RawServer(RawServer.bytes(gzipHead(bomb.length), bomb))) {
            assertThat(unknown(send(server, POST)).code()).isEqualTo("HTTP_BODY_TOO_LARGE");
        }
    }

    @Test
    void a_compressed_body_is_inflated() throws Exception {
        byte[] body = gzip("[\"张三\"]".getBytes(UTF_8));
        try (RawServer server = new RawServer(RawServer.bytes(gzipHead(body.length), body))) {
            assertThat(send(server, GET).orThrow().text()).isEqualTo("[\"张三\"]");
        }
    }

    @Test
    void a_truncated_gzip_body_is_no_answer_F509() throws Exception {
        byte[] body = gzip("[1,2,3,4,5,6,7,8]".getBytes(UTF_8));
        byte[] half = Arrays.copyOf(body, body.length - 9);
        try (RawServer server = new RawServer(RawServer.bytes(gzipHead(half.length), half))) {
            assertThat(unknown(send(server, POST)).code()).isEqualTo("HTTP_BODY_TRUNCATED");
        }
    }

    @Test
    void a_body_that_only_claims_to_be_gzip_is_no_answer() throws Exception {
        byte[] body = "[1]".getBytes(UTF_8);
        try (RawServer server = new RawServer(RawServer.bytes(gzipHead(body.length), body))) {
            assertThat(unknown(send(server, POST)).code()).isIn("HTTP_BODY_ENCODING", "HTTP_BODY_TRUNCATED");
        }
    }

    @Test
    void json_nested_a_million_deep_is_refused_F509() throws Exception {
        try (RawServer server = new RawServer(RawServer.json("[".repeat(1_000_000)))) {
            assertThat(unknown(send(server, POST)).code()).isEqualTo("HTTP_BODY_TOO_DEEP");
        }
    }

    @Test
    void a_number_of_a_million_digits_is_refused_F509() throws Exception {
        try (RawServer server = new RawServer(RawServer.json("[" + "9".repeat(1_000_000) + "]"))) {
            assertThat(unknown(send(server, POST)).code()).isEqualTo("HTTP_BODY_TOO_DEEP");
        }
    }

    @Test
    void huge_headers_are_refused_F509() throws Exception {
        try (RawServer server = new RawServer(RawServer.last(OK + "X-Big: " + "x".repeat(100_000) + "\r\n\r\n"))) {
            assertThat(unknown(send(server, POST)).code()).isEqualTo("HTTP_HEADERS_TOO_LARGE");
        }
    }

    @Test
    void ten_thousand_headers_are_refused_F509() throws Exception {
        try (RawServer server = new RawServer(RawServer.last(OK + "X-A: b\r\n".repeat(10_000) + "\r\n"))) {
            assertThat(unknown(send(server, POST)).code()).isEqualTo("HTTP_HEADERS_TOO_LARGE");
        }
    }

    @Test
    void a_wrong_charset_is_said_and_never_guessed_F509() throws Exception {
        String head = OK + "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 2\r\n\r\n";
        try (RawServer server = new RawServer(RawServer.text(head + "\u00d5\u00c5"))) {
            HttpAnswer answer = send(server, HttpCall.get("/")).orThrow();
            assertThatThrownBy(answer::text)
                    .isInstanceOfSatisfying(
                            HttpException.class, e -> assertThat(e.code()).isEqualTo("HTTP_BODY_CHARSET"));
        }
    }

    @Test
    void json_in_another_declared_charset_is_transcoded() throws Exception {
        byte[] body = "[\"张三\"]".getBytes("GB18030");
        String head = OK + "Content-Type: application/json; charset=GBK\r\nContent-Length: " + body.length + "\r\n\r\n";
        try (RawServer server = new RawServer(RawServer.bytes(head.getBytes(ISO_8859_1), body))) {
            assertThat(new String(send(server, GET).orThrow().utf8(), UTF_8)).isEqualTo("[\"张三\"]");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>",
                "200 OK\r\nContent-Type: application/json\r\nContent-Length: 0\r\n\r\n",
                "202 Accepted\r\nContent-Length: 0\r\n\r\n"
            })
    void a_success_without_the_json_that_proves_it_is_unknown_F505(String answer) throws Exception {
        try (RawServer server = new RawServer(RawServer.text("HTTP/1.1 " + answer))) {
            assertThat(unknown(send(server, POST)).code()).isEqualTo("HTTP_BODY_UNEXPECTED");
            assertThat(server.requests).hasSize(1);
        }
    }

    @Test
    void an_idle_connection_that_the_server_closed_is_replaced_before_anything_is_sent_F510() throws Exception {
        RawServer.Script closing = (socket, out) -> {
            String body = "[1]";
            out.write((OK + "Content-Type: application/json\r\nContent-Length: 3\r\n\r\n" + body).getBytes(ISO_8859_1));
            return false;
        };
        try (RawServer server = new RawServer(closing);
                HttpGateway gateway = fixture.to(server.origin()).build()) {
            gateway.send(GET).orThrow();
            org.awaitility.Awaitility.await().pollDelay(Duration.ofMillis(150)).until(() -> true);

            assertThat(code(gateway.send(POST))).isEqualTo("ACCEPTED 200");
            assertThat(server.requests).hasSize(2);
        }
    }

    @Test
    void garbage_instead_of_a_status_line_is_unknown() throws Exception {
        try (RawServer server = new RawServer(RawServer.last("SSH-2.0-OpenSSH_9.6\r\n\r\n"))) {
            assertThat(unknown(send(server, POST)).code()).isEqualTo("HTTP_CUT");
        }
    }

    private static byte[] gzipHead(int length) {
        return (OK + "Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: " + length
                        + "\r\n\r\n")
                .getBytes(ISO_8859_1);
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(plain);
        }
        return bytes.toByteArray();
    }
}
