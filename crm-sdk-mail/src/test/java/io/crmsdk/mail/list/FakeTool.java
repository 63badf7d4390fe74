package io.crmsdk.mail.list;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.crmsdk.http.HttpLimits;
import io.crmsdk.mail.internal.JsonTree;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/** Three mail tools with one list each, as their documentation and their bug trackers say that they behave. */
public final class FakeTool implements AutoCloseable {
    /** Which of them. */
    public enum Kind {
        MAILCHIMP,
        BREVO,
        LISTMONK
    }

    enum Fault {
        NONE,
        /** Turned away before anything was done. */
        BUSY,
        /** Not done, and a failure told. */
        BROKEN,
        /** Done, and the answer lost. */
        SILENT
    }

    /** One person as the tool holds them. */
    static final class Person {
        final long id;
        final String email;
        String status = "none";
        boolean blocked;
        boolean bySelf;
        boolean bounced;
        boolean complained;
        boolean confirmedByAdmin;
        Instant changed = Instant.parse("2026-11-27T08:00:00Z");

        Person(long id, String email) {
            this.id = id;
            this.email = email;
        }

        boolean mailed() {
            return status.equals("subscribed") && !blocked && !bounced;
        }
    }

    private final Kind kind;
    private final HttpServer server;
    final Map<String, Person> people = new LinkedHashMap<>();
    final Deque<Fault> faults = new ArrayDeque<>();
    final List<String> log = new ArrayList<>();
    final List<String> violations = new ArrayList<>();
    /** Whom a write of ours must not make mailable. */
    Predicate<String> forbidden = email -> false;

    int pageSize = 2;
    Function<String, String> answers = body -> body;

    /** Begins to answer. */
    public FakeTool(Kind kind) throws IOException {
        this.kind = kind;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.start();
    }

    /** How the sync reaches it. */
    public MailList list() {
        URI origin = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        MailList.Builder builder = switch (kind) {
            case MAILCHIMP -> MailList.mailchimp("us21", "aud1", () -> "key").origin(origin.resolve("/3.0"));
            case BREVO -> MailList.brevo(7, () -> "key").origin(origin.resolve("/v3"));
            case LISTMONK -> MailList.listmonk(origin, "crm", () -> "key", 7);
        };
        return builder.rate(100_000, Duration.ofSeconds(1))
                .limits(HttpLimits.defaults().withCall(Duration.ofSeconds(20), 1))
                .unsafelyAllowingPlainHttp()
                .build();
    }

    synchronized Person person(String email) {
        return people.computeIfAbsent(email.toLowerCase(Locale.ROOT), e -> new Person(people.size() + 1L, e));
    }

    synchronized void subscribed(String email) {
        Person person = person(email);
        person.status = "subscribed";
        person.bySelf = false;
        touch(person);
    }

    /** The person leaves by a link in the tool's own mail. */
    synchronized void leaves(String email) {
        Person person = person(email);
        person.bySelf = true;
        if (kind == Kind.BREVO) {
            person.blocked = true;
        } else {
            person.status = "unsubscribed";
        }
        touch(person);
    }

    /** Somebody of the house takes the person off by hand, which the tool lets anybody undo. */
    synchronized void takenOff(String email) {
        leaves(email);
        person(email).bySelf = false;
    }

    synchronized void bounces(String email) {
        Person person = person(email);
        person.bounced = true;
        person.blocked = kind == Kind.BREVO || person.blocked;
        touch(person);
    }

    synchronized boolean mails(String email) {
        Person person = people.get(email.toLowerCase(Locale.ROOT));
        return person != null && person.mailed();
    }

    private void touch(Person person) {
        person.changed = people.values().stream()
                .map(one -> one.changed)
                .max(Instant::compareTo)
                .orElseThrow()
                .plusSeconds(1);
    }

    private record Answer(int status, String body) {}

