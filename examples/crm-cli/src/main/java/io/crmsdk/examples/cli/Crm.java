package io.crmsdk.examples.cli;

import io.crmsdk.CrmException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** The {@code crm} command. */
@Command(
        name = "crm",
        description = "Connects a CRM with ERPs, mail tools and people without losing, faking or leaking anything.",
        mixinStandardHelpOptions = true,
        version = "crm 0.1.0-SNAPSHOT",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            BounceCommand.class,
            ConfirmCommand.class,
            ConsentCommand.class,
            DeliveriesCommand.class,
            EnqueueCommand.class,
            FollowupCommand.class,
            HealthCommand.class,
            ImportCommand.class,
            MapCommand.class,
            MappingCommand.class,
            MatchCommand.class,
            OutboxCommand.class,
            QuickstartCommand.class,
            ReconcileCommand.class,
            StoreCommand.class,
            SyncCommand.class,
            TimeCommand.class,
            WebhookCommand.class,
            WorkerCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Crm {
    private Crm() {}

    /** Runs one command and ends the process with its exit code, see {@link Exit}. */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Runs one command; the exit code is one of {@link Exit}. */
    static int run(String... args) {
        return new CommandLine(new Crm())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(new Failures())
                .setExitCodeExceptionMapper(e -> Exit.USAGE)
                .execute(args);
    }

    /** Says what went wrong in one line for people and ends with the code of the contract. */
    private static final class Failures implements IExecutionExceptionHandler {
        @Override
        public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
            command.getErr().println("crm: " + Exit.describe(e));
            if (!(e instanceof CrmException) && !(e instanceof UsageException)) {
                e.printStackTrace(command.getErr());
            }
            command.getErr().flush();
            return Exit.of(e);
        }
    }
}
