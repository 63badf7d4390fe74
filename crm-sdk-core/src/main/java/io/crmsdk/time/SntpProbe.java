package io.crmsdk.time;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks one time server over UDP how far it is ahead of our clock (SNTP, RFC 4330 and RFC 5905). Nothing in the SDK uses it
 * unless the host does.
 *
 * <p>Four questions, of which the quickest answer counts. An answer counts only in mode 4, stratum 1 to 15, synchronised, with
 * our own random number repeated, a transmit time and a root distance below 1.5 s. A kiss of death is obeyed: after
 * {@code DENY} and {@code RSTR} this object never asks again, after any other not for an hour. Do not mix servers that smear
 * leap seconds with others. Thread-safe; one question at a time.
 */
public final class SntpProbe {
    private static final int QUESTIONS = 4;
    private static final long SILENT_NANOS = TimeUnit.HOURS.toNanos(1);

    private final InetSocketAddress server;
    private final UtcClock clock;
    private final Duration timeout;
    private final Duration spacing;
    private final SecureRandom random = new SecureRandom();
    private @Nullable String order;
    private long orderedAt;

    private SntpProbe(Builder builder) {
        this.server = builder.server;
        this.clock = builder.clock;
        this.timeout = builder.timeout;
        this.spacing = builder.spacing;
    }

    /**
     * A probe of one server.
     *
     * @param server host and port, usually 123
     * @param clock the clock to compare with
     */
    public static Builder builder(InetSocketAddress server, UtcClock clock) {
        return new Builder(server, clock);
    }

    private record Answer(SkewEstimate skew, Duration roundTrip) {}

    /**
     * Asks, and waits for at most four times the timeout and three times the spacing.
     *
     * @return the server's time minus our wall clock, bounded by half the round trip and the server's root distance; hand it
     *     to {@link UtcClock#checked}
     * @throws TimeException with {@link TimeError#PROBE_FAILED} if no answer could be used or the server told us to stop
     * @throws InterruptedException if the thread is interrupted between two questions
     */
    public synchronized SkewEstimate query() throws InterruptedException {
        requirePermission();
        Answer best = null;
        TimeException failure = null;
        for (int i = 0; i < QUESTIONS; i++) {
            if (i > 0) {
                TimeUnit.NANOSECONDS.sleep(spacing.toNanos());
            }
            try {
                Answer answer = ask();
                best = best == null || answer.roundTrip.compareTo(best.roundTrip) < 0 ? answer : best;
            } catch (SntpReply.KissOfDeath e) {
                throw obey(e);
            } catch (TimeException e) {
                failure = e;
            }
        }
        if (best == null) {
            throw failed("none of " + QUESTIONS + " questions was answered", failure);
        }
        return best.skew;
    }

    private void requirePermission() {
        String given = order;
        if (given == null) {
            return;
        }
        boolean forGood = given.equals("DENY") || given.equals("RSTR");
        if (forGood || clock.nanos() - orderedAt < SILENT_NANOS) {
            throw failed("the server said " + given + "; it is not asked", null);
        }
        order = null;
    }

    private TimeException obey(SntpReply.KissOfDeath kiss) {
        String given = kiss.order().replaceAll("[^A-Z0-9]", "?");
        order = given;
        orderedAt = clock.nanos();
        return failed("the server said " + given, kiss);
    }

    private Answer ask() throws SntpReply.KissOfDeath {
        long nonce = random.nextLong();
        byte[] question = SntpReply.request(nonce);
        byte[] answer = new byte[512];
        DatagramPacket packet = new DatagramPacket(answer, answer.length);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(server);
            Instant sent = clock.read().wall();
            long before = clock.nanos();
            socket.send(new DatagramPacket(question, question.length));
            int length = await(socket, packet, nonce, before);
            Duration took = Duration.ofNanos(clock.nanos() - before);
            return compare(SntpReply.read(answer, length, nonce), sent, took);
        } catch (SocketTimeoutException e) {
            throw failed("no answer within " + timeout.toMillis() + " ms", e);
        } catch (IOException e) {
            throw failed("the network refused", e);
        }
    }

    /** Packets that do not repeat our number are not from the server, whoever sent them. */
    private int await(DatagramSocket socket, DatagramPacket packet, long nonce, long since) throws IOException {
        while (true) {
            long left = timeout.toMillis() - TimeUnit.NANOSECONDS.toMillis(clock.nanos() - since);
            if (left <= 0) {
                throw new SocketTimeoutException();
            }
            socket.setSoTimeout((int) left);
            packet.setLength(packet.getData().length);
            socket.receive(packet);
            if (SntpReply.repeats(packet.getData(), packet.getLength(), nonce)) {
                return packet.getLength();
            }
        }
    }

    private static Answer compare(SntpReply reply, Instant sent, Duration took) {
        Duration atServer = Duration.between(reply.received(), reply.transmitted());
        Duration roundTrip = took.minus(atServer);
        if (atServer.isNegative() || roundTrip.isNegative()) {
            throw failed("its two times do not fit the round trip", null);
        }
        Duration there = Duration.between(sent, reply.received());
        Duration back = Duration.between(sent.plus(took), reply.transmitted());
        Duration offset = there.plus(back).dividedBy(2);
        Duration error = roundTrip.dividedBy(2).plus(reply.rootDistance());
        return new Answer(new SkewEstimate(offset.minus(error), offset.plus(error), 1), roundTrip);
    }

    private static TimeException failed(String why, @Nullable Exception cause) {
        return new TimeException(TimeError.PROBE_FAILED, "time server: " + why, cause);
    }

    /** Options of a {@link SntpProbe}. Not thread-safe. */
    public static final class Builder {
        private final InetSocketAddress server;
        private final UtcClock clock;
        private Duration timeout = Duration.ofSeconds(2);
        private Duration spacing = Duration.ofSeconds(2);

        private Builder(InetSocketAddress server, UtcClock clock) {
            this.server = Objects.requireNonNull(server, "server");
            this.clock = Objects.requireNonNull(clock, "clock");
        }

        /** How long to wait for each answer, 1 ms to a minute. Default: 2 s. */
        public Builder timeout(Duration each) {
            this.timeout = bounded(each, Duration.ofMillis(1));
            return this;
        }

        /** How long to wait between questions, up to a minute; public servers ask for 2 s. Default: 2 s. */
        public Builder spacing(Duration between) {
            this.spacing = bounded(between, Duration.ZERO);
            return this;
        }

        /** The probe. It has not asked yet. */
        public SntpProbe build() {
            return new SntpProbe(this);
        }

        private static Duration bounded(Duration given, Duration least) {
            if (given.compareTo(least) < 0 || given.compareTo(Duration.ofMinutes(1)) > 0) {
                throw new IllegalArgumentException("expected " + least + " to PT1M, got " + given);
            }
            return given;
        }
    }
}
