package io.crmsdk.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmsdk.delivery.FileArchive;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.followup.Answer;
import io.crmsdk.followup.FollowUpCase;
import io.crmsdk.followup.FollowUpException;
import io.crmsdk.followup.FollowUpHealth;
import io.crmsdk.followup.FollowUpRetention;
import io.crmsdk.followup.FollowUpState;
import io.crmsdk.followup.FollowUps;
import io.crmsdk.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code crm followup}: looks at follow-ups and does by hand what a person may do, each time with who and why in their history. */
@Command(
        name = "followup",
        description = "Looks at follow-ups, answers their questions, cancels, lets go on what is held, archives.",
        mixinStandardHelpOptions = true)
final class FollowupCommand {
    private static final String KEYS = "keys as \"list\" shows them";

    @Command(
            name = "list",
            description = "Lists follow-ups, the oldest due first; those that are open if no state is said.",
            mixinStandardHelpOptions = true)
    int list(
            @Mixin Output output,
            @Mixin StoreOption option,
            @Option(names = "--state", description = "only those in this state: ${COMPLETION-CANDIDATES}") @Nullable
                    FollowUpState state,
            @Option(
                            names = "--limit",
                            defaultValue = "1000",
                            description = "at most so many of a state; ${DEFAULT-VALUE} if absent")
                    int limit) {
        if (limit < 1 || limit > 10_000) {
            throw new UsageException("--limit: expected 1 to 10000, got " + limit);
        }
        List<FollowUpState> states = state == null
                ? Stream.of(FollowUpState.values())
                        .filter(each -> !each.isFinal())
                        .toList()
                : List.of(state);
        on(option, followUps -> {
            for (FollowUpState each : states) {
                followUps.list(each, limit).forEach(found -> output.show(line(found), words(found)));
            }
        });
        return Exit.DONE;
    }

    @Command(name = "show", description = "Shows one follow-up with its history.", mixinStandardHelpOptions = true)
    int show(
            @Mixin Output output,
            @Mixin StoreOption option,
            @Parameters(paramLabel = "KEY", description = "its key") String key) {
        on(option, followUps -> {
            FollowUpCase found = find(followUps, key);
            ObjectNode line = line(found);
            ArrayNode history = line.putArray("history");
            found.history().forEach(entry -> {
                ObjectNode node = history.addObject().put("at", entry.at().toString());
                node.put("kind", entry.kind().name()).put("step", entry.step());
                node.put("due", entry.due().toString()).put("late", entry.late());
                node.put("provisional", entry.provisional())
                        .put("by", entry.by())
                        .put("detail", entry.detail());
            });
            output.show(line, words(found));
            if (!output.isJson()) {
                found.history()
                        .forEach(entry -> output.say("  " + entry.at() + " " + entry.kind() + " " + entry.step()
                                + (entry.late() ? " late" : "") + " by " + entry.by() + " " + entry.detail()));
            }
        });
        return Exit.DONE;
    }

    private static FollowUpCase find(FollowUps followUps, String key) {
        return followUps
                .find(key)
                .orElseThrow(() -> new UsageException("FOLLOWUP_UNKNOWN: there is no follow-up " + key));
    }

    @Command(
            name = "answer",
            description = "Answers a question; what follows from it is done by the process that knows the definition.",
            mixinStandardHelpOptions = true)
    int answer(
            @Mixin Output output,
            @Mixin StoreOption option,
            @Mixin OutboxCommand.Said said,
            @Parameters(index = "0", paramLabel = "KEY", description = "key of the follow-up") String key,
            @Parameters(index = "1", paramLabel = "STEP", description = "the question's step, as \"list\" shows it")
                    String step,
            @Parameters(index = "2", paramLabel = "ANSWER", description = "answered (a yes) or refused (a no)")
                    Answer answer) {
        if (answer == Answer.TIMED_OUT) {
            throw new UsageException("an answer is answered or refused; that nobody answered is for an engine to say");
        }
        return each(
                output,
                option,
                List.of(key),
                "answered",
                "it does not wait for an answer to " + step,
                (followUps, one) -> followUps.answer(one, step, answer, said.by, said.why));
    }

    @Command(name = "cancel", description = "Ends follow-ups.", mixinStandardHelpOptions = true)
    int cancel(
            @Mixin Output output,
            @Mixin StoreOption option,
            @Mixin OutboxCommand.Said said,
            @Parameters(arity = "1..*", paramLabel = "KEY", description = KEYS) List<String> keys) {
        return each(
                output,
                option,
                keys,
                "cancelled",
                "it had ended before",
                (followUps, key) -> followUps.cancel(key, said.by, said.why));
    }

    @Command(
            name = "release",
            description = "Lets held follow-ups go on, once their reason is gone.",
            mixinStandardHelpOptions = true)
    int release(
            @Mixin Output output,
            @Mixin StoreOption option,
            @Mixin OutboxCommand.Said said,
            @Parameters(arity = "1..*", paramLabel = "KEY", description = KEYS) List<String> keys) {
        return each(
                output,
                option,
                keys,
                "released",
                "it is not held, or for want of its definition, which only a process that knows it can end",
                (followUps, key) -> followUps.release(key, said.by, said.why));
    }

