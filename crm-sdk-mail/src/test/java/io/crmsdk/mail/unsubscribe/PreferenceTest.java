package io.crmsdk.mail.unsubscribe;

import static io.crmsdk.consent.ConsentDecision.Verdict.ALLOWED;
import static io.crmsdk.consent.ConsentDecision.Verdict.OPTED_OUT;
import static io.crmsdk.consent.ConsentDecision.Verdict.UNKNOWN;
import static io.crmsdk.mail.unsubscribe.Shop.ANN;
import static io.crmsdk.mail.unsubscribe.Shop.BOB;
import static io.crmsdk.mail.unsubscribe.Shop.EVENTS;
import static io.crmsdk.mail.unsubscribe.Shop.NEWS;
import static io.crmsdk.mail.unsubscribe.Shop.OFFERS;
import static io.crmsdk.mail.unsubscribe.Shop.page;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.Scope;
import io.crmsdk.consent.SubjectKey;
import io.crmsdk.delivery.Message;
import io.crmsdk.delivery.MessageKind;
import io.crmsdk.mail.web.WebReply;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A person chooses for themselves; nobody and nothing else does. */
final class PreferenceTest {
    @TempDir
    Path dir;

    private Shop shop;

    @BeforeEach
    void open() {
        shop = new Shop(dir);
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private URI link() {
        return shop.links.preferences(ANN, NEWS);
    }

    private static String join(Scope scope) {
        return "join=" + scope.toString().replace("/", "%2F");
    }

    private static String leave(Scope scope) {
        return "leave=" + scope.toString().replace("/", "%2F");
    }

    private URI confirmationFor(Scope scope) throws Exception {
        assertThat(shop.post(link(), join(scope)).status()).isEqualTo(200);
        return shop.confirmation();
    }

    @Test
    void it_shows_each_topic_as_the_ledger_knows_it() {
        shop.subscribe(ANN, NEWS);
        shop.post(link(), leave(EVENTS));

        String page = page(shop.get(link()));

        assertThat(page)
                .containsSubsequence(
                        "A***@example.com", "Newsletter", ">Subscribed<", "Events &amp; workshops", ">Not subscribed<")
                .contains("aria-label=\"Unsubscribe: Newsletter\"", "The &lt;Shop&gt;", "mailto:help@shop.example")
                .doesNotContainIgnoringCase("ann.lee")
                .doesNotContain("<script", "{address}", "{topic}", "{brand}");
    }

    @Test
    void leaving_one_topic_leaves_the_others_and_takes_effect_before_it_is_answered() {
        shop.subscribe(ANN, NEWS);
        shop.subscribe(ANN, OFFERS);

        WebReply reply = shop.post(link(), leave(NEWS));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(page(reply)).contains("role=\"status\"", "gets no more of “Newsletter”");
        assertThat(shop.verdict(ANN, NEWS)).isEqualTo(OPTED_OUT);
        assertThat(shop.verdict(ANN, OFFERS)).isEqualTo(ALLOWED);
        assertThat(shop.verdict(BOB, NEWS)).isEqualTo(UNKNOWN);
    }

    @Test
    void leaving_everything_leaves_what_is_yet_to_come() {
        assertThat(page(shop.post(link(), "leave=all"))).contains("gets no more advertising");

        assertThat(shop.verdict(ANN, Scope.of("marketing/yet/to/come"))).isEqualTo(OPTED_OUT);
        assertThat(shop.verdict(ANN, Scope.of("sms"))).isEqualTo(OPTED_OUT);
    }

    @Test
    void a_known_customer_leaves_everything_with_every_address() throws Exception {
        SubjectKey person = new SubjectKey("c-4711");
        shop.store.inTransaction(connection -> {
            shop.ledger.link(connection, person, List.of(ContactKey.email(ANN), ContactKey.email(BOB)));
            return 0;
        });
        shop.subscribe(BOB, NEWS);
        URI link = shop.links.preferences(ANN, NEWS, person);

        shop.post(link, leave(NEWS));
        assertThat(shop.verdict(BOB, NEWS)).isEqualTo(ALLOWED);
        shop.post(link, "leave=all");
        assertThat(shop.verdict(BOB, NEWS)).isEqualTo(OPTED_OUT);
    }

    @Test
    void subscribing_takes_a_mail_its_link_and_its_button() throws Exception {
        shop.post(link(), leave(NEWS));

        WebReply asked = shop.post(link(), join(NEWS));
        assertThat(page(asked)).contains("a mail with a link is on its way", "Nothing has changed");
        assertThat(shop.verdict(ANN, NEWS)).isEqualTo(OPTED_OUT);

        URI confirmation = shop.confirmation();
        WebReply shown = shop.get(confirmation);
        assertThat(page(shown)).contains("Do you want", "A***@example.com", "Yes, subscribe");
        assertThat(shop.verdict(ANN, NEWS)).isEqualTo(OPTED_OUT);

        WebReply done = shop.post(confirmation, "confirm=yes");
        assertThat(done.status()).isEqualTo(200);
        assertThat(page(done)).contains("is subscribed to “Newsletter”");
        assertThat(shop.verdict(ANN, NEWS)).isEqualTo(ALLOWED);
        assertThat(shop.verdict(ANN, OFFERS)).isEqualTo(UNKNOWN);
    }

    @Test
    void the_mail_is_owed_and_not_advertising_and_says_what_it_is() throws Exception {
        shop.post(link(), join(EVENTS), "Accept-Language", "zh-CN");

        List<Message> mails = shop.mails();
        MimeMessage mail = Shop.mail(mails.get(0));

        assertThat(mails).hasSize(1);
        assertThat(mails.get(0).kind()).isEqualTo(MessageKind.TRANSACTIONAL);
        assertThat(mails.get(0).recipients()).containsExactly(ANN.raw());
        assertThat(mails.get(0).key()).doesNotContainIgnoringCase("ann");
        assertThat(mail.getSubject()).isEqualTo("请确认订阅：活动");
        assertThat(mail.getHeader("Auto-Submitted", null)).isEqualTo("auto-generated");
        assertThat(mail.getHeader("List-Unsubscribe")).isNull();
        assertThat(mail.getContent().toString()).contains("https://shop.example/preferences/c1.k1.");
    }

    @Test
    void what_was_said_after_the_mail_was_asked_for_stays_said() throws Exception {
        URI confirmation = confirmationFor(NEWS);
        shop.post(link(), leave(NEWS));

        WebReply late = shop.post(confirmation, "confirm=yes");

        assertThat(late.status()).isEqualTo(409);
        assertThat(page(late)).contains("stays unsubscribed");
        assertThat(shop.verdict(ANN, NEWS)).isEqualTo(OPTED_OUT);
    }

    @Test
    void an_old_confirmation_undoes_no_later_unsubscribe() throws Exception {
        URI confirmation = confirmationFor(NEWS);
        shop.post(confirmation, "confirm=yes");
        assertThat(shop.verdict(ANN, NEWS)).isEqualTo(ALLOWED);
        shop.post(shop.links.link(ANN, NEWS), "List-Unsubscribe=One-Click");

        WebReply again = shop.post(confirmation, "confirm=yes");

        assertThat(again.status()).isEqualTo(409);
        assertThat(shop.verdict(ANN, NEWS)).isEqualTo(OPTED_OUT);

        shop.post(confirmationFor(NEWS), "confirm=yes");
        assertThat(shop.verdict(ANN, NEWS)).isEqualTo(ALLOWED);
    }

    @Test
    void a_scanner_that_follows_and_posts_every_link_confirms_nothing() throws Exception {
        URI confirmation = confirmationFor(NEWS);

        for (String body : List.of("", "List-Unsubscribe=One-Click", "confirm=", "leave=all", "confirm")) {
            assertThat(shop.post(confirmation, body).status()).isEqualTo(400);
        }
        for (String method : List.of("GET", "HEAD")) {
            assertThat(shop.call(method, confirmation, "confirm=yes").status()).isEqualTo(200);
            assertThat(shop.call(method, link(), "leave=all").status()).isEqualTo(200);
        }
        for (String method : List.of("PUT", "DELETE", "get", "OPTIONS", "PATCH")) {
            assertThat(shop.call(method, confirmation, "confirm=yes").status()).isEqualTo(405);
        }
        assertThat(shop.verdict(ANN, NEWS)).isEqualTo(UNKNOWN);
        assertThat(shop.verdict(ANN, Scope.of("x"))).isEqualTo(UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "leave=",
                "leave=marketing",
                "leave=sms",
                "join=all",
                "join=marketing",
                "leave=marketing%2Fnews&join=marketing%2Fnews",
                "save=1",
                "leave=%00",
                "join=marketing%2Fnews%2F..%2F.."
            })
    void what_the_page_does_not_offer_it_does_not_do(String form) {
        assertThat(shop.post(link(), form).status()).isEqualTo(400);

        assertThat(shop.queued()).isZero();
        assertThat(shop.verdict(ANN, NEWS)).isEqualTo(UNKNOWN);
        assertThat(shop.verdict(ANN, Scope.of("marketing"))).isEqualTo(UNKNOWN);
    }

    @Test
    void a_stranger_learns_nothing_from_any_link_and_the_same_from_all() throws Exception {
        String good = token(link());
        String confirmation = token(confirmationFor(NEWS));
        List<String> strange = new ArrayList<>(List.of(
                "",
                "x",
                "4711",
                ANN.raw(),
                "p1.k1.",
                "p1.k9." + good.substring(6),
                "1" + good.substring(2),
                "c1" + good.substring(2),
                "p1" + confirmation.substring(2),
                token(shop.links.link(ANN, NEWS)),
                "p" + token(shop.links.link(ANN, NEWS)),
                "p1.k1." + "A".repeat(1_500),
                "A".repeat(100_000)));
        for (String token : List.of(good, confirmation)) {
            for (int i = 0; i < token.length(); i += 3) {
                strange.add(token.substring(0, i) + (token.charAt(i) == 'A' ? 'B' : 'A') + token.substring(i + 1));
            }
        }

        String refusal = null;
        for (String token : strange) {
            for (String method : List.of("GET", "POST")) {
                WebReply reply = shop.call(method, URI.create("/preferences/" + token), "leave=all");
                assertThat(reply.status()).isEqualTo(404);
                refusal = refusal == null ? page(reply) + reply.headers() : refusal;
                assertThat(page(reply) + reply.headers()).isEqualTo(refusal);
            }
        }
        assertThat(shop.verdict(ANN, NEWS)).isEqualTo(UNKNOWN);
        assertThat(shop.get(shop.links.link(ANN, NEWS)).status()).isEqualTo(200);
    }

    private static String token(URI link) {
        return link.getPath().substring(link.getPath().lastIndexOf('/') + 1);
    }

    @Test
    void a_link_tells_nothing_and_belongs_to_one_address() {
        assertThat(link().toString()).doesNotContainIgnoringCase("ann").doesNotContain("news", "marketing");

        shop.post(shop.links.preferences(BOB, NEWS), leave(NEWS));

        assertThat(shop.verdict(BOB, NEWS)).isEqualTo(OPTED_OUT);
        assertThat(shop.verdict(ANN, NEWS)).isEqualTo(UNKNOWN);
    }

    @Test
    void the_same_is_said_whether_or_not_a_mail_can_be_sent() {
        shop.ledger.record(shop.ledger.staff("eve").block(List.of(ContactKey.email(BOB)), Scope.ALL, null));

        String toBob = page(shop.post(shop.links.preferences(BOB, NEWS), join(NEWS)));
        String toAnn = page(shop.post(link(), join(NEWS)));

        assertThat(withoutLink(toBob.replace("b***@", "A***@"))).isEqualTo(withoutLink(toAnn));
        assertThat(shop.mails()).hasSize(1);
    }

    private static String withoutLink(String page) {
        return page.replaceAll("href=\"/preferences/[^\"]*\"", "");
    }

    @Test
    void pressing_again_sends_no_second_mail_unless_something_was_said_in_between() {
        for (int i = 0; i < 10; i++) {
            assertThat(shop.post(link(), join(NEWS)).status()).isEqualTo(200);
        }
        assertThat(shop.mails()).hasSize(1);

        shop.post(link(), leave(NEWS));
        shop.post(link(), join(NEWS));
        shop.post(link(), join(EVENTS));
        assertThat(shop.mails()).hasSize(3);
    }

    @Test
    void nobodys_mailbox_is_flooded_by_the_button() {
        for (int i = 0; i < 20; i++) {
            shop.post(link(), leave(NEWS));
            assertThat(shop.post(link(), join(NEWS)).status()).isEqualTo(200);
        }
        assertThat(shop.mails()).hasSize(OptInMail.MOST);

        shop.clock.advance(Duration.ofHours(1));
        shop.post(link(), join(NEWS));
        assertThat(shop.mails()).hasSize(OptInMail.MOST + 1);
    }

    @Test
    void the_browser_may_only_show_it_and_send_its_forms() throws Exception {
        WebReply reply = shop.get(link());
        Matcher style = Pattern.compile("<style>(.*?)</style>", Pattern.DOTALL).matcher(page(reply));
        assertThat(style.find()).isTrue();
        String hash = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256")
                        .digest(style.group(1).getBytes(StandardCharsets.UTF_8)));

        assertThat(reply.headers())
                .containsEntry("Cache-Control", "no-store")
                .containsEntry("Referrer-Policy", "no-referrer")
                .containsEntry("X-Content-Type-Options", "nosniff")
                .containsEntry("X-Frame-Options", "DENY")
                .containsEntry(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'sha256-" + hash
                                + "'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
        assertThat(page(reply)).doesNotContain("style=\"", "onclick", "http://", "https://");
    }

    @Test
    void the_page_speaks_the_readers_language_unless_the_host_fixed_one() {
        assertThat(page(shop.get(link(), "Accept-Language", "fr, zh-TW;q=0.8, en;q=0.2")))
                .contains("lang=\"zh-CN\"", "新闻通讯", "href=\"?lang=en\"");
        assertThat(page(shop.get(link(), "Accept-Language", "zh;q=0.1, en;q=0.9")))
                .contains("<html lang=\"en\">");
        assertThat(page(shop.get(link(), "Accept-Language", "zh;q=0, *"))).contains("<html lang=\"en\">");
        assertThat(page(shop.get(link(), "Accept-Language", ";;q==,".repeat(500))))
                .contains("<html lang=\"en\">");
        assertThat(page(shop.get(URI.create(link().getPath() + "?lang=zh-CN"), "Accept-Language", "en")))
                .contains("<html lang=\"zh-CN\">");
    }

    @Test
    void texts_and_look_are_the_hosts() {
        PageDesign design = Shop.design()
                .onlyLanguage(Locale.CHINA)
                .text(PageText.PREFERENCES_TITLE, Locale.CHINESE, "我的<订阅>")
                .style("h1{color:green}")
                .build();
        try (Shop other = new Shop(dir.resolve("other"), design)) {
            WebReply reply = other.get(other.links.preferences(ANN, NEWS), "Accept-Language", "en");
            assertThat(page(reply))
                    .contains("<h1>我的&lt;订阅&gt;</h1>", "h1{color:green}</style>", "<html lang=\"zh-CN\">")
                    .doesNotContain("?lang=");
        }
        assertThatThrownBy(() -> PageDesign.builder().style("</style><script>")).hasMessageStartingWith("CONFIG");
        assertThatThrownBy(() -> PageDesign.builder().text(PageText.MAIL_TEXT, Locale.ENGLISH, "Hello"))
                .hasMessageStartingWith("CONFIG");
        assertThatThrownBy(() -> PageDesign.builder().onlyLanguage(Locale.FRENCH))
                .hasMessageStartingWith("CONFIG");
    }

    @Test
    void a_host_without_topics_still_lets_people_leave_and_come_back() throws Exception {
        try (Shop bare = new Shop(dir.resolve("bare"), PageDesign.defaults())) {
            URI link = bare.links.preferences(ANN, NEWS);
            assertThat(page(bare.get(link))).contains("these mails");
            bare.post(link, leave(NEWS));
            assertThat(bare.verdict(ANN, NEWS)).isEqualTo(OPTED_OUT);
            bare.post(link, join(NEWS));
            bare.post(bare.confirmation(), "confirm=yes");
            assertThat(bare.verdict(ANN, NEWS)).isEqualTo(ALLOWED);
        }
    }

    @Test
    void a_store_that_is_gone_is_said_and_nothing_is_claimed() {
        URI link = link();
        shop.store.close();

        WebReply left = shop.post(link, leave(NEWS));
        assertThat(left.status()).isEqualTo(503);
        assertThat(left.headers()).containsKey("Retry-After");
        assertThat(page(left)).contains("not unsubscribed yet");
        assertThat(shop.post(link, join(NEWS)).status()).isEqualTo(503);
        assertThat(shop.get(link).status()).isEqualTo(503);
    }

    @Test
    void the_proof_says_how_it_was_said_and_holds_no_link() throws Exception {
        URI confirmation = confirmationFor(NEWS);
        shop.post(confirmation, "confirm=yes", "User-Agent", "Firefox");

        ByteArrayOutputStream out = new ByteArrayOutputStream();
        shop.ledger.exportPerson(List.of(ContactKey.email(ANN)), out);

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("double opt-in POST", "Firefox", "192.0.2.7", "Do you want")
                .doesNotContain("c1.k1", "p1.k1");
    }

    @Test
    void links_without_a_page_to_go_to_are_refused_when_built() {
        UnsubscribeLinks without = UnsubscribeLinks.builder(URI.create("https://shop.example/u"))
                .key("k", new byte[32])
                .build();

        assertThatThrownBy(() -> without.preferences(ANN, NEWS)).hasMessageStartingWith("CONFIG");
        assertThatThrownBy(() -> PreferenceEndpoint.builder(shop.ledger, shop.issuer, shop.outbox, shop.links)
                        .build())
                .hasMessageStartingWith("CONFIG");
    }
}
