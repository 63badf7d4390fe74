package io.crmsdk.erp.rest;

import io.crmsdk.http.HttpAnswer;
import io.crmsdk.http.HttpCall;
import io.crmsdk.sync.Cause;
import io.crmsdk.sync.ConnectorException;
import io.crmsdk.sync.Fields;
import io.crmsdk.sync.RemoteRecord;
import io.crmsdk.sync.Settings;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a service gives a long list in pages. Totals are never asked for: where the service does not say what comes next, only an
 * empty page is the end, so that a page that is smaller than asked for cuts nothing off.
 */
record Paging(Kind kind, String parameter, @Nullable String size, String next) {
    /** The ways in use. */
    enum Kind {
        /** Everything at once. */
        NONE,
        /** By the number of the page, from 1. */
        PAGE,
        /** By the number of records before. */
        OFFSET,
        /** By the id of the last record before. */
        KEYSET,
        /** By a text that the answer gives. */
        CURSOR,
        /** By the address in the header {@code Link} with {@code rel="next"} (RFC 8288). */
        LINK
    }

    private static final Pattern LINK = Pattern.compile("<([^>]*)>\\s*((?:;[^,<]*)*)");
    private static final Pattern NEXT =
            Pattern.compile(";\\s*rel\\s*=\\s*\"?(?:[^\";]*\\s)?next(?:\\s[^\";]*)?\"?\\s*(;|$)");

    static Paging of(Settings settings) {
        List<String> kinds = List.of("none", "page", "offset", "keyset", "cursor", "link");
        Kind kind = Kind.valueOf(settings.choice("kind", "none", kinds).toUpperCase(Locale.ROOT));
        String parameter = kind == Kind.NONE || kind == Kind.LINK ? "" : settings.text("parameter");
        String next = kind == Kind.CURSOR ? settings.text("next") : "";
        Paging paging =
                new Paging(kind, parameter, settings.find("size-parameter").orElse(null), next);
        settings.done();
        return paging;
    }

    static Paging none() {
        return new Paging(Kind.NONE, "", null, "");
    }

    /** The call for a page. */
    HttpCall ask(HttpCall first, @Nullable String token, int limit) {
        if (kind == Kind.LINK && token != null) {
            return HttpCall.get(token);
        }
        HttpCall call = size == null ? first : first.query(size, String.valueOf(limit));
        return switch (kind) {
            case NONE, LINK -> call;
            case PAGE -> call.query(parameter, token == null ? "1" : count(token));
            case OFFSET -> call.query(parameter, token == null ? "0" : count(token));
            case KEYSET, CURSOR -> token == null ? call : call.query(parameter, token);
        };
    }

    /**
     * What asks for the page after; null if this was the last.
     *
     * @throws ConnectorException {@code PAGE_REPEATED} if a page counted by number came again
     */
    @Nullable
    String after(@Nullable String token, HttpAnswer answer, Fields body, List<RemoteRecord> records) {
        return switch (kind) {
            case NONE -> null;
            case CURSOR -> given(body);
            case LINK -> link(answer).orElse(null);
            case KEYSET ->
                records.isEmpty() ? null : records.get(records.size() - 1).id();
            case PAGE -> counted(token, "1", 1, records);
            case OFFSET -> counted(token, "0", records.size(), records);
        };
    }

    private @Nullable String given(Fields body) {
        String text = Words.scalar(body, next);
        return text == null || text.isEmpty() || text.equals("false") ? null : text;
    }

    private static Optional<String> link(HttpAnswer answer) {
        for (String header : answer.headers("Link")) {
            Matcher link = LINK.matcher(header);
            while (link.find()) {
                if (NEXT.matcher(link.group(2)).find()) {
                    return Optional.of(link.group(1));
                }
            }
        }
        return Optional.empty();
    }

    /** The number and the first id, since a service that does not know the parameter gives its first page for ever. */
    private static @Nullable String counted(
            @Nullable String token, String start, int step, List<RemoteRecord> records) {
        if (records.isEmpty()) {
            return null;
        }
        String first = records.get(0).id();
        if (token != null && token.substring(token.indexOf(' ') + 1).equals(first)) {
            throw new ConnectorException(
                    Cause.DATA,
                    "PAGE_REPEATED",
                    "two pages start with the same record; look at the paging",
                    null,
                    null);
        }
        long next = Long.parseLong(token == null ? start : count(token)) + step;
        return next + " " + first;
    }

    private static String count(String token) {
        int blank = token.indexOf(' ');
        return blank < 0 ? token : token.substring(0, blank);
    }
}
