package io.crmsdk.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmsdk.internal.Micros;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SntpProbeTest {
    private static final long SECONDS_1900_TO_1970 = 2_208_988_800L;

    @Test
    void a_server_ahead_is_measured_to_half_the_round_trip() throws Exception {
        try (Server server = new Server(Duration.ofSeconds(90), UnaryOperator.identity())) {
            SkewEstimate skew = probe(server).query();

            assertThat(Duration.ofSeconds(90)).isBetween(skew.atLeast(), skew.atMost());
            assertThat(skew.error()).isLessThan(Duration.ofSeconds(2));
            assertThat(server.asked.get()).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0x23, mode is 3",
        "0, 0xe4, not synchronised",
        "1, 16, not synchronised",
        "4, 0x04, root distance",
        "8, 0x02, root distance"
    })
    void an_unfit_packet_is_refused(int index, String value, String why) throws Exception {
        UnaryOperator<byte[]> damage = packet -> {
            packet[index + (index == 4 || index == 8 ? 1 : 0)] =
                    Integer.decode(value).byteValue();
            return packet;
        };
        try (Server server = new Server(Duration.ZERO, damage)) {
            assertThatThrownBy(() -> probe(server).query())
                    .hasMessageStartingWith("PROBE_FAILED")
                    .hasRootCauseMessage("PROBE_FAILED: the time server's packet is not usable: " + fullReason(why));
        }
    }

    private static String fullReason(String why) {
        return switch (why) {
            case "mode is 3" -> "its mode is 3";
            case "not synchronised" -> "it is not synchronised";
            default -> "its root distance is " + (why.equals("root distance") ? "2000 ms" : "");
        };
    }

    @Test
    void an_empty_transmit_time_is_refused() throws Exception {
        try (Server server = new Server(Duration.ZERO, packet -> {
            ByteBuffer.wrap(packet).putLong(40, 0);
            return packet;
        })) {
            assertThatThrownBy(() -> probe(server).query()).hasMessageStartingWith("PROBE_FAILED");
        }
    }

    @Test
    void an_answer_that_does_not_repeat_our_number_is_as_none() throws Exception {
        try (Server server = new Server(Duration.ZERO, packet -> {
            packet[24] ^= 1;
            return packet;
        })) {
            assertThatThrownBy(() -> probe(server).query())
                    .hasMessageStartingWith("PROBE_FAILED")
                    .hasMessageContaining("none of 4");
        }
    }

    @ParameterizedTest
    @CsvSource({"DENY, false", "RSTR, false", "RATE, true"})
    void a_kiss_of_death_is_obeyed(String order, boolean againAfterAnHour) throws Exception {
        try (Server server = new Server(Duration.ZERO, packet -> {
            packet[1] = 0;
            System.arraycopy(order.getBytes(), 0, packet, 12, 4);
            return packet;
        })) {
            TestClock clock = TestClock.at("2024-06-11T08:30:00Z");
            SntpProbe probe = builder(server, clock).build();

            assertThatThrownBy(probe::query).hasMessageContaining(order);
            assertThatThrownBy(probe::query).hasMessageContaining("not asked");
            clock.advance(Duration.ofMinutes(59));
            assertThatThrownBy(probe::query).hasMessageContaining("not asked");
            int asked = server.asked.get();
            clock.advance(Duration.ofMinutes(2));
            assertThatThrownBy(probe::query).hasMessageContaining(order);

            assertThat(asked).isEqualTo(1);
            assertThat(server.asked.get()).isEqualTo(againAfterAnHour ? 2 : 1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0x83AA7E8000000000, 1970-01-01T00:00:00Z",
        "0xEA12898880000000, 2024-06-11T08:30:00.500Z",
        "0x0000000000000000, 2036-02-07T06:28:16Z",
        "0x8000000000000000, 1968-01-20T03:14:08Z"
    })
    void stamps_of_both_eras_are_read(String hex, Instant expected) {
        assertThat(SntpReply.instant(Long.parseUnsignedLong(hex.substring(2), 16)))
                .isEqualTo(expected);
    }

    private static SntpProbe probe(Server server) {
        return builder(server, HostClock.builder().build()).build();
    }

    private static SntpProbe.Builder builder(Server server, UtcClock clock) {
        return SntpProbe.builder(server.address(), clock).spacing(Duration.ZERO).timeout(Duration.ofMillis(800));
    }

    /** A time server on loopback whose packets can be damaged. */
    private static final class Server implements AutoCloseable {
        private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        private final AtomicInteger asked = new AtomicInteger();
        private final Duration ahead;
        private final UnaryOperator<byte[]> damage;
        private final Thread thread = new Thread(this::serve, "sntp-server");

        Server(Duration ahead, UnaryOperator<byte[]> damage) throws IOException {
            this.ahead = ahead;
            this.damage = damage;
            thread.setDaemon(true);
            thread.start();
        }

        InetSocketAddress address() {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }

        private void serve() {
            byte[] in = new byte[512];
            DatagramPacket packet = new DatagramPacket(in, in.length);
            try {
                while (!socket.isClosed()) {
                    packet.setLength(in.length);
                    socket.receive(packet);
                    asked.incrementAndGet();
                    byte[] out = damage.apply(answer(ByteBuffer.wrap(in).getLong(40)));
                    socket.send(new DatagramPacket(out, out.length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        }

        private byte[] answer(long nonce) {
            long now = stamp(Micros.instant(new SystemTimeSource().wallMicros()).plus(ahead));
            return ByteBuffer.allocate(48)
                    .put((byte) 0x24)
                    .put((byte) 2)
                    .putLong(24, nonce)
                    .putLong(32, now)
                    .putLong(40, now)
                    .array();
        }

        private static long stamp(Instant instant) {
            long fraction = ((long) instant.getNano() << 32) / 1_000_000_000L;
            return (instant.getEpochSecond() + SECONDS_1900_TO_1970) << 32 | fraction;
        }

        @Override
        public void close() throws InterruptedException {
            socket.close();
            thread.join(5_000);
        }
    }
}
