package io.crmsdk.examples.sandbox;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.crmsdk.CrmException;
import io.crmsdk.sync.Fields;
import io.crmsdk.time.TimeConvention;
import io.crmsdk.time.UtcClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A small ERP on loopback: customers with numbers, versions and external keys, changes by time, conditional writes, batches of
 * 500, and bad moments on request.
 *
 * <p>Customers are in memory, or in a file that survives a restart. Every answer has a {@code Date}. The paths:
 *
 * <ul>
 *   <li>{@code GET /customers?after=&limit=} all by number; {@code ?since=&after=&limit=} by time of change; {@code ?key=}
 *   <li>{@code GET /customers/ID} with its {@code ETag}; 404 if there is none, 410 if it is archived
 *   <li>{@code PUT /customers/key/KEY} makes it, or changes the one with the key
 *   <li>{@code PATCH /customers/ID} with {@code If-Match}; 412 if it has changed
 *   <li>{@code POST /customers/ID/archive} with {@code If-Match}
 *   <li>{@code POST /batch} with {@code {"writes":[{"ref","op","id","key","version","fields"}]}}
 * </ul>
 */
public final class SandboxErp implements AutoCloseable {
    static final int PAGE = 500;
    private static final TimeConvention HTTP_DATE = TimeConvention.of("http");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(4, SandboxErp::thread);
    private final CustomerShelf shelf;
    private final UtcClock clock;
    private final SandboxFaults faults;
    private final Random random;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong writes = new AtomicLong();

