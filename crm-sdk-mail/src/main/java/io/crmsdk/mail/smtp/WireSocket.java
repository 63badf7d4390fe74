package io.crmsdk.mail.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;

/** A {@link Wire} in the shape that the JDK's TLS can be laid upon. Closing it closes the wire. */
final class WireSocket extends Socket {
    private final Wire wire;
    private final InputStream input;
    private final OutputStream output;

    WireSocket(Wire wire) {
        this.wire = wire;
        this.input = new Input(wire);
        this.output = new Output(wire);
    }

    @Override
    public InputStream getInputStream() {
        return input;
    }

    @Override
    public OutputStream getOutputStream() {
        return output;
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isBound() {
        return true;
    }

    @Override
    public InetAddress getInetAddress() {
        return remote().getAddress();
    }

    @Override
    public int getPort() {
        return remote().getPort();
    }

    private InetSocketAddress remote() {
        try {
            return wire.remote();
        } catch (IOException e) {
            throw new IllegalStateException("the connection is closed", e);
        }
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return remote();
    }

    /** Waits are limited by the wire. */
    @Override
    public void setSoTimeout(int timeout) {}

    @Override
    public int getSoTimeout() {
        return 0;
    }

    @Override
    public int getSoLinger() {
        return -1;
    }

    @Override
    public void setTcpNoDelay(boolean on) {}

    /** TLS's half-close is not used: the whole connection ends at once. */
    @Override
    public void shutdownInput() {}

    @Override
    public void shutdownOutput() {}

    @Override
    public synchronized void close() throws IOException {
        super.close();
        wire.close();
    }

    /** Reads from the wire. */
    static final class Input extends InputStream {
        private final Wire wire;

        Input(Wire wire) {
            this.wire = wire;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return wire.read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return length == 0 ? 0 : wire.read(target, offset, length);
        }
    }

    /** Writes through to the wire: a TLS record goes out as it is written. */
    private static final class Output extends OutputStream {
        private final Wire wire;

        Output(Wire wire) {
            this.wire = wire;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            wire.write(source, offset, length);
            wire.flush();
        }
    }
}
