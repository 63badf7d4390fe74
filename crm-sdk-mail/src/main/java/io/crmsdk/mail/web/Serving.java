package io.crmsdk.mail.web;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds what comes by any server to an endpoint's limits, before it is asked: method, length of target and body, time.
 *
 * <p>Thread-safe. The one thread that watches the time ends when nothing is read for a while.
 */
final class Serving {
    /** Longer targets are nobody's link; the longest of ours are far below. */
    private static final int MAX_TARGET = 8_192;

    private static final Logger LOG = LoggerFactory.getLogger(Serving.class);

    private final WebEndpoint endpoint;
    private final Duration limit;
    private final ScheduledThreadPoolExecutor alarms;

    Serving(WebEndpoint endpoint, Duration limit) {
        if (limit.isNegative() || limit.isZero() || limit.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("body limit: expected more than zero and at most an hour, got " + limit);
        }
        this.endpoint = endpoint;
        this.limit = limit;
        alarms = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "crm-sdk-web-alarm");
            thread.setDaemon(true);
            return thread;
        });
        alarms.setKeepAliveTime(10, TimeUnit.SECONDS);
        alarms.allowCoreThreadTimeOut(true);
        alarms.setRemoveOnCancelPolicy(true);
    }

    /** A request before its body is read. */
    record Call(
            String method,
            String target,
            Map<String, List<String>> headers,
            long declaredLength,
            InputStream body,
            @Nullable String remote) {}

    /**
     * The answer to a call.
     *
     * @throws IOException if the body cannot be read to its end; then nobody is there to be answered
     */
    WebReply answer(Call call) throws IOException {
        Set<String> methods = new TreeSet<>(endpoint.methods());
        methods.add("OPTIONS");
        if (call.method().equals("OPTIONS")) {
            return new WebReply(204, Map.of("Allow", String.join(", ", methods)), new byte[0]);
        }
        if (!methods.contains(call.method())) {
            return WebReply.plain(405, "method not allowed", Map.of("Allow", String.join(", ", methods)));
        }
        if (call.target().length() > MAX_TARGET) {
            return WebReply.plain(414, "URL too long", Map.of());
        }
        if (call.declaredLength() > endpoint.maxBody()) {
            return tooLarge();
        }
        byte[] body = body(call.body());
        if (body == null) {
            return WebReply.plain(408, "the request took too long", Map.of("Connection", "close"));
        }
        return body.length > endpoint.maxBody() ? tooLarge() : answer(call, body);
    }

    private static WebReply tooLarge() {
        return WebReply.plain(413, "request body too large", Map.of("Connection", "close"));
    }

    private WebReply answer(Call call, byte[] body) {
        try {
            return endpoint.answer(new WebRequest(call.method(), call.target(), call.headers(), body, call.remote()));
        } catch (RuntimeException e) {
            LOG.error("{} failed on a request; it was answered by 500", endpoint, e);
            return WebReply.plain(500, "internal error", Map.of());
        }
    }

    /** The body, one byte more than is allowed of a larger one; null if it did not come in time. */
    private byte @Nullable [] body(InputStream in) throws IOException {
        try {
            return within(limit, () -> in.readNBytes(endpoint.maxBody() + 1));
        } catch (TooLateException e) {
            return null;
        }
    }

    /** Something that waits for the other side. */
    @FunctionalInterface
    interface Wait<T extends @Nullable Object> {
        T run() throws IOException;
    }

    /** A wait that was ended by the limit. */
    static final class TooLateException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLateException(IOException ended) {
            super("the other side took too long", ended);
        }
    }

    /**
     * Ends a wait after a time; on most servers that closes the connection.
     *
     * @throws TooLateException if it was ended
     */
    <T extends @Nullable Object> T within(Duration most, Wait<T> wait) throws IOException {
        Watch watch = new Watch(Thread.currentThread());
        ScheduledFuture<?> alarm = alarms.schedule(watch::ring, most.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return wait.run();
        } catch (IOException e) {
            throw watch.end() ? new TooLateException(e) : e;
        } finally {
            watch.end();
            alarm.cancel(false);
        }
    }

    /** Interrupts a thread that waits too long, and never one that has gone on to something else. */
    private static final class Watch {
        private final Thread reader;
        private boolean over;
        private boolean rang;

        Watch(Thread reader) {
            this.reader = reader;
        }

        synchronized void ring() {
            if (!over) {
                rang = true;
                reader.interrupt();
            }
        }

        /** Ends the watch; whether it had rung. */
        synchronized boolean end() {
            if (!over && rang) {
                // The interrupt was for the waiting, which is over.
                Thread.interrupted();
            }
            over = true;
            return rang;
        }
    }
}
