package io.crmsdk.mail.list;

import io.crmsdk.http.Authorization;
import io.crmsdk.http.HttpAnswer;
import io.crmsdk.http.HttpCall;
import io.crmsdk.mail.internal.JsonTree;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A list of Brevo, API v3.
 *
 * <p>It can be written only that somebody gets no campaign at all ({@code emailBlacklisted}), so a no for the list is said as that
 * wider one; and what is blocked so may as well have bounced, which only the contact's statistics tell. The field is never written as
 * false but to lift a block with a grant in hand; whoever left just this list by a link of Brevo's is left to Brevo's own double
 * opt-in, since no call is documented to undo it.
 */
record BrevoList(long id, Supplier<String> apiKey) implements ListApi {
    private static final int PAGE = 500;

    @Override
    public String tool() {
        return "brevo";
    }

    @Override
    public String list() {
        return String.valueOf(id);
    }

    @Override
    public URI origin() {
        return URI.create("https://api.brevo.com/v3");
    }

    @Override
    public Authorization authorization() {
        return Authorization.header("api-key", apiKey);
    }

    /** All contacts, not those of the list: a block holds for those who are on none, too. */
    @Override
    public HttpCall page(@Nullable String next) {
        return HttpCall.get("/contacts")
                .query("limit", String.valueOf(PAGE))
                .query("offset", next == null ? "0" : next)
                .query("sort", "asc")
                .expectingJson();
    }

    @Override
    public Page page(JsonTree answer, @Nullable String next) throws Unreadable {
        if (!answer.get("contacts").isArray()) {
            throw new Unreadable("contacts");
        }
        List<Member> members = new ArrayList<>();
        List<JsonTree> rows = answer.get("contacts").items();
        for (JsonTree row : rows) {
            // Contacts without an address are reached by phone only.
            if (!row.get("email").string().isEmpty()) {
                members.add(member(row, row.get("email").string(), standing(row)));
            }
        }
        int offset = next == null ? 0 : Integer.parseInt(next);
        boolean last = ListApi.isLast(offset, rows.size(), answer.get("count"));
        return new Page(members, last ? null : String.valueOf(offset + rows.size()));
    }

    private static Member member(JsonTree row, String address, Standing standing) {
        boolean complained = !row.get("statistics", "complaints").items().isEmpty();
        return new Member(address, row.get("id").string(), standing, complained);
    }

    private Standing standing(JsonTree row) {
        if (row.get("emailBlacklisted").isTrue()) {
            return Standing.BLOCKED_UNEXPLAINED;
        }
        if (has(row.get("listUnsubscribed"))) {
            return Standing.UNSUBSCRIBED;
        }
        if (!row.get("emailBlacklisted").isFalse()) {
            return Standing.OTHER;
        }
        return has(row.get("listIds")) ? Standing.SUBSCRIBED : Standing.UNLISTED;
    }

    private boolean has(JsonTree ids) {
        return ids.items().stream().anyMatch(item -> item.string().equals(list()));
    }

    @Override
    public HttpCall look(String address) {
        return HttpCall.get("/contacts").segment(address).expectingJson();
    }

    @Override
    public Optional<Member> look(HttpAnswer answer, String address) throws Unreadable {
        if (answer.status() == 404) {
            return Optional.empty();
        }
        JsonTree row = JsonTree.parseIfJson(answer.text());
        if (row.get("id").string().isEmpty()) {
            throw new Unreadable("id");
        }
        Standing standing = standing(row);
        return Optional.of(member(
                row, address, standing == Standing.BLOCKED_UNEXPLAINED ? cause(row.get("statistics")) : standing));
    }

    /**
     * A block is a no unless the statistics show what else it came of. They reach back ninety days: somebody who left before that is
     * sent nothing since and has no bounce in them.
     */
    private static Standing cause(JsonTree statistics) {
        boolean left =
                !statistics.get("unsubscriptions", "userUnsubscription").items().isEmpty()
                        || !statistics
                                .get("unsubscriptions", "adminUnsubscription")
                                .items()
                                .isEmpty();
        boolean bounced = !statistics.get("hardBounces").items().isEmpty();
        return bounced && !left ? Standing.BOUNCED : Standing.BLOCKED;
    }

    @Override
    public HttpCall unsubscribe(Member member) {
        return HttpCall.put("/contacts")
                .segment(member.id())
                .json(ListApi.json(out -> out.writeBooleanField("emailBlacklisted", true)));
    }

    @Override
    public HttpCall admit(ListContact contact) {
        return HttpCall.post("/contacts").json(ListApi.json(out -> {
            out.writeStringField("email", contact.address().wire());
            out.writeArrayFieldStart("listIds");
            out.writeNumber(id);
            out.writeEndArray();
            out.writeBooleanField("updateEnabled", false);
            out.writeObjectFieldStart("attributes");
            for (Map.Entry<String, String> field : contact.fields().entrySet()) {
                out.writeStringField(field.getKey(), field.getValue());
            }
            out.writeEndObject();
        }));
    }

    @Override
    public Optional<HttpCall> readmit(Member member) {
        return switch (member.standing()) {
            case UNLISTED -> Optional.of(update(member, false));
            case BLOCKED -> Optional.of(update(member, true));
            default -> Optional.empty();
        };
    }

    private HttpCall update(Member member, boolean lift) {
        return HttpCall.put("/contacts").segment(member.id()).json(ListApi.json(out -> {
            out.writeArrayFieldStart("listIds");
            out.writeNumber(id);
            out.writeEndArray();
            if (lift) {
                out.writeBooleanField("emailBlacklisted", false);
            }
        }));
    }

    @Override
    public boolean liftsEverywhere(Member member) {
        return member.standing() == Standing.BLOCKED;
    }

    @Override
    public String toString() {
        return tool() + "/" + list();
    }
}
