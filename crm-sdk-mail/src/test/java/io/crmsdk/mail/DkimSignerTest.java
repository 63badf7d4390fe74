package io.crmsdk.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.crmsdk.time.TestClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.james.jdkim.DKIMVerifier;
import org.apache.james.jdkim.exceptions.FailException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signatures are believed by verifiers that others wrote, and only for the mail that was signed. */
final class DkimSignerTest {
    private static final KeyPair RSA = keys("RSA", 2048);
    private static final KeyPair ED25519 = keys("Ed25519", 255);

    private final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");

    private static KeyPair keys(String algorithm, int size) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(size);
            return generator.generateKeyPair();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] signed(KeyPair pair) {
        return Email.builder()
                .from("shop@shop.example", "商店 The Shop")
                .to("ann@example.com")
                .subject("  a  subject with   spaces and 中文  ")
                .text("line  with   spaces \t\n\n\n.\nend  \n\n\n")
                .html("<p>你好</p>")
                .header("X-Other", "not signed")
                .marketing("marketing", Unsubscribe.by(URI.create("https://shop.example/u/abc")))
                .clock(clock)
                .dkim(DkimSigner.of("shop.example", "s1", pair.getPrivate(), clock))
                .build()
                .toMessage("k")
                .content();
    }

    private static void verify(byte[] mail) throws Exception {
        String record = "v=DKIM1; k=rsa; p="
                + Base64.getEncoder().encodeToString(RSA.getPublic().getEncoded());
        assertThat(new DKIMVerifier((method, selector, token) -> List.of(record))
                        .verify(new ByteArrayInputStream(mail)))
                .hasSize(1);
    }

    @Test
    void a_stranger_believes_the_signature() throws Exception {
        byte[] mail = signed(RSA);

        verify(mail);
        assertThat(new String(mail, StandardCharsets.US_ASCII))
                .startsWith(
                        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=shop.example;\r\n s=s1; t=1772352000;")
                .containsPattern("(?s)h=[^;]*List-Unsubscribe-Post:\\s*List-Unsubscribe-Post");
    }

    @Test
    void white_space_that_servers_change_does_not_break_it() throws Exception {
        String mail = new String(signed(RSA), StandardCharsets.ISO_8859_1);

        verify((mail.replace("Subject: ", "SUBJECT:   ") + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void any_change_that_matters_breaks_it() {
        String mail = new String(signed(RSA), StandardCharsets.ISO_8859_1);

        for (String changed : List.of(
                mail.replace("/u/abc", "/u/abd"),
                mail.replace("List-Unsubscribe=One-Click", "List-Unsubscribe=Two-Click"),
                "List-Unsubscribe: <https://evil.example/>\r\n" + mail,
                "Subject: another\r\n" + mail,
                "Reply-To: evil@x.test\r\n" + mail,
                mail.replace("text/html", "text/plain"),
                mail + "more\r\n")) {
            assertThatThrownBy(() -> verify(changed.getBytes(StandardCharsets.ISO_8859_1)))
                    .isInstanceOf(FailException.class);
        }
    }

    @Test
    void a_mail_without_body_or_sender_is_judged_rightly() {
        DkimSigner signer = DkimSigner.of("shop.example", "s1", RSA.getPrivate(), clock);

        // RFC 6376 §3.4.4: an empty body is empty after canonicalization, and this is its digest.
        assertThat(new String(
                        signer.sign("From: a@shop.example\r\n\r\n\r\n".getBytes(StandardCharsets.US_ASCII)),
                        StandardCharsets.US_ASCII))
                .contains("bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;");
        assertThatThrownBy(() -> signer.sign("To: a@shop.example\r\n\r\nx".getBytes(StandardCharsets.US_ASCII)))
                .hasMessageStartingWith("DKIM_FAILED");
    }

    @Test
    void a_key_is_read_from_pem_and_shown_nowhere() {
        String pem = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(ED25519.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";

        assertThat(DkimSigner.pem("shop.example", "s2", pem).toString())
                .contains("shop.example")
                .doesNotContain("PRIVATE");
        assertThatThrownBy(() -> DkimSigner.pem("shop.example", "s2", "secret-junk!"))
                .hasMessageStartingWith("DKIM_KEY")
                .hasMessageNotContaining("secret-junk");
        assertThatThrownBy(() -> DkimSigner.of("bad domain", "s", RSA.getPrivate()))
                .hasMessageStartingWith("DKIM_DOMAIN");
    }

    /** By the dkim library of Python (Debian: python3-dkim with python3-nacl). */
    @Test
    @Tag("slow")
    void a_second_stranger_believes_both_kinds(@TempDir Path dir) throws Exception {
        Path script = dir.resolve("verify.py");
        Files.writeString(
                script,
                "import sys, dkim\n"
                        + "record = sys.argv[2].encode()\n"
                        + "ok = dkim.verify(open(sys.argv[1], 'rb').read(), dnsfunc=lambda name, timeout=5: record)\n"
                        + "print('pass' if ok else 'fail')\n");
        assumeTrue(python(dir, "-c", "import dkim, nacl").isEmpty(), "python3 with dkim and nacl is not at hand");
        byte[] ed = ED25519.getPublic().getEncoded();
        byte[] raw = Arrays.copyOfRange(ed, ed.length - 32, ed.length);

        Files.write(dir.resolve("rsa.eml"), signed(RSA));
        Files.write(dir.resolve("ed.eml"), signed(ED25519));
        String rsaKey = Base64.getEncoder().encodeToString(RSA.getPublic().getEncoded());
        assertThat(python(dir, "verify.py", "rsa.eml", "v=DKIM1; k=rsa; p=" + rsaKey))
                .isEqualTo("pass");
        assertThat(python(
                        dir,
                        "verify.py",
                        "ed.eml",
                        "v=DKIM1; k=ed25519; p=" + Base64.getEncoder().encodeToString(raw)))
                .isEqualTo("pass");
    }

    private static String python(Path dir, String... arguments) throws Exception {
        // The system's own knows the libraries of the system's packages; another one may come first in the path.
        Path system = Path.of("/usr/bin/python3");
        List<String> command = new ArrayList<>(List.of(system.toFile().canExecute() ? system.toString() : "python3"));
        command.addAll(List.of(arguments));
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .directory(dir.toFile())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            return "no python3";
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return output.strip();
    }
}
