package io.crmsdk.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.Scope;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.mail.bounce.MailboxPoll;
import io.crmsdk.mail.bounce.ReportIntake;
import io.crmsdk.mail.bounce.ReportMailbox;
import io.crmsdk.mail.bounce.TakenReport;
import io.crmsdk.store.Store;
import io.crmsdk.suppression.SuppressionList;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code crm confirm}: feeds mails that came back into the deliveries they are about. */
@Command(
        name = "confirm",
        description =
                "Takes mails that came back, from files or a mailbox, each once: settles the deliveries they are about, suppresses"
                        + " addresses that bounced or complained, records who left.",
        mixinStandardHelpOptions = true)
final class ConfirmCommand implements Callable<Integer> {
    @Mixin
    private Output output = new Output();

    @Mixin
    private StoreOption store = new StoreOption();

    @Option(
            names = "--scope",
            defaultValue = "marketing",
            description = "what is left by a complaint or a wish to leave that does not say it")
    private String scope = "marketing";

    @Option(
            names = "--trust",
            description = "a PKCS #12 file with the authorities of the mailbox's server; its password is changeit")
    private @Nullable Path trust;

    @Option(names = "--delete", description = "delete mails from the mailbox once they are taken")
    private boolean delete;

    @Parameters(
            arity = "0..*",
            description =
                    "mails, directories of mails, or imaps://user:password@host/folder; standard input if absent or -")
    private List<String> sources = List.of();

    @Override
    public Integer call() throws IOException {
        AtomicInteger open = new AtomicInteger();
        try (Store opened = store.existing();
                ConsentLedger ledger = ConsentLedger.open(opened);
                Outbox outbox = Outbox.builder(opened)
                        .channelElsewhere("smtp")
                        .consent(ledger)
                        .build()) {
            ReportIntake intake = ReportIntake.builder(opened, outbox)
                    .suppression(SuppressionList.open(opened))
                    .consent(ledger, Scope.of(scope))
                    .build();
            List<Path> files = sources.stream()
                    .filter(source -> !isMailbox(source))
                    .map(Path::of)
                    .toList();
            if (!files.isEmpty() || sources.isEmpty()) {
                MailFiles.each(files, (name, bytes) -> open.addAndGet(show(name, intake.take(bytes))));
            }
            for (String source : sources) {
                if (isMailbox(source)) {
                    open.addAndGet(read(source, intake));
                }
            }
        }
        return open.get() == 0 ? Exit.DONE : Exit.FINDINGS;
    }

    private static boolean isMailbox(String source) {
        return source.matches("(imap|pop3)s?://.*");
    }

    private int read(String source, ReportIntake intake) {
        AtomicInteger open = new AtomicInteger();
        ReportMailbox.Builder builder = ReportMailbox.builder(source, intake)
                .listener(report -> open.addAndGet(show(report.key().substring(0, 12), report)));
        if (trust != null) {
            builder.trust(trust, "changeit");
        }
        if (delete) {
            builder.deleteTaken();
        }
        try (ReportMailbox mailbox = builder.build()) {
            MailboxPoll poll = mailbox.poll();
            output.say(poll.taken() + " mails taken, " + poll.known() + " of them known, " + poll.unmatched()
                    + " about nothing that was sent; " + poll.failed() + " could not be taken");
            return open.get() + poll.failed();
        }
    }

    /** Returns 1 if somebody should look at it. */
    private int show(String name, TakenReport taken) {
        String kind = taken.said().map(report -> report.kind().word()).orElse("");
        if (output.isJson()) {
            for (TakenReport.Applied applied : taken.applied()) {
                ObjectNode line = JsonLines.object();
                line.put("file", name);
                line.put("ev", applied.verdict().name().toLowerCase(Locale.ROOT));
                line.put("key", applied.key());
                line.put("to", applied.recipient());
                line.put("state", applied.state().name());
                line.put("changed", applied.changed());
                output.lines().write(line);
            }
            if (taken.applied().isEmpty()) {
                ObjectNode line = JsonLines.object();
                line.put("file", name);
                line.put("ev", taken.outcome().name().toLowerCase(Locale.ROOT));
                line.put("kind", kind);
                output.lines().write(line);
            }
        } else {
            output.say(name + ": "
                    + taken.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                    + (kind.isEmpty() ? "" : ", " + kind)
                    + String.join(
                            "",
                            taken.applied().stream()
                                    .map(applied -> "; " + applied.recipient() + " is now " + applied.state())
                                    .toList()));
        }
        return taken.outcome() == TakenReport.Outcome.UNMATCHED ? 1 : 0;
    }
}
