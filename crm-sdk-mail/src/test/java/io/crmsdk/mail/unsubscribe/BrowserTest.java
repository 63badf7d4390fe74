package io.crmsdk.mail.unsubscribe;

import static io.crmsdk.consent.ConsentDecision.Verdict.ALLOWED;
import static io.crmsdk.consent.ConsentDecision.Verdict.OPTED_OUT;
import static io.crmsdk.mail.unsubscribe.Shop.ANN;
import static io.crmsdk.mail.unsubscribe.Shop.EVENTS;
import static io.crmsdk.mail.unsubscribe.Shop.NEWS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.crmsdk.mail.web.JdkHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pages in a real browser, and before a program that follows whatever it finds. */
@Tag("slow")
final class BrowserTest {
    private static final Pattern HREF = Pattern.compile("(?:href|action|src)=\"([^\"]*)\"");

    @TempDir
    Path dir;

    private Shop shop;
    private HttpServer server;
    private ExecutorService threads;
    private String origin;

    @BeforeEach
    void open() throws Exception {
        shop = new Shop(dir);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        server.createContext(shop.unsubscribe.path(), new JdkHandler(shop.unsubscribe));
        server.createContext(shop.preferences.path(), new JdkHandler(shop.preferences));
        server.start();
        origin = "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @AfterEach
    void close() {
        server.stop(0);
        threads.shutdownNow();
        shop.close();
    }

    private Browser browser(String language) throws Exception {
        Optional<Path> chromium = Browser.find();
        assumeTrue(chromium.isPresent(), "no Chromium on the path (Debian: apt install chromium)");
        return Browser.start(chromium.get(), Files.createDirectories(dir.resolve("profile")), language);
    }

    private String preferences() {
        return origin + shop.links.preferences(ANN, NEWS).getPath();
    }

    @Test
    void a_person_leaves_and_comes_back_without_any_script() throws Exception {
        shop.subscribe(ANN, NEWS);
        try (Browser browser = browser("en")) {
            browser.withoutScripts();
            browser.open(preferences());
            browser.press("Unsubscribe: Newsletter");
            assertThat(browser.text()).contains("gets no more of “Newsletter”");
            assertThat(shop.verdict(ANN, NEWS)).isEqualTo(OPTED_OUT);

            browser.press("Subscribe by mail…: Newsletter");
            assertThat(browser.text()).contains("Look into your mailbox");
            assertThat(shop.verdict(ANN, NEWS)).isEqualTo(OPTED_OUT);

            browser.open(origin + shop.confirmation().getPath());
            browser.press("Yes, subscribe");
            assertThat(browser.text()).contains("is subscribed to “Newsletter”");
            assertThat(shop.verdict(ANN, NEWS)).isEqualTo(ALLOWED);
            assertThat(browser.complaints).isEmpty();
        }
    }

    @Test
    void the_unsubscribe_page_works_as_it_is_shown() throws Exception {
        try (Browser browser = browser("en")) {
            browser.withoutScripts();
            browser.open(origin + shop.links.link(ANN, NEWS).getPath());
            browser.press("Unsubscribe from all advertising");

            assertThat(browser.text()).contains("gets no more advertising");
            assertThat(shop.verdict(ANN, EVENTS)).isEqualTo(OPTED_OUT);
            assertThat(browser.complaints).isEmpty();
        }
    }

    /** Reads every page it can reach by GET, from every link that a mail of ours holds. */
    @Test
    void a_scanner_that_follows_every_link_changes_nothing() throws Exception {
        shop.subscribe(ANN, NEWS);
        shop.post(shop.links.preferences(ANN, NEWS), "join=marketing%2Fevents");
        long before = shop.ledger.check().events();
        Queue<String> waiting = new ArrayDeque<>();
        waiting.add(preferences());
        waiting.add(origin + shop.links.link(ANN, NEWS).getPath());
        waiting.add(origin + shop.confirmation().getPath());
        Set<String> seen = new HashSet<>();
        HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.ALWAYS)
                .build();
        while (!waiting.isEmpty()) {
            String url = waiting.remove();
            if (!seen.add(url)) {
                continue;
            }
            String page = client.send(
                            HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            Matcher links = HREF.matcher(page);
            while (links.find()) {
                URI next = URI.create(url).resolve(links.group(1).replace("&amp;", "&"));
                if (next.toString().startsWith(origin)) {
                    waiting.add(next.toString());
                }
            }
            // Some put what buttons send behind the link.
            Matcher buttons =
                    Pattern.compile("name=\"(\\w+)\" value=\"([^\"]*)\"").matcher(page);
            while (buttons.find()) {
                waiting.add(url.split("\\?", 2)[0] + "?" + buttons.group(1) + "=" + buttons.group(2));
            }
        }

        assertThat(seen).hasSizeGreaterThanOrEqualTo(10);
        assertThat(shop.ledger.check().events()).isEqualTo(before);
        assertThat(shop.verdict(ANN, NEWS)).isEqualTo(ALLOWED);
        assertThat(shop.mails()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"en,1280,900,false", "en,360,740,false", "zh-CN,1280,900,false", "zh-CN,360,740,true"})
    void pages_fit_wide_and_narrow_windows(String language, int width, int height, boolean dark) throws Exception {
        shop.subscribe(ANN, NEWS);
        shop.post(shop.links.preferences(ANN, NEWS), "join=marketing%2Fevents");
        String[][] pages = {
            {"preferences", preferences()},
            {"unsubscribe", origin + shop.links.link(ANN, NEWS).getPath()},
            {"confirm", origin + shop.confirmation().getPath()},
            {"broken", origin + "/preferences/x"},
        };
        Path shots = Files.createDirectories(Path.of("target", "screenshots"));
        try (Browser browser = browser(language)) {
            browser.size(width, height);
            browser.dark(dark);
            for (String[] page : pages) {
                browser.open(page[1]);
                browser.screenshot(shots.resolve(page[0] + "-" + language + "-" + width + ".png"));
                assertThat(browser.evaluate("document.documentElement.lang")).isEqualTo(language);
                assertThat(browser.evaluate("'' + (document.documentElement.scrollWidth <= innerWidth)"))
                        .as("%s scrolls sideways", page[0])
                        .isEqualTo("true");
                assertThat(browser.evaluate("'' + [...document.querySelectorAll('button')]"
                                + ".every(b => b.getBoundingClientRect().height >= 44)"))
                        .isEqualTo("true");
            }
            browser.open(preferences());
            browser.press(language.equals("en") ? "Unsubscribe: Newsletter" : "退订: 新闻通讯");
            browser.screenshot(shots.resolve("left-" + language + "-" + width + ".png"));
            // An unreadable link is answered by 404, which the browser notes; nothing else may be.
            assertThat(browser.complaints).allMatch(complaint -> complaint.contains("404"));
        }
    }

    @Test
    void a_screen_reader_is_told_what_each_button_is_about() throws Exception {
        shop.subscribe(ANN, NEWS);
        try (Browser browser = browser("en")) {
            browser.open(preferences());
            assertThat(browser.accessibility())
                    .contains(
                            "Your mail preferences",
                            "Unsubscribe: Newsletter",
                            "Subscribe by mail…: Events & workshops",
                            "heading",
                            "list",
                            "main");

            browser.press("Unsubscribe: Newsletter");
            assertThat(browser.accessibility()).contains("status");
        }
    }
}
