package io.crmsdk.mail.bounce;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reports of many programs and languages that are in no corpus: what the decoder makes of a manner, not of a sample. */
class BounceFamiliesTest {
    record Sample(String name, String kind, String recipient, String status, String hard, String mail) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Sample> samples() throws IOException {
        List<Sample> samples = new ArrayList<>();
        try (InputStream in = BounceFamiliesTest.class.getResourceAsStream("families.txt")) {
            String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String each : all.split("(?m)^=== ")) {
                if (each.startsWith("#")) {
                    continue;
                }
                int line = each.indexOf('\n');
                List<String> head = Arrays.stream(each.substring(0, line).split("\\|", -1))
                        .map(String::strip)
                        .toList();
                samples.add(new Sample(
                        head.get(0), head.get(1), head.get(2), head.get(3), head.get(4), each.substring(line + 1)));
            }
        }
        return samples.stream();
    }

    private static MailReport decode(String mail) {
        return BounceDecoder.standard().decode(mail.getBytes(StandardCharsets.UTF_8));
    }

    private static String inUtf8(String mail) {
        return mail.replaceFirst(
                "\n\n",
                "\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n");
    }

    @ParameterizedTest
    @MethodSource("samples")
    void a_report_is_read_whoever_wrote_it(Sample sample) {
        MailReport report = decode(inUtf8(sample.mail()));

        check(sample, report);
    }

    /** With the line ends of the net, and quoted by a server on the way. */
    @ParameterizedTest
    @MethodSource("samples")
    void a_report_is_read_whatever_its_line_ends(Sample sample) {
        check(sample, decode(inUtf8(sample.mail()).replace("\n", "\r\n")));
        check(sample, decode(inUtf8(sample.mail()).replace("\n", "\r")));
    }

    private static void check(Sample sample, MailReport report) {
        assertThat(report.kind().word()).isEqualTo(sample.kind());
        if (sample.recipient().isEmpty()) {
            return;
        }
        assertThat(report.recipients()).extracting(RecipientReport::recipient).containsExactly(sample.recipient());
        RecipientReport first = report.recipients().get(0);
        if (!sample.status().isEmpty()) {
            assertThat(first.status()).isEqualTo(sample.status());
        }
        if (!sample.hard().isEmpty()) {
            assertThat(String.valueOf(first.hard())).isEqualTo(sample.hard());
        }
    }
}
