package io.crmsdk.erp.rest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.crmsdk.sync.Fields;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A small customer service with each kind of paging, whose answers a test may spoil. */
final class CustomerService implements AutoCloseable {
    /** Spoils an answer; gives null to leave it as it is. */
    @FunctionalInterface
    interface Fault {
        @Nullable
        Reply spoil(String request, Reply reply);
    }

    record Reply(int status, Map<String, String> headers, String body, boolean cut) {
        static Reply of(int status, String body) {
            return new Reply(status, Map.of(), body, false);
        }
    }

    private record Row(String id, String key, Fields fields, int version, Instant modified, boolean archived) {
        Fields wire() {
            return Fields.builder()
                    .text("id", id)
                    .text("external_ref", key.isEmpty() ? null : key)
                    .text("etag", "v" + version)
                    .text("updated_at", modified.toString())
                    .flag("archived", archived)
                    .object("data", fields)
                    .build();
        }

        /** The service's own fields lie beside those of the customer. */
        Fields flat() {
            return wire().only(path -> !path.startsWith("data.")).with(fields);
        }

        Row with(Fields changes, Instant at, boolean archive) {
            return new Row(id, key, fields.with(changes), version + 1, at, archive);
        }
    }

    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final Set<String> dropped = new HashSet<>();
    private int numbers;
    private int ticks;
    private boolean stopped;
    volatile Fault fault = (request, reply) -> null;
    /** Records of a page at most, whatever is asked for. */
    volatile int most = 1000;

    final List<String> requests = new ArrayList<>();

    CustomerService() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.setExecutor(threads);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    synchronized List<String> ids() {
        return List.copyOf(rows.keySet());
    }

    synchronized int count(String key) {
        return (int) rows.values().stream().filter(row -> row.key().equals(key)).count();
    }

    synchronized void fill(int count) {
        for (int i = 0; i < count; i++) {
            add(
                    "",
                    Fields.builder()
                            .text("name", "Customer " + i)
                            .text("city", "Bonn")
                            .build());
        }
    }

    private Row add(String key, Fields fields) {
        Row row = new Row("c" + (1000 + ++numbers), key, fields, 1, tick(), false);
        rows.put(row.id(), row);
        return row;
    }

    /** Four changes share each moment, or all if time was stopped. */
    private Instant tick() {
        ticks += stopped ? 0 : 1;
        return START.plusSeconds(ticks / 4);
    }

    synchronized void stopTime(boolean stop) {
        stopped = stop;
    }

    synchronized String make(Fields fields) {
        return add("", fields).id();
    }

    synchronized void edit(String id, Fields changes) {
        rows.computeIfPresent(id, (same, row) -> row.with(changes, tick(), false));
    }

    /** Shows only now what is as old as that. */
    synchronized String makeLate(Fields fields, Duration before) {
        Row row = add("", fields);
        rows.put(row.id(), new Row(row.id(), "", fields, 1, row.modified().minus(before), false));
        return row.id();
    }

    synchronized void drop(String path) {
        dropped.add(path);
    }

    synchronized Map<String, Fields> records() {
        Map<String, Fields> records = new LinkedHashMap<>();
        rows.values().stream().filter(row -> !row.archived()).forEach(row -> records.put(row.id(), row.fields()));
        return records;
    }

    private void serve(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        Reply reply;
        synchronized (this) {
            requests.add(request);
            reply = answer(exchange, body);
        }
        Reply spoilt = fault.spoil(request, reply);
        send(exchange, spoilt == null ? reply : spoilt);
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            OutputStream out = exchange.getResponseBody();
            out.write(bytes, 0, reply.cut() ? bytes.length / 2 : bytes.length);
            out.flush();
        }
        exchange.close();
    }

    private Reply answer(HttpExchange exchange, String body) {
        String[] path = exchange.getRequestURI().getRawPath().substring(1).split("/", -1);
        String match = exchange.getRequestHeaders().getFirst("If-Match");
        return switch (exchange.getRequestMethod() + " " + path.length) {
            case "GET 1" -> page(query(exchange));
            case "GET 2" -> rows.containsKey(path[1]) ? one(rows.get(path[1])) : Reply.of(404, "{}");
            case "POST 1" -> created(Fields.parse(body));
            case "PATCH 2" -> changed(path[1], match, Fields.parse(body), false);
            case "DELETE 2" -> changed(path[1], match, Fields.none(), true);
            default -> Reply.of(405, "{}");
        };
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new HashMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        for (String pair : raw == null ? new String[0] : raw.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return query;
    }

    private Reply page(Map<String, String> query) {
        int limit = Math.min(most, Integer.parseInt(query.getOrDefault("limit", "1000000")));
        List<Row> all = new ArrayList<>(rows.values());
        all.removeIf(row -> query.containsKey("ref") && !row.key().equals(query.get("ref")));
        if (query.containsKey("since")) {
            Instant since = Instant.parse(query.get("since"));
            all.removeIf(row -> row.modified().isBefore(since));
            all.sort(Comparator.comparing(Row::modified).thenComparing(Row::id));
        } else {
            all.removeIf(Row::archived);
        }
        int from = from(query, all, limit);
        List<Row> page = all.subList(Math.min(from, all.size()), Math.min(from + limit, all.size()));
        boolean more = from + page.size() < all.size();
        String next = more ? page.get(page.size() - 1).id() : null;
        String items = page.stream().map(row -> told(row)).collect(Collectors.joining(",", "[", "]"));
        Map<String, String> headers = more
                ? Map.of("Link", "</customers?limit=" + limit + since(query) + "&start=" + next + ">; rel=\"next\"")
                : Map.of();
        String body = "{\"page\":{\"next\":" + (next == null ? "null" : '"' + next + '"') + "},\"items\":" + items
                + ",\"total\":7}";
        return new Reply(200, headers, body, false);
    }

    private static String since(Map<String, String> query) {
        return query.containsKey("since") ? "&since=" + query.get("since") : "";
    }

    private static int from(Map<String, String> query, List<Row> all, int limit) {
        if (query.containsKey("page")) {
            return (Integer.parseInt(query.get("page")) - 1) * limit;
        }
        if (query.containsKey("offset")) {
            return Integer.parseInt(query.get("offset"));
        }
        String start = query.get("start");
        int at = all.stream().map(Row::id).toList().indexOf(start);
        return start == null ? 0 : at + 1;
    }

    private String told(Row row) {
        return row.flat().only(path -> !dropped.contains(path)).json();
    }

    private Reply one(Row row) {
        return row.archived() ? Reply.of(410, "{}") : Reply.of(200, told(row));
    }

    private Reply created(Fields body) {
        String key = body.text("external_ref");
        Fields fields = body.only(path -> !path.equals("external_ref"));
        if ("refused".equals(fields.text("name"))) {
            return Reply.of(422, "{}");
        }
        return Reply.of(201, told(add(key == null ? "" : key, fields)));
    }

    private Reply changed(String id, @Nullable String match, Fields changes, boolean archive) {
        Row row = rows.get(id);
        if (row == null || row.archived()) {
            return Reply.of(404, "{}");
        }
        if (match != null && !match.equals("\"v" + row.version() + "\"")) {
            return Reply.of(412, "{}");
        }
        Row next = row.with(changes, tick(), archive);
        rows.put(id, next);
        return archive ? Reply.of(204, "") : Reply.of(200, told(next));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
