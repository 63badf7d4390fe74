package io.crmsdk.erp.rest;

import io.crmsdk.http.HttpAnswer;
import io.crmsdk.http.HttpCall;
import io.crmsdk.http.HttpGateway;
import io.crmsdk.http.HttpOutcome;
import io.crmsdk.sync.Capabilities;
import io.crmsdk.sync.Cause;
import io.crmsdk.sync.Connector;
import io.crmsdk.sync.ConnectorException;
import io.crmsdk.sync.Fields;
import io.crmsdk.sync.Found;
import io.crmsdk.sync.Page;
import io.crmsdk.sync.RemoteRecord;
import io.crmsdk.sync.Settings;
import io.crmsdk.sync.Write;
import io.crmsdk.sync.Written;
import io.crmsdk.time.TimeConvention;
import io.crmsdk.time.TimeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A kind of record of any service that speaks JSON over HTTP: where its lists are, how it pages, what its records call their id,
 * version and time of change, and how it is written to are all said in settings; docs/sync.md has the keys.
 *
 * <p>A page counts only if the list is where it should be: an answer without it, however cheerful its status, is a failure and
 * never an empty list. What may have been written but was not answered is told as {@link Written.Unknown}. Thread-safe.
 */
public final class RestConnector implements Connector {
    private final HttpGateway gateway;
    private final Capabilities capabilities;
    private final Words words;
    private final Paging paging;
    private final RestWrites writes;
    private final String path;
    private final String items;
    private final Map<String, String> query;
    private final @Nullable Since since;

    /** How changes are asked for. */
    private record Since(String parameter, String form) {
        HttpCall on(HttpCall call, Instant from) {
            return call.query(
                    parameter,
                    switch (form) {
                        case "epoch-s" -> String.valueOf(from.getEpochSecond());
                        case "epoch-ms" -> String.valueOf(from.toEpochMilli());
                        default -> from.toString();
                    });
        }
    }

    private RestConnector(Settings settings) {
        words = Words.of(settings);
        path = settings.text("path");
        items = settings.text("items", "");
        query = settings.texts("query");
        paging = settings.has("paging") ? Paging.of(settings.block("paging")) : Paging.none();
        writes = settings.has("writes") ? RestWrites.of(settings.block("writes"), words) : RestWrites.none(words);
        Capabilities.Builder can = Capabilities.builder(
                        settings.text("system"), settings.text("instance", ""), settings.text("object"))
                .pageSize(settings.number("page-size", 100, 1, 10_000))
                .keys(writes.keys(), writes.visibleWithin())
                .deletes(words.gone() == null ? Capabilities.Deletes.ABSENT : Capabilities.Deletes.MARKED);
        since = settings.has("changes") ? changes(settings, can) : null;
        if (writes.isConditional()) {
            can.conditionalWrites();
        }
        capabilities = can.build();
        gateway = Access.gateway(settings);
        settings.done();
    }

    /**
     * The connector that a block of settings describes. It has a gateway of its own and lets go of it when closed. Nothing is
     * connected yet.
     *
     * @throws io.crmsdk.sync.SyncException {@code SETTINGS} with file, line and key
     * @throws io.crmsdk.http.HttpException if the address must not be used as it stands
     */
    public static RestConnector of(Settings settings) {
        return new RestConnector(settings);
    }

    private Since changes(Settings settings, Capabilities.Builder can) {
        Settings changes = settings.block("changes");
        if (words.modified() == null) {
            throw settings.problem("changes", "needs modified, the field with the time of change, and time, its form");
        }
        try {
            can.changesByStamp(TimeConvention.of(settings.text("time")));
        } catch (TimeException e) {
            throw settings.problem("time", "no convention of time: " + e.getMessage());
        }
        can.overlap(changes.span("overlap", Duration.ofMinutes(10)));
        Since asked = new Since(
                changes.text("parameter"),
                changes.choice("form", "rfc3339", List.of("rfc3339", "epoch-s", "epoch-ms")));
        changes.done();
        return asked;
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public Page list(@Nullable String next, int limit) {
        return page(listing(), next, limit);
    }

    @Override
    public Page changesSince(Instant from, @Nullable String next, int limit) {
        if (since == null) {
            return Connector.super.changesSince(from, next, limit);
        }
        return page(since.on(listing(), from), next, limit);
    }

    private HttpCall listing() {
        HttpCall call = HttpCall.get(path);
        for (Map.Entry<String, String> parameter : query.entrySet()) {
            call = call.query(parameter.getKey(), parameter.getValue());
        }
        return call;
    }

    private Page page(HttpCall first, @Nullable String next, int limit) {
        HttpAnswer answer = read(paging.ask(first, next, limit));
        Fields body = body(answer);
        List<RemoteRecord> records = records(body, items.isEmpty() ? Body.LIST : items);
        return new Page(records, paging.after(next, answer, body, records), answer.date());
    }

    private List<RemoteRecord> records(Fields body, String at) {
        String list = body.get(at);
        if (list == null || !list.startsWith("[")) {
            throw new ConnectorException(
                    Cause.DOWN,
                    "REST_NO_LIST",
                    "expected a list at " + at + "; the answer counts as a failure",
                    null,
                    null);
        }
        List<RemoteRecord> records = new ArrayList<>();
        for (Fields wire : body.objects(at)) {
            if (!words.isRecord(wire)) {
                throw new ConnectorException(
                        Cause.DATA, "REST_NO_ID", "a record has nothing at " + words.id() + "; correct id", null, null);
            }
            records.add(words.record(wire));
        }
        return records;
    }

    private HttpAnswer read(HttpCall call) {
        HttpOutcome outcome = gateway.send(call.expectingJson());
        if (outcome instanceof HttpOutcome.Accepted accepted) {
            return accepted.answer();
        }
        throw ConnectorException.of(outcome);
    }

    private static Fields body(HttpAnswer answer) {
        return Body.of(answer.utf8());
    }

    @Override
    public Found fetch(String id) {
        HttpOutcome outcome = gateway.send(HttpCall.get(path).segment(id).expectingJson());
        if (outcome instanceof HttpOutcome.Refused refused
                && (refused.answer().status() == 404 || refused.answer().status() == 410)) {
            return new Found.Gone();
        }
        if (!(outcome instanceof HttpOutcome.Accepted accepted)) {
            throw ConnectorException.of(outcome);
        }
        Fields wire = writes.within(body(accepted.answer()));
        if (!words.isRecord(wire)) {
            throw new ConnectorException(
                    Cause.DOWN, "REST_NO_RECORD", "expected a record; the answer counts as a failure", null, null);
        }
        RemoteRecord record = words.record(wire);
        return record.gone() ? new Found.Gone() : new Found.Present(record);
    }

    @Override
    public List<RemoteRecord> find(String key) {
        HttpAnswer answer = read(writes.find(listing(), key));
        return records(body(answer), items.isEmpty() ? Body.LIST : items);
    }

    @Override
    public List<Written> write(List<Write> batch) {
        return batch.stream().map(write -> writes.send(gateway, write)).toList();
    }

    @Override
    public void close() {
        gateway.close();
    }

    @Override
    public String toString() {
        return "RestConnector[" + capabilities + "]";
    }

    /** An answer as fields; a bare list stands under a name of its own. */
    static final class Body {
        static final String LIST = "list";

        private Body() {}

        static Fields of(byte[] json) {
            String text = new String(json, StandardCharsets.UTF_8).strip();
            return Fields.parse(text.startsWith("[") ? "{\"" + LIST + "\":" + text + "}" : text);
        }
    }
}