    private SandboxErp(UtcClock clock, @Nullable Path file, SandboxFaults faults, int port) {
        this.clock = clock;
        this.faults = faults;
        this.random = new Random(faults.seed());
        this.shelf = new CustomerShelf(clock, file);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::serve);
        server.setExecutor(threads);
        server.start();
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "sandbox-erp");
        thread.setDaemon(true);
        return thread;
    }

    /** One in memory, on any free port, without faults. */
    public static SandboxErp start() {
        return new SandboxErp(UtcClock.system(), null, SandboxFaults.none(), 0);
    }

    /** One in memory with bad moments. */
    public static SandboxErp start(SandboxFaults faults) {
        return new SandboxErp(UtcClock.system(), null, faults, 0);
    }

    /**
     * One whose customers are in a file.
     *
     * @param file JSON lines; made if it is not there
     */
    public static SandboxErp start(Path file, SandboxFaults faults) {
        return new SandboxErp(UtcClock.system(), file, faults, 0);
    }

    /** Where it listens. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** All customers by number, the archived ones too. */
    public List<SandboxCustomer> customers() {
        return shelf.all();
    }

    /** How many requests came. */
    public long requests() {
        return requests.get();
    }

    /** How many customers were made, changed or archived, repetitions included. */
    public long writes() {
        return writes.get();
    }

    /** What an answer is made of. */
    private record Answer(int status, Fields body, @Nullable String etag) {
        static Answer of(int status, Fields body) {
            return new Answer(status, body, null);
        }

        static Answer of(int status, SandboxCustomer customer) {
            return new Answer(status, customer.wire(), customer.etag());
        }

        static Answer error(int status, String message) {
            return of(status, Fields.builder().text("error", message).build());
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        try (exchange) {
            double draw = draw();
            if (draw < faults.dropping()) {
                return;
            }
            byte[] body = exchange.getRequestBody().readAllBytes();
            Answer answer = badMoment(draw - faults.dropping(), exchange);
            if (answer == null) {
                answer = answer(exchange, body);
                if (draw > 1 - faults.vanishing()) {
                    return;
                }
            }
            send(exchange, answer);
        }
    }

    private synchronized double draw() {
        return random.nextDouble();
    }

    private @Nullable Answer badMoment(double draw, HttpExchange exchange) {
        if (draw < faults.busy()) {
            exchange.getResponseHeaders().set("Retry-After", "1");
            return Answer.error(429, "too many requests");
        }
        return draw < faults.busy() + faults.failing() ? Answer.error(503, "out of order") : null;
    }

    private void send(HttpExchange exchange, Answer answer) throws IOException {
        byte[] bytes = answer.body().jsonBytes();
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Date", HTTP_DATE.format(clock.instant()));
        if (answer.etag() != null) {
            exchange.getResponseHeaders().set("ETag", answer.etag());
        }
        exchange.sendResponseHeaders(answer.status(), bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private Answer answer(HttpExchange exchange, byte[] body) {
        try {
            String[] path = exchange.getRequestURI().getRawPath().substring(1).split("/", 0);
            for (int i = 0; i < path.length; i++) {
                path[i] = URLDecoder.decode(path[i].replace("+", "%2B"), StandardCharsets.UTF_8);
            }
            return route(exchange, path, body);
        } catch (CrmException | IllegalArgumentException e) {
            return Answer.error(400, "the request is malformed");
        }
    }

    private Answer route(HttpExchange exchange, String[] path, byte[] body) {
        String method = exchange.getRequestMethod().toUpperCase(Locale.ROOT);
        String etag = exchange.getRequestHeaders().getFirst("If-Match");
        String route = method + " " + path[0] + " " + path.length;
        return switch (route) {
            case "GET customers 1" -> page(query(exchange));
            case "GET customers 2" -> one(path[1]);
            case "PUT customers 3" -> upsert(path[2], Fields.parse(body));
            case "PATCH customers 2" -> changed(path[1], shelf.change(path[1], etag, Fields.parse(body)));
            case "POST customers 3" -> changed(path[1], shelf.archive(path[1], etag));
            case "POST batch 1" -> batch(Fields.parse(body));
            default -> Answer.error(404, "no such path");
        };
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new HashMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        for (String pair : raw == null ? new String[0] : raw.split("&", 0)) {
            String[] parts = pair.split("=", 2);
            query.put(parts[0], URLDecoder.decode(parts.length < 2 ? "" : parts[1], StandardCharsets.UTF_8));
        }
        return query;
    }

    private Answer one(String id) {
        SandboxCustomer customer = shelf.get(id);
        if (customer == null) {
            return Answer.error(404, "no such customer");
        }
        return customer.archived() ? Answer.of(410, customer) : Answer.of(200, customer);
    }

    private Answer page(Map<String, String> query) {
        int limit = Math.min(PAGE, Integer.parseInt(query.getOrDefault("limit", "100")));
        if (query.containsKey("key")) {
            SandboxCustomer found = shelf.withKey(Objects.requireNonNull(query.get("key")));
            return Answer.of(200, items(found == null ? List.of() : List.of(found), null));
        }
        String after = query.get("after");
        if (!query.containsKey("since")) {
            List<SandboxCustomer> page = shelf.after(after, limit);
            return Answer.of(
                    200,
                    items(page, page.size() < limit ? null : page.get(limit - 1).id()));
        }
        Instant since = Instant.parse(query.get("since"));
        String[] place = after == null ? new String[] {"", ""} : after.split("\\|", 2);
        Instant afterTime = after == null ? null : Instant.parse(place[0]);
        List<SandboxCustomer> page = shelf.changed(since, afterTime, place[1], limit);
        String next = page.size() < limit
                ? null
                : page.get(limit - 1).modified() + "|" + page.get(limit - 1).id();
        return Answer.of(200, items(page, next));
    }

    private static Fields items(List<SandboxCustomer> customers, @Nullable String next) {
        List<Fields> items = customers.stream().map(SandboxCustomer::wire).toList();
        return Fields.builder().objects("items", items).text("next", next).build();
    }

    private Answer upsert(String key, Fields fields) {
        String wrong = wrong(fields, shelf.withKey(key) == null);
        if (wrong != null) {
            return Answer.error(422, wrong);
        }
        writes.incrementAndGet();
        SandboxCustomer customer = shelf.upsert(key, own(fields));
        return Answer.of(customer.version() == 1 ? 201 : 200, customer);
    }

    private Answer changed(String id, @Nullable SandboxCustomer customer) {
        if (customer != null) {
            writes.incrementAndGet();
            return Answer.of(200, customer);
        }
        SandboxCustomer there = shelf.get(id);
        return there == null ? Answer.error(404, "no such customer") : Answer.of(412, there);
    }

    /** Names that begin with an underscore belong to the system. */
    private static Fields own(Fields fields) {
        return fields.only(path -> !path.startsWith("_"));
    }

    private static @Nullable String wrong(Fields fields, boolean isNew) {
        String name = fields.text("name");
        if (isNew && isBlank(name) && isBlank(fields.text("company"))) {
            return "a customer has a name or a company";
        }
        return name != null && name.length() > 80 ? "a name has at most 80 characters" : null;
    }

    private static boolean isBlank(@Nullable String text) {
        return text == null || text.isBlank();
    }

    private Answer batch(Fields request) {
        List<Fields> writes = request.objects("writes");
        if (writes.size() > PAGE) {
            return Answer.error(413, "at most " + PAGE + " writes");
        }
        List<Fields> results = new ArrayList<>();
        for (Fields write : writes) {
            Answer answer = single(write);
            results.add(Fields.builder()
                    .copy("ref", write, "ref")
                    .number("status", BigDecimal.valueOf(answer.status()))
                    .object("customer", answer.body())
                    .build());
        }
        return Answer.of(200, Fields.builder().objects("results", results).build());
    }

    private Answer single(Fields write) {
        Fields fields = write.object("fields");
        String id = String.valueOf(write.text("id"));
        String version = write.text("version");
        String etag = version == null ? null : "\"" + version + "\"";
        return switch (String.valueOf(write.text("op"))) {
            case "upsert" -> upsert(String.valueOf(write.text("key")), fields);
            case "change" -> {
                String wrong = wrong(fields, false);
                yield wrong != null ? Answer.error(422, wrong) : changed(id, shelf.change(id, etag, own(fields)));
            }
            case "archive" -> changed(id, shelf.archive(id, etag));
            default -> Answer.error(400, "no such operation");
        };
    }

    /** Stops listening; a file stays. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        try {
            shelf.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
