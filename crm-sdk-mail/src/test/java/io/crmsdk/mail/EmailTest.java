package io.crmsdk.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.crmsdk.CrmException;
import io.crmsdk.delivery.Message;
import io.crmsdk.delivery.MessageKind;
import io.crmsdk.fixtures.JsonLines;
import io.crmsdk.fixtures.SharedFiles;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.time.TestClock;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is composed arrives as it was meant, and nothing else does. */
final class EmailTest {
    private static final Unsubscribe LEAVE = new Unsubscribe(
            URI.create("https://shop.example/u/abc"), EmailAddress.parse("leave@shop.example"), "u abc");

    private final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");

    private Email.Builder mail() {
        return Email.builder()
                .from("shop@shop.example", "The Shop")
                .to("ann@example.com")
                .subject("hello")
                .text("good day")
                .clock(clock);
    }

    private static MimeMessage parse(Message message) throws Exception {
        return parse(message.content());
    }

    private static MimeMessage parse(byte[] bytes) throws Exception {
        return new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(bytes));
    }

    private static String raw(Message message) {
        return new String(message.content(), StandardCharsets.ISO_8859_1);
    }

    private static String subjectOf(Message message) throws Exception {
        return MimeUtility.decodeText(MimeUtility.unfold(parse(message).getHeader("Subject", null)));
    }

    private static void assertLines(Message message) {
        for (String line : raw(message).split("\r\n", -1)) {
            assertThat(line.length()).isLessThanOrEqualTo(998);
            assertThat(line).matches("[\\x20-\\x7E\\t]*");
        }
    }

    @Test
    void a_plain_mail_arrives_as_it_was_written() throws Exception {
        Message message = mail().text("Grüße\nund 中文\n.\nFrom x").build().toMessage("k1");

        MimeMessage read = parse(message);
        assertThat(read.getContent()).isEqualTo("Grüße\r\nund 中文\r\n.\r\nFrom x");
        assertThat(read.getHeader("From")).containsExactly("\"The Shop\" <shop@shop.example>");
        assertThat(read.getHeader("Date")).containsExactly("Sun, 1 Mar 2026 08:00:00 +0000");
        assertThat(message.kind()).isEqualTo(MessageKind.TRANSACTIONAL);
        assertThat(message.attributes()).containsEntry(Email.ENVELOPE_FROM, "shop@shop.example");
        assertThat(message.recipients()).containsExactly("ann@example.com");
        assertLines(message);
    }

    @Test
    void a_repeat_has_the_same_message_id_and_counts_as_the_same_message() {
        Message first = mail().build().toMessage("order-1");
        clock.advance(Duration.ofHours(1));
        Message again = mail().build().toMessage("order-1");

        assertThat(first.fingerprint()).isEqualTo(again.fingerprint());
        assertThat(mail().build().messageId("order-1"))
                .isEqualTo(mail().build().messageId("order-1"))
                .matches("<[0-9a-f]{40}@shop\\.example>");
        assertThat(mail().build().messageId("order-2"))
                .isNotEqualTo(mail().build().messageId("order-1"));
        assertThat(mail().text("other").build().toMessage("order-1").fingerprint())
                .isNotEqualTo(first.fingerprint());
    }

    @Test
    void html_has_a_text_beside_it_made_from_it() throws Exception {
        Message message = mail().text("")
                .html("<html><head><style>p{}</style></head><body><h1>Hi &amp; 你好</h1><p>Buy <b>now</b>:"
                        + "<ul><li>one<li>two</ul><a href=\"https://shop.example/x\">our shop</a><br>&#8364;5&nbsp;off"
                        + "<!-- not this --><script>nor(this)</script></body></html>")
                .build()
                .toMessage("k");

        MimeMultipart parts = (MimeMultipart) parse(message).getContent();
        assertThat(parts.getContentType()).startsWith("multipart/alternative");
        assertThat(parts.getBodyPart(0).getContent().toString().replace("\r\n", "\n"))
                .isEqualTo("Hi & 你好\n\nBuy now:\n\n- one\n- two\n\nour shop (https://shop.example/x)\n€5 off\n");
        assertThat(parts.getBodyPart(1).getContent().toString()).contains("<b>now</b>");
    }

    @Test
    void images_and_files_arrive_with_their_names_and_bytes() throws Exception {
        byte[] pdf = new byte[5000];
        new Random(7).nextBytes(pdf);
        String name = "发票 2026 – " + "长".repeat(40) + ".pdf";
        Message message = mail().html("<img src=\"cid:logo\" alt=\"logo\"> hello")
                .inline("logo", Attachment.of("logo.png", "image/png", new byte[] {1, 2, 3}))
                .attach(Attachment.of(name, "application/pdf", pdf))
                .build()
                .toMessage("k");

        MimeMultipart mixed = (MimeMultipart) parse(message).getContent();
        assertThat(mixed.getContentType()).startsWith("multipart/mixed");
        assertThat(mixed.getBodyPart(1).getInputStream().readAllBytes()).isEqualTo(pdf);
        assertThat(mixed.getBodyPart(1).getFileName()).isEqualTo(name);
        MimeMultipart alternative = (MimeMultipart) mixed.getBodyPart(0).getContent();
        MimeMultipart related = (MimeMultipart) alternative.getBodyPart(1).getContent();
        assertThat(related.getContentType()).startsWith("multipart/related");
        assertThat(related.getBodyPart(1).getHeader("Content-ID")).containsExactly("<logo>");
        assertLines(message);
    }

    @Test
    void a_file_that_changed_after_it_was_attached_stops_the_mail(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("a.txt");
        Files.writeString(file, "as agreed");
        Email email = mail().attach(Attachment.file(dir, "a.txt", "text/plain")).build();
        email.toMessage("k");

        Files.writeString(file, "as changed");
        assertThatThrownBy(() -> email.toMessage("k"))
                .isInstanceOf(MailException.class)
                .hasMessageStartingWith("ATTACHMENT_CHANGED");
    }

    @Test
    void a_file_outside_the_directory_cannot_be_attached(@TempDir Path dir) throws Exception {
        Path base = Files.createDirectory(dir.resolve("base"));
        Files.writeString(dir.resolve("secret.txt"), "secret");
        Files.createSymbolicLink(base.resolve("link.txt"), dir.resolve("secret.txt"));

        assertThatThrownBy(() -> Attachment.file(base, "link.txt", "text/plain"))
                .hasMessageStartingWith("UNSAFE_PATH");
        assertThatThrownBy(() -> Attachment.file(base, "../secret.txt", "text/plain"))
                .hasMessageStartingWith("UNSAFE_PATH");
        assertThatThrownBy(() -> Attachment.file(base, "none.txt", "text/plain"))
                .hasMessageStartingWith("ATTACHMENT_UNREADABLE");
    }

    @Test
    void advertising_carries_one_click_headers_and_a_line_that_says_so() throws Exception {
        Message message = mail().text("Buy!")
                .html("<body><p>Buy!</p></body>")
                .language(Locale.SIMPLIFIED_CHINESE)
                .subjectMark(SubjectMark.CHINA)
                .marketing("marketing/newsletter", LEAVE)
                .build()
                .toMessage("k");

        MimeMessage read = parse(message);
        assertThat(message.kind()).isEqualTo(MessageKind.MARKETING);
        assertThat(message.scope()).isEqualTo("marketing/newsletter");
        assertThat(MimeUtility.unfold(read.getHeader("List-Unsubscribe", null)))
                .isEqualTo("<https://shop.example/u/abc>, <mailto:leave@shop.example?subject=u%20abc>");
        assertThat(read.getHeader("List-Unsubscribe-Post")).containsExactly("List-Unsubscribe=One-Click");
        assertThat(subjectOf(message)).isEqualTo("广告：hello");
        MimeMultipart parts = (MimeMultipart) read.getContent();
        assertThat(parts.getBodyPart(0).getContent().toString()).contains("退订: https://shop.example/u/abc");
        assertThat(parts.getBodyPart(1).getContent().toString())
                .contains("<a href=\"https://shop.example/u/abc\">退订</a></p></body>");
    }

    @Test
    void advertising_goes_to_one_person_and_a_link_must_be_https() {
        assertThatThrownBy(() -> mail().to("bob@example.com")
                        .marketing("marketing", LEAVE)
                        .build())
                .hasMessageContaining("one recipient");
        for (String bad : List.of("http://shop.example/u", "https://user@shop.example/u", "https:/u", "https://x/,y")) {
            assertThatThrownBy(() -> Unsubscribe.by(URI.create(bad))).hasMessageStartingWith("UNSAFE_URL");
        }
    }

    @Test
    void everything_missing_is_named_at_once() {
        assertThatThrownBy(() -> Email.builder().build())
                .hasMessageStartingWith("INCOMPLETE")
                .hasMessageContaining("no sender")
                .hasMessageContaining("no recipient")
                .hasMessageContaining("no subject")
                .hasMessageContaining("nothing said");
    }

    @Test
    void a_blind_copy_is_in_the_envelope_and_in_no_header() {
        Message message = mail().bcc(Mailbox.of("boss@example.com")).build().toMessage("k");

        assertThat(message.recipients()).containsExactly("ann@example.com", "boss@example.com");
        assertThat(raw(message)).doesNotContain("boss").doesNotContainIgnoringCase("bcc");
    }

    @Test
    void an_own_header_arrives_and_a_reserved_one_is_refused() throws Exception {
        Message message = mail().header("X-Campaign", "Frühling 2026").build().toMessage("k");
        assertThat(MimeUtility.decodeText(parse(message).getHeader("X-Campaign", null)))
                .isEqualTo("Frühling 2026");
        for (String reserved : List.of("DKIM-Signature", "list-unsubscribe", "CONTENT-ID", "Resent-From", "ARC-Seal")) {
            assertThatThrownBy(() -> mail().header(reserved, "x")).hasMessageStartingWith("RESERVED_HEADER");
        }
    }

    /** Any text without control characters comes back as it was; seed shown on failure. */
    @Test
    void any_subject_and_name_come_back_as_they_were() throws Exception {
        String alphabet = "aZ09 =?_\"\\,;:<>@()[].-%äß中文😀👨‍👩‍👧é\u0301  =?utf-8?Q?=41?=";
        int[] symbols = alphabet.codePoints().toArray();
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            for (int n = 1 + random.nextInt(random.nextInt(10) == 0 ? 900 : 90); n > 0; n--) {
                text.appendCodePoint(symbols[random.nextInt(symbols.length)]);
            }
            String given = text.toString();
            String name = given.substring(
                    0, given.offsetByCodePoints(0, Math.min(200, given.codePointCount(0, given.length()))));
            Message message = Email.builder()
                    .from(Mailbox.of("a@shop.example", name))
                    .to("ann@example.com")
                    .subject(given)
                    .text("x")
                    .clock(clock)
                    .build()
                    .toMessage("k");

            assertThat(subjectOf(message)).as("seed " + seed).isEqualTo(given);
            InternetAddress[] from = InternetAddress.parseHeader(parse(message).getHeader("From", null), true);
            assertThat(from).as("seed " + seed).hasSize(1);
            assertThat(from[0].getAddress()).as("seed " + seed).isEqualTo("a@shop.example");
            if (!name.isBlank()) {
                assertThat(from[0].getPersonal()).as("seed " + seed).isEqualTo(name);
            }
            assertLines(message);
        }
    }

    @Test
    void nothing_personal_shows() {
        Email email = mail().build();

        assertThat(email.toString())
                .doesNotContain("ann@")
                .doesNotContain("hello")
                .doesNotContain("good day");
        assertThat(Mailbox.of("ann@example.com", "Ann").toString()).isEqualTo("a***@example.com");
        assertThat(LEAVE.toString()).doesNotContain("abc");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"nul.txt", "a:b.pdf", "-rf", "~x", "a.pdf ", "..", "a/b", "\\\\h\\x", "．．／x", "..%2fx", "COM1"})
    void a_name_that_is_more_than_a_name_is_refused(String name) {
        assertThatThrownBy(() -> Attachment.of(name, "application/pdf", new byte[1]))
                .isInstanceOf(MailException.class)
                .hasMessageStartingWith("UNSAFE_PATH");
    }

    @TestFactory
    Stream<DynamicTest> hostile_header_texts_end_in_an_allowed_outcome() {
        return cases("header-injection")
                .filter(c -> !c.get("field").equals("address"))
                .map(test -> DynamicTest.dynamicTest((String) test.get("id"), () -> {
                    String input = input(test);
                    String outcome = outcome((String) test.get("field"), input);
                    assertThat(allowed(test)).as(outcome).anyMatch(outcome::equals);
                }));
    }

    /** The outcome's name, with the class of a refusal; a mail that was made is checked to be one and harmless. */
    private String outcome(String field, String input) throws Exception {
        try {
            Email.Builder builder = mail();
            switch (field) {
                case "subject" -> builder.subject(input);
                case "displayName" -> builder.from(Mailbox.of("a@shop.example", input));
                default -> builder.header(input, "x");
            }
            Message message = builder.build().toMessage("k");
            assertThat(raw(message)).doesNotContainPattern("(?im)^(X-Injected|Bcc):");
            assertLines(message);
            if (field.equals("subject")) {
                assertThat(subjectOf(message)).isEqualTo(input);
            } else {
                InternetAddress[] from =
                        InternetAddress.parseHeader(parse(message).getHeader("From", null), true);
                assertThat(from).hasSize(1);
                assertThat(from[0].getAddress()).isEqualTo("a@shop.example");
            }
            return "accept";
        } catch (CrmException e) {
            return "reject " + e.code();
        }
    }

    private static List<String> allowed(Map<String, Object> test) {
        return ((List<?>) test.get("expect"))
                .stream()
                        .map(e -> (Map<?, ?>) e)
                        .map(e -> e.get("outcome").equals("reject")
                                ? "reject " + e.get("class")
                                : (String) e.get("outcome"))
                        .toList();
    }

    /** Decoded by hand, since half a character must stay half a character. */
    private static String input(Map<String, Object> test) {
        if (test.containsKey("input")) {
            return (String) test.get("input");
        }
        ByteBuffer units = ByteBuffer.wrap(Base64.getDecoder().decode((String) test.get("input_utf16_b64")));
        return units.asCharBuffer().toString();
    }

    private static Stream<Map<String, Object>> cases(String category) {
        Path data = SharedFiles.find("data/bad-inputs/cases.jsonl").orElse(null);
        assumeTrue(data != null, "the shared collection of bad inputs is not at hand");
        return JsonLines.file(data).stream().filter(c -> c.get("cat").equals(category));
    }

    @TestFactory
    Stream<DynamicTest> paths_as_attachment_names_are_refused() {
        return cases("path")
                .map(test -> DynamicTest.dynamicTest(
                        (String) test.get("id"),
                        () -> assertThatThrownBy(() -> Attachment.of(input(test), "application/pdf", new byte[1]))
                                .isInstanceOf(MailException.class)));
    }

    @Test
    void a_subject_made_to_take_time_takes_none() {
        assertThatThrownBy(() -> mail().subject("=?".repeat(100_000))).hasMessageStartingWith("LIMIT_EXCEEDED");
    }
}
