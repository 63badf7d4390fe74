package io.crmsdk.benchmarks.bounce;

import io.crmsdk.mail.bounce.BounceDecoder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What it costs to read mails that came back: whole, cut at a random byte, with a random bit flipped, and made to be costly. CPU
 * time of the reading thread, so that collectors and neighbours do not count.
 *
 * <p>Arguments: a folder of mails, how often each is cut and how often a bit of it is flipped. It ends with an error if any mail makes
 * the decoder throw.
 */
public final class DamagedMail {
    private static final int WARM_UP = 5;
    private static final int PARTS = 100_000;
    private static final long SEED = Long.getLong("seed", 20261127L);

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final BounceDecoder decoder = BounceDecoder.standard();

    private DamagedMail() {}

    /** Reads all and prints for each kind how many, the mean, and the longest times. */
    public static void main(String[] arguments) throws IOException {
        List<byte[]> mails = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of(arguments[0]))) {
            for (Path file : files.sorted().toList()) {
                mails.add(Files.readAllBytes(file));
            }
        }
        new DamagedMail().run(mails, Integer.parseInt(arguments[1]));
    }

    private void run(List<byte[]> mails, int damages) {
        for (int round = 0; round < WARM_UP; round++) {
            mails.forEach(this::nanos);
        }
        System.out.printf(Locale.ROOT, "%,d mails, seed %d, milliseconds of CPU%n", mails.size(), SEED);
        print("whole", mails.stream().mapToLong(this::nanos).toArray());
        Random random = new Random(SEED);
        long[] cut = new long[mails.size() * damages];
        long[] flipped = new long[cut.length];
        int at = 0;
        for (byte[] mail : mails) {
            for (int i = 0; i < damages; i++, at++) {
                cut[at] = nanos(Arrays.copyOf(mail, random.nextInt(mail.length + 1)));
                byte[] damaged = mail.clone();
                damaged[random.nextInt(mail.length)] ^= (byte) (1 << random.nextInt(8));
                flipped[at] = nanos(damaged);
            }
        }
        print("cut", cut);
        print("flipped", flipped);
        print("nested multiparts", costly(nested()));
        print("parts side by side", costly(sideBySide()));
        print("mails within mails", costly("Content-Type: message/rfc822\n\n".repeat(PARTS)));
        print("words for patterns to walk in circles", costly(circles()));
    }

    private long nanos(byte[] mail) {
        long from = threads.getCurrentThreadCpuTime();
        decoder.decode(mail);
        return threads.getCurrentThreadCpuTime() - from;
    }

    private long[] costly(String mail) {
        byte[] bytes = mail.getBytes(StandardCharsets.US_ASCII);
        long[] times = new long[WARM_UP];
        for (int i = 0; i < times.length; i++) {
            times[i] = nanos(bytes);
        }
        return times;
    }

    private static String nested() {
        StringBuilder mail = new StringBuilder("From: MAILER-DAEMON@mx.example.com\nSubject: failure notice\n");
        for (int i = 0; i < PARTS; i++) {
            mail.append("Content-Type: multipart/mixed; boundary=\"")
                    .append(i)
                    .append("\"\n\n--")
                    .append(i)
                    .append('\n');
        }
        return mail.toString();
    }

    private static String sideBySide() {
        return "From: MAILER-DAEMON@mx.example.com\nContent-Type: multipart/mixed; boundary=b\n\n"
                + "--b\n\nx\n".repeat(PARTS);
    }

    private static String circles() {
        String line =
                "the following recipients failed to reach to to to to following users addresses ".repeat(40) + "\n";
        return "From: MAILER-DAEMON@mx.example.com\nSubject: failure notice\n\nundelivered\n" + line.repeat(2_000);
    }

    private static void print(String what, long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        System.out.printf(
                Locale.ROOT,
                "%-40s %,9d read, mean %.2f, 99.9 %% within %.2f, longest %.2f%n",
                what,
                sorted.length,
                Arrays.stream(sorted).average().orElse(0) / 1e6,
                sorted[(int) Math.min(sorted.length - 1, sorted.length * 0.999)] / 1e6,
                sorted[sorted.length - 1] / 1e6);
    }
}
