package io.crmsdk.mail.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.http.RequestSigner;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Signatures of cloud requests against vectors that others made. */
class RequestSignersTest {
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final Instant AT = Instant.parse("2015-08-30T12:36:00Z");

    private static Map<String, String> aws(AccessKey key, String method, String path, String type, String body) {
        return new AwsSigner("us-east-1", "service", () -> key)
                .sign(new RequestSigner.Draft(
                        method,
                        URI.create("https://example.amazonaws.com" + path),
                        type == null ? Map.of("Accept", "*/*") : Map.of("Content-Type", type, "Accept", "*/*"),
                        body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8),
                        AT));
    }

    /** From Amazon's Signature Version 4 test suite, by the names of its cases. */
    @ParameterizedTest
    @CsvSource({
        "get-vanilla, GET, /, , , host;x-amz-date,"
                + " 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        "post-vanilla, POST, /, , , host;x-amz-date,"
                + " 5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
        "get-vanilla-query-order-key-case, GET, /?Param2=value2&Param1=value1, , , host;x-amz-date,"
                + " b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        "post-x-www-form-urlencoded, POST, /, application/x-www-form-urlencoded, Param1=value1,"
                + " content-type;host;x-amz-date, ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"
    })
    void amazons_own_cases_are_signed_alike(
            String name, String method, String path, String type, String body, String headers, String signature) {
        Map<String, String> added = aws(AccessKey.of("AKIDEXAMPLE", SECRET), method, path, type, body);

        assertThat(added)
                .as(name)
                .containsEntry("X-Amz-Date", "20150830T123600Z")
                .containsEntry(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders="
                                + headers + ", Signature=" + signature);
    }

    @Test
    void the_token_of_a_temporary_key_is_sent_and_signed() {
        Map<String, String> added = aws(new AccessKey("AKIDEXAMPLE", SECRET, "session-token"), "POST", "/", null, null);

        assertThat(added).containsEntry("X-Amz-Security-Token", "session-token");
        assertThat(added.get("Authorization")).contains("SignedHeaders=host;x-amz-date;x-amz-security-token");
    }

    @Test
    void alibabas_requests_are_signed_as_its_own_signer_does() {
        AliyunSigner signer = new AliyunSigner(
                () -> AccessKey.of("testAccessKeyId", "testAccessKeySecret"), () -> "3156853299f313e23d1673dc12e1703d");

        Map<String, String> added = signer.sign(new RequestSigner.Draft(
                "POST",
                URI.create("https://dm.aliyuncs.com/?ToAddress=a%2Bb%40example.com&AccountName="
                        + "notice%40mail.example.com&AddressType=1&ReplyToAddress=false&Subject="
                        + "%E6%B5%8B%E8%AF%95%20A%26B&TextBody=%E4%BD%A0%E5%A5%BD"),
                Map.of("x-acs-action", "SingleSendMail", "x-acs-version", "2015-11-23", "Accept", "application/json"),
                new byte[0],
                Instant.parse("2026-01-01T00:00:00Z")));

        assertThat(added)
                .containsEntry(
                        "Authorization",
                        "ACS3-HMAC-SHA256 Credential=testAccessKeyId,SignedHeaders=host;x-acs-action;"
                                + "x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature="
                                + "0ef2d484a19a14fd18c6572d7b519c47799e68ba47069089a69633a30857b58b");
    }

    @Test
    void no_secret_shows_in_any_text() {
        AccessKey key = new AccessKey("AKIDEXAMPLE", SECRET, "session-token");

        assertThat(key + " " + new AwsSigner("eu-west-1", "ses", () -> key) + new AliyunSigner(() -> key, () -> "n")
                        + new SesSend("eu-west-1", () -> key, null) + new AliyunSend(() -> key))
                .doesNotContain(SECRET)
                .doesNotContain("session-token");
    }
}
