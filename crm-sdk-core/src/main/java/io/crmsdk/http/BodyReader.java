package io.crmsdk.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.jspecify.annotations.Nullable;

/** Reads a body to its end and not a byte beyond its limit, which is counted after inflation. */
final class BodyReader {
    private static final int CHUNK = 8192;

    private final int limit;

    BodyReader(int limit) {
        this.limit = limit;
    }

    byte[] read(@Nullable HttpEntity entity) throws IOException {
        if (entity == null) {
            return new byte[0];
        }
        if (entity.getContentLength() > limit) {
            throw tooLarge();
        }
        try {
            return drain(entity);
        } catch (ConnectionClosedException | MalformedChunkCodingException | EOFException e) {
            throw new BodyLimitException("HTTP_BODY_TRUNCATED", "the body ended before its declared end");
        } catch (ZipException e) {
            throw new BodyLimitException("HTTP_BODY_ENCODING", "the body is not compressed as declared");
        }
    }

    private byte[] drain(HttpEntity entity) throws IOException {
        InputStream wire = entity.getContent();
        if (wire == null) {
            return new byte[0];
        }
        InputStream plain = inflating(wire, entity.getContentEncoding());
        ByteArrayOutputStream body = new ByteArrayOutputStream(CHUNK);
        byte[] chunk = new byte[CHUNK];
        for (int n = plain.read(chunk); n >= 0; n = plain.read(chunk)) {
            if (body.size() + n > limit) {
                throw tooLarge();
            }
            body.write(chunk, 0, n);
        }
        requireNothingAfter(wire, plain);
        return body.toByteArray();
    }

    /** Compressed data has its own end; what the service sent after it would otherwise stay on the connection. */
    private static void requireNothingAfter(InputStream wire, InputStream plain) throws IOException {
        if (plain != wire && wire.read() >= 0) {
            throw new BodyLimitException("HTTP_BODY_ENCODING", "something follows the compressed body");
        }
    }

    private static InputStream inflating(InputStream wire, @Nullable String encoding) throws IOException {
        String name = encoding == null ? "" : encoding.strip().toLowerCase(Locale.ROOT);
        return switch (name) {
            case "", "identity" -> wire;
            case "gzip", "x-gzip" -> new GZIPInputStream(wire, CHUNK);
            case "deflate" -> new InflaterInputStream(wire);
            default -> throw new BodyLimitException("HTTP_BODY_ENCODING", "the body has an encoding nobody asked for");
        };
    }

    private BodyLimitException tooLarge() {
        return new BodyLimitException("HTTP_BODY_TOO_LARGE", "the body is larger than " + limit + " bytes");
    }
}
