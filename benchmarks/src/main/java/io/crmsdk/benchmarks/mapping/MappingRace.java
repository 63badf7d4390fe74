package io.crmsdk.benchmarks.mapping;

import com.sun.management.ThreadMXBean;
import io.crmsdk.mapping.MappedRecord;
import io.crmsdk.mapping.Mapping;
import io.crmsdk.model.Customer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * CPU time and allocation of one record of 40 fields, by the plan, by hand and by Jackson with MapStruct, in turns within one
 * JVM; every result is checked equal before the race. Argument: rounds (1,500 if not stated). Batches are
 * short and take turns, so that whatever else the machine does meets all alike; printed are the best round and the median of
 * the ratios to the first contestant within a round.
 */
public final class MappingRace {
    private static final int BATCH = 250;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @SuppressWarnings("UnusedVariable") // written so that no result is optimised away
    private static Object sink;

    private MappingRace() {}

    /** Runs the race. */
    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 1_500;
        Mapping mapping = Sample.mapping();
        byte[] json = Sample.BYTES;
        MappedRecord record = mapping.in(json);
        Customer customer = record.customer();
        ByHand.Result byHand = ByHand.read(json);
        require(record.findings().isEmpty(), "findings " + record.findings());
        require(byHand.customer().equals(customer), "by hand differs");
        require(byHand.consent().equals(record.consent()), "consent differs");
        require(
                text(ByHand.write(customer)).equals(text(mapping.out(customer).json())),
                "written differs\n" + text(ByHand.write(customer)) + "\n"
                        + text(mapping.out(customer).json()));
        Map<String, Callable<Object>> in = new LinkedHashMap<>();
        in.put("hand-written, streaming", () -> ByHand.read(json));
        in.put("mapping plan, streaming", () -> mapping.in(json));
        in.put("hand-written, names checked", () -> ByHand.readStrictly(json));
        Peers.add(in, json, byHand);
        Map<String, Callable<Object>> out = new LinkedHashMap<>();
        out.put("hand-written generator", () -> ByHand.write(customer));
        out.put("mapping plan, reverse", () -> mapping.out(customer).json());
        System.out.printf(
                Locale.ROOT, "%d bytes, %s, best of %d rounds of %d%n", json.length, Runtime.version(), rounds, BATCH);
        race(in, rounds);
        race(out, rounds);
        String file = Sample.file(200);
        double best = Double.MAX_VALUE;
        for (int i = 0; i < 200; i++) {
            long start = System.nanoTime();
            sink = Mapping.parse("big.yaml", file);
            best = Math.min(best, (System.nanoTime() - start) / 1e6);
        }
        System.out.printf(Locale.ROOT, "load of a mapping of 200 rules, warm: %.1f ms%n", best);
    }

    private static void race(Map<String, Callable<Object>> contestants, int rounds) throws Exception {
        List<String> names = List.copyOf(contestants.keySet());
        long[][] cpu = new long[names.size()][rounds];
        long[] bytes = new long[names.size()];
        for (int round = -rounds / 3; round < rounds; round++) {
            for (int i = 0; i < names.size(); i++) {
                Callable<Object> contestant = contestants.get(names.get(i));
                long allocated =
                        THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
                long start = THREADS.getCurrentThreadCpuTime();
                for (int n = 0; n < BATCH; n++) {
                    sink = contestant.call();
                }
                if (round >= 0) {
                    cpu[i][round] = (THREADS.getCurrentThreadCpuTime() - start) / BATCH;
                    bytes[i] = (THREADS.getThreadAllocatedBytes(
                                            Thread.currentThread().getId())
                                    - allocated)
                            / BATCH;
                }
            }
        }
        for (int i = 0; i < names.size(); i++) {
            double[] ratios = new double[rounds];
            for (int round = 0; round < rounds; round++) {
                ratios[round] = (double) cpu[i][round] / cpu[0][round];
            }
            Arrays.sort(ratios);
            long best = Arrays.stream(cpu[i]).min().orElseThrow();
            long first = Arrays.stream(cpu[0]).min().orElseThrow();
            System.out.printf(
                    Locale.ROOT,
                    "%-28s best %6d ns %5.2fx, median %5.2fx, %7d bytes %5.2fx%n",
                    names.get(i),
                    best,
                    (double) best / first,
                    ratios[rounds / 2],
                    bytes[i],
                    (double) bytes[i] / bytes[0]);
        }
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}
