package io.crmsdk.examples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmsdk.CrmException;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.delivery.EnqueueAnswer;
import io.crmsdk.delivery.Message;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.mail.Email;
import io.crmsdk.mail.Unsubscribe;
import io.crmsdk.store.Store;
import io.crmsdk.time.TimeConvention;
import io.crmsdk.time.UtcClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code crm enqueue}: stores messages durably and says so after the commit, never before. */
@Command(
        name = "enqueue",
        description = "Stores the messages of JSON Lines; a worker sends them. One answer a line, after its commit.",
        mixinStandardHelpOptions = true)
final class EnqueueCommand implements Callable<Integer> {
    /** What one commit takes at most when lines come faster than commits. */
    private static final int BATCH = 200;

    private static final TimeConvention RFC3339 = TimeConvention.of("rfc3339");

    @Mixin
    private Output output = new Output();

    @Mixin
    private StoreOption store = new StoreOption();

    @Option(
            names = "--from",
            paramLabel = "ADDRESS",
            defaultValue = "crm@localhost.localdomain",
            description = "Sender of lines that name none; ${DEFAULT-VALUE} if absent.")
    private String from = "";

    @Option(
            names = "--unsubscribe",
            paramLabel = "URL",
            description = "https address of the unsubscribe endpoint for marketing; the message's key is added.")
    private @Nullable String unsubscribe;

    @Parameters(arity = "0..1", description = "file; standard input if absent or -")
    private @Nullable String file;

    private final UtcClock clock = UtcClock.system();
    private int exit = Exit.DONE;

    @Override
    public Integer call() throws IOException {
        try (Store opened = store.open();
                ConsentLedger ledger = ConsentLedger.open(opened);
                Outbox outbox = Outbox.builder(opened)
                        .channelElsewhere("smtp")
                        .consent(ledger)
                        .build();
                BufferedReader lines = new BufferedReader(
                        new InputStreamReader(JsonLines.open(file), StandardCharsets.UTF_8), 1 << 16)) {
            List<Message> batch = new ArrayList<>();
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    read(line, number, batch);
                }
                if (batch.size() >= BATCH || !lines.ready()) {
                    store(outbox, batch);
                }
            }
            store(outbox, batch);
        }
        return exit;
    }

    private void read(String text, int number, List<Message> batch) {
        String key = "";
        try {
            JsonNode line = JsonLines.parse(text, "line " + number);
            key = line.path("key").asText();
            batch.add(message(line));
        } catch (CrmException e) {
            reject(key, e.code(), e.getMessage());
        } catch (UsageException | IllegalArgumentException e) {
            reject(key, "BAD_LINE", "line " + number + ": " + e.getMessage());
        }
    }

    private Message message(JsonNode line) {
        String key = line.path("key").asText();
        Email.Builder mail = Email.builder().from(line.path("from").asText(from), "");
        line.path("to").forEach(address -> mail.to(address.asText()));
        mail.subject(line.path("subject").asText());
        if (line.hasNonNull("text")) {
            mail.text(line.path("text").asText());
        }
        if (line.hasNonNull("html")) {
            mail.html(line.path("html").asText());
        }
        kind(line, key, mail);
        Message.Builder message = mail.build().prepare(key);
        if (line.hasNonNull("notBefore")) {
            message.notBefore(RFC3339.parseInstant(line.path("notBefore").asText()));
        }
        if (line.hasNonNull("expires")) {
            message.expires(RFC3339.parseInstant(line.path("expires").asText()));
        }
        return message.build();
    }

    private void kind(JsonNode line, String key, Email.Builder mail) {
        String kind = line.path("kind").asText();
        switch (kind) {
            case "transactional" -> {}
            case "marketing" -> {
                String scope = line.path("scope").asText();
                if (unsubscribe == null) {
                    mail.marketingWithoutUnsubscribe(scope);
                } else {
                    String link = unsubscribe + URLEncoder.encode(key, StandardCharsets.UTF_8);
                    mail.marketing(scope, Unsubscribe.by(URI.create(link)));
                }
            }
            default -> throw new UsageException("kind: expected marketing or transactional");
        }
    }

    private void store(Outbox outbox, List<Message> batch) {
        if (!batch.isEmpty()) {
            outbox.enqueueAll(batch).forEach(this::tell);
            batch.clear();
        }
    }

    private void tell(EnqueueAnswer answer) {
        if (answer instanceof EnqueueAnswer.Ack ack) {
            ObjectNode line = line("ack", ack.key()).put("id", ack.messageId());
            output.lines().write(line.put("duplicate", ack.duplicate()));
        } else if (answer instanceof EnqueueAnswer.Reject reject) {
            reject(reject.key(), reject.code(), reject.message());
        } else if (answer instanceof EnqueueAnswer.Unknown unknown) {
            exit = Exit.UNKNOWN;
            output.lines().write(line("unknown", unknown.key()).put("message", unknown.message()));
        }
    }

    private void reject(String key, String code, @Nullable String message) {
        exit = exit == Exit.UNKNOWN ? exit : Exit.FINDINGS;
        output.lines().write(line("reject", key).put("code", code).put("message", message));
    }

    private ObjectNode line(String event, String key) {
        return JsonLines.object()
                .put("ev", event)
                .put("key", key)
                .put("at", clock.instant().toString());
    }
}
