package io.crmsdk.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmsdk.campaign.Campaigns;
import io.crmsdk.delivery.Confirmation.Verdict;
import io.crmsdk.delivery.CopyRisk;
import io.crmsdk.delivery.Delivery;
import io.crmsdk.delivery.DeliveryException;
import io.crmsdk.delivery.DeliveryQuery;
import io.crmsdk.delivery.DeliveryState;
import io.crmsdk.delivery.EnqueueAnswer;
import io.crmsdk.delivery.Evidence;
import io.crmsdk.delivery.FileArchive;
import io.crmsdk.delivery.Message;
import io.crmsdk.delivery.OperatorAction;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.delivery.OutboxOperations;
import io.crmsdk.delivery.OutboxPause;
import io.crmsdk.delivery.Retention;
import io.crmsdk.delivery.RetentionReport;
import io.crmsdk.store.Store;
import io.crmsdk.time.UtcClock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code crm outbox}: looks at the outbox and does by hand what a person may do, each time with who and why. */
@Command(
        name = "outbox",
        description =
                "Looks at the outbox, sends again, corrects, settles, withdraws, stops; everything with an audit.",
        mixinStandardHelpOptions = true)
final class OutboxCommand {
    private static final String IDS = "delivery ids as \"list\" shows them, or - to read them from standard input";

    /** Who does it, and why. */
    static final class Said {
        @Option(names = "--by", paramLabel = "WHO", description = "who does it; the system's user if absent")
        String by = System.getProperty("user.name", "");

        @Option(names = "--why", paramLabel = "WHY", required = true, description = "one line for the audit")
        String why = "";
    }

    @Command(name = "list", description = "Lists deliveries, oldest message first.", mixinStandardHelpOptions = true)
    int list(
            @Mixin Output output,
            @Mixin StoreOption option,
            @Option(names = "--state", description = "only those in this state: ${COMPLETION-CANDIDATES}") @Nullable
                    DeliveryState state,
            @Option(names = "--key", description = "only those of the message with this key") @Nullable String key,
            @Option(names = "--to", description = "only those to this address") @Nullable String to,
            @Option(
                            names = "--ended-before",
                            paramLabel = "INSTANT",
                            description =
                                    "only those final since before; with --state accepted: without a confirmation since")
                    @Nullable
                    Instant endedBefore,
            @Option(
                            names = "--limit",
                            defaultValue = "1000",
                            description = "at most so many; ${DEFAULT-VALUE} if absent")
                    int limit) {
        DeliveryQuery query = new DeliveryQuery(key, state, to, null, endedBefore, null, null);
        on(option, outbox -> {
            try (Stream<Delivery> deliveries = outbox.deliveries(query).limit(limit)) {
                deliveries.forEach(delivery -> output.show(
                        brief(delivery),
                        String.format(
                                "%-12s %s  %-28s %s",
                                delivery.state(), delivery.id(), delivery.key(), delivery.recipient())));
            }
        });
        return Exit.DONE;
    }

    private static ObjectNode brief(Delivery delivery) {
        ObjectNode line = DeliveryLines.standing(delivery);
        line.remove("history");
        return line.put("ev", "delivery");
    }

    @Command(
            name = "show",
            description = "Shows one delivery with its history and what was done to it by hand.",
            mixinStandardHelpOptions = true)
    int show(
            @Mixin Output output,
            @Mixin StoreOption option,
            @Parameters(paramLabel = "ID", description = "delivery id") String id,
            @Option(names = "--content", description = "print the bytes of its message instead, for correcting them")
                    boolean content) {
        on(option, outbox -> {
            OutboxOperations operations = outbox.operations("crm");
            if (content) {
                output.bytes(operations.message(id).content());
                return;
            }
            Delivery delivery = outbox.delivery(id)
                    .orElseThrow(() -> new DeliveryException("UNKNOWN_DELIVERY", "there is no delivery " + id, null));
            ObjectNode line = DeliveryLines.standing(delivery).put("ev", "delivery");
            ArrayNode actions = line.putArray("actions");
            List<OperatorAction> done = operations.audit(id).toList();
            done.forEach(action -> actions.add(action(action)));
            output.show(line, delivery.state() + " " + delivery.key() + " to " + delivery.recipient());
            if (!output.isJson()) {
                delivery.history()
                        .forEach(entry -> output.say("  " + entry.at() + " " + entry.state() + " " + entry.node() + " "
                                + entry.detail()
                                + (entry.evidence() == null
                                        ? ""
                                        : " " + entry.evidence().reply())));
                done.forEach(action -> output.say("  " + words(action)));
            }
        });
        return Exit.DONE;
    }

