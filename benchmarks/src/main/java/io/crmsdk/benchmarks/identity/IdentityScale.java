package io.crmsdk.benchmarks.identity;

import io.crmsdk.identity.Evidence;
import io.crmsdk.identity.MatchRules;
import io.crmsdk.identity.Resolution;
import io.crmsdk.identity.Resolver;
import io.crmsdk.model.CustomerKind;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Locale;
import java.util.Random;

/**
 * How long a whole table of invented customers takes to resolve in memory, and how much memory: customers with one to three
 * records, half with a shared address, a tenth with a slip in the name. Arguments: records, rounds.
 */
public final class IdentityScale {
    private static final String[] SYLLABLES = {
        "ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va", "we", "xi",
        "yo", "zu"
    };

    private IdentityScale() {}

    /** Runs it and prints CPU seconds, peak heap and what was found. */
    public static void main(String[] arguments) {
        int records = Integer.parseInt(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        for (int round = 1; round <= rounds; round++) {
            run(records, round);
        }
    }

    private static void run(int records, int round) {
        Random random = new Random(round);
        Resolver resolver = Resolver.of(MatchRules.defaults());
        int[] truth = new int[records];
        long start = cpuNanos();
        int person = 0;
        for (int i = 0; i < records; person++) {
            for (int copies = 1 + random.nextInt(3); copies > 0 && i < records; copies--) {
                truth[i] = person;
                resolver.add(Integer.toString(i), "", record(person, random));
                i++;
            }
        }
        long loaded = cpuNanos();
        Resolution resolution = resolver.resolve();
        long done = cpuNanos();
        long[] right = linked(resolution.customerNumbers(), truth);
        System.out.printf(
                Locale.ROOT,
                "round %d: %,d records, evidence %.1f CPU s, resolving %.1f CPU s, peak heap %,d MiB, %,d customers (%,d people), linked"
                        + " neighbours right %,d wrong %,d%n",
                round,
                records,
                (loaded - start) / 1e9,
                (done - loaded) / 1e9,
                peakMiB(),
                resolution.customers(),
                person,
                right[0],
                right[1]);
    }

    private static Evidence record(int person, Random random) {
        Random own = new Random(person * 31L + 7);
        String name = word(own, 2) + " " + word(own, 3);
        String phone = "+4477" + String.format(Locale.ROOT, "%08d", person);
        String mail = "u" + person + "@m" + person % 50_000 + ".example";
        Evidence.Builder to = Evidence.builder(CustomerKind.PERSON)
                .name(random.nextInt(10) == 0 ? name.substring(0, 3) + name.charAt(2) + name.substring(3) : name)
                .company("Firm " + word(own, 3) + " " + own.nextInt(200_000))
                .email(mail, true)
                .city("City" + own.nextInt(500))
                .postcode(String.valueOf(own.nextInt(90_000)));
        return random.nextBoolean() ? to.phone(phone, true, null).build() : to.build();
    }

    private static String word(Random random, int syllables) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < syllables; i++) {
            word.append(SYLLABLES[random.nextInt(SYLLABLES.length)]);
        }
        return word.toString();
    }

    private static long[] linked(int[] customer, int[] truth) {
        long right = 0;
        long wrong = 0;
        for (int i = 0; i < customer.length; i++) {
            if (customer[i] != i) {
                right += truth[i] == truth[customer[i]] ? 1 : 0;
                wrong += truth[i] == truth[customer[i]] ? 0 : 1;
            }
        }
        return new long[] {right, wrong};
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static long peakMiB() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        long peak = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            peak += pool.getType() == MemoryType.HEAP ? pool.getPeakUsage().getUsed() : 0;
        }
        return Math.max(peak, memory.getHeapMemoryUsage().getUsed()) >> 20;
    }
}
