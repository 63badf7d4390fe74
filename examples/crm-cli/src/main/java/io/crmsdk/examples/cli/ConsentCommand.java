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
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

    @Command(
            name = "erase",
            description =
                    "Erases a person's addresses and evidence. That they said no stays, as a keyed hash, for ever.",
            mixinStandardHelpOptions = true)
    int erase(
            @Mixin Output output,
            @Mixin StoreOption option,
            @Parameters(paramLabel = "ADDRESS", arity = "1..*", description = "every address of the person: " + ADDRESS)
                    List<String> addresses,
            @Option(
                            names = "--because",
                            required = true,
                            description = "who asked for it, without the person's own data")
                    String why) {
        List<ContactKey> keys = addresses.stream().map(ConsentCommand::key).toList();
        try (Store store = option.existing();
                ConsentLedger ledger = ConsentLedger.open(store)) {
            store.inTransaction(connection -> {
                ledger.erase(connection, keys, why);
                return keys.size();
            });
            ObjectNode line = JsonLines.object();
            line.put("ev", "erased").put("addresses", keys.size());
            line.put("at", clock.instant().toString());
            show(output, line, "erased; whoever said no is still not written to. Erase your copies too");
        }
        return Exit.DONE;
    }

    @Command(
            name = "copy",
            description = "Writes the whole ledger to a new file, for another machine. It holds plain addresses.",
            mixinStandardHelpOptions = true)
    int copy(
            @Mixin Output output,
            @Mixin StoreOption option,
            @Parameters(paramLabel = "FILE", description = "a file that is not there yet") Path file)
            throws IOException {
        try (Store store = option.existing();
                ConsentLedger ledger = ConsentLedger.open(store);
                OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
            long position = ledger.export(0, out);
            ObjectNode line = JsonLines.object();
            line.put("ev", "copied").put("position", position);
            show(output, line.put("at", clock.instant().toString()), position + " events written");
        }
        return Exit.DONE;
    }

    @Command(
            name = "restore",
            description =
                    "Takes over a copy of the ledger after the store came back from a backup. Marketing waits until --finish.",
            mixinStandardHelpOptions = true)
    int restore(
            @Mixin Output output,
            @Mixin StoreOption option,
            @Parameters(paramLabel = "FILE", description = "what crm consent copy wrote") Path file,
            @Option(
                            names = "--finish",
                            paramLabel = "WHO",
                            description =
                                    "marketing goes on by this person's word: the opt-outs of every connected tool were taken over")
                    @Nullable
                    String who)
            throws IOException {
        long fresh;
        try (InputStream copy = Files.newInputStream(file);
                Store store = option.existing();
                ConsentLedger ledger = ConsentLedger.open(store)) {
            if (!ledger.held()) {
                ledger.beginRestore();
            }
            fresh = ledger.unite(copy);
            if (who != null) {
                ledger.finishRestore(who, "a copy with " + fresh + " events that were missing");
            }
        }
        ObjectNode line = JsonLines.object();
        line.put("ev", "restored").put("fresh", fresh).put("held", who == null);
        show(
                output,
                line.put("at", clock.instant().toString()),
                fresh + " events were missing and are back; "
                        + (who == null
                                ? "marketing waits: take over the opt-outs of every tool, then repeat with --finish"
                                : "marketing goes on"));
        return who == null ? Exit.HELD : Exit.DONE;
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
