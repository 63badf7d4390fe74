package io.crmsdk.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmsdk.mail.bounce.BounceDecoder;
import io.crmsdk.mail.bounce.MailReport;
import io.crmsdk.mail.bounce.RecipientReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code crm bounce}: says what mails that came back mean. */
@Command(
        name = "bounce",
        description =
                "Reads mails that came back: delivery reports, complaints, receipts, automatic replies, wishes to leave.",
        mixinStandardHelpOptions = true)
final class BounceCommand implements Callable<Integer> {
    @Mixin
    private Output output = new Output();

    @Option(names = "--rules", description = "a file of reasons that goes before the bundled one")
    private @Nullable Path rules;

    @Parameters(arity = "0..*", description = "mails, or directories of mails; standard input if absent or -")
    private List<Path> files = List.of();

    @Override
    public Integer call() throws IOException {
        BounceDecoder decoder = BounceDecoder.standard();
        if (rules != null) {
            try {
                decoder = decoder.withRules(rules);
            } catch (IllegalArgumentException e) {
                throw new UsageException(String.valueOf(e.getMessage()));
            }
        }
        BounceDecoder chosen = decoder;
        MailFiles.each(files, (name, bytes) -> show(name, chosen.decode(bytes)));
        return Exit.DONE;
    }

    private void show(String file, MailReport report) {
        if (output.isJson()) {
            output.lines().write(line(file, report));
            return;
        }
        String recipients =
                report.recipients().stream().map(BounceCommand::words).collect(Collectors.joining("; "));
        output.say(file + ": " + report.kind().word() + (recipients.isEmpty() ? "" : ": " + recipients)
                + (report.cut() ? " (too large, read in part)" : ""));
    }

    private static String words(RecipientReport recipient) {
        return List.of(
                        recipient.recipient(),
                        recipient.action(),
                        recipient.status(),
                        recipient.reply(),
                        recipient.bounceClass().word(),
                        recipient.why().map(reason -> reason.word()).orElse(""))
                .stream()
                .filter(word -> !word.isEmpty())
                .collect(Collectors.joining(" "));
    }

    private static ObjectNode line(String file, MailReport report) {
        ObjectNode line = JsonLines.object();
        line.put("file", file);
        line.put("kind", report.kind().word());
        line.put("format", report.format().word());
        report.feedback().ifPresent(type -> line.put("feedback_type", type));
        ArrayNode recipients = line.putArray("recipients");
        for (RecipientReport recipient : report.recipients()) {
            ObjectNode one = recipients.addObject();
            one.put("recipient", recipient.recipient());
            one.put("action", recipient.action());
            one.put("status", recipient.status());
            one.put("reply", recipient.reply());
            one.put("class", recipient.bounceClass().word());
            one.put("hard", recipient.hard());
            recipient.why().ifPresent(reason -> one.put("reason", reason.word()));
        }
        if (report.cut()) {
            line.put("cut", true);
        }
        return line;
    }
}
