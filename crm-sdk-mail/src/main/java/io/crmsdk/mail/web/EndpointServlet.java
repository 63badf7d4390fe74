package io.crmsdk.mail.web;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * An endpoint for a servlet container (Jakarta Servlet 6.0 and newer), to be mapped to {@code /u/*} or the like.
 *
 * <p>Needs {@code jakarta.servlet-api} from the container; nothing else here does. The body must not have been read before: a
 * filter that asks for a parameter of a form takes it away, and a webhook's signature is over its very bytes. Records the
 * address that the container states. Thread-safe.
 */
public final class EndpointServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Serving serving;

    /** A servlet that waits {@link JdkHandler#DEFAULT_LIMIT} for a body. */
    public EndpointServlet(WebEndpoint endpoint) {
        this(endpoint, JdkHandler.DEFAULT_LIMIT);
    }

    /**
     * A servlet for one endpoint.
     *
     * @param limit how long a whole body may take; the container's own limit between two bytes counts beside it
     * @throws IllegalArgumentException if the limit is not positive or longer than an hour
     */
    public EndpointServlet(WebEndpoint endpoint, Duration limit) {
        serving = new Serving(Objects.requireNonNull(endpoint, "endpoint"), limit);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        WebReply reply = serving.answer(new Serving.Call(
                request.getMethod(),
                target(request),
                headers(request),
                request.getContentLengthLong(),
                request.getInputStream(),
                request.getRemoteAddr()));
        response.setStatus(reply.status());
        reply.headers().forEach(response::setHeader);
        byte[] body = reply.body();
        if (body.length > 0 && !request.getMethod().equals("HEAD")) {
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
        }
    }

    private static String target(HttpServletRequest request) {
        String query = request.getQueryString();
        return query == null ? request.getRequestURI() : request.getRequestURI() + "?" + query;
    }

    private static Map<String, List<String>> headers(HttpServletRequest request) {
        Map<String, List<String>> headers = new TreeMap<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            headers.put(name, Collections.list(request.getHeaders(name)));
        }
        return headers;
    }
}
