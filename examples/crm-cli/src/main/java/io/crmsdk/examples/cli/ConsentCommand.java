package io.crmsdk.examples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmsdk.consent.ConsentDecision;
import io.crmsdk.consent.ConsentEvidence;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.Recorded;
import io.crmsdk.consent.Scope;
import io.crmsdk.store.Store;
import io.crmsdk.time.UtcClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code crm consent}: records and shows what people said about being addressed. */
@Command(
        name = "consent",
        description = "Records and shows what people said about being addressed.",
        mixinStandardHelpOptions = true)
final class ConsentCommand {
    private static final String ADDRESS = "an e-mail address, or a phone number with its + and country code";
    private static final String SCOPE = "what it is about, such as marketing/newsletter; everything if absent";

    private final UtcClock clock = UtcClock.system();

    @Command(
            name = "unsubscribe",
            description = "Records that a person wants no more; durable when the answer is printed.",
            mixinStandardHelpOptions = true)
    int unsubscribe(
            @Mixin Output output,
            @Mixin StoreOption option,
            @Parameters(paramLabel = "ADDRESS", description = ADDRESS) String address,
            @Option(names = "--scope", description = SCOPE) @Nullable String scope) {
        ContactKey key = key(address);
        Scope about = scope(scope);
        try (Store store = option.open();
                ConsentLedger ledger = ConsentLedger.open(store)) {
            Recorded recorded = ledger.record(
                    ledger.staff("crm").unsubscribe(List.of(key), about, evidence("crm consent unsubscribe")));
            ObjectNode line = JsonLines.object();
            line.put("ev", "unsub").put("addr", address).put("scope", about.toString());
            line.put("id", recorded.id()).put("at", clock.instant().toString());
            show(output, line, "recorded; no marketing leaves for this address from now on");
        }
        return Exit.DONE;
    }

    @Command(
            name = "assert",
            description = "Notes that a person agreed, as far as staff knows. It never undoes an unsubscribe.",
            mixinStandardHelpOptions = true)
    int assertConsent(
            @Mixin Output output,
            @Mixin StoreOption option,
            @Parameters(paramLabel = "ADDRESS", description = ADDRESS) String address,
            @Option(names = "--scope", required = true, description = "what it is about") String scope,
            @Option(names = "--because", required = true, description = "how staff knows, for the evidence")
                    String why) {
        ContactKey key = key(address);
        try (Store store = option.open();
                ConsentLedger ledger = ConsentLedger.open(store)) {
            Recorded recorded = ledger.record(ledger.staff("crm").asserted(key, Scope.of(scope), evidence(why)));
            ConsentDecision decision = ledger.decide(key, Scope.of(scope));
            ObjectNode line = JsonLines.object();
            line.put("ev", "asserted").put("addr", address).put("scope", scope).put("id", recorded.id());
            line.put("decision", decision.verdict().name());
            show(output, line.put("at", clock.instant().toString()), decision.explain());
        }
        return Exit.DONE;
    }

    @Command(
            name = "status",
            description = "Says whether marketing may be sent, and why.",
            mixinStandardHelpOptions = true)
    int status(
            @Mixin Output output,
            @Mixin StoreOption option,
            @Parameters(paramLabel = "ADDRESS", description = ADDRESS) String address,
            @Option(names = "--scope", description = SCOPE) @Nullable String scope)
            throws IOException {
        ContactKey key = key(address);
        Scope about = scope(scope);
        try (Store store = option.existing();
                ConsentLedger ledger = ConsentLedger.open(store)) {
            ConsentDecision decision = ledger.decide(key, about);
            ObjectNode line = JsonLines.object();
            line.put("addr", address).put("scope", about.toString());
            line.put("decision", decision.verdict().name()).put("reason", decision.reason());
            line.put("position", decision.position());
            line.set("events", events(ledger, key));
            show(output, line, decision.explain());
        }
        return Exit.DONE;
    }

    @Command(
            name = "export",
            description = "Prints everything the ledger holds of a person.",
            mixinStandardHelpOptions = true)
    int export(
            @Mixin Output output,
            @Mixin StoreOption option,
            @Parameters(paramLabel = "ADDRESS", description = ADDRESS) String address)
            throws IOException {
        ContactKey key = key(address);
        try (Store store = option.existing();
                ConsentLedger ledger = ConsentLedger.open(store)) {
            events(ledger, key).forEach(output.lines()::write);
        }
        return Exit.DONE;
    }

    private static JsonNode events(ConsentLedger ledger, ContactKey key) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ledger.exportPerson(List.of(key), bytes);
        return JsonLines.parse(bytes.toString(StandardCharsets.UTF_8), "export");
    }

    private static void show(Output output, ObjectNode line, String words) {
        if (output.isJson()) {
            output.lines().write(line);
        } else {
            output.say(words);
        }
    }

    private static ConsentEvidence evidence(String text) {
        return ConsentEvidence.builder().text(text).build();
    }

    private static ContactKey key(String address) {
        return address.indexOf('@') >= 0 ? ContactKey.email(address) : ContactKey.phone(address, "ZZ");
    }

    private static Scope scope(@Nullable String text) {
        return text == null ? Scope.ALL : Scope.of(text);
    }
}