    private synchronized void serve(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String method = exchange.getRequestMethod();
        String path = exchange.getRequestURI().getPath();
        log.add(method + " " + path + " " + body);
        Fault fault = faults.isEmpty() ? Fault.NONE : faults.poll();
        if (fault == Fault.BUSY) {
            answer(exchange, new Answer(429, "{\"message\":\"slow down\"}"));
            return;
        }
        if (fault == Fault.BROKEN) {
            answer(exchange, new Answer(503, "{\"message\":\"broken\"}"));
            return;
        }
        Map<String, Boolean> before = new HashMap<>();
        people.forEach((email, person) -> before.put(email, person.mailed()));
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        JsonTree json = JsonTree.parseIfJson(body);
        Answer answer = switch (kind) {
            case MAILCHIMP -> mailchimp(method, path, query, json);
            case BREVO -> brevo(method, path, query, json);
            case LISTMONK -> listmonk(method, path, query, json);
        };
        people.forEach((email, person) -> {
            if (person.mailed() && !before.getOrDefault(email, false) && forbidden.test(email)) {
                violations.add(email + " by " + method + " " + path + " " + body);
            }
        });
        if (fault == Fault.SILENT) {
            exchange.close();
            return;
        }
        answer(exchange, new Answer(answer.status(), answers.apply(answer.body())));
    }

    private static void answer(HttpExchange exchange, Answer answer) throws IOException {
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
        exchange.close();
    }

    private static Map<String, String> query(String raw) {
        Map<String, String> query = new HashMap<>();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            String[] parts = pair.split("=", 2);
            query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return query;
    }