    @Command(
            name = "audit",
            description = "Lists everything that was done by hand, oldest first.",
            mixinStandardHelpOptions = true)
    int audit(@Mixin Output output, @Mixin StoreOption option) {
        on(option, outbox -> {
            try (Stream<OperatorAction> actions = outbox.operations("crm").audit()) {
                actions.forEach(action -> output.show(action(action), words(action)));
            }
        });
        return Exit.DONE;
    }

    private static ObjectNode action(OperatorAction action) {
        ObjectNode line = JsonLines.object();
        line.put("at", action.at().toString()).put("did", action.kind().name());
        line.put("by", action.by()).put("why", action.why());
        if (action.deliveryId() != null) {
            line.put("delivery", action.deliveryId());
        }
        if (action.before() != null) {
            line.put("before", action.before().name());
        }
        if (action.after() != null) {
            line.put("after", action.after().name());
        }
        return action.detail().isEmpty() ? line : line.put("detail", action.detail());
    }

    private static String words(OperatorAction action) {
        return action.at() + " " + action.kind() + " by " + action.by() + ": " + action.why()
                + (action.deliveryId() == null ? "" : " [" + action.deliveryId() + "]")
                + (action.detail().isEmpty() ? "" : " [" + action.detail() + "]");
    }

    @Command(
            name = "replay",
            description =
                    "Sends deliveries again, now; with --key as a corrected message under that key. What may have been"
                            + " taken already is held (exit code 4) unless a copy is accepted.",
            mixinStandardHelpOptions = true)
    int replay(
            @Mixin Output output,
            @Mixin StoreOption option,
            @Mixin Said said,
            @Parameters(arity = "1..*", paramLabel = "ID", description = IDS) List<String> ids,
            @Option(names = "--accept-copy", description = "send it although the recipient may get it twice")
                    boolean acceptCopy,
            @Option(names = "--key", paramLabel = "K", description = "key of the corrected message") @Nullable
                    String key,
            @Option(names = "--to", description = "its address; the old one if absent") @Nullable String to,
            @Option(names = "--content", paramLabel = "FILE", description = "its bytes; the old ones if absent")
                    @Nullable
                    String content,
            @Option(names = "--expires", description = "until when it may be sent; as the old one if absent") @Nullable
                    Instant expires)
            throws IOException {
        boolean corrects = to != null || content != null || expires != null;
        if (corrects && key == null) {
            throw new UsageException("a corrected message needs a key of its own: --key K");
        }
        List<String> all = ids(ids);
        if (key != null && all.size() != 1) {
            throw new UsageException("one corrected message replaces one delivery, got " + all.size());
        }
        byte @Nullable [] bytes = content == null ? null : bytes(content);
        CopyRisk risk = acceptCopy ? CopyRisk.ACCEPTED : CopyRisk.NONE;
        return each(output, option, said, all, (operations, id) -> {
            if (key == null) {
                return line("replayed", operations.replay(id, risk, said.why));
            }
            Message old = operations.message(id);
            Message.Builder corrected =
                    old.rewrite(key).to(to == null ? old.recipients().get(0) : to);
            if (bytes != null) {
                corrected.content(old.mediaType(), bytes);
            }
            if (expires != null) {
                corrected.expires(expires);
            }
            return replaced(id, operations.replace(id, corrected.build(), risk, said.why));
        });
    }

    private static ObjectNode replaced(String id, EnqueueAnswer answer) {
        if (answer instanceof EnqueueAnswer.Reject reject) {
            throw new DeliveryException(reject.code(), reject.message(), null);
        }
        ObjectNode line = JsonLines.object().put("ev", "replaced").put("delivery", id);
        if (answer instanceof EnqueueAnswer.Ack ack) {
            line.put("key", ack.key()).put("message", ack.messageId()).put("duplicate", ack.duplicate());
        }
        return line;
    }

