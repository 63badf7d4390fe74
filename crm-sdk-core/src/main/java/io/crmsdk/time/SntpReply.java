package io.crmsdk.time;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/** A time server's packet, RFC 5905 section 7.3, that passed every check that can be made on it alone. */
record SntpReply(Instant received, Instant transmitted, Duration rootDistance) {
    static final int LENGTH = 48;

    private static final int SERVER = 4;
    private static final int UNSYNCHRONISED = 3;
    private static final int LAST_STRATUM = 15;
    private static final Duration MOST_ROOT_DISTANCE = Duration.ofMillis(1500);
    private static final long SECONDS_1900_TO_1970 = 2_208_988_800L;
    private static final long ERA = 1L << 32;

    /** The request: version 4, client, and a random number that only the server's reply can repeat. */
    static byte[] request(long nonce) {
        return ByteBuffer.allocate(LENGTH).put((byte) 0x23).putLong(40, nonce).array();
    }

    /** A server that answers with an order instead of a time. */
    static final class KissOfDeath extends Exception {
        private static final long serialVersionUID = 1L;

        private final String order;

        KissOfDeath(String order) {
            super("kiss of death");
            this.order = order;
        }

        String order() {
            return order;
        }
    }

    /** Whether a packet repeats the number of our question. */
    static boolean repeats(byte[] packet, int length, long nonce) {
        return length >= LENGTH && ByteBuffer.wrap(packet).getLong(24) == nonce;
    }

    static SntpReply read(byte[] packet, int length, long nonce) throws KissOfDeath {
        if (length < LENGTH) {
            throw refused("it is shorter than " + LENGTH + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(packet, 0, length);
        if (in.getLong(24) != nonce) {
            throw refused("it answers no question of ours");
        }
        requireServer(packet);
        if (in.getLong(40) == 0) {
            throw refused("its transmit time is empty");
        }
        Duration distance = fixed(in.getInt(4)).dividedBy(2).plus(fixed(in.getInt(8)));
        if (distance.compareTo(MOST_ROOT_DISTANCE) >= 0) {
            throw refused("its root distance is " + distance.toMillis() + " ms");
        }
        return new SntpReply(instant(in.getLong(32)), instant(in.getLong(40)), distance);
    }

    private static void requireServer(byte[] packet) throws KissOfDeath {
        int mode = packet[0] & 7;
        int stratum = packet[1] & 0xff;
        if (mode != SERVER) {
            throw refused("its mode is " + mode);
        }
        if (stratum == 0) {
            throw new KissOfDeath(new String(packet, 12, 4, StandardCharsets.US_ASCII));
        }
        if (stratum > LAST_STRATUM || ((packet[0] >> 6) & 3) == UNSYNCHRONISED) {
            throw refused("it is not synchronised");
        }
    }

    /** Unsigned 16.16 seconds. */
    private static Duration fixed(int bits) {
        long unsigned = Integer.toUnsignedLong(bits);
        return Duration.ofSeconds(unsigned >>> 16, ((unsigned & 0xffff) * 1_000_000_000L) >>> 16);
    }

    /** 32.32 seconds since 1900, or since February 2036 if the first bit is not set (RFC 4330 section 3). */
    static Instant instant(long stamp) {
        long seconds = stamp >>> 32;
        long sinceEra = seconds >= ERA / 2 ? seconds : seconds + ERA;
        long nanos = BigInteger.valueOf(stamp & 0xffff_ffffL)
                .multiply(BigInteger.valueOf(1_000_000_000L))
                .shiftRight(32)
                .longValue();
        return Instant.ofEpochSecond(sinceEra - SECONDS_1900_TO_1970, nanos);
    }

    private static TimeException refused(String why) {
        return new TimeException(TimeError.PROBE_FAILED, "the time server's packet is not usable: " + why);
    }
}
