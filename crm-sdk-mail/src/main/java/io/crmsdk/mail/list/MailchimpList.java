package io.crmsdk.mail.list;

import io.crmsdk.http.Authorization;
import io.crmsdk.http.HttpAnswer;
import io.crmsdk.http.HttpCall;
import io.crmsdk.mail.internal.JsonTree;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An audience of Mailchimp, Marketing API 3.0.
 *
 * <p>Listed by the time of last change, going on from the last one seen: by number alone, whoever changes while the list is read would
 * push another off the next page. {@code status_if_new} leaves an existing member alone; whoever left by themselves cannot be put
 * back by anybody else ("Member In Compliance State"), and {@code pending}, which would send them a mail, is never written.
 */
record MailchimpList(String dataCenter, String list, Supplier<String> apiKey) implements ListApi {
    private static final int PAGE = 500;

    @Override
    public String tool() {
        return "mailchimp";
    }

    @Override
    public URI origin() {
        return URI.create("https://" + dataCenter + ".api.mailchimp.com/3.0");
    }

    @Override
    public Authorization authorization() {
        return Authorization.basic("crm", apiKey);
    }

    private HttpCall members() {
        return HttpCall.get("/lists").segment(list).segment("members").expectingJson();
    }

    private static HttpCall on(HttpCall call, String list, String id) {
        return call.segment(list).segment("members").segment(id);
    }

    @Override
    public HttpCall page(@Nullable String next) {
        HttpCall call = members()
                .query("count", String.valueOf(PAGE))
                .query("sort_field", "last_changed")
                .query("sort_dir", "ASC");
        if (next == null) {
            return call;
        }
        Mark mark = Mark.of(next);
        HttpCall from = mark.since().isEmpty() ? call : call.query("since_last_changed", mark.since());
        return from.query("offset", String.valueOf(mark.offset()));
    }

    @Override
    public Page page(JsonTree answer, @Nullable String next) throws Unreadable {
        if (!answer.get("members").isArray()) {
            throw new Unreadable("members");
        }
        List<JsonTree> rows = answer.get("members").items();
        List<Member> members = new ArrayList<>();
        for (JsonTree row : rows) {
            members.add(member(row));
        }
        Mark before = next == null ? new Mark("", 0) : Mark.of(next);
        if (ListApi.isLast(before.offset(), rows.size(), answer.get("total_items"))) {
            return new Page(members, null);
        }
        JsonTree last = rows.get(rows.size() - 1).get("last_changed");
        return new Page(members, before.after(last, rows.size()).text());
    }

    private static Member member(JsonTree row) {
        String address = row.get("email_address").string();
        boolean abuse =
                row.get("unsubscribe_reason").string().toLowerCase(Locale.ROOT).contains("abuse");
        return new Member(address, hash(address), standing(row.get("status").string()), abuse);
    }

    private static Standing standing(String status) {
        return switch (status) {
            case "subscribed" -> Standing.SUBSCRIBED;
            case "unsubscribed" -> Standing.UNSUBSCRIBED;
            case "cleaned" -> Standing.BOUNCED;
            case "pending" -> Standing.PENDING;
            case "transactional" -> Standing.UNLISTED;
            default -> Standing.OTHER;
        };
    }

    @Override
    public HttpCall look(String address) {
        return on(HttpCall.get("/lists"), list, hash(address)).expectingJson();
    }

    @Override
    public Optional<Member> look(HttpAnswer answer, String address) throws Unreadable {
        if (answer.status() == 404) {
            return Optional.empty();
        }
        JsonTree row = JsonTree.parseIfJson(answer.text());
        if (row.get("status").string().isEmpty()) {
            throw new Unreadable("status");
        }
        return Optional.of(new Member(
                address,
                hash(address),
                standing(row.get("status").string()),
                member(row).complained()));
    }

    @Override
    public HttpCall unsubscribe(Member member) {
        return status(member, "unsubscribed");
    }

    @Override
    public HttpCall admit(ListContact contact) {
        String address = contact.address().wire();
        return on(HttpCall.put("/lists"), list, hash(address)).json(ListApi.json(out -> {
            out.writeStringField("email_address", address);
            out.writeStringField("status_if_new", "subscribed");
            out.writeObjectFieldStart("merge_fields");
            for (Map.Entry<String, String> field : contact.fields().entrySet()) {
                out.writeStringField(field.getKey(), field.getValue());
            }
            out.writeEndObject();
        }));
    }

    @Override
    public Optional<HttpCall> readmit(Member member) {
        return switch (member.standing()) {
            // A transactional member is none of the audience: adding it is adding somebody new.
            case UNSUBSCRIBED, UNLISTED -> Optional.of(status(member, "subscribed"));
            default -> Optional.empty();
        };
    }

    private HttpCall status(Member member, String status) {
        return on(HttpCall.patch("/lists"), list, member.id())
                .json(ListApi.json(out -> out.writeStringField("status", status)))
                .repeatable();
    }

    private static String hash(String address) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            byte[] lower = address.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(md5.digest(lower));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    /** Where the next page begins: after so many of those changed since a time. */
    private record Mark(String since, int offset) {
        static Mark of(String text) {
            int cut = text.lastIndexOf('|');
            return new Mark(text.substring(0, cut), Integer.parseInt(text.substring(cut + 1)));
        }

        String text() {
            return since + "|" + offset;
        }

        /** From a second before the last time seen; by number where that is no progress, as after an import of many at once. */
        Mark after(JsonTree last, int seen) throws Unreadable {
            Instant time = last.time();
            if (time == null) {
                throw new Unreadable("last_changed with its offset");
            }
            Instant from = time.minusSeconds(1);
            return since.isEmpty() || from.isAfter(OffsetDateTime.parse(since).toInstant())
                    ? new Mark(from.toString(), 0)
                    : new Mark(since, offset + seen);
        }
    }

    @Override
    public String toString() {
        return tool() + "/" + list;
    }
}
