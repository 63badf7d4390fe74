package io.crmsdk.erp.rest;

import io.crmsdk.http.HttpAnswer;
import io.crmsdk.http.HttpCall;
import io.crmsdk.http.HttpGateway;
import io.crmsdk.http.HttpOutcome;
import io.crmsdk.sync.Capabilities;
import io.crmsdk.sync.Cause;
import io.crmsdk.sync.ConnectorException;
import io.crmsdk.sync.Fields;
import io.crmsdk.sync.Settings;
import io.crmsdk.sync.SyncException;
import io.crmsdk.sync.Write;
import io.crmsdk.sync.Written;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a service is written to: one request a record. */
record RestWrites(
        Words words,
        @Nullable String create,
        @Nullable String update,
        @Nullable String archive,
        @Nullable String condition,
        String answer,
        Capabilities.Keys keys,
        @Nullable String findBy,
        Duration visibleWithin) {
    static RestWrites none(Words words) {
        return new RestWrites(words, null, null, null, null, "", Capabilities.Keys.NONE, null, Duration.ZERO);
    }

    static RestWrites of(Settings settings, Words words) {
        Capabilities.Keys keys =
                Capabilities.Keys.valueOf(settings.choice("keys", "none", List.of("none", "search", "upsert"))
                        .toUpperCase(Locale.ROOT));
        RestWrites writes = new RestWrites(
                words,
                request(settings, "create"),
                request(settings, "update"),
                request(settings, "archive"),
                settings.find("condition").orElse(null),
                settings.text("answer", ""),
                keys,
                keys == Capabilities.Keys.NONE ? null : settings.text("find-by"),
                settings.span("key-visible-within", Duration.ZERO));
        if (keys != Capabilities.Keys.NONE && words.key() == null) {
            throw settings.problem("keys", "needs key, the field that holds it");
        }
        if (writes.condition != null && words.version() == null) {
            throw settings.problem("condition", "needs version, the field that holds it");
        }
        settings.done();
        return writes;
    }

    /** Method and path, for example {@code PATCH /customers/{id}}. */
    private static @Nullable String request(Settings settings, String key) {
        String request = settings.find(key).orElse(null);
        if (request != null && !request.matches("(POST|PUT|PATCH|DELETE) /\\S*")) {
            throw settings.problem(key, "expected a method and a path such as PATCH /customers/{id}");
        }
        return request;
    }

    boolean isConditional() {
        return condition != null;
    }

    /** The record in an answer. */
    Fields within(Fields body) {
        return answer.isEmpty() ? body : body.object(answer);
    }

    HttpCall find(HttpCall listing, String key) {
        return listing.query(String.valueOf(findBy), key);
    }

    Written send(HttpGateway gateway, Write write) {
        String request = requestOf(write);
        if (request == null) {
            return new Written.Refused(write.ref(), Cause.PERMISSION, "REST_READ_ONLY", "the settings name no request");
        }
        HttpOutcome outcome = gateway.send(call(request, write));
        if (outcome instanceof HttpOutcome.Accepted accepted) {
            return done(write, accepted.answer());
        }
        if (outcome instanceof HttpOutcome.Refused refused) {
            return refused(write, refused.answer().status());
        }
        ConnectorException why = ConnectorException.of(outcome);
        if (outcome instanceof HttpOutcome.NotTaken) {
            return why.kind() == Cause.PERMISSION
                    ? new Written.Refused(write.ref(), Cause.PERMISSION, why.code(), "the credentials were not taken")
                    : new Written.NotTaken(write.ref(), why.kind(), why.code());
        }
        return new Written.Unknown(write.ref(), why.code());
    }

    private @Nullable String requestOf(Write write) {
        if (write instanceof Write.Create) {
            return create;
        }
        return write instanceof Write.Update ? update : archive;
    }

    private HttpCall call(String request, Write write) {
        String[] parts = request.split(" ", 2);
        if (write instanceof Write.Create made) {
            HttpCall call = at(parts[0], parts[1], made.key());
            Fields body = words.key() == null || parts[1].contains("{key}")
                    ? made.fields()
                    : made.fields().toBuilder().text(words.key(), made.key()).build();
            return call.json(body.jsonBytes());
        }
        if (write instanceof Write.Update changed) {
            HttpCall call =
                    at(parts[0], parts[1], changed.id()).json(changed.changes().jsonBytes());
            return bound(call, changed.expectedVersion());
        }
        Write.Archive archived = (Write.Archive) write;
        return bound(at(parts[0], parts[1], archived.id()), archived.expectedVersion());
    }

    /** Segment by segment, so that an id with a slash leads nowhere else. */
    private static HttpCall at(String method, String path, String value) {
        HttpCall call = HttpCall.of(method, "/");
        for (String segment : path.substring(1).split("/", -1)) {
            call = segment.isEmpty()
                    ? call
                    : call.segment(segment.replace("{id}", value).replace("{key}", value));
        }
        return call;
    }

    private HttpCall bound(HttpCall call, @Nullable String version) {
        if (condition == null || version == null) {
            return call;
        }
        boolean tagged = version.startsWith("\"") || version.startsWith("W/");
        return call.header(condition, tagged ? version : '"' + version + '"');
    }

    private Written done(Write write, HttpAnswer said) {
        Fields record = record(said);
        if (!(write instanceof Write.Archive) && words.isRecord(record)) {
            return new Written.Stored(write.ref(), words.record(record));
        }
        if (write instanceof Write.Update changed) {
            return new Written.Accepted(write.ref(), changed.id());
        }
        return write instanceof Write.Archive archived
                ? new Written.Accepted(write.ref(), archived.id())
                : new Written.Unknown(write.ref(), "REST_NO_ID");
    }

    /** What was stored, as far as the answer says so; a body that is none does not undo the success. */
    private Fields record(HttpAnswer said) {
        try {
            return said.body().length == 0 ? Fields.none() : within(RestConnector.Body.of(said.utf8()));
        } catch (SyncException e) {
            return Fields.none();
        }
    }

    private static Written refused(Write write, int status) {
        boolean existing = !(write instanceof Write.Create);
        if (existing && (status == 409 || status == 412)) {
            return new Written.Changed(write.ref(), Optional.empty());
        }
        Cause cause = status == 403 ? Cause.PERMISSION : Cause.DATA;
        return new Written.Refused(write.ref(), cause, "HTTP_" + status, "declined with status " + status);
    }
}
