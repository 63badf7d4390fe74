package io.crmsdk.benchmarks.time;

import io.crmsdk.time.HybridClock;
import io.crmsdk.time.HybridTimestamp;
import io.crmsdk.time.TimeConvention;
import io.crmsdk.time.UtcClock;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The clock and the common time stamp beside what the JDK offers. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TimeBenchmark {
    private final UtcClock clock = UtcClock.system();
    private final HybridClock hybrid = HybridClock.of(clock, 1);
    private final TimeConvention rfc3339 = TimeConvention.of("rfc3339");
    private String text = "2024-06-11T08:30:00.123456Z";

    @Benchmark
    public Instant jdkNow() {
        return Instant.now();
    }

    @Benchmark
    public Instant clockInstant() {
        return clock.instant();
    }

    @Benchmark
    public HybridTimestamp hybridNow() {
        return hybrid.now();
    }

    @Benchmark
    public Instant jdkParse() {
        return Instant.parse(text);
    }

    @Benchmark
    public Instant conventionParse() {
        return rfc3339.parseInstant(text);
    }
}
