package io.crmsdk.mail.unsubscribe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.crmsdk.consent.ConsentDecision;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.Scope;
import io.crmsdk.mail.Unsubscribe;
import io.crmsdk.mail.web.JdkHandler;
import io.crmsdk.mail.web.WebReply;
import io.crmsdk.mail.web.WebRequest;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.store.Store;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who clicks leaves; who only looks, or forges, changes nothing. */
final class UnsubscribeTest {
    private static final Scope NEWS = Scope.of("marketing/newsletter");
    private static final EmailAddress ANN = EmailAddress.parse("Ann.Lee@example.com");
    private static final EmailAddress BOB = EmailAddress.parse("bob@example.com");
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);
    private static final byte[] OTHER = "fedcba9876543210fedcba9876543210".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path dir;

    private Store store;
    private ConsentLedger ledger;
    private UnsubscribeLinks links;
    private UnsubscribeEndpoint endpoint;

    @BeforeEach
    void open() {
        store = Store.sqlite(dir.resolve("store.db"));
        ledger = ConsentLedger.open(store);
        links = builder().key("k1", SECRET).build();
        endpoint = UnsubscribeEndpoint.builder(ledger, links)
                .design(PageDesign.builder()
                        .brand("The <Shop>")
                        .topic(NEWS, "Newsletter")
                        .contact(EmailAddress.parse("help@shop.example"))
                        .build())
                .build();
    }

    @AfterEach
    void close() {
        ledger.close();
        store.close();
    }

    private static UnsubscribeLinks.Builder builder() {
        return UnsubscribeLinks.builder(URI.create("https://shop.example/unsubscribe/"));
    }

    private WebReply call(String method, URI link, String body, String... headers) {
        Map<String, List<String>> all = new HashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], List.of(headers[i + 1]));
        }
        return endpoint.answer(
                new WebRequest(method, link.getRawPath(), all, body.getBytes(StandardCharsets.UTF_8), "192.0.2.7"));
    }

    private boolean isOut(EmailAddress address, Scope scope) {
        return ledger.decide(ContactKey.email(address), scope).verdict() == ConsentDecision.Verdict.OPTED_OUT;
    }

    private static String page(WebReply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }

    @Test
    void a_link_says_who_leaves_what_and_shows_nothing_of_it() {
        URI link = links.link(ANN, NEWS);

        assertThat(link.toString())
                .startsWith("https://shop.example/unsubscribe/1.k1.")
                .doesNotContainIgnoringCase("ann")
                .doesNotContain("newsletter");
        assertThat(links.read(token(link))).contains(new UnsubscribeTicket(ContactKey.email(ANN), NEWS));
        assertThat(links.link(ANN, NEWS)).isEqualTo(link);
        assertThat(links.link(EmailAddress.parse("x@example.com"), NEWS).toString())
                .hasSameSizeAs(links.link(BOB, NEWS).toString());
        assertThat(links.toString()).doesNotContain("0123");
    }

    private static String token(URI link) {
        String path = link.getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    @Test
    void one_click_unsubscribes_before_it_is_answered() {
        WebReply reply = call(
                "POST",
                links.link(ANN, NEWS),
                "List-Unsubscribe=One-Click",
                "Content-Type",
                "application/x-www-form-urlencoded");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(isOut(ANN, NEWS)).isTrue();
        assertThat(isOut(ANN, Scope.of("marketing/events"))).isFalse();
        assertThat(isOut(BOB, NEWS)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "List-Unsubscribe=One-Click&email=bob@example.com",
                "email=bob%40example.com&scope=all",
                "%%%",
                "=&=&=",
                "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--"
            })
    void whatever_the_body_holds_only_the_links_owner_leaves(String body) {
        assertThat(call("POST", links.link(ANN, NEWS), body, "content-type", "multipart/form-data; boundary=x")
                        .status())
                .isEqualTo(200);
        assertThat(call("POST", links.link(ANN, NEWS), body, "CONTENT-TYPE", "application/x-www-form-urlencoded")
                        .status())
                .isEqualTo(200);

        assertThat(isOut(ANN, NEWS)).isTrue();
        assertThat(isOut(BOB, NEWS)).isFalse();
        assertThat(isOut(ANN, Scope.of("other"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PROPFIND", "get"})
    void whoever_only_looks_changes_nothing(String method) {
        for (int i = 0; i < 5; i++) {
            assertThat(call(method, links.link(ANN, NEWS), "List-Unsubscribe=One-Click")
                            .status())
                    .isIn(200, 204, 405);
        }

        assertThat(isOut(ANN, NEWS)).isFalse();
    }

    @Test
    void the_page_asks_and_its_buttons_do_what_they_say() {
        WebReply asked = call("GET", links.link(ANN, NEWS), "");
        assertThat(page(asked))
                .contains(
                        "<html lang=\"en\">",
                        "a***@example.com",
                        "Newsletter",
                        "<form method=\"post\">",
                        "The &lt;Shop&gt;")
                .doesNotContain("ann.lee")
                .doesNotContain("<script");
        assertThat(asked.headers())
                .containsEntry("Cache-Control", "no-store")
                .containsEntry("Referrer-Policy", "no-referrer");

        WebReply done = call(
                "POST",
                links.link(ANN, NEWS),
                "leave=all",
                "Content-Type",
                "application/x-www-form-urlencoded; charset=UTF-8");
        assertThat(page(done)).contains("gets no more advertising");
        assertThat(isOut(ANN, Scope.of("marketing/events"))).isTrue();
    }

    @Test
    void the_page_speaks_the_readers_language() {
        assertThat(page(call("GET", links.link(ANN, NEWS), "", "Accept-Language", "fr;q=1, zh-CN;q=0.9, en;q=0.8")))
                .contains("<html lang=\"zh-CN\">", "退订");
        assertThat(page(call("GET", links.link(ANN, NEWS), "", "Accept-Language", "de")))
                .contains("lang=\"en\"");
        UnsubscribeEndpoint chinese = UnsubscribeEndpoint.builder(ledger, links)
                .design(PageDesign.builder().language(Locale.CHINA).build())
                .build();
        assertThat(page(chinese.answer(
                        new WebRequest("GET", links.link(ANN, NEWS).getPath(), Map.of(), new byte[0], null))))
                .contains("lang=\"zh-CN\"");
    }

    @Test
    void each_click_is_an_act_of_its_own_and_old_links_live() {
        for (int i = 0; i < 10; i++) {
            assertThat(call("POST", links.link(ANN, NEWS), "List-Unsubscribe=One-Click")
                            .status())
                    .isEqualTo(200);
        }

        assertThat(ledger.decide(ContactKey.email(ANN), NEWS).events()).doesNotHaveDuplicates();
        assertThat(isOut(ANN, NEWS)).isTrue();
    }

    @Test
    void keys_rotate_and_links_of_old_keys_stay_good() {
        URI old = links.link(ANN, NEWS);
        UnsubscribeLinks rotated = builder().key("k2", OTHER).key("k1", SECRET).build();

        assertThat(rotated.link(ANN, NEWS).toString()).contains("/1.k2.");
        assertThat(rotated.read(token(old))).isPresent();
        assertThat(builder().key("k2", OTHER).build().read(token(old))).isEmpty();
        assertThat(builder().key("k1", OTHER).build().read(token(old))).isEmpty();
    }

    @Test
    void every_changed_or_made_up_token_is_refused_and_changes_nothing() {
        String good = token(links.link(ANN, NEWS));
        String bobs = token(links.link(BOB, NEWS));
        int head = good.lastIndexOf('.') + 1;
        String otherBrand = token(builder().key("k1", SECRET).brand("b").build().link(ANN, NEWS));
        List<String> forged = new ArrayList<>(List.of(
                "",
                good + "%00",
                good + "=",
                good + "A",
                good.substring(0, good.length() / 2),
                good.substring(0, head + 22) + bobs.substring(head + 22),
                otherBrand,
                "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm4ifQ.",
                good.replace('a', 'а'),
                good.substring(0, head + 5) + "=\r\n" + good.substring(head + 5),
                "ann.lee@example.com",
                "4711",
                "1..",
                "1.k1.",
                good.replaceFirst("k1", "k9"),
                "x".repeat(100_000)));
        for (int i = head; i < good.length(); i++) {
            char[] changed = good.toCharArray();
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            forged.add(new String(changed));
        }
        // The last character's unused bits decode to the same bytes.
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for (char c : alphabet.toCharArray()) {
            forged.add(good.substring(0, good.length() - 1) + c);
        }
        forged.removeIf(good::equals);

        String refusal = null;
        for (String token : forged) {
            WebReply reply = endpoint.answer(new WebRequest(
                    "POST",
                    "/unsubscribe/" + token,
                    Map.of(),
                    "List-Unsubscribe=One-Click".getBytes(StandardCharsets.UTF_8),
                    null));
            assertThat(reply.status()).as(token.length() > 200 ? "long" : token).isEqualTo(404);
            refusal = refusal == null ? page(reply) : refusal;
            assertThat(page(reply)).isEqualTo(refusal).contains("help@shop.example");
        }
        assertThat(isOut(ANN, NEWS)).isFalse();
        assertThat(isOut(BOB, NEWS)).isFalse();
    }

    @Test
    void a_ledger_that_cannot_write_makes_the_sender_come_again() {
        store.close();

        WebReply reply = call("POST", links.link(ANN, NEWS), "List-Unsubscribe=One-Click");

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.headers()).containsKey("Retry-After");
        assertThat(page(reply)).contains("not unsubscribed yet");
        assertThat(call("GET", links.link(ANN, NEWS), "").status()).isEqualTo(200);
    }

    @Test
    void leaving_by_mail_is_told_by_the_subject() {
        UnsubscribeLinks withMail = builder()
                .key("k1", SECRET)
                .mailto(EmailAddress.parse("leave@shop.example"))
                .build();
        Unsubscribe leave = withMail.unsubscribe(ANN, NEWS);

        assertThat(leave.mailtoSubject()).startsWith("unsubscribe 1.k1.");
        assertThat(withMail.readSubject("Re: " + leave.mailtoSubject()))
                .contains(new UnsubscribeTicket(ContactKey.email(ANN), NEWS));
        assertThat(withMail.readSubject("unsubscribe me please")).isEmpty();
        assertThat(withMail.readSubject("unsubscribe ".repeat(10_000))).isEmpty();
    }

    @Test
    void weak_or_missing_secrets_are_refused() {
        assertThatThrownBy(() -> builder().build()).hasMessageStartingWith("CONFIG");
        assertThatThrownBy(() -> builder().key("k", new byte[0]).build()).hasMessageStartingWith("CONFIG");
        assertThatThrownBy(() -> builder().key("k", Arrays.copyOf(SECRET, 31)).build())
                .hasMessageStartingWith("CONFIG");
        assertThatThrownBy(() -> UnsubscribeLinks.builder(URI.create("http://shop.example/u")))
                .hasMessageStartingWith("UNSAFE_URL");
        assertThatThrownBy(() -> UnsubscribeLinks.builder(URI.create("https://shop.example/u?a=b")))
                .hasMessageStartingWith("UNSAFE_URL");
    }

    @Test
    void it_works_behind_the_jdks_own_server() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(endpoint.path(), new JdkHandler(endpoint));
        server.start();
        try {
            URI link = URI.create("http://127.0.0.1:" + server.getAddress().getPort()
                    + links.link(ANN, NEWS).getPath());
            assertThat(status("GET", link)).isEqualTo(200);
            assertThat(status("HEAD", link)).isEqualTo(200);
            assertThat(isOut(ANN, NEWS)).isFalse();

            assertThat(status("POST", link)).isEqualTo(200);
            assertThat(isOut(ANN, NEWS)).isTrue();
        } finally {
            server.stop(0);
        }
    }

    private static int status(String method, URI link) throws Exception {
        HttpURLConnection connection = (HttpURLConnection) link.toURL().openConnection();
        connection.setRequestMethod(method);
        if (method.equals("POST")) {
            connection.setDoOutput(true);
            connection.getOutputStream().write("List-Unsubscribe=One-Click".getBytes(StandardCharsets.US_ASCII));
        }
        return connection.getResponseCode();
    }
}
