package io.crmsdk.examples.cli;

import io.crmsdk.examples.quickstart.Quickstart;
import io.crmsdk.examples.quickstart.StepLines;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code crm quickstart}: the main job on embedded parts. */
@Command(
        name = "quickstart",
        description =
                "Runs the main job end to end on embedded parts, kills its own worker half way, and proves the rest.",
        mixinStandardHelpOptions = true)
final class QuickstartCommand implements Callable<Integer> {
    @Mixin
    private Output output = new Output();

    @Option(
            names = "--dir",
            paramLabel = "D",
            defaultValue = "quickstart-report",
            description = "where the report goes; ${DEFAULT-VALUE} if absent")
    private Path folder = Path.of("quickstart-report");

    @Option(
            names = "--input",
            paramLabel = "FILE",
            arity = "1..*",
            description = "your own sheets instead of the bundled")
    private @Nullable List<Path> inputs;

    @Option(names = "--smtp", paramLabel = "URL", description = "a real server instead of the mail sandbox")
    private @Nullable String smtp;

    @Override
    public Integer call() throws IOException, InterruptedException, MessagingException {
        StepLines lines = new StepLines((line, words) -> {
            if (output.isJson()) {
                output.lines().write(line);
            }
            output.say(words);
        });
        boolean held = new Quickstart(folder, inputs == null ? List.of() : inputs, smtp, lines).run();
        return held ? Exit.DONE : Exit.FINDINGS;
    }
}