    @Command(
            name = "health",
            description = "Says what is due, held or failing. Exit code 1 if somebody should look.",
            mixinStandardHelpOptions = true)
    int health(
            @Mixin Output output,
            @Mixin StoreOption option,
            @Option(
                            names = "--oldest",
                            defaultValue = "PT15M",
                            description =
                                    "how long one may be due before somebody should look; ${DEFAULT-VALUE} if absent")
                    Duration oldest) {
        int[] exit = {Exit.DONE};
        on(option, followUps -> {
            FollowUpHealth health = followUps.health();
            ObjectNode line = JsonLines.object();
            ObjectNode counts = line.putObject("counts");
            new TreeMap<>(health.counts()).forEach((state, count) -> counts.put(state.name(), count));
            ObjectNode held = line.putObject("held");
            new TreeMap<>(health.heldFor()).forEach((why, count) -> held.put(why.name(), count));
            if (health.oldestDue() != null) {
                line.put("oldest_due_s", health.oldestDue().toSeconds());
            }
            line.put("provisional", health.provisional()).put("failing", health.failing());
            boolean overdue = health.oldestDue() != null && health.oldestDue().compareTo(oldest) > 0;
            exit[0] = overdue || !health.heldFor().isEmpty() || health.failing() > 0 ? Exit.FINDINGS : Exit.DONE;
            output.show(
                    line,
                    "open: " + (health.counts().isEmpty() ? "none" : new TreeMap<>(health.counts()))
                            + (health.oldestDue() == null ? "" : "; the oldest is due for " + health.oldestDue())
                            + (health.heldFor().isEmpty() ? "" : "; held: " + new TreeMap<>(health.heldFor()))
                            + (health.failing() == 0 ? "" : "; failing: " + health.failing()));
        });
        return exit[0];
    }

    @Command(
            name = "archive",
            description = "Writes follow-ups that ended long ago to a new file, as JSON Lines, and takes them out.",
            mixinStandardHelpOptions = true)
    int archive(
            @Mixin Output output,
            @Mixin StoreOption option,
            @Parameters(paramLabel = "FILE", description = "a new file") Path file,
            @Option(
                            names = "--ended",
                            defaultValue = "P365D",
                            description = "how long ago they ended at least; ${DEFAULT-VALUE} if absent")
                    Duration ended,
            @Option(
                            names = "--at-most",
                            defaultValue = "PT10M",
                            description = "after which time to end although there is more; ${DEFAULT-VALUE} if absent")
                    Duration atMost)
            throws IOException {
        try (Store opened = option.existing();
                Outbox outbox = Outbox.builder(opened).channelElsewhere("smtp").build();
                FollowUps followUps = looking(opened, outbox);
                FileArchive archive = FileArchive.of(file)) {
            FollowUpRetention report = followUps.retain(ended, atMost, archive);
            ObjectNode line = JsonLines.object().put("ev", "archived").put("followups", report.followUps());
            output.show(
                    line.put("finished", report.finished()),
                    report.followUps() + " follow-ups archived"
                            + (report.finished() ? "" : "; there is more, run it again with another file"));
            return Exit.DONE;
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static FollowUps looking(Store opened, Outbox outbox) {
        return FollowUps.builder(opened, outbox).definitionsElsewhere().build();
    }

    private static void on(StoreOption option, Consumer<FollowUps> work) {
        try (Store opened = option.existing();
                Outbox outbox = Outbox.builder(opened).channelElsewhere("smtp").build();
                FollowUps followUps = looking(opened, outbox)) {
            work.accept(followUps);
        }
    }

    /** What is done to one follow-up; false if it was too late. */
    @FunctionalInterface
    private interface Action {
        boolean on(FollowUps followUps, String key);
    }

    /** One that is refused does not stop the others. */
    private static int each(
            Output output, StoreOption option, List<String> keys, String did, String tooLate, Action action) {
        int[] exit = {Exit.DONE};
        on(option, followUps -> {
            for (String key : keys) {
                String refused = refusal(followUps, key, tooLate, action);
                ObjectNode line = JsonLines.object()
                        .put("ev", refused == null ? did : "refused")
                        .put("followup", key);
                if (refused == null) {
                    output.show(line, did + " " + key);
                } else {
                    exit[0] = Exit.FINDINGS;
                    output.show(line.put("message", refused), "follow-up " + key + ": " + refused);
                }
            }
        });
        return exit[0];
    }

    private static @Nullable String refusal(FollowUps followUps, String key, String tooLate, Action action) {
        try {
            return action.on(followUps, key) ? null : tooLate;
        } catch (FollowUpException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static ObjectNode line(FollowUpCase found) {
        ObjectNode line = JsonLines.object().put("ev", "followup").put("followup", found.key());
        line.put("definition", found.definition()).put("version", found.version());
        line.put("subject", found.subject()).put("state", found.state().name()).put("step", found.step());
        if (found.due() != null) {
            line.put("due", found.due().toString()).put("provisional", found.provisional());
        }
        if (found.held() != null) {
            line.put("held", found.held().name());
        }
        return line.put("failures", found.failures());
    }

    private static String words(FollowUpCase found) {
        return found.state() + (found.held() == null ? "" : " for " + found.held()) + " " + found.key() + " at "
                + found.step() + (found.due() == null ? "" : " due " + found.due())
                + (found.failures() == 0 ? "" : ", failed " + found.failures() + " times in a row");
    }
}
