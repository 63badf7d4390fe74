package io.crmsdk.mail.bounce;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Reads what comes back for mail that was sent. It never fails, whatever the bytes are: what it cannot read is
 * {@link ReportKind#NONE}. What it reads is what the mail says; whether the mail is about something that was sent by this host at
 * all, is for {@link MailTraces} to tell.
 *
 * <p>Reports for programs (RFC 3464, 5965, 8098, 6533) go before words for people. Whether an address is given up is judged from
 * the server's words and codes by a file of patterns, which hosts can put their own before. Instances are immutable and may be
 * shared by threads.
 */
public final class BounceDecoder {
    private static final Standard STANDARD = new Standard();

    private final ReasonRules rules;
    private final RecipientJudge judge;

    private BounceDecoder(ReasonRules rules) {
        this.rules = rules;
        this.judge = new RecipientJudge(new ReasonFinder(rules));
    }

    /** Holds what is read once from the library's own file. */
    private static final class Standard {
        private final BounceDecoder decoder;

        private Standard() {
            try (InputStream file = BounceDecoder.class.getResourceAsStream("reasons.txt")) {
                BufferedReader reader = new BufferedReader(
                        new InputStreamReader(Objects.requireNonNull(file, "reasons.txt"), StandardCharsets.UTF_8));
                decoder = new BounceDecoder(ReasonRules.read(reader.lines().toList(), "reasons.txt"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Returns the decoder with the library's own patterns. */
    public static BounceDecoder standard() {
        return STANDARD.decoder;
    }

    /**
     * Returns a decoder that asks the rules of a file before those it has.
     *
     * <p>A line is {@code REASON [host=SUFFIX,…] [status=X.Y.Z] [reply=NNN] : phrase … phrase}, as {@code user-unknown
     * host=.example.com : this box is gone}; lines that begin with # are comments. Reasons are the words of {@link BounceReason}.
     *
     * @param file UTF-8
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if a line is no rule; the message names file, line and what was expected
     */
    public BounceDecoder withRules(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        return new BounceDecoder(
                ReasonRules.read(lines, String.valueOf(file.getFileName())).before(rules));
    }

    /**
     * Reads one mail.
     *
     * @param mail its bytes as they arrived, with any line ends; of more than 4 MiB only the beginning is read
     */
    public MailReport decode(byte[] mail) {
        MailReader.Read read = MailReader.read(mail);
        return new Decoding(read.mail(), read.cut(), judge).report();
    }
}
