package io.crmsdk.mail.smtp;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The bytes of one TCP connection, with an end to every wait.
 *
 * <p>It can do what a stream socket cannot: limit a write, see without waiting that the peer has spoken or gone, count what
 * was really given to the kernel, and survive an interrupt while an answer is owed. Used by one thread at a time.
 */
final class Wire implements AutoCloseable {
    /** How long an interrupted thread still waits for an answer that is owed; a stopping pool waits a second. */
    private static final long GRACE_NANOS = Duration.ofMillis(500).toNanos();

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final ByteBuffer in = ByteBuffer.allocateDirect(16 * 1024).flip();
    private final ByteBuffer out = ByteBuffer.allocateDirect(32 * 1024);
    private String step = "connect";
    private long deadline;
    private long sent;
    private boolean ended;
    private boolean owed;
    private boolean interrupted;

    private Wire(SocketChannel channel, Selector selector) throws IOException {
        this.channel = channel;
        this.selector = selector;
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        this.key = channel.register(selector, 0);
    }

    /** Connects, waiting at most until the limit. */
    static Wire connect(InetSocketAddress address, Duration limit) throws IOException {
        Selector selector = Selector.open();
        SocketChannel channel = null;
        try {
            channel = SocketChannel.open();
            Wire wire = new Wire(channel, selector);
            wire.limit("connect", System.nanoTime() + limit.toNanos());
            if (!channel.connect(address)) {
                do {
                    wire.await(SelectionKey.OP_CONNECT);
                } while (!channel.finishConnect());
            }
            return wire;
        } catch (IOException | RuntimeException e) {
            if (channel != null) {
                channel.close();
            }
            selector.close();
            throw e;
        }
    }

    /** Sets the end of all waits from here on, by {@link System#nanoTime()}. */
    void limit(String step, long deadlineNanos) {
        this.step = step;
        this.deadline = deadlineNanos;
    }

    /** From here on an answer is owed: an interrupt shortens the wait and is kept instead of breaking it off. */
    void beginOwing() {
        owed = true;
    }

    /** The answer came or never will; an interrupt that was kept is set again. */
    void endOwing() {
        owed = false;
        if (interrupted) {
            interrupted = false;
            Thread.currentThread().interrupt();
        }
    }

    InetSocketAddress local() throws IOException {
        return (InetSocketAddress) channel.getLocalAddress();
    }

    InetSocketAddress remote() throws IOException {
        return (InetSocketAddress) channel.getRemoteAddress();
    }

    /** How many bytes the kernel took. */
    long sent() {
        return sent;
    }

    /** As {@link java.io.InputStream#read(byte[], int, int)}. */
    int read(byte[] target, int offset, int length) throws IOException {
        while (!in.hasRemaining()) {
            if (ended) {
                return -1;
            }
            if (!fill()) {
                await(SelectionKey.OP_READ);
            }
        }
        int count = Math.min(length, in.remaining());
        in.get(target, offset, count);
        return count;
    }

    /** Forgets what was received and not read. */
    void discardInput() {
        in.clear().flip();
    }

    /** Sees without waiting whether the peer has sent something or closed its side. */
    boolean hasNews() throws IOException {
        return in.hasRemaining() || ended || fill();
    }

    /** True if the peer closed its side and everything it sent was read. */
    boolean isEnded() {
        return ended && !in.hasRemaining();
    }

    private boolean fill() throws IOException {
        in.clear();
        int count;
        try {
            count = channel.read(in);
        } finally {
            in.flip();
        }
        ended |= count < 0;
        return count != 0;
    }

    /** Keeps bytes for {@link #flush}, or sends them when there are many. */
    void write(byte[] source, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            if (!out.hasRemaining()) {
                flush();
            }
            int count = Math.min(length - done, out.remaining());
            out.put(source, offset + done, count);
            done += count;
        }
    }

    /** Gives everything to the kernel. */
    void flush() throws IOException {
        out.flip();
        try {
            while (out.hasRemaining()) {
                int count = channel.write(out);
                sent += count;
                if (count == 0) {
                    await(SelectionKey.OP_WRITE);
                }
            }
        } finally {
            out.clear();
        }
    }

    private void await(int operation) throws IOException {
        if (key.interestOps() != operation) {
            key.interestOps(operation);
        }
        while (true) {
            heedInterrupt();
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new SocketTimeoutException("no progress in time at " + step);
            }
            selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left + 999_999)));
            selector.selectedKeys().clear();
            if (key.isValid() && (key.readyOps() & operation) != 0) {
                return;
            }
        }
    }

    private void heedInterrupt() throws InterruptedIOException {
        if (!Thread.currentThread().isInterrupted()) {
            return;
        }
        if (!owed) {
            throw new InterruptedIOException("interrupted at " + step);
        }
        boolean cleared = Thread.interrupted();
        interrupted |= cleared;
        deadline = Math.min(deadline, System.nanoTime() + GRACE_NANOS);
    }

    @Override
    public void close() {
        try (selector) {
            channel.close();
        } catch (IOException e) {
            // The descriptor is gone either way, and nobody waits for anything from it.
        }
    }
}
