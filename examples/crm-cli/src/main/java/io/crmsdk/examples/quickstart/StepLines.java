package io.crmsdk.examples.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmsdk.delivery.DeliveryState;
import io.crmsdk.erp.file.RowOutcome;
import io.crmsdk.sync.Hold;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Tells each step as it ends: a line of JSON that is also kept in {@code report.json}, and a line for people. */
public final class StepLines {
    private final BiConsumer<JsonNode, String> listener;
    private @Nullable Path file;

    /** @param listener takes the line for machines and the line for people */
    public StepLines(BiConsumer<JsonNode, String> listener) {
        this.listener = listener;
    }

    void open(Path report) throws IOException {
        Files.writeString(report, "");
        file = report;
    }

    private void line(JsonNode line, String words) {
        listener.accept(line, words);
        if (file != null) {
            try {
                Files.writeString(file, line + "\n", StandardCharsets.UTF_8, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException("the report could not be written", e);
            }
        }
    }

    private static ObjectNode step(String name) {
        return JsonNodeFactory.instance.objectNode().put("step", name);
    }

    void imported(Sheets.FileResult file) {
        ObjectNode line = step("file").put("file", file.name());
        line.put("format", file.readAs()).put("rows", file.total());
        for (RowOutcome outcome : RowOutcome.values()) {
            line.put(outcome.name().toLowerCase(Locale.ROOT), file.count(outcome));
        }
        line(line, "read      " + file.name() + " (" + file.readAs() + "): " + file.total() + " rows");
    }

    void imports(Sheets sheets) {
        ObjectNode line = step("import");
        line.put(
                "rows",
                sheets.files().stream().mapToLong(Sheets.FileResult::total).sum());
        StringBuilder words = new StringBuilder("cleaned  ");
        for (RowOutcome outcome : RowOutcome.values()) {
            String word = outcome.name().toLowerCase(Locale.ROOT);
            line.put(word, sheets.count(outcome));
            words.append(' ').append(sheets.count(outcome)).append(' ').append(word);
        }
        line(line, words.toString());
    }

    void identity(Quickstart.Findings found) {
        ObjectNode line = step("identity").put("customers", found.customers);
        line.put("linked", found.linked).put("questions", found.questions);
        line(
                line,
                "linked    " + found.customers + " customers, " + found.linked + " of them from several rows; "
                        + found.questions + " pairs for a person to look at");
    }

    void consent(Quickstart.Findings found) {
        ObjectNode line = step("consent").put("optedOut", found.optedOut);
        line.put("rowsDisagree", found.conflicts.size());
        line(
                line,
                "consent   " + found.optedOut + " customers said no, " + found.conflicts.size()
                        + " of them in one row and not in another");
    }

    void held(Hold hold) {
        ObjectNode line = step("held").put("kind", hold.kind().name());
        line(line.put("reason", hold.reason()), "held      " + hold.reason() + " (approved by whoever runs this)");
    }

    void sync(Quickstart.Findings found) {
        Quickstart.SyncRun first = found.syncRuns.get(0);
        Quickstart.SyncRun second = found.syncRuns.get(1);
        ObjectNode line = step("sync").put("created", first.created());
        line.put("updated", first.updated()).put("failed", first.failed());
        line.put("secondRun", second.created() + second.updated()).put("erpCustomers", found.erpCustomers);
        line(
                line,
                "synced    " + first.created() + " customers to the ERP sandbox, " + first.failed()
                        + " failed; the second run wrote " + (second.created() + second.updated()));
    }

    void killed(Quickstart.Findings found) {
        ObjectNode line = step("kill").put("pid", found.killedPid);
        line(
                line.put("inMailbox", found.inMailboxAtKill),
                "killed    worker " + found.killedPid + " with SIGKILL, " + found.inMailboxAtKill
                        + " mails in the mailboxes; starting it again");
    }

    void delivery(Quickstart.Findings found) {
        ObjectNode line = step("delivery").put("enqueued", found.enqueued);
        line.put("accepted", found.acceptedByReply);
        line.put("delivered", found.states.getOrDefault(DeliveryState.DELIVERED, 0L));
        line.put("bounced", found.states.getOrDefault(DeliveryState.BOUNCED, 0L));
        line.put("suppressed", found.states.getOrDefault(DeliveryState.SUPPRESSED, 0L));
        line.put("failed", found.states.getOrDefault(DeliveryState.FAILED, 0L));
        line.put("unconfirmed", found.states.getOrDefault(DeliveryState.UNCONFIRMED, 0L));
        line.put("unconfirmedAfterKill", found.doubts.size());
        line.put("lost", found.lost).put("duplicated", found.duplicated);
        line(
                line,
                "sent      " + found.enqueued + " enqueued: " + found.acceptedByReply + " accepted with a reply, "
                        + found.states.getOrDefault(DeliveryState.SUPPRESSED, 0L) + " not sent for want of consent, "
                        + found.doubts.size() + " in doubt after the kill and settled by the mailboxes");
    }

    void end(Quickstart.Findings found, Path folder) {
        ObjectNode line = step("end").put("ok", found.failures.isEmpty());
        ArrayNode checks = line.putArray("checks");
        found.checks.forEach(checks::add);
        ArrayNode failures = line.putArray("failures");
        found.failures.forEach(failures::add);
        line.put("seconds", found.took.toMillis() / 1000.0)
                .put("report", folder.resolve("report.html").toString());
        StringBuilder words = new StringBuilder();
        found.checks.forEach(check -> words.append("  ✓ ").append(check).append('\n'));
        found.failures.forEach(failure -> words.append("  ✗ ").append(failure).append('\n'));
        words.append("report    ")
                .append(folder.resolve("report.html"))
                .append(" (")
                .append(found.took.toSeconds())
                .append(" s)");
        line(line, words.toString());
    }
}
