package io.crmsdk.followup;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.crmsdk.delivery.Message;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** A process to be killed while its engine works. */
final class FollowUpChild {
    private FollowUpChild() {}

    /** Arguments: mode, the store's address, the book of actions. */
    public static void main(String[] arguments) throws Exception {
        Store store = Store.open(arguments[1]);
        Outbox outbox = Outbox.builder(store).channelElsewhere("mail").build();
        FollowUps followUps = followUps(store, outbox, arguments[0], Path.of(arguments[2]));
        followUps.startEngine();
        say("STARTED");
        Thread.sleep(Long.MAX_VALUE);
    }

    static FollowUps followUps(Store store, Outbox outbox, String mode, Path book) {
        FollowUp definition = FollowUp.define("quote", 1)
                .unless(firing -> {
                    Thread.sleep(5);
                    return false;
                })
                .step(Step.action("act", Delay.none(), firing -> {
                    Files.writeString(
                            book,
                            firing.key() + "\n",
                            UTF_8,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.APPEND,
                            StandardOpenOption.SYNC);
                    stallAt("action", mode);
                }))
                .step(Step.message("remind", Delay.none(), firing -> {
                    stallAt("letter", mode);
                    return Message.transactional(firing.key())
                            .to("owner@example.com")
                            .content("text/plain", "x")
                            .build();
                }))
                .build();
        return FollowUps.builder(store, outbox)
                .poll(Duration.ofMillis(10))
                .callLimit(Duration.ofMillis(1_500))
                .lease(Duration.ofSeconds(4))
                .definition(definition)
                .build();
    }

    private static void stallAt(String step, String mode) throws InterruptedException {
        if (step.equals(mode)) {
            say("AT " + step);
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