    @Command(
            name = "settle",
            description = "Says what was found at the other side about deliveries in doubt.",
            mixinStandardHelpOptions = true)
    int settle(
            @Mixin Output output,
            @Mixin StoreOption option,
            @Mixin Said said,
            @Parameters(arity = "1..*", paramLabel = "ID", description = IDS) List<String> ids,
            @Option(names = "--found", required = true, description = "what was found: ${COMPLETION-CANDIDATES}")
                    Verdict verdict,
            @Option(names = "--host", required = true, description = "where it was found, such as the server's name")
                    String host,
            @Option(names = "--words", required = true, description = "what stands there, such as the line of its log")
                    String words)
            throws IOException {
        Evidence evidence = new Evidence(host, words, null, UtcClock.system().instant());
        return each(
                output,
                option,
                said,
                ids(ids),
                (operations, id) -> line("settled", operations.settle(id, verdict, evidence, said.why)));
    }

    @Command(name = "cancel", description = "Withdraws deliveries that have not left.", mixinStandardHelpOptions = true)
    int cancel(
            @Mixin Output output,
            @Mixin StoreOption option,
            @Mixin Said said,
            @Parameters(arity = "1..*", paramLabel = "ID", description = IDS) List<String> ids)
            throws IOException {
        return each(output, option, said, ids(ids), (operations, id) -> {
            if (!operations.cancel(id, said.why)) {
                throw new DeliveryException(
                        "CANCEL_TOO_LATE", "delivery " + id + " has left, is in doubt or has ended already", null);
            }
            return JsonLines.object().put("ev", "cancelled").put("delivery", id);
        });
    }

    /** What is stopped or let go on; everything if nothing is said. */
    static final class What {
        @Option(
                names = "--destination",
                paramLabel = "DOMAIN",
                description = "only what goes to this destination, such as example.com")
        private @Nullable String destination;

        @Option(names = "--campaign", paramLabel = "ID", description = "only this campaign")
        private @Nullable String campaign;

        void check() {
            if (destination != null && campaign != null) {
                throw new UsageException("--destination and --campaign: one of them at a time");
            }
        }
    }

    @Command(
            name = "pause",
            description = "Stops all sending of this store until it is resumed, or that to one destination or of one"
                    + " campaign; messages can be stored meanwhile.",
            mixinStandardHelpOptions = true)
    int pause(@Mixin Output output, @Mixin StoreOption option, @Mixin Said said, @Mixin What what) {
        what.check();
        if (what.campaign != null) {
            return campaign(output, option, said, what.campaign, true);
        }
        on(option, outbox -> {
            OutboxOperations operations = outbox.operations(said.by);
            OutboxPause pause = what.destination == null
                    ? operations.pause(said.why)
                    : operations.pauseDestination(destination(what.destination), said.why);
            ObjectNode line = JsonLines.object()
                    .put("ev", "paused")
                    .put("since", pause.since().toString());
            line.put("by", pause.by()).put("why", pause.why());
            if (what.destination != null) {
                line.put("destination", what.destination);
            }
            output.show(line, "paused since " + pause.since() + " by " + pause.by() + ": " + pause.why());
        });
        return Exit.DONE;
    }

    @Command(
            name = "resume",
            description = "Lets sending go on, or that to one destination or of one campaign.",
            mixinStandardHelpOptions = true)
    int resume(@Mixin Output output, @Mixin StoreOption option, @Mixin Said said, @Mixin What what) {
        what.check();
        if (what.campaign != null) {
            return campaign(output, option, said, what.campaign, false);
        }
        on(option, outbox -> {
            OutboxOperations operations = outbox.operations(said.by);
            boolean resumed = what.destination == null
                    ? operations.resume(said.why)
                    : operations.resumeDestination(destination(what.destination), said.why);
            ObjectNode line = JsonLines.object().put("ev", "resumed").put("was_paused", resumed);
            if (what.destination != null) {
                line.put("destination", what.destination);
            }
            output.show(line, resumed ? "resumed" : "it was not paused");
        });
        return Exit.DONE;
    }

    private static String destination(String named) {
        if (named.isBlank() || named.indexOf('@') >= 0) {
            throw new UsageException(
                    "--destination: expected what addresses have behind the at sign, such as example.com, got "
                            + named);
        }
        return named;
    }

    private static int campaign(Output output, StoreOption option, Said said, String id, boolean stop) {
        try (Store opened = option.existing();
                Outbox outbox = Outbox.builder(opened).channelElsewhere("smtp").build()) {
            Campaigns campaigns = Campaigns.builder(opened, outbox).build();
            ObjectNode line =
                    JsonLines.object().put("ev", stop ? "paused" : "resumed").put("campaign", id);
            if (stop) {
                int back = campaigns.pause(id, said.by, said.why);
                output.show(
                        line.put("taken_back", back), "campaign " + id + " paused, " + back + " messages taken back");
            } else {
                campaigns.resume(id, said.by, said.why);
                output.show(line, "campaign " + id + " resumed; the program that runs it goes on with its next step");
            }
            return Exit.DONE;
        }
    }

