package io.crmsdk.mail.list;

import io.crmsdk.consent.ConsentException;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.http.Authorization;
import io.crmsdk.http.HttpAnswer;
import io.crmsdk.http.HttpCall;
import io.crmsdk.mail.internal.JsonTree;
import io.crmsdk.suppression.SuppressionEvent;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A list of a listmonk server.
 *
 * <p>All subscribers are listed, since a block holds for those who are on no list, too. {@code action: add} asks no question, so it
 * is sent only with a grant in hand, straight after a look; a block is never lifted here. Bounces have a list of their own. Source:
 * listmonk's documentation and SQL, 2026.
 */
record ListmonkList(URI origin, String user, Supplier<String> token, long id) implements ListApi {
    private static final int PAGE = 500;

    @Override
    public String tool() {
        return "listmonk";
    }

    @Override
    public String list() {
        return String.valueOf(id);
    }

    @Override
    public Authorization authorization() {
        return Authorization.basic(user, token);
    }

    @Override
    public HttpCall page(@Nullable String next) {
        return HttpCall.get("/api/subscribers")
                .query("page", next == null ? "1" : next)
                .query("per_page", String.valueOf(PAGE))
                .query("order_by", "created_at")
                .query("order", "ASC")
                .expectingJson();
    }

    @Override
    public Page page(JsonTree answer, @Nullable String next) throws Unreadable {
        List<Member> members = new ArrayList<>();
        for (JsonTree row : results(answer)) {
            members.add(member(row, row.get("email").string()));
        }
        return new Page(members, next(answer, members.size(), next));
    }

    private static @Nullable String next(JsonTree answer, int rows, @Nullable String page) throws Unreadable {
        int number = page == null ? 1 : Integer.parseInt(page);
        String size = answer.get("data", "per_page").string();
        long before = (number - 1L) * (size.matches("\\d{1,9}") ? Long.parseLong(size) : PAGE);
        return ListApi.isLast(before, rows, answer.get("data", "total")) ? null : String.valueOf(number + 1);
    }

    private static List<JsonTree> results(JsonTree answer) throws Unreadable {
        JsonTree results = answer.get("data", "results");
        // An empty list is written as null by some versions, and then the total says so.
        if (!results.isArray() && !answer.get("data", "total").string().equals("0")) {
            throw new Unreadable("data.results");
        }
        return results.items();
    }

    private Member member(JsonTree row, String address) {
        return new Member(address, row.get("id").string(), standing(row), false);
    }

    private Standing standing(JsonTree row) {
        Standing on = Standing.UNLISTED;
        for (JsonTree list : row.get("lists").items()) {
            if (list.get("id").string().equals(list())) {
                on = switch (list.get("subscription_status").string()) {
                    case "confirmed" -> Standing.SUBSCRIBED;
                    case "unconfirmed" ->
                        list.get("optin").string().equals("single") ? Standing.SUBSCRIBED : Standing.PENDING;
                    case "unsubscribed" -> Standing.UNSUBSCRIBED;
                    default -> Standing.OTHER;
                };
            }
        }
        return switch (row.get("status").string()) {
            case "enabled" -> on;
            case "blocklisted" -> Standing.BLOCKED;
            default -> on == Standing.UNSUBSCRIBED ? on : Standing.OTHER;
        };
    }

    @Override
    public HttpCall look(String address) {
        return HttpCall.get("/api/subscribers")
                .query("query", "LOWER(subscribers.email) = LOWER('" + address.replace("'", "''") + "')")
                .query("per_page", "2")
                .expectingJson();
    }

    @Override
    public Optional<Member> look(HttpAnswer answer, String address) throws Unreadable {
        for (JsonTree row : results(JsonTree.parseIfJson(answer.text()))) {
            // A server that ignored the query would answer with whoever comes first.
            if (!row.get("email").string().equalsIgnoreCase(address)) {
                throw new Unreadable("the subscriber that was asked for");
            }
            return Optional.of(member(row, address));
        }
        return Optional.empty();
    }

    @Override
    public HttpCall unsubscribe(Member member) {
        return action(member, "unsubscribe", null);
    }

    @Override
    public HttpCall admit(ListContact contact) {
        return HttpCall.post("/api/subscribers").json(ListApi.json(out -> {
            out.writeStringField("email", contact.address().wire());
            out.writeStringField("name", contact.fields().getOrDefault("name", ""));
            out.writeStringField("status", "enabled");
            out.writeArrayFieldStart("lists");
            out.writeNumber(id);
            out.writeEndArray();
            // The grant is the confirmation: asking once more would only lose people.
            out.writeBooleanField("preconfirm_subscriptions", true);
            out.writeObjectFieldStart("attribs");
            for (Map.Entry<String, String> field : contact.fields().entrySet()) {
                out.writeStringField(field.getKey(), field.getValue());
            }
            out.writeEndObject();
        }));
    }

    @Override
    public Optional<HttpCall> readmit(Member member) {
        return switch (member.standing()) {
            case UNSUBSCRIBED, UNLISTED, PENDING -> Optional.of(action(member, "add", "confirmed"));
            default -> Optional.empty();
        };
    }

    private HttpCall action(Member member, String action, @Nullable String status) {
        return HttpCall.put("/api/subscribers/lists").json(ListApi.json(out -> {
            out.writeArrayFieldStart("ids");
            out.writeNumber(Long.parseLong(member.id()));
            out.writeEndArray();
            out.writeStringField("action", action);
            out.writeArrayFieldStart("target_list_ids");
            out.writeNumber(id);
            out.writeEndArray();
            if (status != null) {
                out.writeStringField("status", status);
            }
        }));
    }

    @Override
    public Optional<HttpCall> bounces(@Nullable String next) {
        return Optional.of(HttpCall.get("/api/bounces")
                .query("page", next == null ? "1" : next)
                .query("per_page", String.valueOf(PAGE))
                .query("order_by", "created_at")
                .query("order", "asc")
                .expectingJson());
    }

    @Override
    public Bounces bounces(JsonTree answer, @Nullable String next) throws Unreadable {
        List<SuppressionEvent> events = new ArrayList<>();
        List<JsonTree> rows = results(answer);
        long unreadable = 0;
        for (JsonTree row : rows) {
            SuppressionEvent.Kind kind = switch (row.get("type").string()) {
                case "hard" -> SuppressionEvent.Kind.HARD_BOUNCE;
                case "soft" -> SuppressionEvent.Kind.SOFT_BOUNCE;
                case "complaint" -> SuppressionEvent.Kind.COMPLAINT;
                default -> null;
            };
            Instant at = row.get("created_at").time();
            if (kind == null || at == null) {
                unreadable++;
                continue;
            }
            try {
                events.add(new SuppressionEvent(
                        tool(),
                        row.get("id").string(),
                        ContactKey.email(row.get("email").string()),
                        kind,
                        at,
                        "listmonk bounce"));
            } catch (ConsentException e) {
                // Only an address that no mail can be sent to has no key.
                unreadable++;
            }
        }
        return new Bounces(events, unreadable, next(answer, rows.size(), next));
    }

    @Override
    public String toString() {
        return tool() + "/" + id;
    }
}