    private static String md5(String email) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(email.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Answer mailchimp(String method, String path, Map<String, String> query, JsonTree json) {
        String base = "/3.0/lists/aud1/members";
        if (path.equals(base)) {
            Instant since = query.containsKey("since_last_changed")
                    ? Instant.parse(query.get("since_last_changed"))
                    : Instant.EPOCH;
            List<Person> found = people.values().stream()
                    .filter(person -> person.changed.isAfter(since))
                    .sorted((one, other) -> one.changed.compareTo(other.changed))
                    .toList();
            int offset = Integer.parseInt(query.getOrDefault("offset", "0"));
            return new Answer(
                    200,
                    "{\"members\":[" + rows(found, offset, this::mailchimpRow) + "],\"total_items\":" + found.size()
                            + "}");
        }
        String hash = path.substring(base.length() + 1);
        Person person = people.values().stream()
                .filter(one -> md5(one.email).equals(hash))
                .findFirst()
                .orElse(null);
        if (method.equals("GET")) {
            return person == null ? notFound() : new Answer(200, mailchimpRow(person));
        }
        if (method.equals("PUT")) {
            if (person == null) {
                person = person(json.get("email_address").string());
                person.status = json.get("status_if_new").string();
                touch(person);
            }
            return new Answer(200, mailchimpRow(person));
        }
        if (person == null) {
            return notFound();
        }
        String status = json.get("status").string();
        if (status.equals("subscribed") && (person.bySelf || person.bounced)) {
            return new Answer(400, "{\"title\":\"Member In Compliance State\",\"status\":400}");
        }
        person.status = status;
        touch(person);
        return new Answer(200, mailchimpRow(person));
    }

    private String mailchimpRow(Person person) {
        String status = person.bounced ? "cleaned" : person.status;
        return "{\"email_address\":\"" + person.email + "\",\"status\":\"" + status + "\",\"last_changed\":\""
                + person.changed.toString().replace("Z", "+00:00") + "\""
                + (person.complained ? ",\"unsubscribe_reason\":\"N/A (Unsubscribed: Abuse)\"" : "") + "}";
    }

    private String rows(List<Person> found, int offset, Function<Person, String> row) {
        return String.join(
                ",", found.stream().skip(offset).limit(pageSize).map(row).toList());
    }

    private Answer brevo(String method, String path, Map<String, String> query, JsonTree json) {
        if (path.equals("/v3/contacts") && method.equals("GET")) {
            List<Person> found = List.copyOf(people.values());
            int offset = Integer.parseInt(query.get("offset"));
            return new Answer(
                    200,
                    "{\"contacts\":[" + rows(found, offset, person -> brevoRow(person, false)) + "],\"count\":"
                            + found.size() + "}");
        }
        if (method.equals("POST")) {
            String email = json.get("email").string();
            if (people.containsKey(email.toLowerCase(Locale.ROOT))) {
                return new Answer(400, "{\"code\":\"duplicate_parameter\",\"message\":\"Contact already exist\"}");
            }
            brevoWrite(person(email), json);
            return new Answer(201, "{\"id\":" + person(email).id + "}");
        }
        String name = path.substring("/v3/contacts/".length());
        Person person = people.values().stream()
                .filter(one -> one.email.equalsIgnoreCase(name)
                        || String.valueOf(one.id).equals(name))
                .findFirst()
                .orElse(null);
        if (person == null) {
            return new Answer(404, "{\"code\":\"document_not_found\",\"message\":\"Contact does not exist\"}");
        }
        if (method.equals("GET")) {
            return new Answer(200, brevoRow(person, true));
        }
        brevoWrite(person, json);
        return new Answer(204, "");
    }

    private void brevoWrite(Person person, JsonTree json) {
        if (!json.get("listIds").items().isEmpty()) {
            person.status = "subscribed";
        }
        if (!json.get("emailBlacklisted").isMissing()) {
            person.blocked = json.get("emailBlacklisted").isTrue();
            person.bySelf = person.bySelf && person.blocked;
        }
        touch(person);
    }

    private String brevoRow(Person person, boolean whole) {
        String statistics = !whole
                ? ""
                : ",\"statistics\":{\"hardBounces\":" + (person.bounced ? "[{\"campaignId\":1}]" : "[]")
                        + ",\"complaints\":" + (person.complained ? "[{\"campaignId\":1}]" : "[]")
                        + ",\"unsubscriptions\":{\"userUnsubscription\":"
                        + (person.bySelf ? "[{\"campaignId\":1,\"eventTime\":\"2026-11-26T09:00:00.000Z\"}]" : "[]")
                        + ",\"adminUnsubscription\":[]}}";
        return "{\"id\":" + person.id + ",\"email\":\"" + person.email + "\",\"emailBlacklisted\":" + person.blocked
                + ",\"listIds\":" + (person.status.equals("subscribed") ? "[3,7]" : "[3]")
                + ",\"listUnsubscribed\":null" + statistics + "}";
    }

    private Answer listmonk(String method, String path, Map<String, String> query, JsonTree json) {
        if (path.equals("/api/bounces")) {
            List<Person> bounced =
                    people.values().stream().filter(one -> one.bounced).toList();
            String rows = String.join(
                    ",",
                    bounced.stream()
                            .map(one -> "{\"id\":" + one.id + ",\"type\":\"hard\",\"email\":\"" + one.email
                                    + "\",\"created_at\":\"2026-11-26T09:00:00.123456+01:00\"}")
                            .toList());
            return new Answer(
                    200,
                    "{\"data\":{\"results\":[" + rows + "],\"total\":" + bounced.size()
                            + ",\"per_page\":500,\"page\":1}}");
        }
        if (path.equals("/api/subscribers") && method.equals("GET")) {
            String sql = query.get("query");
            List<Person> found = people.values().stream()
                    .filter(one -> sql == null
                            || sql.equalsIgnoreCase(
                                    "LOWER(subscribers.email) = LOWER('" + one.email.replace("'", "''") + "')"))
                    .toList();
            int page = Integer.parseInt(query.getOrDefault("page", "1"));
            String rows = rows(found, (page - 1) * pageSize, this::listmonkRow);
            return new Answer(
                    200,
                    "{\"data\":{\"results\":" + (found.isEmpty() ? "null" : "[" + rows + "]") + ",\"total\":"
                            + found.size() + ",\"per_page\":" + pageSize + ",\"page\":" + page + "}}");
        }
        if (path.equals("/api/subscribers")) {
            String email = json.get("email").string();
            if (people.containsKey(email.toLowerCase(Locale.ROOT))) {
                return new Answer(409, "{\"message\":\"E-mail already exists.\"}");
            }
            person(email).status = "subscribed";
            return new Answer(200, "{\"data\":" + listmonkRow(person(email)) + "}");
        }
        for (JsonTree id : json.get("ids").items()) {
            Person person = people.values().stream()
                    .filter(one -> String.valueOf(one.id).equals(id.string()))
                    .findFirst()
                    .orElseThrow();
            if (json.get("action").string().equals("unsubscribe")) {
                person.status = person.status.equals("none") ? "none" : "unsubscribed";
            } else {
                // Asked no question: whoever is added with a status has it.
                person.status = "subscribed";
            }
        }
        return new Answer(200, "{\"data\":true}");
    }

    private String listmonkRow(Person person) {
        String status = person.status.equals("subscribed") ? "confirmed" : person.status;
        String lists = person.status.equals("none")
                ? "[]"
                : "[{\"id\":3,\"subscription_status\":\"confirmed\"},{\"id\":7,\"subscription_status\":\"" + status
                        + "\",\"optin\":\"double\"}]";
        return "{\"id\":" + person.id + ",\"email\":\"" + person.email + "\",\"status\":\""
                + (person.blocked ? "blocklisted" : "enabled") + "\",\"lists\":" + lists + "}";
    }

    private static Answer notFound() {
        return new Answer(404, "{\"title\":\"Resource Not Found\",\"status\":404}");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
