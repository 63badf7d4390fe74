package io.crmsdk.examples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmsdk.CrmException;
import io.crmsdk.mapping.ConsentSignal;
import io.crmsdk.mapping.MappedRecord;
import io.crmsdk.mapping.Mapping;
import io.crmsdk.mapping.PayloadException;
import io.crmsdk.mapping.VendorRecord;
import io.crmsdk.model.CustomerJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code crm map}: vendor records to canonical ones, or back. */
@Command(
        name = "map",
        description = "Maps JSON records of a vendor to canonical customers, or back with --reverse.",
        mixinStandardHelpOptions = true)
final class MapCommand implements Callable<Integer> {
    @Mixin
    private Output output = new Output();

    @Option(names = "--mapping", required = true, paramLabel = "M", description = "a file, or a bundled name")
    private String mapping = "";

    @Option(names = "--reverse", description = "canonical customers in, vendor records out")
    private boolean reverse;

    @Parameters(arity = "0..1", description = "JSON Lines, an array or one object; standard input if absent or -")
    private @Nullable String file;

    private int exit = Exit.DONE;

    @Override
    public Integer call() throws IOException {
        Mapping loaded = Mappings.named(mapping);
        JsonLines.records(file, new JsonInput.Handler() {
            @Override
            public void record(JsonNode record) {
                output.lines().write(answer(loaded, record));
            }

            @Override
            public void broken(String place) {
                exit = Exit.FINDINGS;
                ObjectNode error = JsonLines.object();
                error.putObject("error")
                        .put("code", "MALFORMED")
                        .put("path", "")
                        .put("message", "not a JSON record: " + place);
                output.lines().write(error);
            }
        });
        return exit;
    }

    private ObjectNode answer(Mapping loaded, JsonNode record) {
        ObjectNode answer = JsonLines.object();
        try {
            return reverse ? out(loaded, record, answer) : in(loaded, record, answer);
        } catch (PayloadException e) {
            exit = Exit.FINDINGS;
            answer.putObject("error")
                    .put("code", e.code())
                    .put("path", e.path())
                    .put("message", e.getMessage());
        } catch (CrmException e) {
            exit = Exit.FINDINGS;
            answer.putObject("error").put("code", e.code()).put("path", "").put("message", e.getMessage());
        }
        return answer;
    }

    private ObjectNode in(Mapping loaded, JsonNode record, ObjectNode answer) {
        MappedRecord mapped = loaded.in(JsonLines.text(record).getBytes(StandardCharsets.UTF_8));
        if (mapped.rejected() || mapped.customer() == null) {
            exit = Exit.FINDINGS;
            ObjectNode error = answer.putObject("error");
            error.put(
                    "code",
                    mapped.findings().isEmpty()
                            ? "REJECTED"
                            : mapped.findings().get(0).code());
            error.put(
                    "path",
                    mapped.findings().isEmpty()
                            ? ""
                            : String.valueOf(mapped.findings().get(0).column()));
        } else {
            answer.set(
                    "customer",
                    JsonLines.parse(
                            new String(CustomerJson.write(mapped.customer()), StandardCharsets.UTF_8), "customer"));
        }
        ArrayNode consent = JsonLines.array();
        mapped.consent().forEach(signal -> consent.add(signal(signal)));
        if (!consent.isEmpty()) {
            answer.set("consent", consent);
        }
        ArrayNode findings = JsonLines.array();
        mapped.findings().forEach(finding -> findings.add(FindingLines.finding(finding)));
        if (!findings.isEmpty()) {
            exit = Exit.FINDINGS;
            answer.set("findings", findings);
        }
        return answer;
    }

    private ObjectNode out(Mapping loaded, JsonNode record, ObjectNode answer) {
        JsonNode customer = record.has("customer") ? record.path("customer") : record;
        VendorRecord vendor =
                loaded.out(CustomerJson.read(JsonLines.text(customer).getBytes(StandardCharsets.UTF_8)));
        answer.set("record", JsonLines.parse(new String(vendor.json(), StandardCharsets.UTF_8), "record"));
        ArrayNode findings = JsonLines.array();
        vendor.findings().forEach(finding -> findings.add(FindingLines.finding(finding)));
        if (!findings.isEmpty()) {
            exit = Exit.FINDINGS;
            answer.set("findings", findings);
        }
        return answer;
    }

    private static ObjectNode signal(ConsentSignal signal) {
        ObjectNode node = JsonLines.object();
        node.put("channel", signal.channel().name()).put("scope", signal.scope());
        node.put("state", signal.state().name()).put("field", signal.field()).put("raw", signal.raw());
        ArrayNode points = node.putArray("contactPoints");
        signal.contactPoints().forEach(points::add);
        return node;
    }
}
