package io.crmsdk.examples.sandbox;

import io.crmsdk.http.HttpAnswer;
import io.crmsdk.http.HttpCall;
import io.crmsdk.http.HttpGateway;
import io.crmsdk.http.HttpOutcome;
import io.crmsdk.mapping.Mapping;
import io.crmsdk.sync.Capabilities;
import io.crmsdk.sync.Cause;
import io.crmsdk.sync.Connector;
import io.crmsdk.sync.ConnectorException;
import io.crmsdk.sync.Fields;
import io.crmsdk.sync.Found;
import io.crmsdk.sync.Page;
import io.crmsdk.sync.RemoteRecord;
import io.crmsdk.sync.Write;
import io.crmsdk.sync.Written;
import io.crmsdk.time.TimeConvention;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The sandbox's customers as the sync engine sees them; also an example of how little a connector is: it turns requests into
 * calls and answers into records, and says what the system can do.
 */
public final class SandboxConnector implements Connector {
    private static final Capabilities CAPABILITIES = Capabilities.builder("sandbox", "", "Customer")
            .changesByStampAndId(TimeConvention.of("rfc3339"))
            .overlap(Duration.ofSeconds(10))
            .deletes(Capabilities.Deletes.MARKED)
            .keys(Capabilities.Keys.UPSERT, Duration.ZERO)
            .conditionalWrites()
            .pageSize(SandboxErp.PAGE)
            .batches(SandboxErp.PAGE, Capabilities.Batch.EACH)
            .build();

    private final HttpGateway gateway;

    /** Speaks through a gateway, which stays its owner's: closing the connector does not close it. */
    public SandboxConnector(HttpGateway gateway) {
        this.gateway = gateway;
    }

    /** A gateway to a sandbox of this machine. */
    public static HttpGateway gateway(URI address) {
        return HttpGateway.builder(address)
                .privateNetworkAllowed()
                .plainHttpAllowed()
                .build();
    }

    /** How canonical customers are said in the sandbox's words, and back. */
    public static Mapping mapping() {
        try (InputStream file = SandboxConnector.class.getResourceAsStream("customer.yaml")) {
            String text = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
            return Mapping.parse("sandbox/customer", text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Page list(@Nullable String next, int limit) {
        return page(HttpCall.get("/customers").query("limit", String.valueOf(limit)), next);
    }

    @Override
    public Page changesSince(Instant from, @Nullable String next, int limit) {
        HttpCall call = HttpCall.get("/customers").query("limit", String.valueOf(limit));
        return page(call.query("since", from.toString()), next);
    }

    private Page page(HttpCall call, @Nullable String next) {
        HttpAnswer answer = read(next == null ? call : call.query("after", next));
        Fields body = Fields.parse(answer.utf8());
        List<RemoteRecord> records =
                body.objects("items").stream().map(SandboxConnector::record).toList();
        return new Page(records, body.text("next"), answer.date());
    }

    private HttpAnswer read(HttpCall call) {
        HttpOutcome outcome = gateway.send(call.expectingJson());
        if (outcome instanceof HttpOutcome.Accepted accepted) {
            return accepted.answer();
        }
        throw ConnectorException.of(outcome);
    }

    private static RemoteRecord record(Fields wire) {
        String id = String.valueOf(wire.text("_id"));
        RemoteRecord record = "true".equals(wire.get("_archived"))
                ? RemoteRecord.gone(id)
                : RemoteRecord.of(id, wire.only(path -> !path.startsWith("_")));
        return record.withVersion(wire.text("_version"))
                .withModified(wire.text("_modified"))
                .withKey(wire.text("_key"));
    }

    @Override
    public Found fetch(String id) {
        HttpOutcome outcome =
                gateway.send(HttpCall.get("/customers").segment(id).expectingJson());
        if (outcome instanceof HttpOutcome.Accepted accepted) {
            return new Found.Present(record(Fields.parse(accepted.answer().utf8())));
        }
        if (outcome instanceof HttpOutcome.Refused refused
                && (refused.answer().status() == 404 || refused.answer().status() == 410)) {
            return new Found.Gone();
        }
        throw ConnectorException.of(outcome);
    }

    @Override
    public List<RemoteRecord> find(String key) {
        Fields body =
                Fields.parse(read(HttpCall.get("/customers").query("key", key)).utf8());
        return body.objects("items").stream().map(SandboxConnector::record).toList();
    }

    @Override
    public List<Written> write(List<Write> writes) {
        Fields body = Fields.builder()
                .objects("writes", writes.stream().map(SandboxConnector::wire).toList())
                .build();
        HttpOutcome outcome = gateway.send(HttpCall.post("/batch").json(body.jsonBytes()));
        if (!(outcome instanceof HttpOutcome.Accepted accepted)) {
            throw ConnectorException.of(outcome);
        }
        List<Written> results = new ArrayList<>();
        for (Fields result : Fields.parse(accepted.answer().utf8()).objects("results")) {
            results.add(written(result));
        }
        return results;
    }

    private static Fields wire(Write write) {
        Fields.Builder wire = Fields.builder().text("ref", write.ref());
        if (write instanceof Write.Create create) {
            return wire.text("op", "upsert")
                    .text("key", create.key())
                    .object("fields", create.fields())
                    .build();
        }
        if (write instanceof Write.Update update) {
            return wire.text("op", "change")
                    .text("id", update.id())
                    .text("version", update.expectedVersion())
                    .object("fields", update.changes())
                    .build();
        }
        Write.Archive archive = (Write.Archive) write;
        return wire.text("op", "archive")
                .text("id", archive.id())
                .text("version", archive.expectedVersion())
                .build();
    }

    private static Written written(Fields result) {
        String ref = String.valueOf(result.text("ref"));
        int status = Integer.parseInt(String.valueOf(result.get("status")));
        Fields customer = result.object("customer");
        return switch (status) {
            case 200, 201 -> new Written.Stored(ref, record(customer));
            case 412 -> new Written.Changed(ref, Optional.of(record(customer)));
            default -> new Written.Refused(ref, Cause.DATA, "HTTP_" + status, String.valueOf(customer.text("error")));
        };
    }
}
