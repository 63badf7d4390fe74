package io.crmsdk.mail.list;

import io.crmsdk.http.Authorization;
import io.crmsdk.http.HttpAnswer;
import io.crmsdk.http.HttpCall;
import io.crmsdk.mail.internal.JsonTree;
import io.crmsdk.mail.internal.JsonWriter;
import io.crmsdk.suppression.SuppressionEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How one tool's list is spoken to. It has no word for "set subscribed": {@link #admit} and {@link #readmit} are asked only with a grant
 * in hand, and no call that says no passes through a yes.
 */
interface ListApi {
    /** The tool, as the ledger's sources call it. */
    String tool();

    /** The list within it. */
    String list();

    URI origin();

    Authorization authorization();

    /** A part of the list; null for its beginning. */
    HttpCall page(@Nullable String next);

    /** @throws Unreadable if the answer is not a page, so that a foreign one is not taken for an empty list */
    Page page(JsonTree answer, @Nullable String next) throws Unreadable;

    HttpCall look(String address);

    /** Reads a look; nothing if the tool does not know the address. */
    Optional<Member> look(HttpAnswer answer, String address) throws Unreadable;

    /** Says no for a member, in one write. */
    HttpCall unsubscribe(Member member);

    /** Adds somebody whom the tool does not know, in a way that changes nobody it does know. */
    HttpCall admit(ListContact contact);

    /** Puts a known member back on the list; nothing if only the person can do that at the tool. */
    Optional<HttpCall> readmit(Member member);

    /** Whether this yes lifts a block that holds for all lists of the tool. */
    default boolean liftsEverywhere(Member member) {
        return false;
    }

    /** A part of what came back, for tools that tell it apart from the members; nothing for others. */
    default Optional<HttpCall> bounces(@Nullable String next) {
        return Optional.empty();
    }

    /** Reads such a part. */
    default Bounces bounces(JsonTree answer, @Nullable String next) throws Unreadable {
        return new Bounces(List.of(), 0, null);
    }

    /**
     * Whether a part is the last: the tool's count decides, since a server may give fewer than it was asked for.
     *
     * @throws Unreadable if there is no count, or a part is empty before it is reached
     */
    static boolean isLast(long before, int rows, JsonTree count) throws Unreadable {
        String all = count.string();
        if (!all.matches("\\d{1,18}")) {
            throw new Unreadable("how many there are");
        }
        boolean last = before + rows >= Long.parseLong(all);
        if (rows == 0 && !last) {
            throw new Unreadable("the rest of " + all);
        }
        return last;
    }

    /** A body. */
    static byte[] json(JsonWriter.Fields fields) {
        try {
            return JsonWriter.object(fields);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
    }

    /** @param next where the next part begins; null at the end */
    record Page(List<Member> members, @Nullable String next) {}

    /**
     * @param unreadable how many were about no address
     * @param next where the next part begins; null at the end
     */
    record Bounces(
            List<SuppressionEvent> events,
            long unreadable,
            @Nullable String next) {}

    /** An answer that is none to the question. */
    final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable(String expected) {
            super(expected);
        }
    }
}
