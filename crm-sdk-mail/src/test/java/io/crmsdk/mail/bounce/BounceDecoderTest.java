package io.crmsdk.mail.bounce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BounceDecoderTest {
    private static MailReport decode(String mail) {
        return BounceDecoder.standard().decode(mail.getBytes(StandardCharsets.UTF_8));
    }

    private static String status(String fields) {
        return """
                Return-Path: <>
                Delivered-To: b+x7@bounce.shop.example
                From: MAILER-DAEMON@mx.example.com (Mail Delivery System)
                To: b+x7@bounce.shop.example
                Subject: Undelivered Mail Returned to Sender
                Content-Type: multipart/report; report-type=delivery-status; boundary="b"

                --b
                Content-Type: text/plain

                It did not work.

                --b
                Content-Type: message/delivery-status

                Reporting-MTA: dns; mx.example.com
                Original-Envelope-Id: env-1

                %s
                --b
                Content-Type: message/rfc822

                Return-Path: <b+x7@bounce.shop.example>
                Message-ID: <1@shop.example>
                To: ann@example.com

                Hello
                --b--
                """.formatted(fields);
    }

    @Test
    void fields_for_programs_give_recipient_codes_reason_and_traces() {
        MailReport report = decode(status("""
                Final-Recipient: rfc822; ann@example.com
                Original-Recipient: rfc822;Ann+2BCrm@example.com
                Action: failed
                Status: 5.1.1
                Remote-MTA: dns; mx2.example.com
                Diagnostic-Code: smtp; 550 5.1.1 <ann@example.com>: Recipient address
                  rejected: User unknown
                """));

        assertThat(report.kind()).isEqualTo(ReportKind.FAILED);
        assertThat(report.format()).isEqualTo(ReportFormat.DSN);
        assertThat(report.recipients()).singleElement().satisfies(recipient -> {
            assertThat(recipient.recipient()).isEqualTo("ann@example.com");
            assertThat(recipient.otherAddresses()).containsExactly("Ann+Crm@example.com");
            assertThat(recipient.action()).isEqualTo("failed");
            assertThat(recipient.status()).isEqualTo("5.1.1");
            assertThat(recipient.reply()).isEqualTo("550");
            assertThat(recipient.reason()).isEqualTo(BounceReason.USER_UNKNOWN);
            assertThat(recipient.hard()).isTrue();
        });
        assertThat(report.traces().envelope()).contains("env-1");
        assertThat(report.traces().messageIds()).containsExactly("<1@shop.example>");
        assertThat(report.traces().returnPaths()).containsExactly("b+x7@bounce.shop.example");
        assertThat(report.traces().arrivedAt()).containsExactly("b+x7@bounce.shop.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void line_ends_do_not_matter(String end) {
        String mail = status("Final-Recipient: rfc822; ann@example.com\nAction: failed\nStatus: 5.1.1\n");

        assertThat(decode(mail.replace("\n", end)).recipients())
                .singleElement()
                .satisfies(recipient -> assertThat(recipient.recipient()).isEqualTo("ann@example.com"));
    }

    @ParameterizedTest
    @CsvSource({
        "relayed, 2.0.0, DELIVERED, DELIVERED",
        "expanded, 2.0.0, DELIVERED, DELIVERED",
        "delivered, 2.1.5, DELIVERED, DELIVERED",
        "delayed, 4.4.1, DELAYED, SOFT",
        "failed, 5.2.2, FAILED, SOFT",
        "failed, 5.3.4, FAILED, CONTENT",
        "failed, 5.7.1, FAILED, POLICY",
        "failed, 5.1.2, FAILED, HARD",
    })
    void the_action_and_the_status_alone_are_enough(
            String action, String status, ReportKind kind, BounceClass bounceClass) {
        MailReport report = decode(
                status("Final-Recipient: rfc822; ann@example.com\nAction: " + action + "\nStatus: " + status + "\n"));

        assertThat(report.kind()).isEqualTo(kind);
        assertThat(report.recipients()).singleElement().satisfies(recipient -> {
            assertThat(recipient.action()).isEqualTo(action);
            assertThat(recipient.bounceClass()).isEqualTo(bounceClass);
        });
    }

    @Test
    void F_611_relayed_is_told_from_delivered() {
        MailReport report =
                decode(status("Final-Recipient: rfc822; ann@example.com\nAction: relayed\nStatus: 2.0.0\n"));

        assertThat(report.recipients().get(0).action()).isEqualTo("relayed");
    }

    @Test
    void addresses_of_the_whole_world_are_read() {
        MailReport report = decode(
                status(
                        "Final-Recipient: utf-8; \\x{7528}\\x{6237}@\\x{4F8B}\\x{5B50}.example\nAction: failed\nStatus: 5.1.1\n"));

        assertThat(report.recipients().get(0).recipient()).isEqualTo("用户@例子.example");
    }

    @Test
    void two_recipients_are_judged_each_by_its_own_words() {
        MailReport report = decode("""
                From: MAILER-DAEMON@mx.example.com
                To: news@shop.example
                Subject: failure notice

                Hi. This is the qmail-send program at mx.example.com.
                I'm afraid I wasn't able to deliver your message to the following addresses.

                <ann@example.com>:
                192.0.2.1 does not like recipient.
                Remote host said: 550 5.1.1 User unknown

                <bob@example.com>:
                192.0.2.1 failed after I sent the message.
                Remote host said: 552 5.2.2 Mailbox full

                --- Below this line is a copy of the message.

                To: carl@example.com
                """);

        assertThat(report.format()).isEqualTo(ReportFormat.TEXT);
        assertThat(report.recipients())
                .extracting(RecipientReport::recipient, RecipientReport::bounceClass)
                .containsExactly(
                        tuple("ann@example.com", BounceClass.HARD), tuple("bob@example.com", BounceClass.SOFT));
    }

    @Test
    void chinese_words_in_gb18030_are_read() {
        String body = "您的邮件未能送达以下收件人：<br>zhao@163.example<br>原因：收件人邮箱空间已满。 552 Quota exceeded";
        byte[] head = ("From: postmaster@163.example\nTo: news@shop.example\nSubject: =?gb18030?B?"
                        + Base64.getEncoder().encodeToString("系统退信".getBytes(Charset.forName("GB18030")))
                        + "?=\nContent-Type: text/html; charset=gb2312\n\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] text = body.getBytes(Charset.forName("GB18030"));
        byte[] mail = Arrays.copyOf(head, head.length + text.length);
        System.arraycopy(text, 0, mail, head.length, text.length);

        assertThat(BounceDecoder.standard().decode(mail).recipients())
                .singleElement()
                .satisfies(recipient -> {
                    assertThat(recipient.recipient()).isEqualTo("zhao@163.example");
                    assertThat(recipient.reason()).isEqualTo(BounceReason.MAILBOX_FULL);
                    assertThat(recipient.reply()).isEqualTo("552");
                });
    }

    @ParameterizedTest
    @CsvSource({
        "abuse, COMPLAINT, COMPLAINT",
        "fraud, COMPLAINT, COMPLAINT",
        "opt-out, OPT_OUT, UNSUBSCRIBED",
        "auth-failure, AUTH_FAILURE_REPORT, AUTH_FAILURE",
        "not-spam, NOT_SPAM, NOT_SPAM",
    })
    void the_type_of_a_feedback_report_decides(String type, ReportKind kind, BounceClass bounceClass) {
        MailReport report = decode("""
                From: feedback@isp.example
                To: fbl@shop.example
                Subject: complaint
                Content-Type: multipart/report; report-type=feedback-report; boundary=a

                --a
                Content-Type: message/feedback-report

                Feedback-Type: %s
                User-Agent: Example/1.0
                Version: 1
                Original-Rcpt-To: <ann@example.com>

                --a--
                """.formatted(type));

        assertThat(report.kind()).isEqualTo(kind);
        assertThat(report.feedback()).contains(type);
        assertThat(report.recipients())
                .singleElement()
                .satisfies(recipient -> assertThat(recipient.bounceClass()).isEqualTo(bounceClass));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Auto-Submitted: auto-replied",
                "X-Autoreply: yes",
                "Precedence: auto_reply",
                "X-Auto-Response-Suppress: All\nIn-Reply-To: <1@shop.example>",
            })
    void F_610_an_automatic_reply_is_no_failure_whatever_its_words(String field) {
        MailReport report = decode("Return-Path: <>\nFrom: hugo@firma.example\nTo: news@shop.example\n" + field
                + "\nSubject: Undeliverable? Hugo has left\n\nThis mailbox is no longer monitored. User unknown.\n");

        assertThat(report.kind()).isEqualTo(ReportKind.AUTO_REPLY);
        assertThat(report.recipients()).noneMatch(RecipientReport::hard);
    }

    @Test
    void a_person_who_forwards_a_report_reports_nothing() {
        String report = status("Final-Recipient: rfc822; ann@example.com\nAction: failed\nStatus: 5.1.1\n");
        String mail = "From: Kay <kay@client.example>\nTo: news@shop.example\nSubject: Fwd: strange mail\n"
                + "Content-Type: multipart/mixed; boundary=out\n\n--out\nContent-Type: text/plain\n\nLook at this.\n--out\n"
                + "Content-Type: message/rfc822\n\n" + report + "\n--out--\n";

        assertThat(decode(mail).kind()).isEqualTo(ReportKind.NONE);
    }

    @Test
    void a_person_who_answers_a_report_reports_nothing() {
        assertThat(decode("""
                        From: Kay <kay@client.example>
                        To: news@shop.example
                        Subject: Re: Undelivered Mail Returned to Sender

                        > <ann@example.com>: 550 5.1.1 User unknown
                        Please take Ann off.
                        """).kind()).isEqualTo(ReportKind.NONE);
    }

    @Test
    void a_receipt_is_neither_failure_nor_proof_for_others() {
        MailReport report = decode("""
                From: lena@client.example
                To: news@shop.example
                Subject: Read: coupon
                Content-Type: multipart/report; report-type=disposition-notification; boundary=m

                --m
                Content-Type: text/plain

                Displayed.
                --m
                Content-Type: message/disposition-notification

                Final-Recipient: rfc822; lena@client.example
                Original-Message-ID: <1@shop.example>
                Disposition: manual-action/MDN-sent-manually; displayed

                --m--
                """);

        assertThat(report.kind()).isEqualTo(ReportKind.MDN);
        assertThat(report.recipients()).isEmpty();
        assertThat(report.traces().messageIds()).containsExactly("<1@shop.example>");
    }

    private static MailReport notified(String json) {
        return decode("From: AWS Notifications <no-reply@sns.amazonaws.com>\nTo: news@shop.example\n"
                + "Subject: AWS Notification Message\nx-amz-sns-message-id: 1\n\n" + json
                + "\n\n--\nIf you wish to stop\n");
    }

    @Test
    void a_notification_of_amazon_ses_by_mail_is_a_report() {
        MailReport report = notified("""
                {"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bounceSubType":"General","bouncedRecipients":[!
                 {"emailAddress":"ann@example.com","action":"failed","status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 User unknown"}]},
                "mail":{"commonHeaders":{"messageId":"<1@shop.example>"}}}""");

        assertThat(report.kind()).isEqualTo(ReportKind.FAILED);
        assertThat(report.traces().messageIds()).contains("<1@shop.example>");
        assertThat(report.recipients()).singleElement().satisfies(recipient -> {
            assertThat(recipient.recipient()).isEqualTo("ann@example.com");
            assertThat(recipient.reply()).isEqualTo("550");
            assertThat(recipient.hard()).isTrue();
        });
    }

    @Test
    void an_address_that_amazon_ses_did_not_try_is_not_given_up_for_it() {
        MailReport report = notified("""
                {"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bounceSubType":"OnAccountSuppressionList",
                "bouncedRecipients":[{"emailAddress":"ann@example.com"}]}}""");

        assertThat(report.recipients()).singleElement().satisfies(recipient -> {
            assertThat(recipient.reason()).isEqualTo(BounceReason.SUPPRESSED);
            assertThat(recipient.hard()).isFalse();
        });
        assertThat(notified("{\"notificationType\":\"Bounce\"").kind()).isEqualTo(ReportKind.NONE);
    }

    @Test
    void a_mail_to_the_unsubscribe_address_is_a_wish_to_leave() {
        assertThat(decode("From: pia@client.example\nTo: <unsubscribe+tok@shop.example>\nSubject: hello\n\n")
                        .kind())
                .isEqualTo(ReportKind.UNSUBSCRIBE_REQUEST);
        assertThat(decode("From: pia@client.example\nTo: <news@shop.example>\nSubject: unsubscribe:tok_8f3a\n\n")
                        .kind())
                .isEqualTo(ReportKind.UNSUBSCRIBE_REQUEST);
        assertThat(decode("From: pia@client.example\nTo: <news@shop.example>\nSubject: How do I unsubscribe?\n\n")
                        .kind())
                .isEqualTo(ReportKind.NONE);
    }

    @Test
    void a_status_is_never_invented() {
        assertThat(decode("""
                        From: MAILER-DAEMON@mx.example.com
                        To: news@shop.example
                        Subject: failure notice

                        <ann@example.com>:
                        Sorry, no mailbox here by that name.
                        """).recipients()).singleElement().satisfies(recipient -> {
            assertThat(recipient.status()).isEmpty();
            assertThat(recipient.reply()).isEmpty();
            assertThat(recipient.hard()).isTrue();
        });
    }

    @Test
    void own_rules_go_before_the_library_s(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("rules.txt");
        Files.writeString(file, "# ours\nsuspend host=.example.com : this box is gone\n");
        BounceDecoder own = BounceDecoder.standard().withRules(file);
        byte[] mail = status("Final-Recipient: rfc822; ann@mail.example.com\nAction: failed\nStatus: 5.1.1\n"
                        + "Diagnostic-Code: smtp; 550 This box is gone\n")
                .getBytes(StandardCharsets.UTF_8);

        assertThat(own.decode(mail).recipients().get(0).reason()).isEqualTo(BounceReason.SUSPEND);
        assertThat(BounceDecoder.standard().decode(mail).recipients().get(0).reason())
                .isEqualTo(BounceReason.USER_UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user-unknown no colon",
                "gone : this box is gone",
                "suspend status=9 : x y z",
                "suspend hosts=a : x y z"
            })
    void a_line_that_is_no_rule_is_named(String line, @TempDir Path directory) throws IOException {
        Path file = directory.resolve("rules.txt");
        Files.writeString(file, "# ours\n" + line + "\n");

        assertThatThrownBy(() -> BounceDecoder.standard().withRules(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rules.txt line 2");
    }

    @Test
    void nothing_of_a_person_shows_in_a_report_s_text() {
        MailReport report =
                decode(status("Final-Recipient: rfc822; ann.lee@example.com\nAction: failed\nStatus: 5.1.1\n"));

        assertThat(report + " " + report.recipients() + report.traces()).doesNotContain("ann.lee");
    }
}
