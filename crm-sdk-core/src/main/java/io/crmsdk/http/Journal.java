package io.crmsdk.http;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the listener and the log of attempts. DEBUG has method, path, status and times, TRACE also headers and the shape of
 * JSON bodies, with every value masked that is not known to be harmless.
 */
final class Journal {
    private static final Logger LOG = LoggerFactory.getLogger(HttpGateway.class);
    private static final Set<String> HARMLESS = Set.of(
            "content-type",
            "content-length",
            "content-encoding",
            "date",
            "age",
            "retry-after",
            "etag",
            "server",
            "allow");

    private final HttpListener listener;
    private final JsonBody json;

    Journal(HttpListener listener, JsonBody json) {
        this.listener = listener;
        this.json = json;
    }

    void attempted(HttpCall call, int number, Exchange exchange, Duration took) {
        Optional<HttpAnswer> answer = answer(exchange);
        Optional<String> code = exchange instanceof Exchange.Lost lost ? Optional.of(lost.code()) : Optional.empty();
        byte[] body = call.body();
        HttpListener.Attempt attempt = new HttpListener.Attempt(
                call.method(),
                call.path().getRawPath(),
                number,
                answer.map(a -> OptionalInt.of(a.status())).orElse(OptionalInt.empty()),
                code,
                took,
                body == null ? 0 : body.length,
                answer.map(a -> a.body().length).orElse(0));
        tell(() -> listener.attempted(attempt));
        LOG.debug("{}", attempt);
        if (LOG.isTraceEnabled()) {
            trace(call, answer);
        }
    }

    void paused(Duration pause) {
        tell(() -> listener.paused(pause));
        LOG.debug("destination left alone for {}", pause);
    }

    private static Optional<HttpAnswer> answer(Exchange exchange) {
        return exchange instanceof Exchange.Reply reply
                ? Optional.of(reply.answer())
                : ((Exchange.Lost) exchange).head();
    }

    private void tell(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.warn("a listener of the gateway threw; the call goes on", e);
        }
    }

    private void trace(HttpCall call, Optional<HttpAnswer> answer) {
        byte[] body = call.body();
        LOG.trace(
                "request {} {}", call, body == null ? "" : shape(call.headers().get("Content-Type"), body));
        answer.ifPresent(a -> LOG.trace(
                "answer {} {} {}",
                a.status(),
                headers(a),
                shape(a.header("Content-Type").orElse(""), a.body())));
    }

    private static Map<String, String> headers(HttpAnswer answer) {
        Map<String, String> shown = new TreeMap<>();
        for (String name : answer.headerNames()) {
            shown.put(name, HARMLESS.contains(name.toLowerCase(Locale.ROOT)) ? first(answer, name) : "***");
        }
        return shown;
    }

    private static String first(HttpAnswer answer, String name) {
        return answer.header(name).orElse("");
    }

    private String shape(@Nullable String type, byte[] body) {
        boolean isJson = type != null && type.contains("json");
        return isJson && body.length > 0 ? json.masked(body) : body.length + " bytes";
    }
}