    @Command(
            name = "archive",
            description =
                    "Writes messages that have been final for long enough to a new file, as JSON Lines, and takes them out.",
            mixinStandardHelpOptions = true)
    int archive(
            @Mixin Output output,
            @Mixin StoreOption option,
            @Mixin Said said,
            @Parameters(paramLabel = "FILE", description = "a new file") Path file,
            @Option(
                            names = "--messages",
                            defaultValue = "P90D",
                            description = "how long they stay after they are final; ${DEFAULT-VALUE} if absent")
                    Duration messages,
            @Option(
                            names = "--keys",
                            defaultValue = "P365D",
                            description = "how long their keys are recognised; ${DEFAULT-VALUE} if absent")
                    Duration keys,
            @Option(
                            names = "--at-most",
                            defaultValue = "PT10M",
                            description = "after which time to end although there is more; ${DEFAULT-VALUE} if absent")
                    Duration atMost)
            throws IOException {
        Retention retention = retention(messages, keys, atMost);
        try (Store opened = option.existing();
                Outbox outbox = Outbox.builder(opened).channelElsewhere("smtp").build();
                FileArchive archive = FileArchive.of(file)) {
            RetentionReport report = outbox.operations(said.by).retain(retention, archive, said.why);
            ObjectNode line = JsonLines.object().put("ev", "archived").put("messages", report.messages());
            line.put("deliveries", report.deliveries()).put("skipped", report.skipped());
            line.put("keys", report.keys()).put("workers", report.workers());
            output.show(
                    line.put("finished", report.finished()),
                    report.messages() + " messages archived, " + report.keys() + " keys forgotten"
                            + (report.finished() ? "" : "; there is more, run it again with another file"));
        }
        return Exit.DONE;
    }

    private static Retention retention(Duration messages, Duration keys, Duration atMost) {
        try {
            Retention defaults = Retention.defaults();
            return defaults.withTimes(messages, keys).withBounds(defaults.batch(), atMost);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static void on(StoreOption option, Consumer<Outbox> work) {
        try (Store opened = option.existing();
                Outbox outbox = Outbox.builder(opened).channelElsewhere("smtp").build()) {
            work.accept(outbox);
        }
    }

    private static ObjectNode line(String ev, Delivery delivery) {
        ObjectNode line = JsonLines.object().put("ev", ev).put("delivery", delivery.id());
        return line.put("key", delivery.key()).put("state", delivery.state().name());
    }

    /** What is done to one delivery. */
    @FunctionalInterface
    private interface Action {
        ObjectNode on(OutboxOperations operations, String id);
    }

    /** One that is refused does not stop the others. */
    private static int each(Output output, StoreOption option, Said said, List<String> ids, Action action) {
        int[] exit = {Exit.DONE};
        on(option, outbox -> {
            OutboxOperations operations = outbox.operations(said.by);
            for (String id : ids) {
                try {
                    ObjectNode line = action.on(operations, id);
                    output.show(line, line.path("ev").asText() + " " + id);
                } catch (DeliveryException e) {
                    exit[0] = Math.max(exit[0], code(e));
                    ObjectNode line = JsonLines.object().put("ev", "refused").put("delivery", id);
                    output.show(
                            line.put("code", e.code()).put("message", e.getMessage()), String.valueOf(e.getMessage()));
                }
            }
        });
        return exit[0];
    }

    private static int code(DeliveryException e) {
        if (e.code().equals("REPLAY_COPY_POSSIBLE")) {
            return Exit.HELD;
        }
        return Exit.of(e) == Exit.UNAVAILABLE ? Exit.UNAVAILABLE : Exit.FINDINGS;
    }

    private static List<String> ids(List<String> given) throws IOException {
        if (!given.equals(List.of("-"))) {
            return given;
        }
        List<String> ids = new ArrayList<>();
        JsonLines.each("-", (number, text) -> ids.add(text.strip()));
        return ids;
    }

    private static byte[] bytes(String file) throws IOException {
        try (InputStream in = JsonLines.open(file)) {
            return in.readAllBytes();
        }
    }
}
