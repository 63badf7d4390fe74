package io.crmsdk.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmsdk.CrmException;
import io.crmsdk.delivery.WorkerOptions;
import io.crmsdk.http.HttpGateway;
import io.crmsdk.identity.MatchRules;
import io.crmsdk.mail.smtp.SmtpChannel;
import io.crmsdk.mail.unsubscribe.UnsubscribeLinks;
import io.crmsdk.mapping.Mapping;
import io.crmsdk.store.Store;
import io.crmsdk.time.TimeConvention;
import java.net.URI;
import java.time.Duration;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Settings that are missing, misspelt, of a wrong kind or that contradict each other: nothing starts, and the reader is told. */
class SettingsTest {
    private static Arguments refused(String code, String words, ThrowingCallable start) {
        return Arguments.of(code, words, start);
    }

    static Stream<Arguments> settings() {
        return Stream.of(
                refused("STORE_URL", "expected sqlite:FILE, h2:FILE", () -> Store.open("sqllite:crm.db")),
                refused("STORE_URL", "expected a file after sqlite", () -> Store.open("sqlite:")),
                refused("STORE_URL", "jdbc:postgresql", () -> Store.open("jdbc:oracle:thin:@db")),
                refused("SMTP_URL", "tls=none or tls=required", () -> SmtpChannel.builder("smtp://mail:587?tls=non")),
                refused("SMTP_URL", "contradict", () -> SmtpChannel.builder("smtps://mail?tls=none")),
                refused("SMTP_URL", "1 to 65535", () -> SmtpChannel.builder("smtp://mail:70000")),
                refused("SMTP_URL", "expected smtp://", () -> SmtpChannel.builder("mail.example.com")),
                refused(
                        "HTTP_NOT_ENCRYPTED",
                        "not encrypted",
                        () -> HttpGateway.builder(URI.create("http://erp.example.com"))
                                .build()),
                refused(
                        "IDENTITY_RULES",
                        "did you mean review.score?",
                        () -> MatchRules.parse("rules", "reveiw.score = 3\n")),
                refused("IDENTITY_RULES", "line 2", () -> MatchRules.parse("rules", "# ours\nlink.score = many\n")),
                refused(
                        "IDENTITY_RULES",
                        "link.score",
                        () -> MatchRules.parse("rules", "link.score = 1\nreview.score = 5\n")),
                refused("UNKNOWN_PATH", "did you mean displayName?", () -> Mapping.parse("m.yaml", """
                        mapping: t
                        system: acme
                        object: Contact
                        constants: {kind: PERSON}
                        vendor: {fields: {A: text}}
                        rules: [{from: A, to: displyName}]
                        """)),
                refused("EMPTY_MAPPING", "did you mean rules?", () -> Mapping.parse("m.yaml", """
                        mapping: t
                        system: acme
                        object: Contact
                        constants: {kind: PERSON}
                        vendor: {fields: {A: text}}
                        ruls: [{from: A, to: displayName}]
                        """)));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void F_905_a_setting_that_cannot_be_meant_is_refused_by_code_with_what_was_expected(
            String code, String words, ThrowingCallable start) {
        assertThatThrownBy(start)
                .isInstanceOfSatisfying(
                        CrmException.class,
                        refused -> assertThat(refused.code()).isEqualTo(code))
                .hasMessageContaining(words);
    }

    @Test
    void F_905_a_number_out_of_its_range_is_refused_where_it_is_said() {
        assertThatThrownBy(() -> WorkerOptions.builder().threads(0)).hasMessageContaining("threads: expected 1 to");
        assertThatThrownBy(() -> WorkerOptions.builder().lease(Duration.ZERO))
                .hasMessageContaining("lease: expected at least");
        assertThatThrownBy(() -> TimeConvention.of("local")).hasMessageContaining("zone");
        assertThatThrownBy(() -> TimeConvention.of("local;zone=Asia/Shanghia")).hasMessageContaining("zone");
    }

    @Test
    void F_905_what_safety_needs_has_no_silent_default() {
        assertThatThrownBy(() -> UnsubscribeLinks.builder(URI.create("https://shop.example/u"))
                        .build())
                .hasMessageContaining("key");
        assertThatThrownBy(() -> UnsubscribeLinks.builder(URI.create("http://shop.example/u"))
                        .key("k1", new byte[32])
                        .build())
                .hasMessageContaining("https");
    }
}
